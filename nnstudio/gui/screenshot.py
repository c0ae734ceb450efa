"""A picture of the window, taken without a screen: train some epochs, step some operations on, save what is seen."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, QTemporaryDir, QTimer
from PySide6.QtGui import QImage, QPixmap

from nnstudio.experiment.errors import ExperimentError
from nnstudio.training.debugger import Goal

from .app import application, create_window
from .main_window import MainWindow
from .settings import Settings
from .theme import Mode

_SETTLE_MILLISECONDS = 100
_LEAST_ROUNDS, _MOST_ROUNDS = 3, 20  # what one round lays out anew, such as formulas, the next one draws


@dataclass(frozen=True, slots=True)
class Picture:
    """What to take: `file` after so many epochs and then steps."""

    file: Path
    out: Path
    epochs: int
    steps: int
    theme: str
    size: tuple[int, int]


def take(picture: Picture) -> int:
    """Take the picture; ExperimentError says why it cannot be written."""
    application()
    folder = QTemporaryDir()  # a picture does not depend on how its taker has arranged the window
    settings = Settings(QSettings(folder.filePath("settings.ini"), QSettings.Format.IniFormat))
    settings.mode = Mode(picture.theme)
    settings.motion = False
    window = create_window(picture.file, settings)
    window.resize(*picture.size)
    window.show()
    window.arrange()
    _train(window, picture.epochs, picture.steps)
    saved = QPixmap.fromImage(_settled(window)).save(str(picture.out), "PNG")
    window.close()
    if not saved:
        raise ExperimentError(f"{picture.out} cannot be written; name a file in a folder that you can write to")
    return 0


def _train(window: MainWindow, epochs: int, steps: int) -> None:
    session = window.context.session
    target = session.machine.epochs + epochs
    while session.machine.epochs < target and session.debugger.nonfinite is None:
        session.debugger.train(Goal.EPOCH)
    for _ in range(steps):
        session.debugger.step_over()
    session.refreshed.emit()


def _settled(window: MainWindow) -> QImage:
    """The window once layouts and delayed drawing have come to rest: when two pictures in a row are the same, however
    slow the computer is. The command has no event loop of its own to wait in."""
    loop = QEventLoop()
    seen = QImage()
    for number in range(_MOST_ROUNDS):
        QTimer.singleShot(_SETTLE_MILLISECONDS, loop.quit)
        loop.exec()
        before, seen = seen, window.grab().toImage()
        if seen == before and number >= _LEAST_ROUNDS:
            break
    return seen
