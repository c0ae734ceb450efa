"""Where the present trouble began: the first iteration, or epoch, from which on a watch has been true until here.

A run cannot be run backwards. So it is run again from the last keyframe before here, and observed; if the watch was not
true all along, the trouble began in this stretch. Otherwise it is run from the keyframe before that, and so on, at most
to the start. What has to be so for several iterations in a row is known only after as many; so each stretch goes on a
little into the one behind it.
"""

from collections.abc import Callable

import numpy as np

from nnstudio.engine.ops import Phase
from nnstudio.training.history import History
from nnstudio.training.journey import Journey
from nnstudio.training.keyframes import Moment
from nnstudio.training.timeline import Timeline

from .observer import Observer
from .watch import Watch, When


class Origin:
    """Goes on in stretches, as a journey does, and can be given up. In the end the run stands at the moment that was
    `found`, or where it stood if there is no trouble at all."""

    def __init__(self, timeline: Timeline, history: History, watch: Watch, levels: tuple[float, ...]) -> None:
        self.timeline = timeline
        self.found: Moment | None = None
        self._watch, self._levels, self._history = watch, levels, history
        self._origin = timeline.depart()
        self._last = timeline.here.iterations
        """The last iteration to look at: that which ended before here."""
        self._end = self._last
        self._stretches = [one for one in timeline.keyframes if one.moment.iterations < self._last]
        self._journey: Journey | None = None
        self._looked_at = 0
        self._begin_stretch()

    @property
    def total(self) -> int:
        """How many iterations there are to look at, if it began at the start."""
        return self._last - self.timeline.start.iterations

    @property
    def done(self) -> int:
        """How many of them have been looked at."""
        return self._looked_at

    @property
    def aim(self) -> str:
        return f"Looking back for where “{self._watch.title}” began"

    @property
    def said(self) -> str:
        """What came of it."""
        if self.found is None:
            return f"{self._watch.title} was not true when it was measured last before here"
        per_epoch = self.timeline.machine.batches.per_epoch
        epoch, batch = divmod(self.found.iterations - 1, per_epoch)
        if self._watch.when is When.EPOCH:
            return f"{self._watch.title} began at the end of epoch {epoch + 1}"
        return f"{self._watch.title} began in epoch {epoch + 1}, mini-batch {batch + 1}"

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until it is there, which is true, or until `interrupted` says so at the end of an iteration."""
        with np.errstate(all="ignore"):
            while self._journey is None:
                if self.timeline.here.iterations < self._stop:
                    self._look()
                    if interrupted():
                        return False
                elif not self._end_stretch():
                    return True
        return self._journey.advance(interrupted)

    def give_up(self) -> None:
        """Back to where it began."""
        self.timeline.restore(self._origin)

    def _begin_stretch(self) -> None:
        """From the last keyframe that has not been begun from."""
        machine = self.timeline.machine
        self._observer = Observer(self._watch, self._levels, machine, self._history)
        self._since: Moment | None = None
        self._fine = False
        if not self._stretches:
            self._stop = self._last
            return
        self.timeline.restore(self._stretches.pop())
        here = self.timeline.here
        first = here == self.timeline.start or self._watch.remembers == 1
        self._begin = here.iterations + (here.pc > 0)
        self._known = self._begin + (1 if first else self._watch.remembers)
        self._stop = min(self._end + self._watch.remembers - 1, self._last)

    def _look(self) -> None:
        """Run an iteration and observe it, where the watch is measured."""
        timeline, machine = self.timeline, self.timeline.machine
        ops = machine.next_program.ops
        if self._watch.notes:
            before_update = next(index for index, op in enumerate(ops) if op.phase is Phase.UPDATE)
            if machine.pc <= before_update:
                timeline.run_until(before_update)
                self._observer.note()
        timeline.run_until(len(ops))
        self._looked_at += timeline.here.iterations <= self._end
        if self._watch.when is When.EPOCH and not machine.at_epoch_end:
            return
        trouble = self._observer.observe()
        if machine.iterations < self._known:
            return
        if not trouble:
            self._fine, self._since = True, None
        elif self._since is None:
            self._since = timeline.here

    def _end_stretch(self) -> bool:
        """The next stretch back, or the way to where it began; false if there is no trouble here."""
        self.found = self._since or self.found
        if self.found is not None and (self._fine or not self._stretches):
            self._journey = Journey(self.timeline, self.found)
            return True
        if self._fine or not self._stretches:
            self.give_up()
            return False
        self._end = self._begin
        self._begin_stretch()
        return True
