"""After a crash the next start offers what was kept, and opens it exactly."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_layer
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.keeping.recovery_dialog import RecoveryDialog
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Origin, WorkingCopy, owner, working_copy

from .test_projects import NAMES

OpenWindow = Callable[..., MainWindow]
Crash = Callable[..., MainWindow]


@pytest.fixture
def crash(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crash]:
    """Leave working copies behind, each as if its process were gone; the window has done what is in the last one."""
    running = owner.started
    stand_in = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def crash_(*paths: Path | None) -> MainWindow:
        window = open_window()
        document = window.context.document
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", lambda: stand_in.pid)
            for number, path in enumerate(paths):
                assert document.apply(set_layer(document.experiment, 0, units=7 + number))
                window.context.session.play(3)
                copy = WorkingCopy(Origin(path))
                copy.put(window.projects.take())
                copy._connection.close()  # now: whenever it is closed, what is in the log goes into the file
        stand_in.send_signal(signal.SIGKILL)
        stand_in.wait()
        assert running(stand_in.pid) is None
        return window

    yield crash_
    stand_in.kill()
    stand_in.communicate()


def offer(window: MainWindow, qtbot: QtBot) -> tuple[Keeping, RecoveryDialog]:
    keeping = Keeping(window)
    with qtbot.waitSignal(keeping.recovery.looked):
        keeping.look()
    return keeping, window.findChild(RecoveryDialog)


def press(dialog: RecoveryDialog, name: str, which: int = 0) -> None:
    dialog.findChildren(QPushButton, name)[which].click()


def left() -> list[Path]:
    return list(working_copy.folder().glob("*.nnstudio"))


def numbers(window: MainWindow) -> list[bytes]:
    state = window.debugger.machine.state()
    return [repr(window.debugger.timeline.here).encode(), *(flat.tobytes() for flat in state.store.values())]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_kept_opens_exactly(
    open_window: OpenWindow, crash: Crash, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.nnstudio"
    before = crash(path)
    window = open_window()
    keeping, dialog = offer(window, qtbot)
    (copy,) = left()
    with qtbot.waitSignal(keeping.keeper.kept):
        press(dialog, "recover_open")
    assert numbers(window) == numbers(before)
    assert window.context.document.experiment == before.context.document.experiment
    assert window.context.document.path == path
    assert window.isWindowModified()
    assert window.context.document.undo_stack.canUndo()
    assert copy not in left()
    assert len(left()) == 1
    assert window.findChild(RecoveryDialog) is None or not dialog.isVisible()


def test_several_are_listed_and_one_is_discarded_after_a_question(
    open_window: OpenWindow, crash: Crash, qtbot: QtBot, tmp_path: Path
) -> None:
    crash(None, tmp_path / "mine.nnstudio")
    window = open_window()
    _, dialog = offer(window, qtbot)
    assert len(dialog.findChildren(QPushButton, "recover_open")) == 2
    press(dialog, "recover_discard")
    dialog.findChild(QMessageBox, "discard_recovered").button(QMessageBox.StandardButton.Discard).click()
    assert len(left()) == 1
    press(dialog, "recover_later")
    assert not dialog.isVisible()
    assert len(left()) == 1


def test_a_damaged_copy_says_so(open_window: OpenWindow, crash: Crash, qtbot: QtBot) -> None:
    crash(None)
    (copy,) = left()
    copy.with_name(f"{copy.name}-wal").unlink(missing_ok=True)
    copy.write_bytes(copy.read_bytes()[:100] + bytes(5000))
    window = open_window()
    _, dialog = offer(window, qtbot)
    assert not dialog.findChild(QPushButton, "recover_open").isEnabled()
    assert left() == [copy]
    dialog.close()


def test_where_nothing_was_lost_nothing_is_asked(window: MainWindow, qtbot: QtBot) -> None:
    keeping, dialog = offer(window, qtbot)
    assert dialog is None
    with qtbot.waitSignal(keeping.recovery.looked):
        window.action("recover").trigger()
    assert window.statusBar().currentMessage() == "There is no unsaved work to recover"
