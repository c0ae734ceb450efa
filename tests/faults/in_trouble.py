"""The program with a trouble of one kind in it, for `raise_everywhere.py`: `python in_trouble.py EXPERIMENT KIND`.

An edit is made, training goes on for a while, and when some of it has been kept the trouble comes. What a person then
sees is printed as one line of JSON, and the program is killed with signal 9 at once: what it has not kept by then is
lost.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, qFatal, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from nnstudio.experiment.edits import rename
from nnstudio.gui import app
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.keeping.crash_dialog import CrashDialog
from nnstudio.gui.main_window import MainWindow

EDIT = "an edit before the trouble"
CELL = "Petronella Quist"
"""What stands in a cell of the data, and nowhere else."""
_TRAINED_MILLISECONDS = 2500
_LOOK_MILLISECONDS, _LONGEST_LOOKS = 100, 300


class Worker(QObject):
    """Its slot runs on a thread of Qt's."""

    def work(self) -> None:
        _read_cell()


class Dying:
    """An object that cannot be destroyed without an error."""

    def __del__(self) -> None:
        _read_cell()


class Trouble:
    """In one window. `expected` says what a person must be told by."""

    def __init__(self, window: MainWindow, kind: str) -> None:
        self._window, self._kind = window, kind
        self._session, self._document = window.context.session, window.context.document
        self._looks, self._held = 0, []
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        self._document.apply(rename(self._document.experiment, EDIT))
        self._session.train()
        QTimer.singleShot(_TRAINED_MILLISECONDS, self._come)

    def _come(self) -> None:
        self._document.apply(rename(self._document.experiment, f"{EDIT}, the last"))
        self._timer.start(_LOOK_MILLISECONDS)
        TROUBLES[self._kind](self)

    def in_slot(self) -> None:
        QTimer.singleShot(0, _read_cell)

    def in_python_thread(self) -> None:
        threading.Thread(target=_read_cell).start()

    def in_qt_thread(self) -> None:
        thread, worker = QThread(), Worker()
        worker.moveToThread(thread)
        thread.started.connect(worker.work)
        self._held += [thread, worker]
        thread.start()

    def in_background(self) -> None:
        """Where whoever asked for it does not listen to how it failed."""
        BackgroundTask(_read_cell).start()

    def in_pieces(self) -> None:
        """Something else than an `Exception`, on a thread of the program's own."""
        BackgroundTask(_leave).start()

    def in_training(self) -> None:
        """In the middle of an iteration, on the thread that trains."""
        machine = self._session.machine
        self._session.take()
        machine._runs = (*machine._runs[:-2], _read_cell, *machine._runs[-2:])
        self._session.train()

    def of_memory(self) -> None:
        QTimer.singleShot(0, _fill_memory)

    def unraisable(self) -> None:
        Dying()

    def warning(self) -> None:
        qWarning("a warning of Qt's own")

    def fatal(self) -> None:
        qFatal("no going on")

    def segmentation_fault(self) -> None:
        ctypes.string_at(0)

    def _look(self) -> None:
        """Whether what is to be seen is there: the dialog or the banner, or long enough nothing."""
        self._looks += 1
        dialog = self._window.findChild(CrashDialog)
        if dialog is not None and dialog.isVisible():
            self._say(_words(dialog), _report(dialog))
        elif self._looks == _LONGEST_LOOKS or (self._kind in SILENT and self._looks == 20):
            self._say("", "")

    def _say(self, words: str, report: str) -> None:
        session = self._session
        seen = {
            "words": words,
            "report": report,
            "banner": self._window.banner.text if self._window.banner.isVisible() else "",
            "state": session.state.value,
            "message": self._window.statusBar().currentMessage(),
            "home": str(Path.home()),
        }
        print(json.dumps(seen), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


TROUBLES: dict[str, Callable[[Trouble], None]] = {
    "in a slot": Trouble.in_slot,
    "in a thread of Python's": Trouble.in_python_thread,
    "in a thread of Qt's": Trouble.in_qt_thread,
    "in background work": Trouble.in_background,
    "background work leaves": Trouble.in_pieces,
    "in the middle of training": Trouble.in_training,
    "out of memory in a slot": Trouble.of_memory,
    "while an object goes": Trouble.unraisable,
    "a warning of Qt's": Trouble.warning,
    "a fatal error of Qt's": Trouble.fatal,
    "a segmentation fault": Trouble.segmentation_fault,
}
SILENT = ("while an object goes", "a warning of Qt's")
"""Nothing of the user's depends on it, so nobody is disturbed."""


def _read_cell() -> None:
    """An error that says what stands in the data."""
    float(CELL)


def _leave() -> None:
    sys.exit(3)


def _fill_memory() -> None:
    bytearray(1 << 62)


def _words(dialog: CrashDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def _report(dialog: CrashDialog) -> str:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy report")
    button.click()
    return QGuiApplication.clipboard().text()


def main(experiment: Path, kind: str) -> int:
    create_window = app.create_window

    def with_trouble(*what: object) -> MainWindow:
        window = create_window(*what)
        trouble = Trouble(window, kind)
        window.first_painted.connect(partial(QTimer.singleShot, 0, trouble.begin))
        return window

    app.create_window = with_trouble
    return app.main(experiment)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
