"""Keeps the watch list up to date: at every frame and step, and in the background for what was before.

The list outlives runs and starts; its texts are a setting.
"""

import logging
import time
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.session import Session
from nnstudio.gui.settings import WATCH_LIST, Settings
from nnstudio.training.watchlist import Entry, Lookback, Watchlist

_log = logging.getLogger(__name__)
_AT_ONCE_SECONDS = 0.05
_LONGEST_SECONDS = 3.0
"""What has not been run again until then is not worth the wait: the moments that are kept have been looked at."""


class Watching(QObject):
    """`entries` are what is watched. While the run is not paused, what is added is first seen with the next frame."""

    changed = Signal()
    """There are others, or in another order; or looking back has begun or ended."""

    def __init__(self, session: Session, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._list = Watchlist(self._wanted, session.run, session.debugger.timeline)
        self._lookback: Lookback | None = None
        self._task: BackgroundTask | None = None
        self._stop = Event()
        session.rebuilt.connect(self._begin_anew)
        session.refreshed.connect(self.look)
        settings.changed.connect(self._setting_changed)

    @property
    def entries(self) -> list[Entry]:
        return self._list.entries

    @property
    def at_work(self) -> bool:
        """Whether it looks back in the background."""
        return self._task is not None

    @property
    def share(self) -> float:
        """How much of what is kept of the run has been looked at."""
        way = self._lookback
        return way.done / way.total if way is not None and way.total else 0.0

    def problem(self, text: str, place: int | None = None) -> str:
        """Why this cannot be watched, or not in place of the entry there; empty if it can."""
        if text.strip() in self._list.texts and (place is None or self._list.texts[place] != text.strip()):
            return f"{text.strip()} is watched already"
        return self._list.problem(text)

    def add(self, text: str) -> None:
        """Watch this too; `problem` has said that it can be."""
        self._list.add(text)
        self._listed()

    def replace(self, place: int, text: str) -> None:
        if self._list.texts[place] != text.strip():
            self._list.replace(place, text)
            self._listed()

    def remove(self, place: int) -> None:
        self._list.remove(place)
        self._listed()

    def move(self, place: int, to: int) -> None:
        self._list.move(place, to)
        self._listed()

    def place(self, text: str) -> int | None:
        """Where it stands in the list."""
        return self._list.texts.index(text) if text in self._list.texts else None

    def look(self) -> None:
        """Take in the numbers of the moment; the machine is the window's."""
        session = self._session
        self._list.look(session.run, session.debugger.timeline)
        if self._task is None:
            self._take_found()
            self._look_back()

    def cancel(self) -> None:
        """Be content with what has been found of the past."""
        self._stop.set()

    def close(self) -> None:
        """End what works in the background."""
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._lookback = None

    @property
    def _wanted(self) -> list[str]:
        return [text for text in self._settings.value(WATCH_LIST, "").split("\n") if text]

    def _setting_changed(self, name: str) -> None:
        """Somebody else has set another list: a project was opened."""
        if name == WATCH_LIST and self._wanted != list(self._list.texts):
            self.close()
            self._list = Watchlist(self._wanted, self._session.run, self._session.debugger.timeline)
            if self._session.paused:
                self.look()
            self.changed.emit()

    def _listed(self) -> None:
        self._settings.set_value(WATCH_LIST, "\n".join(self._list.texts))
        if self._session.paused:
            self.look()
        self.changed.emit()

    def _begin_anew(self) -> None:
        self.close()
        self.changed.emit()

    def _look_back(self) -> None:
        """At once where that is quick, else in the background."""
        way = self._lookback = self._list.look_back()
        if way is None:
            return
        begun, longest = time.perf_counter(), _AT_ONCE_SECONDS if self._session.paused else 0.0
        if way.advance(lambda: time.perf_counter() - begun > longest):
            self._take_found()
            return
        self._list.take(way, ended=False)
        self._stop, end = Event(), begun + _LONGEST_SECONDS
        self._task = task = BackgroundTask(partial(way.advance, partial(_enough, self._stop, end)))
        task.done.connect(self._ended)
        task.failed.connect(self._failed)
        task.start()
        self.changed.emit()

    def _take_found(self) -> None:
        found, self._lookback = self._lookback, None
        if found is not None:
            self._list.take(found)

    def _ended(self, _all: object) -> None:
        """What was found is taken over once the machine is the window's."""
        self._task = None
        if self._session.paused:
            self.look()
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        _log.error("the run could not be looked back at", exc_info=error)
        self._session.failed.emit(
            f"Looking back for the watch list was stopped by an error in the program ({type(error).__name__}); "
            "Help › Open the log has the details."
        )
        self._ended(False)


def _enough(stop: Event, end: float) -> bool:
    return stop.is_set() or time.perf_counter() > end
