"""The real window, offscreen, with settings of its own; no thread and no widget may be left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.gui.app import application, create_window
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.settings import Settings
from nnstudio.gui.theme import Mode

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made.mode = Mode.LIGHT
    made.motion = False
    return made


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[OpenWindow]:
    """Open a window on a file, on the experiment of a sample by its name, or on the welcome sample."""
    windows: list[MainWindow] = []

    def open_(what: Path | str | None = None, size: tuple[int, int] = (1600, 1000)) -> MainWindow:
        path = resources.path("experiments", f"{what}.nns.json") if isinstance(what, str) else what
        window = create_window(path, settings)
        windows.append(window)
        window.resize(*size)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        explanation = window.panels["explanation_panel"]
        qtbot.waitUntil(lambda: explanation.awake or not explanation.isVisible())
        return window

    yield open_
    for window in windows:
        window.close_for_good()  # without a question about what was changed
        thread: QThread = window.context.session._thread._thread
        assert not thread.isRunning(), "the training thread is still running"
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not left, f"widgets left behind: {left}"
    qapp.setStyleSheet("")  # the next window is made without one, as it is at a start, in half the time


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """The window on the welcome sample, already learning, and paused."""
    return open_window()
