"""What lay ahead of an edit when it was made, or taken back: kept with it, so that the run that lay ahead then can be
walked again, byte for byte, once the edit is taken back, or made again.

A moment can be computed again wherever the edits before it are the same, so few keyframes are enough; they save time.
"""

from dataclasses import dataclass, replace

from .history import History
from .keyframes import MEGABYTE, Keyframe, Moment
from .run import Run
from .stopping import Stopping, StoppingStanding
from .timeline import AnyEdit, Mark, Timeline

_MOST_BYTES = 8 * MEGABYTE


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """The run behind a moment that the edits `made` lead to: how far it had come, what was done to it on the way, what
    was measured, and what early stopping had seen."""

    made: tuple[AnyEdit, ...]
    edits: tuple[AnyEdit, ...]
    keyframes: tuple[Keyframe, ...]
    marks: tuple[Mark, ...]
    furthest: Moment
    history: History
    put_back: dict[int, int]
    stopping: StoppingStanding

    @classmethod
    def of(cls, run: Run, timeline: Timeline, stopping: Stopping, moment: Moment, made: int) -> "Ahead | None":
        """What lies behind a moment and its first `made` edits; None where the run ends there."""
        if timeline.furthest <= moment:
            return None
        return cls(
            tuple(timeline.edits[:made]),
            tuple(timeline.edits[made:]),
            _some([keyframe for keyframe in timeline.keyframes if keyframe.moment > moment]),
            tuple(mark for mark in timeline.marks if mark.moment > moment),
            timeline.furthest,
            run.history.since(_epoch_after(run, moment)),
            dict(run.put_back),
            stopping.standing(),
        )

    def rejoin(self, run: Run, timeline: Timeline, stopping: Stopping) -> None:
        """Let a run that ends at the moment have this ahead again, unless other edits lead there now."""
        if tuple(timeline.edits) == self.made:
            timeline.rejoin(self.edits, self.keyframes, self.marks, self.furthest)
            run.history.extend(self.history)
            run.put_back = dict(self.put_back)
            stopping.resume(replace(self.stopping, seconds_before=stopping.standing().seconds_before))


def _epoch_after(run: Run, moment: Moment) -> int:
    """The first epoch that ends behind a moment."""
    return moment.iterations // run.machine.batches.per_epoch + 1


def _some(keyframes: list[Keyframe]) -> tuple[Keyframe, ...]:
    """Evenly spaced ones that take little memory, the last among them."""
    every = -(-sum(keyframe.nbytes for keyframe in keyframes) // _MOST_BYTES) or 1
    return tuple(reversed(keyframes[::-1][::every]))
