"""Edit › Paste data: a block that was copied from a spreadsheet becomes the data of the experiment."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.data.spec import InlineSource
from nnstudio.gui.main_window import MainWindow

BLOCK = "size\tweight\tkind\n" + "".join(f"{n},5\t{n * n}\t{'moss' if n % 2 else 'fern'}\n" for n in range(8))


def paste(window: MainWindow, text: str) -> None:
    QApplication.clipboard().setText(text)
    window.action("paste_data").trigger()


def test_a_block_becomes_the_data_as_one_step_to_undo(window: MainWindow, qtbot: QtBot) -> None:
    document = window.context.document
    before = document.experiment
    paste(window, BLOCK)
    source = document.experiment.data.source
    assert isinstance(source, InlineSource)
    assert source.columns == ("size", "weight", "kind")
    assert source.rows[3] == (3.5, 9.0, "moss")
    assert document.data.classes == ("fern", "moss")
    assert document.experiment.name == "Pasted data"
    assert document.undo_stack.undoText() == "Paste data"
    assert document.undo_stack.count() == 1
    window.context.session.step_epoch()
    qtbot.waitUntil(lambda: window.context.session.paused)
    assert window.context.session.machine.epochs == 1
    document.undo_stack.undo()
    assert document.experiment == before


def test_a_text_that_is_no_table_gets_a_plain_message(window: MainWindow) -> None:
    before = window.context.document.experiment
    for text, reason in (
        ("", "there is no text to paste"),
        ("Dear all, this is no table", "a single row of names"),
        ("word\tother\none\ttwo\nthree\tfour\n", "no column is an input ('word': a different text in every row)"),
        ("x" * 2_000_001, "more than can be pasted"),
    ):
        paste(window, text)
        assert window.context.document.experiment == before
        assert window.banner.isVisible()
        assert reason in window.banner.text
