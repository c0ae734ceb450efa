"""Predicting: rows that are typed or opened, differences in words, and an export that runs nothing."""

import csv
import errno
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from nnstudio import replacing
from nnstudio.data.pipeline import Derive
from nnstudio.data.spec import ColumnSpec, ColumnType
from nnstudio.experiment.data_edits import add_step, set_columns
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.predicting import state
from nnstudio.gui.predicting.row_model import UNKNOWN
from nnstudio.gui.predicting.view import PredictingView
from nnstudio.training.predicting import usual_row
from nnstudio.training.run import build

OpenWindow = Callable[..., MainWindow]
NAMES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


@pytest.fixture
def predicting(open_window: OpenWindow) -> PredictingView:
    window = open_window("iris")
    window.action("step_batch").trigger()
    view = window.context.tools.open("predicting")
    assert isinstance(view, PredictingView)
    return view


def cell(view: PredictingView, row: int, column: int) -> str:
    return str(view.model.index(row, column).data())


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_it_begins_with_a_usual_row_that_is_predicted(predicting: PredictingView) -> None:
    assert predicting.model.rowCount() == 1
    assert predicting.model.features == NAMES
    assert cell(predicting, 0, 4) in ("setosa", "versicolor", "virginica")
    assert cell(predicting, 0, 5).endswith(" %")


def test_a_typed_row_is_predicted_at_once(predicting: PredictingView) -> None:
    run = predicting.context.session.run
    row = run.data.train.rows[0]
    for column, name in enumerate(NAMES):
        value = f"{run.dataset.column(name).values[row]}".replace(".", ",")
        assert predicting.model.setData(predicting.model.index(0, column), value)
    expected = run.model.predict(run.data.train.X[:1])[0]
    assert cell(predicting, 0, 4) == run.data.classes[int(expected.argmax())]
    assert cell(predicting, 0, 5) == f"{100 * expected.max():.1f} %"


def test_a_cell_that_is_no_number_says_so_and_gets_no_prediction(predicting: PredictingView) -> None:
    predicting.model.setData(predicting.model.index(0, 1), "wide")
    assert cell(predicting, 0, 4) == UNKNOWN
    assert "'wide' is not a number" in predicting.said.text()


def test_rows_are_added_and_removed(predicting: PredictingView, qtbot: QtBot) -> None:
    qtbot.mouseClick(predicting.add_button, Qt.MouseButton.LeftButton)
    predicting.model.setData(predicting.model.index(1, 0), "9")
    assert predicting.model.rowCount() == 2
    assert cell(predicting, 0, 0) != "9"
    qtbot.mouseClick(predicting.remove_button, Qt.MouseButton.LeftButton)
    assert predicting.model.rowCount() == 1
    assert not predicting.remove_button.isEnabled()


def test_it_follows_the_weights(predicting: PredictingView) -> None:
    before = cell(predicting, 0, 5)
    predicting.context.session.step_batch()
    assert cell(predicting, 0, 5) != before


def test_a_table_is_opened_predicted_and_its_differences_said(
    predicting: PredictingView, qtbot: QtBot, tmp_path: Path
) -> None:
    path = written(tmp_path / "new.csv", "note," + ",".join(NAMES), "a,5.1,3.5,1.4,0.2", "b,6.2,2.8,,1.8")
    predicting.open_path(path)
    qtbot.waitUntil(lambda: predicting.rows.opened is not None)
    assert predicting.model.rowCount() == 2
    assert cell(predicting, 0, 4) != UNKNOWN
    assert cell(predicting, 1, 4) == UNKNOWN
    assert "'note' is not used" in predicting.said.text()
    assert "row 2 has a gap in 'petal length (cm)'" in predicting.said.text()
    assert predicting.header.note.text() == "new: 1 of 2 rows predicted"
    qtbot.mouseClick(predicting.type_button, Qt.MouseButton.LeftButton)
    assert predicting.model.rowCount() == 1


def test_a_table_without_a_column_says_which(predicting: PredictingView, qtbot: QtBot, tmp_path: Path) -> None:
    predicting.open_path(written(tmp_path / "new.csv", ",".join(NAMES[:3]), "5.1,3.5,1.4"))
    qtbot.waitUntil(lambda: predicting.rows.opened is not None)
    assert "no column 'petal width (cm)'" in predicting.said.text()
    assert not predicting.save_button.isEnabled()


def test_a_file_that_is_no_table_leaves_all_as_it_is(predicting: PredictingView, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"a,b\n1,\0\n")
    with qtbot.waitSignal(predicting.context.session.failed) as told:
        predicting.open_path(path)
    assert "bad.csv" in told.args[0]
    assert predicting.rows.opened is None
    assert cell(predicting, 0, 4) != UNKNOWN


def test_the_export_runs_nothing_in_a_spreadsheet(predicting: PredictingView, qtbot: QtBot, tmp_path: Path) -> None:
    path = written(tmp_path / "new.csv", "note," + ",".join(NAMES), '"=HYPERLINK(""x"")",5.1,3.5,1.4,0.2')
    predicting.open_path(path)
    qtbot.waitUntil(lambda: predicting.rows.opened is not None)
    assert predicting.save(tmp_path / "out.csv")
    header, row = csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines())
    assert header[:2] == ["note", NAMES[0]]
    assert row[0] == '\'=HYPERLINK("x")'
    assert row[header.index("prediction")] == cell(predicting, 0, 4)


