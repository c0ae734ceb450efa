"""Importing a table: it is looked at, chosen from and read before anything is changed, and is one step to undo."""

import datetime
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PartName
from nnstudio.data.spec import ColumnType, SplitBy
from nnstudio.gui.app import window_for
from nnstudio.gui.importing.column_model import Field
from nnstudio.gui.importing.dialog import ImportDialog
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.predicting.view import PredictingView
from nnstudio.gui.session import RunState
from nnstudio.gui.settings import Settings
from nnstudio.training.metrics import Metric

from ..data.books import xlsx  # noqa: TID252  tests are no package to name
from .test_story import take_import

OpenWindow = Callable[..., MainWindow]
CITIES = ("Bonn", "Ulm", "Köln")
HEADER = ("nr", "day", "size", "city", "bought")
_SELECT = QItemSelectionModel.SelectionFlag.Select
_EXCEL_BEGINS = datetime.date(1899, 12, 30)


def customers(first: int, rows: int) -> list[tuple[int, datetime.date, float | None, str, str]]:
    """Who is large or lives in Köln buys; some cells are empty."""
    made = []
    for n in range(first, first + rows):
        size, city = (n * 37 % 101) / 10, CITIES[n % 3]
        bought = "yes" if size > 5 or city == "Köln" else "no"
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=n % 200)
        made.append((n + 1, day, None if n % 17 == 8 else size, "" if n % 19 == 7 else city, bought))
    return made


def as_csv(path: Path, rows: list[tuple[int, datetime.date, float | None, str, str]]) -> Path:
    """As a German spreadsheet saves it: semicolons, decimal commas, days first."""
    lines = [";".join(HEADER)]
    for nr, day, size, city, bought in rows:
        written = "" if size is None else f"{size:.1f}".replace(".", ",")
        lines.append(f"{nr};{day:%d.%m.%Y};{written};{city};{bought}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def as_xlsx(path: Path, rows: list[tuple[int, datetime.date, float | None, str, str]]) -> Path:
    """As it stands in the spreadsheet: dates are dates, and sizes were typed as text with a decimal comma."""
    cells = [
        (nr, f"={(day - _EXCEL_BEGINS).days}d", None if size is None else f"{size:.1f}".replace(".", ","), city, bought)
        for nr, day, size, city, bought in rows
    ]
    path.write_bytes(xlsx(Customers=[HEADER, *cells]))
    return path


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> ImportDialog:
    window.files.open_chosen(path)
    qtbot.waitUntil(lambda: window.importing.dialog is not None)
    dialog = window.importing.dialog
    assert dialog is not None
    return dialog


def texts(dialog: ImportDialog, field: Field) -> dict[str, str]:
    model = dialog.column_model
    return {model.name(row): str(model.index(row, field).data()) for row in range(model.rowCount())}


def choose(dialog: ImportDialog, name: str, field: Field, key: str) -> None:
    row = dialog.draft.preview.names.index(name)
    assert dialog.column_model.setData(dialog.column_model.index(row, field), key)


def looked_again(qtbot: QtBot, dialog: ImportDialog, act: Callable[[], object]) -> None:
    """Do something by which the file is looked at again, and wait until it was."""
    before = dialog.draft
    act()
    qtbot.waitUntil(lambda: dialog.draft is not before)


@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_from_a_messy_spreadsheet_to_predictions(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, write: Callable[..., Path]
) -> None:
    ending = ".xlsx" if write is as_xlsx else ".csv"
    dialog = opened(qtbot, window, write(tmp_path / f"customers{ending}", customers(0, 240)))
    assert texts(dialog, Field.BECOMES) == {
        "nr": "left out: it numbers the rows",
        "day": "1 input in days",
        "size": "1 input",
        "city": "3 inputs",
        "bought": "2 classes to tell apart",
    }
    assert texts(dialog, Field.GAPS)["size"] != "—"
    choose(dialog, "day", Field.ROLE, "left out")
    choose(dialog, "size", Field.FILLING, "mean")
    take_import(qtbot, window)

    document, session = window.context.document, window.context.session
    assert document.experiment.data.inputs == ("size", "city")
    assert document.experiment.data.split.by is SplitBy.STRATIFIED
    shares = [np.mean(document.data.part(part).Y[:, 0]) for part in (PartName.TRAINING, PartName.VALIDATION)]
    assert abs(shares[0] - shares[1]) < 0.02
    QTest.keyClick(window, Qt.Key.Key_F5)
    history = session.run.history
    qtbot.waitUntil(
        lambda: session.state is RunState.PAUSED or (history.of(PartName.TRAINING, Metric.ACCURACY) or [0])[-1] >= 0.9,
        timeout=30_000,
    )
    QTest.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)
    assert history.of(PartName.TRAINING, Metric.ACCURACY)[-1] >= 0.9

    predicting = window.context.tools.open("predicting")
    assert isinstance(predicting, PredictingView)
    new = customers(1000, 40)
    predicting.open_path(write(tmp_path / f"new{ending}", new))
    qtbot.waitUntil(lambda: predicting.rows.opened is not None and predicting.rows.predictions is not None)
    column = next(
        n
        for n in range(predicting.model.columnCount())
        if predicting.model.headerData(n, Qt.Orientation.Horizontal) == "prediction"
    )
    told = [str(predicting.model.index(row, column).data()) for row in range(len(new))]
    known = [n for n, row in enumerate(new) if row[2] is not None and row[3]]
    right = [told[n].startswith(new[n][4]) for n in known]
    assert np.mean(right) >= 0.85


