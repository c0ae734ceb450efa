"""After a crash the next start offers what was kept, and opens it exactly."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio import resources
from nnstudio.experiment.edits import set_layer
from nnstudio.experiment.open import open_sample
from nnstudio.gui.document import Content
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.keeping.recovery_dialog import RecoveryDialog
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Origin, WorkingCopy, owner, save, working_copy
from nnstudio.project.recovery import about_copy

from .test_changed_file import answer
from .test_projects import NAMES

OpenWindow = Callable[..., MainWindow]
Crash = Callable[..., MainWindow]


@pytest.fixture
def crash(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crash]:
    """Leave working copies behind, each as if its process were gone; the window has done what is in the last one."""
    running = owner.started
    stand_in = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def crash_(*paths: Path | None, saved: bool = False, window: MainWindow | None = None) -> MainWindow:
        window = window or open_window()
        document = window.context.document
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", lambda: stand_in.pid)
            for number, path in enumerate(paths):
                assert document.apply(set_layer(document.experiment, 0, units=7 + number))
                window.context.session.play(3)
                copy = WorkingCopy(Origin(path))
                copy.put(window.projects.take())
                if saved:
                    save(window.projects.take(), path)
                    copy.saved(path)
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


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_what_was_kept_opens_although_its_data_file_is_another_by_now(
    open_window: OpenWindow,
    crash: Crash,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    large: bool,
) -> None:
    table, elsewhere = tmp_path / "iris.csv", tmp_path / "elsewhere.csv"
    table.write_text(resources.path("samples", "iris.csv").read_text())
    window = open_window(table)
    window.context.keepsakes.set_embed(False)
    if large:
        monkeypatch.setattr(working_copy, "_SMALL_TABLE_BYTES", 0)
    before = crash(tmp_path / "mine.nnstudio", window=window)
    elsewhere.write_bytes(table.read_bytes())
    table.write_text("a,b\n1,2\n")
    window = open_window()
    keeping, dialog = offer(window, qtbot)
    press(dialog, "recover_open")
    if large:
        qtbot.waitUntil(lambda: window.findChild(QMessageBox, "data_missing") is not None)
        assert "Untitled" not in window.findChild(QMessageBox, "data_missing").text()
        answer(window.findChild(QMessageBox, "data_missing"), "Locate…")
        window.findChild(QFileDialog, "locate_dialog").fileSelected.emit(str(elsewhere))
    qtbot.waitUntil(lambda: window.context.document.path == tmp_path / "mine.nnstudio")
    qtbot.waitUntil(lambda: keeping.keeper.at_rest)
    assert numbers(window) == numbers(before)
    assert not window.context.keepsakes.embed
    assert len(left()) == 1


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


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(path.read_bytes()[:9000]), Path.unlink])
def test_a_copy_of_what_was_saved_is_offered_where_the_file_is_spoiled(
    open_window: OpenWindow, crash: Crash, qtbot: QtBot, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "mine.nnstudio"
    before = crash(path, saved=True)
    spoil(path)
    keeping, dialog = offer(open_window(), qtbot)
    with qtbot.waitSignal(keeping.keeper.kept):
        press(dialog, "recover_open")
    assert numbers(keeping._window) == numbers(before)


def test_where_the_file_is_as_it_was_saved_nothing_is_offered(
    open_window: OpenWindow, crash: Crash, qtbot: QtBot, tmp_path: Path
) -> None:
    crash(tmp_path / "mine.nnstudio", saved=True)
    _, dialog = offer(open_window(), qtbot)
    assert dialog is None
    assert left() == []


def test_what_was_recovered_is_not_saved_over_what_is_newer(
    open_window: OpenWindow, crash: Crash, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.nnstudio"
    before = crash(path, saved=True)
    before.context.session.play(5)
    save(before.projects.take(), path)  # as another program would
    newer = path.read_bytes()
    keeping, dialog = offer(open_window(), qtbot)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert any(text.startswith("Changed by another program") for text in said)
    with qtbot.waitSignal(keeping.keeper.kept):
        press(dialog, "recover_open")
    window = keeping._window
    assert not window.files.save_path(path)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "changed_file") is not None)
    assert path.read_bytes() == newer


def test_the_copy_of_a_project_whose_file_is_gone_says_that_no_file_has_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.nnstudio"
    assert open_window().files.save_path(path)
    window = open_window(path)
    Keeping(window)
    path.unlink()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "changed_file") is not None)
    (copy,) = left()
    qtbot.waitUntil(lambda: about_copy(copy).get("unsaved") == "1")
    assert "saved" in about_copy(copy)


def test_the_copy_of_an_import_is_none_of_the_file_that_was_open(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, document = tmp_path / "mine.nnstudio", window.context.document
    keeping = Keeping(window)
    with qtbot.waitSignal(keeping.keeper.kept):
        assert window.files.save_path(path)
    (copy,) = left()
    assert about_copy(copy)["origin"] == str(path)
    document.begin_anew(Content.load(open_sample("xor"), None), tmp_path, "Import")
    qtbot.waitUntil(lambda: about_copy(copy)["origin"] == "")
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: about_copy(copy)["origin"] == str(path))
