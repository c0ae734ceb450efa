"""An error that nobody handled, and being asked to end: it is in the log, the work is kept, and the person is told."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.gui import log
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.keeping.crash_dialog import CrashDialog
from nnstudio.gui.keeping.crash_report import crash_report
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.keeping.kept_copy import KeptCopy
from nnstudio.gui.keeping.rescue import rescue
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import ProjectError, open_project, recoverable, working_copy

START = """
import os, signal, sys
from PySide6.QtCore import QTimer
from nnstudio.gui import app
made = app.create_window

def create_window(*what):
    global window
    window = made(*what)
    window.first_painted.connect(lambda: QTimer.singleShot(0, train))
    return window

def train():
    window.action("train").trigger()
    os.kill(os.getpid(), signal.%s)

app.create_window = create_window
sys.exit(app.main())
"""


@pytest.fixture
def reports(isolated_home: Path) -> Iterator[log.Reports]:
    """The hooks of the program in place of those of the tests, for a while."""
    logger, before = logging.getLogger("nnstudio"), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    handlers = list(logger.handlers)
    yield log.start()
    sys.excepthook, threading.excepthook, sys.unraisablehook = before
    qInstallMessageHandler(None)
    for handler in [one for one in logger.handlers if one not in handlers]:
        logger.removeHandler(handler)
        handler.close()


def boom() -> None:
    raise ValueError("boom")


def test_whatever_goes_wrong_is_in_the_log(qtbot: QtBot, reports: log.Reports) -> None:
    told: list[str] = []
    reports.raised.connect(lambda what, _where: told.append(what))
    sys.excepthook(ValueError, ValueError("in a slot"), None)
    thread = threading.Thread(target=boom)
    thread.start()
    thread.join()
    qWarning("from Qt")
    written = log.end(100)
    assert "ValueError: in a slot" in written
    assert "ValueError: boom" in written
    assert "from Qt" in written
    qtbot.waitUntil(lambda: told == ["ValueError: in a slot", "ValueError: boom"])


def test_an_error_keeps_the_work_and_is_told_once(window: MainWindow, qtbot: QtBot, reports: log.Reports) -> None:
    keeping = Keeping(window)
    keeping.watch_over(reports)
    for _ in range(2):
        sys.excepthook(ValueError, ValueError("boom"), None)
    qtbot.waitUntil(lambda: window.findChild(CrashDialog) is not None)
    assert len(list(working_copy.folder().glob("*.nnstudio"))) == 1
    (dialog,) = window.findChildren(CrashDialog)
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy report").click()
    report = QGuiApplication.clipboard().text()
    assert report.startswith("ValueError: boom\n\nNN Studio ")
    assert str(Path.home()) not in report
    dialog.accept()
    sys.excepthook(ValueError, ValueError("boom"), None)
    qtbot.waitUntil(lambda: keeping.keeper.at_rest)
    qtbot.waitUntil(lambda: window.findChild(CrashDialog) is None)


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_asked_to_end_the_program_keeps_the_work_and_leaves_with_0(name: str) -> None:
    ended = subprocess.run([sys.executable, "-c", START % name], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    (found,) = recoverable()
    assert found.open().debugger.machine.epochs >= 40
    assert log.end(10) == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_asked_to_end_with_no_room_to_keep_the_work_it_is_rescued_elsewhere(isolated_home: Path) -> None:
    blocked = Path(os.environ["XDG_STATE_HOME"], "nnstudio", "working")
    blocked.parent.mkdir(parents=True)
    blocked.write_bytes(b"")  # no folder can be made there
    command = [sys.executable, "-c", START % "SIGTERM"]
    at_home = {**os.environ, "HOME": str(isolated_home)}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=at_home)
    (rescued,) = isolated_home.glob("*.nnstudio")
    assert (ended.returncode, str(rescued) in ended.stderr) == (0, True)
    assert open_project(rescued).debugger.machine.epochs >= 40


def test_work_that_can_be_rescued_nowhere_is_told(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    monkeypatch.setenv("HOME", str(gone))
    monkeypatch.setattr("tempfile.tempdir", str(gone))
    assert not rescue(window)
    assert f"unsaved work could not be kept, nor saved elsewhere: {gone}" in capsys.readouterr().err


def raised(text: str) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    """An error as the interpreter hands it over, always from the same line."""
    try:
        raise ValueError(text)
    except ValueError as error:
        return type(error), error, error.__traceback__


def test_what_goes_wrong_in_one_place_is_told_once_whatever_it_says(
    window: MainWindow, qtbot: QtBot, reports: log.Reports
) -> None:
    keeping = Keeping(window)
    keeping.watch_over(reports)
    sys.excepthook(*raised("at 0x7f01"))
    qtbot.waitUntil(lambda: window.findChild(CrashDialog) is not None)
    window.findChild(CrashDialog).accept()
    qtbot.waitUntil(lambda: window.findChild(CrashDialog) is None)
    sys.excepthook(*raised("at 0x7f02"))
    sys.excepthook(KeyError, KeyError("elsewhere"), None)
    qtbot.waitUntil(lambda: window.findChild(CrashDialog) is not None)
    assert report_of(window).startswith("KeyError")


def test_where_the_work_cannot_be_kept_the_dialog_says_so_also_the_second_time(
    window: MainWindow, qtbot: QtBot, reports: log.Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_what: object) -> None:
        raise ProjectError("the disk is full")

    monkeypatch.setattr(KeptCopy, "put", full)
    keeping = Keeping(window)
    keeping.watch_over(reports)
    for text in ("first", "second"):
        sys.excepthook(ValueError, ValueError(text), raised(text)[2] if text == "second" else None)
        qtbot.waitUntil(lambda: window.findChild(CrashDialog) is not None)
        dialog = window.findChild(CrashDialog)
        assert any("save it now" in label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()
        qtbot.waitUntil(lambda: window.findChild(CrashDialog) is None)


def report_of(window: MainWindow) -> str:
    return str(window.findChild(CrashDialog).findChild(QPlainTextEdit).toPlainText())


QUOTING = [
    KeyError("Petronella"),
    ValueError('could not convert string to float: "O\'Hara"'),
    ValueError("it can't be read: 'Petronella'"),
    ValueError("it can't be read: b'Petronella', row 'O\\'Hara'"),
]


@pytest.mark.parametrize("error", QUOTING)
def test_the_report_leaves_out_what_an_error_quotes(reports: log.Reports, error: Exception) -> None:
    sys.excepthook(type(error), error, None)
    report = crash_report(f"{type(error).__name__}: {error}")
    assert type(error).__name__ in report
    assert "Petronella" not in report
    assert "Hara" not in report


def test_the_report_says_which_part_of_the_program_was_missing(reports: log.Reports) -> None:
    assert "no attribute 'colour'" in crash_report("AttributeError: 'Panel' object has no attribute 'colour'")


@pytest.mark.parametrize("kind", [ValueError, SystemExit])
def test_background_work_that_fails_unheard_is_an_error_that_nobody_handled(
    qtbot: QtBot, kind: type[BaseException]
) -> None:
    def fail() -> None:
        raise kind("in the background")

    with qtbot.captureExceptions() as raised:
        BackgroundTask(fail).start()
        qtbot.waitUntil(lambda: len(raised) == 1)
    assert raised[0][0] is (ValueError if kind is ValueError else RuntimeError)


def test_background_work_that_fails_is_told_to_whoever_listens(qtbot: QtBot) -> None:
    task = BackgroundTask(boom)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()
    assert isinstance(failed.args[0], ValueError)
