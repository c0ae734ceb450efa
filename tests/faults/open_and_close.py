"""Opens the window and closes it again at random moments: while it trains, loads, saves, steps, or does nothing yet.

    python tests/faults/open_and_close.py [--times 500] [--in-one 25] [--seed 1]

Every process opens and closes `--in-one` windows one after the other, each as `nnstudio` does, with its keeping of
work, some with tools open, and the last one is closed by leaving the program. What must hold then: exit status 0,
nothing on stderr, no message from Qt and no error in the log, and no thread left when the window is gone.
Exit status 0 if it held every time.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
HARMLESS = "This plugin does not support propagateSizeHints()"
"""What the platform without a screen says to every dialog and every menu."""
MOST_MILLISECONDS = 600
LONGEST_SECONDS = 5.0
"""What has been cancelled comes to its end within this time."""
DOINGS = ("nothing", "training", "loading", "saving", "stepping", "travelling", "tools")


def main() -> int:
    options = _options()
    if options.worker is not None:
        return _work(options)
    start, told, failures = time.monotonic(), Counter(), []
    for first in range(0, options.times, options.in_one):
        number = min(options.in_one, options.times - first)
        failures += [f"windows {first}–{first + number - 1}: {why}" for why in _process(options, first, number, told)]
    print(f"{options.times:,} windows opened and closed in {time.monotonic() - start:.0f} s")
    for what, times in sorted(told.items()):
        print(f"  {times:6,} {what}")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--in-one", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _process(options: argparse.Namespace, first: int, number: int, told: Counter[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": folder}
        environment |= {"XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
        command = [sys.executable, __file__, "--worker", folder, "--times", str(number)]
        command += ["--seed", str(options.seed * 100_003 + first)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60 + 20 * number)
        except subprocess.TimeoutExpired:
            return ["it does not come to an end"]
    for line in done.stdout.splitlines():
        if line.startswith("closed while"):
            told[line] += 1
    wrong = [line for line in done.stdout.splitlines() if not line.startswith("closed while")]
    wrong += [line for line in done.stderr.splitlines() if HARMLESS not in line]
    return wrong if done.returncode == 0 else [*wrong, f"exit status {done.returncode}"]


def _work(options: argparse.Namespace) -> int:
    """In a process of its own: the windows one after the other."""
    from nnstudio.gui import app, log

    application, reports = app.application(), log.start()
    application.setQuitOnLastWindowClosed(False)
    chance, status = random.Random(options.seed), 0
    for number in range(options.times):
        visit = Visit(chance, options.worker, reports)
        visit.begin()
        if number == options.times - 1:
            application.setQuitOnLastWindowClosed(True)
        status = status or application.exec()
        visit.end()
    for line in log.end(1000).splitlines():
        if HARMLESS not in line:
            print(f"in the log: {line}")
    return status


class Visit:
    """One window, from its opening to its end."""

    def __init__(self, chance: random.Random, folder: Path, reports: object) -> None:
        from nnstudio.gui import app
        from nnstudio.gui.keeping.keeping import Keeping

        self._chance, self._folder = chance, folder
        self._doing = chance.choice(DOINGS)
        self._window = app.create_window()
        self._keeping = Keeping(self._window)
        self._keeping.watch_over(reports)

    def begin(self) -> None:
        from PySide6.QtCore import QTimer

        self._window.show()
        QTimer.singleShot(0, partial(getattr(self, f"_{self._doing}")))
        QTimer.singleShot(self._chance.randint(0, MOST_MILLISECONDS), self._close)

    def end(self) -> None:
        """All that belonged to it is gone by now."""
        from PySide6.QtCore import QCoreApplication, QEvent

        begun, training = time.monotonic(), self._window.context.session._thread._thread
        while (left := _threads()) and time.monotonic() < begun + LONGEST_SECONDS:  # a file is read in parts
            time.sleep(0.01)
        if training.isRunning() or left:
            print(f"a thread is left after {self._doing}: {', '.join(left) or 'training'}")
        self._window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _close(self) -> None:
        from PySide6.QtWidgets import QApplication

        print(f"closed while {self._doing}", flush=True)
        self._window.close_for_good()
        QApplication.exit(0)

    def _nothing(self) -> None:
        """It is closed as it is."""

    def _training(self) -> None:
        self._window.context.session.debugger.trainer.limit = 10_000_000
        self._window.action("train").trigger()

    def _loading(self) -> None:
        path = self._folder / "large.csv"
        if not path.exists():
            rows = "".join(f"{row},{row % 7},{row % 2}\n" for row in range(200_000))
            path.write_text("x,y,class\n" + rows)
        self._window.files.open_path(path)

    def _saving(self) -> None:
        self._training()
        self._window.files.save_path(self._folder / "mine.nnstudio")

    def _stepping(self) -> None:
        from PySide6.QtCore import QTimer

        timer = QTimer(self._window, interval=5)
        timer.timeout.connect(self._window.action("step_over").trigger)
        timer.start()

    def _travelling(self) -> None:
        self._window.action("step_back").trigger()
        self._window.context.session.run_to_operation(3)

    def _tools(self) -> None:
        from nnstudio.gui.tools.catalogue import TOOLS

        for tool in self._chance.sample([one.name for one in TOOLS], 4):
            self._window.context.tools.open(tool)
        self._training()


def _threads() -> list[str]:
    """Those of Python but for this one; of a thread of Qt that is gone a dummy remains."""
    others = (one for one in threading.enumerate() if one is not threading.main_thread())
    return sorted({one.name for one in others if not one.name.startswith("Dummy")})


if __name__ == "__main__":
    sys.exit(main())