def bad_table(folder: Path) -> Path:
    """Text among numbers in row 5 of 40, and a row that is too long."""
    lines = ["height;weight;kind", *(f"{n * 7 % 31},5;{n % 9};{'ab'[n % 2]}" for n in range(40))]
    lines[5], lines[30] = "tall;3;a", "2,5;2;b;too;much"
    path = folder / "bad.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_what_is_wrong_with_a_file_is_listed_and_a_click_goes_there(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before, run = window.context.document.content, window.context.session.run
    dialog = opened(qtbot, window, bad_table(tmp_path))
    listed = [dialog.flaws.list.item(n).text() for n in range(dialog.flaws.list.count())]
    assert listed == [
        "row 5 (line 6), column 'height': 'tall' is not a number; correct it or delete the row",
        "row 30 (line 31): found 5 fields, expected 3; put quotes around a cell that contains a delimiter",
    ]
    for number, place in ((1, (29, 0)), (0, (4, 0))):
        item = dialog.flaws.list.visualItemRect(dialog.flaws.list.item(number))
        qtbot.mouseClick(dialog.flaws.list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())
        index = dialog.rows.currentIndex()
        assert (index.row(), index.column()) == place
        assert dialog.rows.visualRect(index).intersects(dialog.rows.viewport().rect())
    assert dialog.rows.currentIndex().data() == "tall"
    assert not dialog.import_.isEnabled()
    assert "bad.csv, line 31: found 5 fields" in dialog.problem.text()
    dialog.reject()
    assert window.context.document.content is before
    assert window.context.session.run is run


