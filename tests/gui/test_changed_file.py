"""A file that is open in two windows, or changed by another program: it is noticed, and nothing is written over."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio.experiment.edits import set_layer, set_training
from nnstudio.experiment.open import open_sample
from nnstudio.gui.document import Content
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import Origin, WorkingCopy, save

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def path(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    """A project that is open in the window."""
    keeping, path = Keeping(window), tmp_path / "mine.nnstudio"
    with qtbot.waitSignal(keeping.keeper.kept):
        assert window.files.save_path(path)
    return path


@pytest.fixture
def another(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The number of another process that runs."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


def question(window: MainWindow, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "changed_file") is not None)
    return window.findChild(QMessageBox, "changed_file")


def answer(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def test_a_second_window_on_a_file_is_read_only_and_says_who_has_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, another: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, files = tmp_path / "mine.nnstudio", window.files
    assert files.save_path(path)
    with monkeypatch.context() as patched:
        patched.setattr("os.getpid", lambda: another)
        theirs = WorkingCopy(Origin(path))
    Keeping(window)
    before = path.read_bytes()
    qtbot.waitUntil(lambda: files.read_only)
    assert f"mine.nnstudio is open in another window (process {another} on " in window.banner.text
    assert "(read-only)" in window.windowTitle()
    assert not files.save_path(path)
    assert path.read_bytes() == before
    assert files.save_path(tmp_path / "other.nnstudio")
    assert "(read-only)" not in window.windowTitle()
    theirs.close()


def test_a_file_that_another_program_changes_is_noticed_and_compared(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, document = tmp_path / "mine.nns.json", window.context.document
    Keeping(window)
    assert window.files.save_path(path)
    written = json.loads(path.read_text())
    written["training"]["batch_size"] = 3
    path.write_text(json.dumps(written))
    box = question(window, qtbot)
    assert box.text() == "mine.nns.json was changed by another program"
    assert "training.batch_size" in box.informativeText()
    assert "3 there" in box.informativeText()
    assert window.isWindowModified()
    answer(box, "Reload")
    assert document.experiment.training.batch_size == 3
    assert not window.isWindowModified()


def test_a_project_that_is_another_now_is_told_apart_by_where_its_run_stands(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    session = window.context.session
    session.step_batch()
    save(window.projects.take(), path)  # as another program would
    session.play(2)
    box = question(window, qtbot)
    assert box.informativeText() == (
        "The experiment is the same.\n\nIts run stands at epoch 41, after mini-batch 1, "
        "the one here at epoch 41, mini-batch 2, before operation 3."
    )


def test_a_file_that_is_gone_is_noticed(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    path.rename(path.with_name("elsewhere.nnstudio"))
    box = question(window, qtbot)
    assert box.text() == "mine.nnstudio is not there any more"
    assert window.isWindowModified()
    answer(box, "Keep mine")
    assert window.files.save_path(path)
    assert not window.isWindowModified()


def test_nothing_is_saved_over_what_another_program_wrote(
    window: MainWindow, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    document = window.context.document
    other = tmp_path / "other.nnstudio"
    assert document.apply(set_layer(document.experiment, 0, units=7))
    other.write_bytes(path.read_bytes() + b" ")
    other.replace(path)
    theirs = path.read_bytes()
    assert not window.files.save_path(path)
    assert path.read_bytes() == theirs
    answer(question(window, qtbot), "Save as…")
    dialog = window.findChild(QFileDialog, "save_dialog")
    dialog.fileSelected.emit(str(other))
    dialog.reject()
    assert document.path == other


def test_a_file_that_is_written_anew_with_the_same_content_is_the_same(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    path.write_bytes(path.read_bytes())
    document = window.context.document
    assert document.apply(set_training(document.experiment, batch_size=5))
    assert window.files.save_path(path)
    assert window.findChild(QMessageBox, "changed_file") is None


def overwrite(path: Path) -> bytes:
    """As another program does; what is in it then."""
    other = path.with_name("other")
    other.write_bytes(path.read_bytes() + b" ")
    other.replace(path)
    return path.read_bytes()


def test_saving_again_is_no_answer(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    document = window.context.document
    assert document.apply(set_layer(document.experiment, 0, units=7))
    theirs = overwrite(path)
    assert not window.files.save_path(path)
    assert not window.files.save_path(path)
    box = question(window, qtbot)
    assert not window.files.save_path(path)
    assert path.read_bytes() == theirs
    answer(box, "Keep mine")
    assert window.files.save_path(path)


def test_a_file_that_was_gone_and_is_there_again_is_not_saved_over(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    theirs = path.read_bytes() + b" "
    path.unlink()
    answer(question(window, qtbot), "Keep mine")
    path.write_bytes(theirs)
    assert not window.files.save_path(path)
    assert path.read_bytes() == theirs


def test_the_file_of_another_window_is_not_saved_over(
    window: MainWindow, path: Path, another: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.nnstudio"
    save(window.projects.take(), other)
    theirs = other.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("os.getpid", lambda: another)
        copy = WorkingCopy(Origin(other))
    assert not window.files.save_path(other)
    assert f"another window has other.nnstudio open (process {another})" in window.banner.text
    assert other.read_bytes() == theirs
    copy.close()


def test_a_file_that_was_put_aside_is_known_when_it_is_back(
    window: MainWindow, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    document = window.context.document
    document.begin_anew(Content.load(open_sample("xor"), None), tmp_path, "Import")
    assert window.files.save_path(tmp_path / "import.nnstudio")
    theirs = overwrite(path)
    document.undo_stack.undo()
    assert document.path == path
    assert not window.files.save_path(path)
    assert path.read_bytes() == theirs
    answer(question(window, qtbot), "Keep mine")


def test_who_had_a_file_first_does_not_hang_on_the_clock(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, another: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.nnstudio"
    assert window.files.save_path(path)
    with monkeypatch.context() as patched:
        patched.setattr("os.getpid", lambda: another)
        theirs = WorkingCopy(Origin(path))
        theirs._tell("since", "2099-01-01T00:00:00+00:00")  # the clock has been set back since
    Keeping(window)
    qtbot.waitUntil(lambda: window.files.read_only)
    theirs.close()


def test_a_file_is_the_same_under_another_name(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, another: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, link = tmp_path / "mine.nnstudio", tmp_path / "too.nnstudio"
    assert open_window().files.save_path(path)
    link.hardlink_to(path)
    with monkeypatch.context() as patched:
        patched.setattr("os.getpid", lambda: another)
        theirs = WorkingCopy(Origin(path))
    window = open_window(link)
    Keeping(window)
    qtbot.waitUntil(lambda: window.files.read_only)
    theirs.close()
