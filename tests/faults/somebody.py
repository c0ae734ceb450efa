"""The program with somebody at it, for `kill_app.py`: `python somebody.py EXPERIMENT SEED`.

Prints a line whenever something was done: "edited" with the number of the edit and when, "weight" with the iteration
and the value, and "saved" with the last edit that the file must have, once the window says that it is saved.
"""

import random
import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from nnstudio.experiment.edits import rename
from nnstudio.gui import app
from nnstudio.gui.main_window import MainWindow

SHORTEST, LONGEST = 10, 120
"""Milliseconds between two things done."""


class Somebody:
    """At one window."""

    def __init__(self, window: MainWindow, project: Path, seed: int) -> None:
        self._window, self._project = window, project
        self._session, self._document = window.context.session, window.context.document
        self._chance, self._edits, self._saving = random.Random(seed), 0, 0
        window.files.saved.connect(self._saved)
        self._timer = QTimer(window, singleShot=True)
        self._timer.timeout.connect(self._act)

    def begin(self) -> None:
        self._rename()
        self._act()

    def _act(self) -> None:
        doing = (self._rename, self._rename, self._train_or_pause, self._step, self._set_weight, self._save)
        self._chance.choice(doing)()
        self._timer.start(self._chance.randint(SHORTEST, LONGEST))

    def _rename(self) -> None:
        self._edits += 1
        self._document.apply(rename(self._document.experiment, f"edit {self._edits}"))
        _say("edited", self._edits, time.monotonic())

    def _train_or_pause(self) -> None:
        if self._session.paused:
            self._session.train()
        else:
            self._session.pause()

    def _step(self) -> None:
        if self._session.paused:
            self._session.step_batch()

    def _set_weight(self) -> None:
        machine = self._session.machine
        if self._session.paused and machine.iterations and machine.pc == 0:
            value = self._chance.uniform(-0.1, 0.1)
            if self._session.edit_value("b1", (0,), value):
                _say("weight", machine.iterations, repr(value))

    def _save(self) -> None:
        if not self._saving:
            self._saving = self._edits
            if not self._window.files.save_path(self._project):
                self._saving = 0

    def _saved(self, _path: Path) -> None:
        number, self._saving = self._saving, 0
        _say("saved", number, 0)


def _say(what: str, number: int, value: object) -> None:
    print(what, number, value, flush=True)


def main(experiment: Path, seed: int) -> int:
    create_window = app.create_window

    def with_somebody(*what: object) -> MainWindow:
        window = create_window(*what)
        somebody = Somebody(window, experiment.with_name("mine.nnstudio"), seed)
        window.first_painted.connect(partial(QTimer.singleShot, 0, somebody.begin))
        return window

    app.create_window = with_somebody
    return app.main(experiment)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
