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
        self._journey: Journey | None = None
        self._say_at = 0.0

    @property
    def under_way(self) -> bool:
        return self._journey is not None

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

    def go_to(self, moment: Moment) -> None:
        """To a moment that the run has come to before. Training stops for it, and so does another journey."""
        session = self._session
        session.take()
        journey, begun = Journey(session.debugger.timeline, moment), time.perf_counter()
        if session.debugger.travel(journey, lambda: time.perf_counter() - begun > _AT_ONCE_SECONDS):
            session.refreshed.emit()
            return
        self._journey, self._say_at = journey, begun + _SAID_AFTER_SECONDS
        session.go_on_with(journey)

    def cancel(self) -> None:
        """Stay where the run stood before."""
        if self.under_way:
            self._session.pause()

    def show_progress(self) -> None:
        """The machine is the window's for a moment."""
        now, journey = time.perf_counter(), self._journey
        if journey is not None and now >= self._say_at:
            self._say_at = now + _SAID_EVERY_SECONDS
            where = moment_words(journey.target, self._session.machine.batches.per_epoch)
            done, total = count(journey.done), count(journey.total)
            self.busy.emit(f"On the way to {where}: {done} of {total} iterations run again")

    def ended(self, outcome: Outcome) -> None:
        """It has arrived, or was stopped on the way."""
        if outcome.stop is not Stop.REACHED:
            self.give_up()
        else:
            self._journey = None
            self.busy.emit("")

    def give_up(self) -> None:
        """Back to where the run stood; nothing happens when no journey is under way."""
        if self._journey is not None:
            self._journey.give_up()
            self._journey = None
            self.busy.emit("")