def test_a_cell_that_is_no_number_is_mended_by_leaving_its_column_out(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = bad_table(tmp_path)
    path.write_text(path.read_text().replace(";too;much", ""))
    dialog = opened(qtbot, window, path)
    assert texts(dialog, Field.BECOMES)["height"] == "left out: 1 cell is not a number"
    choose(dialog, "height", Field.ROLE, "input")
    assert "'tall' is not a number" in dialog.problem.text()
    assert not dialog.import_.isEnabled()
    choose(dialog, "height", Field.ROLE, "left out")
    assert dialog.problem.isHidden()
    take_import(qtbot, window)
    assert window.context.document.experiment.data.inputs == ("weight",)


@pytest.mark.parametrize(
    ("text", "says"),
    [(b"a,b\n1,2\n3,\0004\n", "line 3"), (b"", "is empty"), (b"\x89PNG\r\n\x1a\n\0\0", "not a text file")],
)
def test_a_file_that_cannot_be_shown_is_refused_at_once(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, text: bytes, says: str
) -> None:
    path = tmp_path / "no table.csv"
    path.write_bytes(text)
    before = window.context.document.content
    window.files.open_chosen(path)
    qtbot.waitUntil(lambda: "no table.csv" in window.banner.text and "Not opened" in window.banner.text)
    assert says in window.banner.text
    assert window.importing.dialog is None
    assert window.context.document.content is before


def test_the_import_is_one_step_to_undo_and_its_file_is_not_that_of_the_work_before(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window("xor")
    document = window.context.document
    before, place = document.experiment, document.path
    opened(qtbot, window, as_csv(tmp_path / "customers.csv", customers(0, 60)))
    take_import(qtbot, window)
    assert document.experiment.name == "customers"
    assert document.path is None
    assert window.isWindowModified()
    undo = window.action("undo")
    assert undo.text() == "Undo Import customers.csv"
    undo.trigger()
    assert (document.experiment, document.path) == (before, place)
    assert not window.isWindowModified()
    window.action("redo").trigger()
    assert (document.experiment.name, document.path) == ("customers", None)


def test_another_reading_is_shown_at_once_and_recorded(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n;size;kind\n" + "1;2,5;a\n2;3,5;b\n3;4,5;a\n" * 9, "utf-16")
    dialog = opened(qtbot, window, path)
    assert dialog.draft.preview.names == ("n", "size", "kind")
    assert dialog.reading.choices["encoding"].currentText().startswith("Unicode (UTF-16")
    assert dialog.reading.recognized.isHidden()
    header, sign = dialog.reading.choices["header"], dialog.reading.choices["decimal"]
    looked_again(qtbot, dialog, lambda: header.setCurrentIndex(header.findData("data")))
    assert dialog.draft.preview.names == ("x1", "x2", "x3")
    assert dialog.draft.preview.rows[0] == ("n", "size", "kind")
    looked_again(qtbot, dialog, dialog.reading.recognized.click)
    looked_again(qtbot, dialog, lambda: sign.setCurrentIndex(sign.findData(".")))
    assert texts(dialog, Field.TYPE)["size"] == ColumnType.CATEGORICAL.value
    looked_again(qtbot, dialog, lambda: sign.setCurrentIndex(sign.findData(",")))
    take_import(qtbot, window)
    reading = window.context.document.experiment.data.source.reading
    assert (reading.delimiter, reading.header, reading.decimal, reading.encoding) == (";", True, ",", None)


def test_a_reading_that_cannot_be_is_refused_and_the_one_before_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(qtbot, window, as_csv(tmp_path / "t.csv", customers(0, 60)))
    sign, delimiter = dialog.reading.choices["decimal"], dialog.reading.choices["delimiter"]
    for key in (".", ","):
        looked_again(qtbot, dialog, partial(sign.setCurrentIndex, sign.findData(key)))
    delimiter.setCurrentIndex(delimiter.findData(","))
    qtbot.waitUntil(lambda: "can't be the delimiter" in dialog.problem.text())
    assert delimiter.key == ";"
    dialog.reject()


def test_the_split_and_all_alike_are_chosen_in_the_dialog(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "a,b,c,part,y\n"
        + "".join(f"{n % 7},{n % 5},{n % 3},{('train', 'test')[n % 4 == 3]},{n % 2}\n" for n in range(60))
    )
    dialog = opened(qtbot, window, path)
    choose(dialog, "y", Field.ROLE, "target")
    split = dialog.split
    split.by.setCurrentIndex(split.by.findData(SplitBy.COLUMN))
    assert "choose the column" in dialog.problem.text()
    split.part.setCurrentIndex(split.part.findData("part"))
    choose(dialog, "b", Field.NUMBERS, "min_max")
    for row in (0, 2):
        dialog.columns.selectionModel().select(dialog.column_model.index(row, Field.ROLE), _SELECT)
    choose(dialog, "c", Field.ROLE, "weight")
    assert texts(dialog, Field.ROLE)["c"] == "weight"
    choose(dialog, "c", Field.ROLE, "input")
    assert texts(dialog, Field.ROLE)["a"] == "input"
    dialog.columns.setCurrentIndex(dialog.column_model.index(1, Field.ROLE))
    dialog.alike.click()
    take_import(qtbot, window)
    document = window.context.document
    assert document.experiment.data.split.column == "part"
    assert len(document.data.part(PartName.TEST).X) == 15
    assert (document.data.train.X.min(), document.data.train.X.max()) == (0, 1)


def test_a_large_table_is_looked_at_in_part_and_reading_it_can_be_given_up(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,y\n" + "0.123456,0.234567,1.5\n0.223456,0.134567,2.5\n" * 60_000)
    dialog = opened(qtbot, window, path)
    assert dialog.looked_at.whole.startswith("the first 1\u2009000 rows")
    before = window.context.document.content
    dialog.import_.click()
    assert not dialog.import_.isEnabled()
    dialog.findChild(QPushButton, "import_cancel").click()
    assert dialog.import_.isEnabled()
    assert window.context.document.content is before
    take_import(qtbot, window)
    assert window.context.document.dataset.rows == 120_000


def test_a_mistake_far_behind_the_first_rows_is_said_and_nothing_is_imported(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n" + "".join(f"{n % 9},{n % 7},{n % 5}.5\n" for n in range(5000)) + "1,x,2.5\n")
    dialog = opened(qtbot, window, path)
    before = window.context.document.content
    dialog.import_.click()
    qtbot.waitUntil(lambda: "row 5001" in dialog.problem.text())
    assert dialog.isVisible()
    assert window.context.document.content is before
    choose(dialog, "b", Field.ROLE, "left out")
    take_import(qtbot, window)
    assert window.context.document.experiment.data.inputs == ("a",)


def test_a_click_goes_to_a_mistake_far_behind_the_first_rows_and_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    lines = [f"{n % 9},{n % 7},{n % 5}.5\n" for n in range(6000)]
    path.write_text("a,b,y\n" + "".join([*lines[:5000], "1,tall,2.5\n", *lines[5000:]]))
    dialog = opened(qtbot, window, path)
    assert not dialog.flaws.isVisible()
    for _ in range(2):  # what is found again is listed once
        dialog.import_.click()
        qtbot.waitUntil(lambda: "row 5001" in dialog.problem.text() and dialog.import_.isEnabled())
    assert (dialog.flaws.list.count(), dialog.flaws.title.text()) == (1, "1 problem found")
    item = dialog.flaws.list.visualItemRect(dialog.flaws.list.item(0))
    qtbot.mouseClick(dialog.flaws.list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())
    qtbot.waitUntil(dialog.back.isVisible)
    index = dialog.rows.currentIndex()
    assert index.data() == "tall"
    assert dialog.rows_model.headerData(index.row(), Qt.Orientation.Vertical) == "⚠ 5\u2009001"
    assert "'tall' is not a number" in dialog.rows_model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert dialog.rows.visualRect(index).intersects(dialog.rows.viewport().rect())
    assert dialog.looked_at.whole.startswith("rows 4\u2009951 to 5\u2009051 ·")
    dialog.back.click()
    assert dialog.looked_at.whole.startswith("the first 1\u2009000 rows")
    assert dialog.rows_model.headerData(0, Qt.Orientation.Vertical) == "1"


def test_a_row_of_too_many_cells_far_behind_is_gone_to_by_its_line(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n" + "".join(f"{n % 9},{n % 7},{n % 5}.5\n" for n in range(4000)) + "1,2,3,4\n")
    dialog = opened(qtbot, window, path)
    dialog.import_.click()
    qtbot.waitUntil(lambda: dialog.flaws.list.count() == 1)
    dialog.flaws.list.setFocus()
    dialog.flaws.list.setCurrentRow(0)
    qtbot.waitUntil(dialog.back.isVisible)
    assert dialog.rows.currentIndex().row() + dialog.rows_model.first == 4000
    dialog.reject()


def test_a_table_named_at_the_start_is_looked_at_first(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="there is no file"):
        window_for(tmp_path / "gone.csv", settings)
    window = window_for(as_csv(tmp_path / "customers.csv", customers(0, 60)), settings)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    qtbot.waitUntil(lambda: window.importing.dialog is not None)
    dialog = window.importing.dialog
    assert dialog is not None
    assert dialog.draft.preview.names == HEADER
    window.close_for_good()
    assert window.importing.dialog is None
    window.deleteLater()


def flats(first: int, rows: int) -> str:
    """Flats as they are listed: with a currency, a unit, a sign between thousands and cells that are no numbers."""
    lines = ["price;area;floor;size"]
    for n in range(first, first + rows):
        area = 20 + n * 37 % 101
        floor = "n.k." if n % 20 == 6 else n % 5
        lines.append(f"{area}.{n % 1000:03},00 €;{area} m²;{floor};{'large' if area > 70 else 'small'}")
    return "\n".join(lines) + "\n"


def told(predicting: PredictingView, words: str) -> bool:
    """Whether it has answered with a prediction and nothing else, or with these words."""
    rows = predicting.rows
    known = rows.predictions is not None and rows.predictions.known(0)
    return words in " ".join(rows.said()) if words else known and not rows.said()


def test_cells_that_are_not_what_a_column_is_taken_for_are_listed_as_it_is_chosen(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "visits.csv"
    lines = (f"{'soon' if n == 4 else f'2026-01-{n % 9 + 1:02}'},{n},{'yes' if n % 2 else 'no'}" for n in range(60))
    path.write_text("\n".join(("day,size,bought", *lines)))
    dialog = opened(qtbot, window, path)
    assert texts(dialog, Field.BECOMES)["day"] == "10 inputs"
    assert not dialog.flaws.isVisible()
    choose(dialog, "day", Field.TYPE, ColumnType.DATE)
    assert dialog.flaws.list.item(0).text() == (
        "row 5, column 'day': 'soon' is not a date such as 2026-11-25; "
        "correct it, delete the row or choose another type for the column"
    )
    item = dialog.flaws.list.visualItemRect(dialog.flaws.list.item(0))
    qtbot.mouseClick(dialog.flaws.list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())
    assert (dialog.rows.currentIndex().row(), dialog.rows.currentIndex().data()) == (4, "soon")
    assert dialog.rows_model.headerData(4, Qt.Orientation.Vertical) == "⚠ 5"
    assert not dialog.import_.isEnabled()
    qtbot.mouseClick(dialog.flaws.as_gaps, Qt.MouseButton.LeftButton)
    assert (texts(dialog, Field.BECOMES)["day"], texts(dialog, Field.GAPS)["day"]) == ("1 input in days", "1")
    take_import(qtbot, window)
    data = window.context.document.data
    assert data.features == ("day", "size")
    assert np.isfinite(data.train.X).all()


def test_a_list_with_currencies_units_and_remarks_is_learned_and_predicts(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "flats.csv"
    path.write_text(flats(0, 200), "utf-8")
    dialog = opened(qtbot, window, path)
    assert texts(dialog, Field.BECOMES) == {
        "price": "1 input in €",
        "area": "1 input in m²",
        "floor": "left out: 10 cells are not numbers",
        "size": "2 classes to tell apart",
    }
    qtbot.mouseClick(dialog.flaws.as_gaps, Qt.MouseButton.LeftButton)
    assert (texts(dialog, Field.BECOMES)["floor"], texts(dialog, Field.GAPS)["floor"]) == ("1 input", "10")
    qtbot.mouseClick(dialog.flaws.as_gaps, Qt.MouseButton.LeftButton)
    assert texts(dialog, Field.GAPS)["floor"] == "—"
    qtbot.mouseClick(dialog.flaws.as_gaps, Qt.MouseButton.LeftButton)
    take_import(qtbot, window)

    data = window.context.document.data
    assert data.features == ("price", "area", "floor")
    assert data.raw(np.array([0, 6]))[:, :2].tolist() == [[20000.0, 20.0], [40006.0, 40.0]]
    assert np.isfinite(data.train.X).all()

    predicting = window.context.tools.open("predicting")
    assert isinstance(predicting, PredictingView)
    new = tmp_path / "new.csv"
    new.write_text(flats(500, 30), "utf-8")
    predicting.open_path(new)
    qtbot.waitUntil(lambda: predicting.rows.opened is not None and predicting.rows.predictions is not None)
    assert predicting.model.rowCount() == 30

    predicting.type_button.click()
    for price, words in (("90.000,00 €", ""), ("a lot", "'a lot' is not a number in €"), ("90000", "")):
        assert predicting.model.setData(predicting.model.index(0, 0), price)
        qtbot.waitUntil(partial(told, predicting, words))


def test_what_stands_between_thousands_is_chosen_where_it_is_in_doubt(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("price\tkind\n" + "".join(f"{n % 9 + 1},{n:03}\t{'ab'[n % 2]}\n" for n in range(60)))
    dialog = opened(qtbot, window, path)
    thousands = dialog.reading.choices["thousands"]
    decimal = dialog.reading.choices["decimal"]
    looked_again(qtbot, dialog, lambda: decimal.setCurrentIndex(decimal.findData(".")))
    assert texts(dialog, Field.BECOMES)["price"] == "left out: 60 cells are not numbers"
    assert "choose what stands between thousands" in dialog.flaws.list.item(0).text()
    assert thousands.currentText() == "no sign"
    looked_again(qtbot, dialog, lambda: thousands.setCurrentIndex(thousands.findData(",")))
    assert not dialog.flaws.isVisible()
    take_import(qtbot, window)
    assert window.context.document.experiment.data.source.reading.thousands == ","
    assert window.context.document.data.raw(np.array([0, 59]))[:, 0].tolist() == [1000.0, 6059.0]


def test_lines_above_the_table_are_left_out_and_may_be_counted_otherwise(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Station 5\n\nx,y,kind\n" + "".join(f"{n}.5,{n % 7}.5,{'ab'[n % 2]}\n" for n in range(60)))
    dialog = opened(qtbot, window, path)
    above = dialog.reading.above
    assert dialog.draft.preview.names == ("x", "y", "kind")
    assert (above.isVisible(), above.value()) == (True, 2)
    for count, names in ((3, ("x1", "x2", "x3")), (2, ("x", "y", "kind"))):
        looked_again(qtbot, dialog, partial(above.setValue, count))
        assert dialog.draft.preview.names == names
    take_import(qtbot, window)
    assert window.context.document.experiment.data.source.reading.above == 2
    assert window.context.document.data.features == ("x", "y")
