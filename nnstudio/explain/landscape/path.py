"""The way of the descent so far: where the parameters stood, from the beginning of the run to now.

Keyframes hold some moments; between them the run is repeated on a twin of the machine, which does byte for byte what
the run did, edits included. What would take too long is left to the keyframes: a long run has many.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.training.keyframes import Keyframe, Moment
from nnstudio.training.timeline import AnyEdit, Timeline

_MOST, _MOST_BYTES = 240, 64_000_000
"""So many positions make a smooth line; of a large network there are fewer."""
_SECONDS = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Positions (n × parameters) at moments, in the order of time."""

    moments: tuple[Moment, ...]
    positions: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Retracing:
    """What is needed to walk the way again, taken on the thread that owns the machine."""

    twin: Machine
    keyframes: tuple[Keyframe, ...]
    edits: tuple[AnyEdit, ...]
    here: Moment

    @classmethod
    def of(cls, timeline: Timeline) -> "Retracing":
        machine = timeline.machine
        past = tuple(keyframe for keyframe in timeline.keyframes if keyframe.moment <= timeline.here)
        twin = machine.twin(machine.model.spec.precision)
        return cls(twin, past, tuple(timeline.edits), timeline.here)


def known_path(timeline: Timeline) -> Path:
    """What the keyframes know, and where the run stands now."""
    here = timeline.here
    past = tuple(keyframe for keyframe in timeline.keyframes if keyframe.moment <= here)
    return _path({**_positions(past), here: timeline.machine.model.store.family("parameters")})


def retrace(way: Retracing, stopped: Callable[[], bool] = lambda: False, seconds: float = _SECONDS) -> Path:
    """The positions at moments that lie equally far apart, as far as it comes in that time; from there on those of the
    keyframes."""
    found = _positions(way.keyframes)
    found[way.here] = way.twin.model.store.family("parameters").copy()
    timeline = Timeline(way.twin, budget=0)
    timeline.edits = list(way.edits)
    timeline.restore(way.keyframes[0])
    parameters, until = way.twin.model.store.family("parameters"), time.monotonic() + seconds
    apart = max((way.here.iterations - timeline.here.iterations) // _most(parameters), 1)
    with np.errstate(all="ignore"):
        while way.twin.iterations < way.here.iterations and time.monotonic() < until and not stopped():
            timeline.run_iteration()
            if way.twin.iterations % apart == 0 and timeline.here not in found:
                found[timeline.here] = parameters.copy()
    return _path(found)


def _positions(keyframes: Sequence[Keyframe]) -> dict[Moment, np.ndarray]:
    """Those of the keyframes, or of some of very many, the first and the last among them."""
    most = _most(keyframes[0].state.store["parameters"])
    places = np.unique(np.linspace(0, len(keyframes) - 1, min(len(keyframes), most)).astype(int))
    chosen = [keyframes[place] for place in places]
    return {keyframe.moment: keyframe.state.store["parameters"] for keyframe in chosen}


def _most(parameters: np.ndarray) -> int:
    return min(_MOST, max(_MOST_BYTES // (8 * len(parameters)), 2))


def _path(found: dict[Moment, np.ndarray]) -> Path:
    moments = tuple(sorted(found))
    return Path(moments, np.stack([found[moment].astype(np.float64) for moment in moments]))
