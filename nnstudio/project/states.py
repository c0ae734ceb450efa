"""Moments of a run kept whole, as rows and arrays; and whether one that was read fits a machine.

A machine is never given a state that it did not lay out itself: names, types and shapes of all arrays must be its own,
the order of the rows a permutation of them, and all counters within their bounds. What the numbers are is free.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from nnstudio.engine.batches import BatchState
from nnstudio.engine.machine import Machine
from nnstudio.engine.standing import MachineState, Place
from nnstudio.training.keyframes import Keyframe

from .store import DamagedError, Store, seal

HERE, INITIAL, KEYFRAME = "here", "initial", "keyframe"
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class StateRow:
    """A row of the table `states`."""

    id: int
    kind: str
    iterations: int
    pc: int
    edits: int
    epoch: int
    cursor: int
    batch_size: int
    generator: str
    set_after: str
    factors: str
    sha256: str

    def sealed(self, arrays: str) -> "StateRow":
        """With the seal of the row and of its arrays."""
        return replace(self, sha256=self.seal(arrays))

    def seal(self, arrays: str) -> str:
        return seal([self.kind, self.iterations, self.pc, self.edits, self.epoch, self.cursor, self.batch_size,
                     self.generator, self.set_after, self.factors, arrays])  # fmt: skip


def write_state(store: Store, number: int, kind: str, keyframe: Keyframe) -> None:
    """Write a moment as `state number`."""
    state, batches = keyframe.state, keyframe.state.batches
    arrays = {f"store/{name}": flat for name, flat in state.store.items()}
    for size, families in state.workspaces.items():
        arrays |= {f"rows {size}/{name}": flat for name, flat in families.items()}
    arrays |= {"order": batches.order, "in_play": batches.in_play}
    row = StateRow(
        id=number,
        kind=kind,
        iterations=state.iterations,
        pc=state.pc,
        edits=keyframe.edits,
        epoch=batches.epoch,
        cursor=batches.cursor,
        batch_size=state.batch_size,
        generator=json.dumps(batches.generator),
        set_after=json.dumps([[slot, index, ran] for (slot, index), ran in state.set_after.items()]),
        factors=json.dumps([[number, repr(factor)] for number, factor in state.factors.items()]),
        sha256="",
    )
    store.drop_arrays(f"state {number}")
    store.insert("states", row.sealed(store.put_arrays(f"state {number}", arrays)))


def drop_state(store: Store, number: int) -> None:
    """Take `state number` away."""
    store.drop_arrays(f"state {number}")
    store.connection.execute("DELETE FROM states WHERE id = ?", (number,))


def read_state(store: Store, row: StateRow) -> Keyframe:
    """The moment of a row. DamagedError if it is not what was written."""
    arrays, sealed = store.arrays(f"state {row.id}")
    if row.sha256 != row.seal(sealed):
        raise DamagedError("it is not as it was written")
    families: dict[str, dict[str, np.ndarray]] = {}
    for name, array in arrays.items():
        place, _, family = name.partition("/")
        families.setdefault(place, {})[family] = array
    try:
        batches = BatchState(
            order=arrays["order"],
            cursor=row.cursor,
            epoch=row.epoch,
            generator=json.loads(row.generator),
            in_play=arrays["in_play"],
        )
        state = MachineState(
            pc=row.pc,
            iterations=row.iterations,
            batches=batches,
            store=families.get("store", {}),
            workspaces={int(p.removeprefix("rows ")): made for p, made in families.items() if p.startswith("rows ")},
            batch_size=row.batch_size,
            set_after=_set_after(row.set_after),
            factors=_factors(row.factors),
        )
    except (KeyError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise DamagedError(f"it is not a moment of a run ({error})") from None
    return Keyframe(state, row.edits)


def check_fits(state: MachineState, machine: Machine, own: MachineState) -> None:
    """DamagedError if this is no state of such a machine, of which `own` is one."""
    _check_families(state.store, own.store)
    if state.workspaces.keys() != own.workspaces.keys():
        raise DamagedError("its mini-batches have other sizes than this experiment's")
    for size, families in own.workspaces.items():
        _check_families(state.workspaces[size], families)
    _check_families({"order": state.batches.order}, {"order": own.batches.order})
    _check_families({"in_play": state.batches.in_play}, {"in_play": own.batches.in_play})
    if not np.array_equal(np.sort(state.batches.order), np.arange(len(own.batches.order))):
        raise DamagedError("its order of the rows leaves some of them out")
    _check_counters(state, machine)
    _check_interventions(state, machine)
    _check_generator(state.batches.generator)


def _check_families(given: dict[str, np.ndarray], own: dict[str, np.ndarray]) -> None:
    if given.keys() != own.keys():
        raise DamagedError("it has other numbers than this experiment's")
    for name, flat in own.items():
        if given[name].shape != flat.shape or given[name].dtype != flat.dtype:
            raise DamagedError(f"'{name}' has another shape or type than this experiment's")


def _check_counters(state: MachineState, machine: Machine) -> None:
    batches, cursor, size = machine.batches, state.batches.cursor, machine.batches.size
    operations = {program.batch_size: len(program.ops) for program in machine.programs}
    at_hand = cursor - max(cursor - 1, 0) // size * size if state.batches.epoch else size
    possible = (
        0 <= state.iterations < _MOST
        and 0 <= state.batches.epoch < _MOST
        and 0 <= cursor <= batches.total
        and (cursor % size == 0 or cursor == batches.total)
        and 0 <= state.pc < operations.get(state.batch_size, 0)
        and state.batch_size == (at_hand or size)
    )
    if not possible:
        raise DamagedError("it counts what cannot be")


def _check_interventions(state: MachineState, machine: Machine) -> None:
    """What was set and scaled by hand is there, and can be."""
    arenas = {program.batch_size: program.arena for program in machine.programs}
    arena = arenas[state.batch_size]
    for slot, index in state.set_after:
        shape = arena.slot(slot).shape if slot in arena else None
        if shape is None or not (index is None or inside(index, shape)):
            raise DamagedError(f"a value of '{slot[:40]}' was set, which there is not")
    if not all(np.isfinite(factor) for factor in state.factors.values()):
        raise DamagedError("an update was scaled by what is no number")


def inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether there is such an element."""
    return len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True))


def _check_generator(state: object) -> None:
    """A generator of the kind that runs have takes it."""
    try:
        if not isinstance(state, dict) or state.get("bit_generator") != "PCG64":
            raise ValueError("another generator")
        generator: Any = np.random.PCG64(0)
        generator.state = state
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        raise DamagedError("its random numbers cannot go on from there") from None


def _set_after(text: str) -> dict[Place, int]:
    listed = msgspec.json.decode(text, type=list[tuple[str, tuple[int, ...] | None, int]])
    return {(slot, index): ran for slot, index, ran in listed}


def _factors(text: str) -> dict[int, float]:
    return {number: float(factor) for number, factor in msgspec.json.decode(text, type=list[tuple[int, str]])}
