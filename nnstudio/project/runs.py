"""How a run stands, as rows and arrays: see `training.debugger.Standing`.

A run is written whole. What is read back is checked against a run of the same experiment that has just been built, and
whatever does not fit it is left out: the run then goes on from the last moment that is sound, or from its beginning.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import msgspec
import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.spec import SpecError
from nnstudio.training.debugger import Debugger, Standing
from nnstudio.training.history import History
from nnstudio.training.keyframes import Keyframe, Keyframes, Moment
from nnstudio.training.run import RunStanding
from nnstudio.training.stopping import Best, Stopped, StoppingStanding
from nnstudio.training.timeline import AnyEdit, Edit, Mark, PutBack, Scaling, TimelineStanding
from nnstudio.training.trainer import TrainerStanding

from .blocks import read_blocks
from .breakpoints import read_breakpoints, write_breakpoints
from .epochs import read_history, write_history
from .states import HERE, INITIAL, KEYFRAME, StateRow, check_fits, read_state, write_state
from .store import DamagedError, Store

_HERE, _INITIAL, FIRST_KEYFRAME = 1, 2, 3
"""The ids of these states; other keyframes have the ids after the first."""
_KEYFRAMES_BUDGET = 64_000_000
"""As many bytes of keyframes are saved; the time to run between two of them again is what more would spare."""
_SET, _SCALE, _PUT_BACK = "set", "scale", "put back"
_MOST_EPOCHS = 2**53


@dataclass(frozen=True, slots=True)
class _EditRow:
    position: int
    kind: str
    iterations: int
    pc: int
    slot: str | None = None
    element: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class _MarkRow:
    position: int
    iterations: int
    pc: int
    text: str


def write_standing(store: Store, standing: Standing, budget: int = _KEYFRAMES_BUDGET) -> None:
    """Write all of it into an empty project, as `write_moments` does, and its history in rows."""
    write_moments(store, standing, budget)
    write_history(store, standing.run.history)


def write_moments(store: Store, standing: Standing, budget: int) -> None:
    """Write all of it but its history, with so many bytes of keyframes at most, but the first and the last."""
    timeline = standing.timeline
    write_here(store, standing)
    write_initial(store, standing)
    for number, keyframe in enumerate(_thinned(timeline, budget), FIRST_KEYFRAME):
        write_state(store, number, KEYFRAME, keyframe)


def write_here(store: Store, standing: Standing) -> None:
    """Write where it stands, and all that is small."""
    timeline = standing.timeline
    write_state(store, _HERE, HERE, timeline.here)
    _write_edits(store, timeline.edits)
    store.connection.execute("DELETE FROM marks")
    marks = (_MarkRow(n, *mark.moment, mark.text) for n, mark in enumerate(timeline.marks))
    store.insert("marks", *marks)
    store.put_values("run", _values(standing))
    best = standing.trainer.stopping.best
    store.drop_arrays("best")
    if best is not None:
        store.put_arrays("best", best.knowledge)
    write_breakpoints(store, standing.breakpoints)


def write_initial(store: Store, standing: Standing) -> None:
    """Write what Reset goes back to."""
    write_state(store, _INITIAL, INITIAL, Keyframe(standing.run.initial, 0))


def read_standing(store: Store, fresh: Debugger) -> Standing:
    """How the run stood, for one that has just been built. Where that is damaged, it stands at the last moment that is
    sound."""
    values, edits = store.values("run"), _read_edits(store, fresh.run.model)
    initial, here, keyframes = _read_states(store, fresh, len(edits))
    history = _read_run_history(store, fresh.run.history)
    furthest = max(_moment(values.get("furthest")), here.moment, keyframes[-1].moment)
    marks = (Mark(Moment(row.iterations, row.pc), row.text) for row in store.rows("marks", _MarkRow, "position"))
    stopping = _read_stopping(store, values, fresh.run.model)
    return Standing(
        RunStanding(initial.state, history, values.get("took_over") is True, _put_back(values.get("put_back"))),
        TimelineStanding(here, furthest, tuple(keyframes), tuple(edits), tuple(marks)),
        TrainerStanding(
            _whole(values.get("limit"), fresh.trainer.limit, least=1), _number(values.get("seconds"), 0.0), stopping
        ),
        read_breakpoints(store),
        _stopped(values.get("stopped")),
    )


def _values(standing: Standing) -> dict[str, object]:
    run, trainer, stopping = standing.run, standing.trainer, standing.trainer.stopping
    best, stopped = stopping.best, standing.stopped
    return {
        "furthest": standing.timeline.furthest,
        "limit": trainer.limit,
        "seconds": trainer.seconds,
        "took_over": run.took_over,
        "put_back": list(run.put_back.items()),
        "since": stopping.since,
        "target_met": stopping.target_met if isfinite(stopping.target_met) else None,
        "seconds_before": stopping.seconds_before,
        "best": None if best is None else [best.epoch, best.cost],
        "stopped": None if stopped is None else [stopped.epoch, stopped.why, stopped.restored],
    }


def _thinned(timeline: TimelineStanding, budget: int) -> Iterable[Keyframe]:
    """The keyframes, or as many of them as are worth their room, those near where it stands in the first place."""
    first, *others = timeline.keyframes
    kept = Keyframes(first, budget)
    for keyframe in others:
        kept.add(keyframe, timeline.here.moment)
    return kept


def _write_edits(store: Store, edits: Iterable[AnyEdit]) -> None:
    store.connection.execute("DELETE FROM edits")
    store.drop_arrays("edit %")
    for position, edit in enumerate(edits):
        store.insert("edits", _edit_row(position, edit))
        if isinstance(edit, PutBack):
            store.put_arrays(f"edit {position}", edit.knowledge)


def _edit_row(position: int, edit: AnyEdit) -> _EditRow:
    match edit:
        case Edit(moment, slot, index, value):
            return _EditRow(position, _SET, *moment, slot, json.dumps(index), repr(float(value)))
        case Scaling(moment, factor):
            return _EditRow(position, _SCALE, *moment, value=repr(float(factor)))
        case PutBack(moment):
            return _EditRow(position, _PUT_BACK, *moment)


def _read_edits(store: Store, model: Model) -> list[AnyEdit]:
    """The edits up to the first one that is damaged: those after it belong to what it made."""
    found: list[AnyEdit] = []
    for row in store.rows("edits", _EditRow, "position"):
        try:
            if row.position != len(found):
                raise DamagedError("one before it is missing")
            found.append(_edit(store, row, model))
        except (DamagedError, SpecError, ValueError, msgspec.DecodeError) as error:
            store.problems.append(f"edit {row.position + 1} of the run and those after it are left out: {error}")
            break
    return found


def _edit(store: Store, row: _EditRow, model: Model) -> AnyEdit:
    moment = Moment(row.iterations, row.pc)
    if row.kind == _PUT_BACK:
        return PutBack(moment, _knowledge(store, f"edit {row.position}", model))
    if row.value is None or not isfinite(value := float(row.value)):
        raise DamagedError("its value is no number")
    if row.kind == _SCALE:
        return Scaling(moment, value)
    if row.kind != _SET or row.slot is None or row.element is None:
        raise DamagedError("it is none that is known here")
    return Edit(moment, row.slot, msgspec.json.decode(row.element, type=tuple[int, ...]), value)


def _knowledge(store: Store, owner: str, model: Model) -> dict[str, np.ndarray]:
    arrays, _ = store.arrays(owner)
    own = model.knowledge()
    if arrays.keys() != own.keys() or any(arrays[name].shape != own[name].shape for name in own):
        raise DamagedError("the weights are those of another network")
    return arrays


def _read_states(store: Store, fresh: Debugger, edits: int) -> tuple[Keyframe, Keyframe, list[Keyframe]]:
    """The initial state, where it stands, and the keyframes in order."""
    found = _sound_states(store, fresh.machine, edits)
    if not found[INITIAL]:
        found[INITIAL] = [Keyframe(fresh.run.standing().initial, 0)]
        store.problems.append("the initial weights are damaged; Reset goes back to those that the seed draws")
    if not found[HERE]:
        found[HERE] = [(found[KEYFRAME] or found[INITIAL])[-1]]
        store.problems.append("where the run stood is damaged; it stands at the last moment before that is sound")
    initial, here, keyframes = found[INITIAL][0], found[HERE][0], found[KEYFRAME]
    if not keyframes or keyframes[0].moment > here.moment:
        keyframes = [min(initial, here, key=lambda keyframe: keyframe.moment), *keyframes]
    return initial, here, keyframes


def _sound_states(store: Store, machine: Machine, edits: int) -> dict[str, list[Keyframe]]:
    """Those that are as they were written, by their kind, in the order of time."""
    found: dict[str, list[Keyframe]] = {INITIAL: [], HERE: [], KEYFRAME: []}
    own = machine.state()
    for row in store.rows("states", StateRow, "iterations, pc, id"):
        if row.kind not in found:
            continue
        try:
            keyframe = read_state(store, row)
            check_fits(keyframe.state, machine, own)
            if not 0 <= keyframe.edits <= edits:
                raise DamagedError("it follows an edit that is not there")
            found[row.kind].append(keyframe)
        except DamagedError as error:
            store.problems.append(f"the moment after {row.iterations:,} mini-batches is left out: {error}")
    return found


def _read_run_history(store: Store, like: History) -> History:
    try:
        return read_blocks(store, like) or read_history(store, like) or like
    except DamagedError as error:
        store.problems.append(f"the history of the epochs is left out: {error}")
        return like


def _read_stopping(store: Store, values: dict[str, Any], model: Model) -> StoppingStanding:
    best = None
    try:
        match values.get("best"):
            case [int(epoch), float() | int() as cost]:
                best = Best(epoch, float(cost), _knowledge(store, "best", model))
    except DamagedError as error:
        store.problems.append(f"the best weights so far are left out: {error}")
    return StoppingStanding(
        best,
        _whole(values.get("since"), 0),
        _number(values.get("target_met"), inf),
        _number(values.get("seconds_before"), 0.0),
    )


def _stopped(value: object) -> Stopped | None:
    match value:
        case [int(epoch), str(why), int() | None as restored]:
            return Stopped(epoch, why, restored)
    return None


def _put_back(value: object) -> dict[int, int]:
    try:
        return dict(msgspec.convert(value or [], list[tuple[int, int]]))
    except msgspec.ValidationError:
        return {}


def _moment(value: object) -> Moment:
    try:
        return msgspec.convert(value, Moment)
    except msgspec.ValidationError:
        return Moment(0)


def _whole(value: object, otherwise: int, least: int = 0) -> int:
    known = isinstance(value, int) and not isinstance(value, bool) and least <= value < _MOST_EPOCHS
    return value if known and isinstance(value, int) else otherwise


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and isfinite(value) else otherwise
