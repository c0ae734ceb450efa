"""What runs a program: a whole iteration, or one operation at a time.

`pc` is the index of the operation that runs next. Training calls `run_iteration()`, debugging calls `step()`; both run
the same operations on the same arrays, so what a debugger shows is what training does. When the last operation has
run, `pc` is 0 again and the values of the finished iteration stand until the next one begins.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from .arena import Slot
from .batches import Batches
from .interventions import check_factor, check_slot, scaled_runs
from .model import Model
from .ops import Op
from .ops.labelling import label
from .program import Program
from .pseudo_labels import Unlabelled, lay_out
from .spec import Precision, SpecError
from .standing import Freshness, MachineState, Place


class Machine:
    """A model and its data, at a position in an iteration.

    X is n × inputs and Y n × outputs, and `weights` (n,) is how much each row counts, all the same without them; they
    are converted to the model's precision once. Rows without a target (`unlabelled`) come after them and are lent
    pseudo-labels; each of them counts once. `table_rows` (n,) says which row of its table each comes
    from, for whoever shows one; without it they are counted as they stand.
    """

    def __init__(
        self,
        model: Model,
        X: np.ndarray,
        Y: np.ndarray,
        *,
        batch_size: int,
        shuffle: bool,
        seed: int,
        weights: np.ndarray | None = None,
        table_rows: np.ndarray | None = None,
        unlabelled: Unlabelled | None = None,
    ) -> None:
        self.model = model
        self.labelled = len(X)
        """How many rows have a target of their own; the rows after them have none."""
        self.unlabelled = unlabelled
        lent = 0 if unlabelled is None else len(unlabelled.X)
        self.X = np.ascontiguousarray(X if unlabelled is None else np.concatenate((X, unlabelled.X)), model.dtype)
        self.Y = np.ascontiguousarray(np.concatenate((Y, np.zeros((lent, Y.shape[1])))) if lent else Y, model.dtype)
        self.w = None if weights is None else np.append(weights, np.ones(lent)).astype(model.dtype)[:, None]
        """The weights of all rows, n × 1; None where they have none."""
        self.table_rows: np.ndarray = np.arange(len(self.X)) if table_rows is None else table_rows
        self.batches = Batches(len(X), batch_size, shuffle=shuffle, seed=seed, unlabelled=lent)
        self.pc = 0
        self.iterations = 0
        self._set_after: dict[Place, int] = {}
        """After how many operations of the iteration a value was set from outside."""
        self._factors: dict[int, float] = {}
        """By which factor the update of an iteration is scaled, by the number of iterations before it; 0 skips it."""
        before = () if unlabelled is None else (self._labelling(unlabelled),)
        # Both sizes at once, the ragged last batch's too: what a state consists of must not depend on how far it ran.
        self._programs = {
            size: model.training_program(size, self.batches, self.X, self.Y, self.w, before)
            for size in self.batches.sizes
        }
        self._use(self._programs[self.batches.next_size])

    @property
    def programs(self) -> tuple[Program, ...]:
        """The program of a full mini-batch, and that of the smaller last one where there is one."""
        return tuple(self._programs.values())

    @property
    def next_program(self) -> Program:
        """The program that the next operation belongs to."""
        return self.program if self.pc else self._programs[self.batches.next_size]

    @property
    def program_before(self) -> Program:
        """The program of the iteration before this one; between two iterations of the one that has just run."""
        if self.pc == 0:
            return self.program
        sizes = self.batches.sizes
        return self._programs[sizes[-1] if self.batches.number == 1 else sizes[0]]

    @property
    def op(self) -> Op:
        """The operation that runs next."""
        return self.program.ops[self.pc]

    @property
    def last_op(self) -> Op | None:
        """The operation that has just run, None before the first."""
        return self.program.ops[self.pc - 1] if self.pc or self.iterations else None

    @property
    def rows(self) -> np.ndarray:
        """The rows of the mini-batch at hand, as numbers of the table they come from, from 0."""
        rows: np.ndarray = self.table_rows[self.batches.rows]
        return rows

    @property
    def labelled_weights(self) -> np.ndarray | None:
        """The weights of the rows that have a target of their own, (n,); None where they have none."""
        return None if self.w is None else self.w[: self.labelled, 0]

    @property
    def unlabelled_rows(self) -> np.ndarray:
        """The rows without a target, as numbers of the table they come from, from 0."""
        return self.table_rows[self.labelled :]

    @property
    def pseudo_labelled(self) -> int:
        """How many of them this epoch learns from."""
        return int(np.count_nonzero(self.value("s"))) if "s" in self.model.store else 0

    @property
    def ran(self) -> int:
        """How many operations of the iteration at hand have run: all of them between two iterations."""
        return self.pc or (len(self._ops) if self.iterations else 0)

    @property
    def at_boundary(self) -> bool:
        """Whether it stands between two iterations."""
        return self.pc == 0

    @property
    def at_epoch_end(self) -> bool:
        return self.pc == 0 and self.batches.at_epoch_end

    @property
    def epochs(self) -> int:
        """How many epochs are finished."""
        return self.batches.epoch if self.at_epoch_end else max(self.batches.epoch - 1, 0)

    @property
    def cost(self) -> float:
        """J of the mini-batch at hand, as last computed; NaN while there is none."""
        ended = self.pc == 0 and self.iterations  # asked first: training asks after each iteration
        return self._cost.item() if ended or self._ran_whole or self.is_fresh("J") else float("nan")

    @property
    def rate(self) -> float:
        """The learning rate α of the update at hand; NaN while its schedule has not said."""
        return self.model.store["alpha"].item() if self.is_fresh("alpha") else float("nan")

    @property
    def next_run(self) -> Callable[[], object]:
        """What the operation that comes next does to its arrays: skipped or scaled, if its update is."""
        factor = self.update_factor(upcoming=True)
        return tuple(scaled_runs(self.program, self.model.parameters, factor))[self.pc] if factor != 1 else self.op.run

    def step(self) -> Op:
        """Run the operation at `pc` and return it."""
        pc = self.pc
        if pc == 0:
            self._begin()
        self._runs[pc]()
        if pc == self._last:
            self._finish()
        else:
            self.pc = pc + 1
        return self._ops[pc]

    def run_iteration(self) -> None:
        """Run the rest of the iteration."""
        if self.pc == 0:
            self._begin()
        for run in self._runs[self.pc :]:
            run()
        self._finish()

    def run_until(self, pc: int) -> None:
        """Run the operations before the one at `pc`, to the end of the iteration if `pc` is their number."""
        if self.pc == 0:
            self._begin()
        for run in self._runs[self.pc : pc]:
            run()
        if pc > self._last:
            self._finish()
        else:
            self.pc = pc

    def value(self, slot: str) -> np.ndarray:
        """A read-only view of a slot; it shows the value of the moment. KeyError if there is no such slot."""
        view = self.program.arena[slot].view()
        view.flags.writeable = False
        return view

    def slot(self, name: str) -> Slot:
        return self.program.arena.slot(name)

    def slots(self) -> tuple[Slot, ...]:
        """All slots of the iteration at hand."""
        return tuple(self.program.arena.slots())

    def is_fresh(self, slot: str) -> bool:
        """Whether the slot's value belongs to the iteration at hand and to the parameters as they stand in it."""
        return self.freshness(slot) in (Freshness.FRESH, Freshness.LASTING)

    def freshness(self, slot: str) -> Freshness:
        """A value is stale when its writer is at or after `pc`; between two iterations all are fresh.

        What no operation has written yet is unknown: all of the first iteration, and what belongs to the ragged last
        batch alone until that has run once.
        """
        if self.slot(slot).lasting:
            return Freshness.LASTING
        writer = self.program.writer[slot]
        if writer < self.pc or (self.pc == 0 and self.iterations):
            return Freshness.FRESH
        shared = slot in self.model.store  # the gradients of the parameters, which any batch writes
        if not (self.iterations if shared else self._ran_whole):
            return Freshness.UNKNOWN
        return Freshness.NEXT if writer == self.pc else Freshness.STALE

    def write(self, slot: str, index: tuple[int, ...], value: float) -> None:
        """Set one element of a slot, for what runs next to read. SpecError if nothing that is still to run reads it, or
        the value is not finite."""
        self.check_write(slot, value)
        if not (self.slot(slot).lasting or self.program.first_use(slot) >= self.ran):
            raise SpecError(f"what is computed from {slot} has been computed; go back before it to set another value")
        self.program.arena[slot][index] = value
        self._note_set((slot, index))

    def put_back(self, knowledge: Mapping[str, np.ndarray]) -> None:
        """Let the network predict as when `Model.knowledge` gave this; nothing else of the state changes."""
        self.model.put_back(knowledge)
        self._note_set(*((slot, None) for slot in knowledge))

    @property
    def interfered(self) -> bool:
        """Whether any value was set from outside in the iteration at hand."""
        return bool(self._set_after)

    def was_set_after(self, op: int, slot: str, index: tuple[int, ...]) -> bool:
        """Whether this value was set from outside after operation `op` of the iteration at hand."""
        return any(self._set_after.get(place, 0) > op for place in ((slot, index), (slot, None)))

    def any_set_after(self, op: int, slot: str) -> bool:
        """Whether any value of this slot was set from outside after operation `op` of the iteration at hand."""
        return any(name == slot and ran > op for (name, _), ran in self._set_after.items())

    def set_elements(self, slot: str) -> tuple[tuple[int, ...], ...]:
        """Which elements of a slot were set one by one in the iteration at hand."""
        return tuple(index for name, index in self._set_after if name == slot and index is not None)

    def scale_update(self, factor: float) -> None:
        """Let the update that comes next move the parameters so many times as far: 0 skips it, 1 leaves it as it is.
        What the optimizer remembers is updated as ever, but for a skipped update, of which it remembers nothing.
        SpecError if the factor is not finite, or some of the update has run."""
        check_factor(factor, self.model.dtype)
        if self.pc > self.program.update_begins:
            raise SpecError("a part of this update has run; go back before it to skip or scale it")
        self._factors = {n: kept for n, kept in self._factors.items() if n == self.iterations - 1}
        if factor != 1:
            self._factors[self.iterations] = factor
        self._use(self.program)

    def update_factor(self, *, upcoming: bool = False) -> float:
        """By what the update of the iteration at hand is scaled, or, between two iterations, that of the `upcoming`
        one."""
        return self._factors.get(self.iterations - (self.at_boundary and not upcoming), 1.0)

    def check_write(self, slot: str, value: float) -> None:
        """SpecError if this value cannot be set, here or at the moment before the slot is first read."""
        self.check_settable(slot)
        self.check_value(slot, value)

    def check_settable(self, slot: str) -> None:
        """SpecError if no value of this slot can be set."""
        check_slot(self.program, slot)
        if not self.is_fresh(slot):
            raise SpecError(f"{slot} has not been computed in this iteration yet; step on until it is, then set it")

    def check_value(self, slot: str, value: float) -> None:
        """SpecError if `value` is not a finite number in this model's precision."""
        if not np.isfinite(value):
            raise SpecError(f"{slot} must be a finite number, not {value}")
        most = float(np.finfo(self.model.dtype).max)
        if abs(value) > most:
            raise SpecError(f"{slot} must be a finite number, but {value:g} is too large for {self.model.dtype}")

    def state(self) -> MachineState:
        """A copy of the whole state."""
        return MachineState(
            self.pc,
            self.iterations,
            self.batches.state(),
            self.model.store.copy(),
            {size: program.arena.copy() for size, program in self._programs.items()},
            self.program.batch_size,
            dict(self._set_after),
            dict(self._factors),
        )

    def restore(self, state: MachineState) -> None:
        """Go back (or forward) to a state of this machine."""
        self.pc, self.iterations = state.pc, state.iterations
        self.batches.restore(state.batches)
        self.model.store.restore(state.store)
        for size, families in state.workspaces.items():
            self._programs[size].arena.restore(families)
        self._set_after, self._factors = dict(state.set_after), dict(state.factors)
        self._use(self._programs[state.batch_size])

    def twin(self, precision: Precision) -> "Machine":
        """A machine in the same state over arrays of its own, with the same values in this precision."""
        batches = self.batches
        model = Model(replace(self.model.spec, precision=precision))
        twin = Machine(
            model,
            self.X[: self.labelled],
            self.Y[: self.labelled],
            batch_size=batches.size,
            shuffle=batches.shuffle,
            seed=0,  # the generator's state is restored with the rest
            weights=self.labelled_weights,
            table_rows=self.table_rows,
            unlabelled=self.unlabelled,
        )
        twin.restore(self.state())
        return twin

    def _labelling(self, unlabelled: Unlabelled) -> Op:
        """What lends the rows without a target one, at the beginning of an epoch."""
        model, own = self.model, replace(unlabelled, X=self.X[self.labelled :])
        lay_out(model.store, self.Y[self.labelled :])
        return label(model.store, self.batches, own, model.predict_into, model.parameters)

    @property
    def _ran_whole(self) -> bool:
        """Whether the program at hand, that of the full or of the ragged batch, has been run to its end before."""
        if self.program.batch_size == self.batches.size:
            return self.iterations > 0
        return self.pc == 0 or self.batches.epoch > 1

    def _note_set(self, *places: Place) -> None:
        self._set_after.update(dict.fromkeys(places, self.ran))

    def _begin(self) -> None:
        self._set_after.clear()
        size = self.batches.next_size
        if size != self.program.batch_size:
            self._use(self._programs[size])

    def _finish(self) -> None:
        self.pc = 0
        self.iterations += 1

    def _use(self, program: Program) -> None:
        self.program = program
        self._ops, self._runs, self._last = program.ops, program.runs, len(program.ops) - 1
        self._cost = program.arena["J"]
        factor = self._factors.get(self.iterations)
        if factor is not None:
            *before, last = scaled_runs(program, self.model.parameters, factor)
            self._runs = (*before, partial(self._end_scaled, last))

    def _end_scaled(self, last: Callable[[], object]) -> None:
        """The last operation of an iteration whose update is scaled; those after it run as ever."""
        last()
        self._runs = self.program.runs


__all__ = ["Freshness", "Machine", "MachineState", "Place"]