def test_a_folder_that_cannot_be_written_is_said(predicting: PredictingView, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(predicting.context.session.failed) as told:
        assert not predicting.save(tmp_path / "none" / "out.csv")
    assert "was not saved" in told.args[0]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    predicting: PredictingView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = written(tmp_path / "out.csv", "of before")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(replacing, "flush", full)
    told = QSignalSpy(predicting.context.session.failed)
    assert not predicting.save(path)
    assert "no space left on device; save it in another folder" in told.at(0)[0]
    assert path.read_text(encoding="utf-8") == "of before\n"
    assert list(tmp_path.glob("*out*")) == [path]


def test_many_rows_are_asked_and_written_while_the_window_goes_on(
    predicting: PredictingView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("nnstudio.gui.asking._AT_ONCE", 0)
    monkeypatch.setattr("nnstudio.gui.predicting.view._CELLS_AT_ONCE", 0)
    asked = Event()
    monkeypatch.setattr("nnstudio.gui.predicting.view.answer", lambda *of: asked.wait() and state.answer(*of))
    predicting.open_path(written(tmp_path / "new.csv", ",".join(NAMES), "5.1,3.5,1.4,0.2", "6.2,2.8,4.8,1.8"))
    qtbot.waitUntil(lambda: predicting.rows.opened is not None)
    assert predicting.header.note.text() == "asking the network …"
    assert predicting.model.rowCount() == 0
    assert not predicting.save_button.isEnabled()
    asked.set()
    qtbot.waitUntil(lambda: predicting.model.rowCount() == 2)
    assert predicting.header.note.text() == "new: 2 of 2 rows predicted"
    with qtbot.waitSignal(predicting.context.session.message):
        assert predicting.save(tmp_path / "out.csv")
        assert predicting.header.note.text() == "writing the predictions …"
        assert not predicting.save_button.isEnabled()
    assert predicting.save_button.isEnabled()
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 3
    with qtbot.waitSignal(predicting.context.session.failed) as told:
        assert predicting.save(tmp_path / "none" / "out.csv")
    assert "was not saved" in told.args[0]


def test_an_answer_about_rows_that_are_no_longer_shown_is_passed_over(
    predicting: PredictingView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("nnstudio.gui.asking._AT_ONCE", 0)
    predicting.open_path(written(tmp_path / "new.csv", ",".join(NAMES), "5.1,3.5,1.4,0.2", "6.2,2.8,4.8,1.8"))
    qtbot.waitUntil(lambda: predicting.rows.opened is not None)
    qtbot.mouseClick(predicting.type_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: predicting.rows.predictions is not None)
    assert predicting.header.note.text() == "typed: 1 of 1 rows predicted"
    qtbot.waitUntil(lambda: QThreadPool.globalInstance().activeThreadCount() == 0)
    assert len(predicting.rows.predictions or ()) == 1


def test_what_is_predicted_changes_with_what_is_learned(open_window: OpenWindow) -> None:
    view = open_window("sine").context.tools.open("predicting")
    assert isinstance(view, PredictingView)
    document = view.context.document
    said = {"y": ColumnSpec(type=ColumnType.CATEGORICAL)}
    assert document.apply(set_columns(document.experiment, said))
    view.refresh()
    shown = [str(view.model.headerData(n, Qt.Orientation.Horizontal)) for n in range(view.model.columnCount())]
    assert shown == [*view.rows.features, "prediction", "confidence"]
    assert view.table.horizontalHeader().count() == len(shown)


def test_predictions_of_another_run_are_not_shown_as_those_of_this_one(predicting: PredictingView) -> None:
    predicting.rows.follow(build(predicting.context.document.experiment))
    assert predicting.rows.predictions is None


def test_a_typed_row_of_ordered_numbers_is_predicted(predicting: PredictingView) -> None:
    document = predicting.context.document
    assert document.apply(set_columns(document.experiment, {NAMES[0]: ColumnSpec(type=ColumnType.ORDINAL)}))
    assert document.apply(add_step(document.experiment, Derive()))
    predicting.model.setData(predicting.model.index(0, 0), "5,1")
    assert cell(predicting, 0, 4) in ("setosa", "versicolor", "virginica")
    predicting.model.setData(predicting.model.index(0, 0), "tall")
    assert "'tall' is not a number" in predicting.said.text()


def test_of_a_large_table_the_usual_row_comes_once_it_is_found(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_FEW_CELLS", 0)
    view = open_window("iris").context.tools.open("predicting")
    assert isinstance(view, PredictingView)
    assert view.rows.typed == [[""] * len(NAMES)]
    assert view.header.note.text() == "looking for the usual values …"
    run = view.context.session.run
    qtbot.waitUntil(lambda: view.rows.typed == [usual_row(run.dataset, run.data)])
    assert cell(view, 0, 4) in ("setosa", "versicolor", "virginica")


def test_what_is_typed_before_the_usual_row_is_found_stays(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_FEW_CELLS", 0)
    view = open_window("iris").context.tools.open("predicting")
    assert isinstance(view, PredictingView)
    view.model.setData(view.model.index(0, 1), "3.5")
    view.rows.take_usual(["1"] * len(NAMES))
    assert view.rows.typed == [["", "3.5", "", ""]]


def test_in_a_small_window_the_prediction_is_in_sight_and_each_column_as_wide_as_its_heading(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    view = open_window("iris", size=(1280, 800)).context.tools.open("predicting")
    assert isinstance(view, PredictingView)
    header = view.table.horizontalHeader()
    qtbot.waitUntil(lambda: 500 < header.length() <= view.table.viewport().width())
    assert header.sectionSize(0) > header.sectionSize(4)  # "sepal length (cm)", "prediction"
    assert header.sectionSize(0) < 120
