"""Where two branches part: the first operation, from the fork on, that writes other values in one than in the other.

Both are run again from where they began, operation by operation, on copies. Values are compared by their bytes: what is
the last digit of one weight now may be another network in a hundred epochs. Where the branches have different
operations (another activation, another optimizer), each operation of the one is held against that of the other which
writes the same slot, and slots that only one of them has are left out.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op
from nnstudio.training.keyframes import Moment

from .branch import Branch

_Key = tuple[str, int]
"""A slot, and the how many-th time that it is written in the iteration."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Behind operation `op`, which writes `slot`: at `index` it has the first two values that differ. `other_op` is
    the one that writes it in the other branch. Epoch, mini-batch and iteration count from 1."""

    moment: Moment
    op: Op
    other_op: Op
    slot: str
    index: tuple[int, ...]
    value: float
    other_value: float
    iteration: int
    epoch: int
    batch: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found: where they part, None if nowhere from `begin` to `end`. So many `operations` were compared;
    `left_out` are the slots that only one of them has."""

    parting: Parting | None
    begin: Moment
    end: Moment
    operations: int
    left_out: tuple[str, ...]


class PartingSearch:
    """Looks for it in stretches, and can be given up at any time. `comparison` is there when it is done."""

    def __init__(self, one: Branch, other: Branch, until: int) -> None:
        self._one, self._other = _copy(one), _copy(other)
        self._begin = max(one.begins, other.begins)
        self._until = until
        self._operations = 0
        self._left_out: dict[str, None] = {}
        self.comparison: Comparison | None = None

    @property
    def total(self) -> int:
        """How many iterations there are to compare, if they do not part."""
        return self._until - self._begin.iterations

    @property
    def done(self) -> int:
        """How many of them have been compared."""
        return max(self._one.iterations - self._begin.iterations, 0)

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until it is known, which is true, or `interrupted` says so at the end of an iteration."""
        with np.errstate(all="ignore"):
            self._catch_up()
            while self.comparison is None:
                if self._one.iterations >= self._until:
                    self._end(None)
                elif (parting := self._compare_iteration()) is not None:
                    self._end(parting)
                elif interrupted():
                    return False
        return True

    def _catch_up(self) -> None:
        """To where the later of the two begins."""
        for machine in (self._one, self._other):
            while Moment(machine.iterations, machine.pc) < self._begin:
                machine.step()

    def _compare_iteration(self) -> Parting | None:
        """Run the rest of the iteration in both. It is the first one's order that says what comes first."""
        others = {key: (op, values.copy()) for key, op, values in _writes(self._other)}
        met: set[_Key] = set()
        for key, op, values in _writes(self._one):
            met.add(key)
            if key not in others or others[key][1].shape != values.shape:
                self._left_out[key[0]] = None
                continue
            self._operations += key[0] == op.writes[0]
            other_op, other_values = others[key]
            if (index := first_difference(values, other_values)) is not None:
                return self._parting(op, other_op, key[0], index, float(other_values[index]))
        self._left_out.update(dict.fromkeys(slot for slot, nth in others if (slot, nth) not in met))
        return None

    def _parting(self, op: Op, other_op: Op, slot: str, index: tuple[int, ...], other_value: float) -> Parting:
        machine = self._one
        moment = Moment(machine.iterations, machine.pc)
        iteration = machine.iterations + (not machine.at_boundary)
        value = float(machine.value(slot)[index])
        where = machine.batches
        return Parting(moment, op, other_op, slot, index, value, other_value, iteration, where.epoch, where.number)

    def _end(self, parting: Parting | None) -> None:
        end = Moment(self._one.iterations, self._one.pc)
        self.comparison = Comparison(parting, self._begin, end, self._operations, tuple(self._left_out))


def first_difference(one: np.ndarray, other: np.ndarray) -> tuple[int, ...] | None:
    """The first element whose bytes differ; None if none do. Both have one shape and type."""
    if one.tobytes() == other.tobytes():
        return None
    size = one.dtype.itemsize
    bytes_of_one, bytes_of_other = (
        np.frombuffer(values.tobytes(), np.uint8).reshape(prod(values.shape), size) for values in (one, other)
    )
    flat = int(np.flatnonzero((bytes_of_one != bytes_of_other).any(axis=1))[0])
    return tuple(int(i) for i in np.unravel_index(flat, one.shape)) if one.shape else ()


def _writes(machine: Machine) -> Iterator[tuple[_Key, Op, np.ndarray]]:
    """Run the rest of the iteration and give what each operation writes, when it has."""
    times: Counter[str] = Counter()
    while True:
        op = machine.step()
        for slot in op.writes:
            times[slot] += 1
            yield (slot, times[slot]), op, machine.value(slot)
        if machine.at_boundary:
            return


def _copy(branch: Branch) -> Machine:
    """A machine that stands where the branch began."""
    machine = branch.run.machine
    twin = machine.twin(machine.model.spec.precision)
    twin.restore(branch.start)
    return twin
