"""Going to another moment of the run: at once where that is quick, else in the background, where it can be cancelled.

Nothing else of the window changes on the way: it shows where the run stood until it stands somewhere else.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nnstudio.engine.machine import Machine
from nnstudio.explain.numbers import count
from nnstudio.training.debugger import Outcome, Stop
from nnstudio.training.journey import Journey
from nnstudio.training.keyframes import Moment
from nnstudio.training.ways import Quest, Way

from .moment_words import moment_words

if TYPE_CHECKING:
    from .session import Session

_AT_ONCE_SECONDS = 0.15
_SAID_AFTER_SECONDS = 0.4
_SAID_EVERY_SECONDS = 0.1


class Travel(QObject):
    """`busy` says how far it has come, and an empty text that it has come to its end."""

    busy = Signal(str)

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._way: Way | None = None
        self._then: Callable[[], object] | None = None
        self._say_at = 0.0

    @property
    def under_way(self) -> bool:
        return self._way is not None

    def back(self, waypoint: Callable[[Machine], Moment]) -> None:
        """To a moment before this one; see `training.waypoints`."""
        if self._session.paused and not self._session.debugger.timeline.at_start:
            self.go_to(waypoint(self._session.machine))

    def to_start(self) -> None:
        self.go_to(self._session.debugger.timeline.start)

    def to_present(self) -> None:
        """Forward to where the run has come."""
        self._session.take()
        self.go_to(self._session.debugger.timeline.furthest)

    def go_to(self, moment: Moment, then: Callable[[], object] | None = None) -> None:
        """To a moment that the run has come to before. Training stops for it, and so does another journey. `then` is
        done on arrival, and shows what has come of it."""
        self._session.take()
        self.set_out(Journey(self._session.debugger.timeline, moment), then)

    def set_out(self, way: Way, then: Callable[[], object] | None = None) -> None:
        """Go a way while the machine is the window's."""
        session, begun = self._session, time.perf_counter()
        if session.debugger.travel(way, lambda: time.perf_counter() - begun > _AT_ONCE_SECONDS):
            (then or session.refreshed.emit)()
            self._say_found(way)
        else:
            self._way, self._then, self._say_at = way, then, begun + _SAID_AFTER_SECONDS
            session.go_on_with(way)

    def to_last_stop(self) -> None:
        """Back to the last moment at which a breakpoint would have stopped the run."""
        session = self._session
        session.take()
        if session.debugger.watcher.idle:
            session.message.emit("No breakpoint is set; there is nothing to go back to")
        else:
            self.set_out(session.debugger.search())

    def cancel(self) -> None:
        """Stay where the run stood before."""
        if self.under_way:
            self._session.pause()

    def show_progress(self) -> None:
        """The machine is the window's for a moment."""
        now, way = time.perf_counter(), self._way
        if way is not None and now >= self._say_at:
            self._say_at = now + _SAID_EVERY_SECONDS
            self.busy.emit(f"{self._aim(way)}: {count(way.done)} of {count(way.total)} iterations run again")

    def ended(self, outcome: Outcome) -> None:
        """It has arrived, or was stopped on the way."""
        way = self._way
        if way is None:
            return
        if outcome.stop is not Stop.REACHED:
            self.give_up()
        else:
            self._way = None
            self.busy.emit("")
            self._say_found(way)

    def go_on(self) -> None:
        """Do what was to be done on arrival: the machine is the window's again."""
        then, self._then = self._then, None
        if then is not None:
            then()

    def give_up(self) -> None:
        """Back to where the run stood; nothing happens when it is not on the way."""
        if self._way is not None:
            self._way.give_up()
            self._way = self._then = None
            self.busy.emit("")

    def _aim(self, way: Way) -> str:
        if isinstance(way, Journey):
            return f"On the way to {moment_words(way.target, self._session.machine.batches.per_epoch)}"
        return way.aim if isinstance(way, Quest) else "On the way"

    def _say_found(self, way: Way) -> None:
        if isinstance(way, Quest):
            self._session.message.emit(way.said)
