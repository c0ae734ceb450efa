"""Preparing the data: roles and types of columns, the steps of the pipeline, the split and the weights."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from nnstudio.data.dates import DateOrder, DatePart
from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale, Step
from nnstudio.data.pipeline.derive import Derived
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import ClassWeighting, ColumnType, DataSpec, SplitBy, SplitSpec, Unreadable
from nnstudio.experiment import file
from nnstudio.experiment.open import open_file
from nnstudio.experiment.roles import Role
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.preparing.column_model import Field
from nnstudio.gui.preparing.step_form import StepForm
from nnstudio.gui.preparing.step_kinds import KINDS
from nnstudio.gui.preparing.view import COLUMNS, SPLIT, STEPS, PreparingView

OpenWindow = Callable[..., MainWindow]
CITIES = ("Bonn", "Ulm", "Köln")
HEADER = "age,city,person,part,bought"


@pytest.fixture
def preparing(open_window: OpenWindow, tmp_path: Path) -> PreparingView:
    parts = ("training", "training", "validation", "test")
    lines = [
        f"{20 + n % 40 if n % 7 else ''},{CITIES[n % 3]},p{n % 8},{parts[n % 4]},{'yes' if n % 5 < 2 else 'no'}"
        for n in range(80)
    ]
    path = tmp_path / "messy.csv"
    path.write_text("x," + HEADER + "\n" + "\n".join(f"{n / 10},{line}" for n, line in enumerate(lines)), "utf-8")
    made = open_file(path)
    unprepared = DataSpec(made.data.source, ("x",), ("bought",), standardize=True, split=SplitSpec(validation=0.2))
    file.save(replace(made, data=unprepared), tmp_path / "messy.nns.json")
    view = open_window(tmp_path / "messy.nns.json").context.tools.open("preparing")
    assert isinstance(view, PreparingView)
    return view


def spec(view: PreparingView) -> DataSpec:
    return view.context.document.experiment.data


def row_of(view: PreparingView, name: str) -> int:
    return view.context.document.dataset.names.index(name)


def form_of(view: PreparingView, place: int) -> StepForm:
    form = view.steps.rows[place].form
    assert form is not None
    return form


def test_a_click_on_a_role_offers_the_others(preparing: PreparingView, qtbot: QtBot) -> None:
    table = preparing.columns.table
    index = preparing.columns.model.index(row_of(preparing, "city"), Field.ROLE)
    table.setCurrentIndex(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    box = table.findChild(QComboBox)
    assert box is not None
    assert [box.itemText(n) for n in range(box.count())] == [role.value for role in Role]
    box.setCurrentText(Role.INPUT.value)
    box.activated.emit(box.currentIndex())
    assert "city" in spec(preparing).inputs
    assert any(isinstance(step, Encode) for step in spec(preparing).pipeline)
    assert "city=Bonn" in preparing.context.document.data.input_names


def test_gaps_are_filled_where_a_column_becomes_an_input_and_undone_at_once(preparing: PreparingView) -> None:
    document = preparing.context.document
    preparing.columns.set_role(("age",), Role.INPUT)
    assert spec(preparing).pipeline == (Gaps(how=Gap.MEDIAN),)
    assert np.isfinite(document.data.train.X).all()
    document.undo_stack.undo()
    assert spec(preparing).pipeline == ()
    assert preparing.columns.model.role(row_of(preparing, "age")) is Role.IGNORED


def test_what_cannot_be_is_said_and_nothing_changes(preparing: PreparingView) -> None:
    before = preparing.context.document.experiment
    preparing.columns.set_role(("bought",), Role.IGNORED)
    assert "choose another column as the target first" in preparing.columns.problem.text()
    assert preparing.context.document.experiment is before


def test_a_type_is_chosen_for_all_columns_alike(preparing: PreparingView, qtbot: QtBot) -> None:
    page = preparing.columns
    page.table.setCurrentIndex(page.model.index(row_of(preparing, "city"), Field.TYPE))
    page.set_type(("city",), ColumnType.CATEGORICAL.value)
    qtbot.mouseClick(page.alike, Qt.MouseButton.LeftButton)
    assert {name for name, said in spec(preparing).columns.items() if said.type is ColumnType.CATEGORICAL} == {
        "city",
        "person",
        "part",
        "bought",
    }


def test_each_kind_of_step_is_added_from_the_menu(preparing: PreparingView) -> None:
    for kind, action in zip(KINDS, preparing.steps.add.menu().actions(), strict=True):
        action.trigger()
        assert preparing.steps.problem.text() == ""
        assert isinstance(spec(preparing).pipeline[-1], kind)
        assert form_of(preparing, len(spec(preparing).pipeline) - 1).isVisibleTo(preparing.steps)
    assert [row.words.whole for row in preparing.steps.rows][3:5] == [
        "Standardize",
        "Add squares and products and sines",
    ]


def test_the_list_says_the_shape_after_each_step(preparing: PreparingView) -> None:
    for name in ("age", "city"):
        preparing.columns.set_role((name,), Role.INPUT)
    preparing.steps.add_kind(Derive)
    rows = len(preparing.context.document.data.train.X)
    shown = [row.after.text() for row in preparing.steps.rows]
    assert shown[:2] == [f"{rows} × 3", f"{rows} × 5"]
    assert shown[-1] == f"{rows} × {len(preparing.context.document.data.input_names)}"
    assert f"{rows} training rows × 3 columns" in preparing.steps.begin.text()


def test_a_step_is_switched_off_moved_and_removed(preparing: PreparingView, qtbot: QtBot) -> None:
    preparing.pages.choose_at(STEPS)
    for kind in (Scale, Derive):
        preparing.steps.add_kind(kind)
    preparing.steps.rows[0].on.setChecked(False)
    assert not spec(preparing).pipeline[0].on
    assert preparing.steps.rows[0].after.text() == ""
    qtbot.mouseClick(preparing.steps.rows[1]._buttons[1], Qt.MouseButton.LeftButton)
    assert [type(step) for step in spec(preparing).pipeline] == [Derive, Scale]
    qtbot.mouseClick(preparing.steps.rows[0]._buttons[3], Qt.MouseButton.LeftButton)
    assert [type(step) for step in spec(preparing).pipeline] == [Scale]


def test_the_settings_of_a_step_are_edits(preparing: PreparingView) -> None:
    preparing.steps.add_kind(Derive)
    box = form_of(preparing, 0).findChild(QCheckBox, "step_sin")
    assert box is not None
    box.setChecked(False)
    assert spec(preparing).pipeline == (Derive(what=(Derived.SQUARE, Derived.PRODUCT)),)
    assert preparing.context.document.undo_stack.undoText() == "Step: Add squares and products"
    preparing.steps.add_kind(Polynomial)
    degree = form_of(preparing, 1).findChild(object, "step_degree")
    degree.entered.emit(3)  # type: ignore[attr-defined]
    assert spec(preparing).pipeline[1] == Polynomial(degree=3)


def test_settings_that_cannot_work_are_refused_where_they_were_tried(preparing: PreparingView) -> None:
    preparing.steps.add_kind(Components)
    form_of(preparing, 0).changed.emit({"count": 50, "share": None})
    assert preparing.steps.problem.text()
    assert spec(preparing).pipeline == (Components(share=0.95),)


def test_columns_of_a_step_are_chosen_in_a_menu(preparing: PreparingView) -> None:
    preparing.columns.set_role(("age",), Role.INPUT)
    preparing.steps.add_kind(Clip)
    button = form_of(preparing, 1).findChild(object, "step_columns")
    assert button.text() == "all that it suits"  # type: ignore[attr-defined]
    next(action for action in button.menu().actions() if action.data() == "age").trigger()  # type: ignore[attr-defined]
    assert spec(preparing).pipeline[1].columns == ("age",)


def test_rows_are_split_in_every_way(preparing: PreparingView) -> None:
    preparing.pages.choose_at(SPLIT)
    page, data = preparing.split, preparing.context.document.data
    page.by.setCurrentIndex(page.by.findData(SplitBy.COLUMN))
    assert "Choose the column" in page.problem.text()
    page.column.setCurrentText("part")
    data = preparing.context.document.data
    assert [len(data.part(part).X) for part in data.parts] == [40, 20, 20]
    page.by.setCurrentIndex(page.by.findData(SplitBy.GROUP))
    page.group.setCurrentText("person")
    data, dataset = preparing.context.document.data, preparing.context.document.dataset
    people = dataset.column("person").values
    assert not set(people[data.train.rows]) & set(people[data.validation.rows])
    for way in (SplitBy.ORDER, SplitBy.RANDOM, SplitBy.STRATIFIED):
        page.by.setCurrentIndex(page.by.findData(way))
        assert spec(preparing).split.by is way


def test_folds_take_the_place_of_the_share_for_validation(preparing: PreparingView) -> None:
    page = preparing.split
    page.folds.entered.emit(4)
    assert spec(preparing).split.folds == 4
    assert len(preparing.context.document.data.validation.X) == 20
    assert page._validation_row.isHidden()
    page.fold.entered.emit(3)
    assert spec(preparing).split.fold == 3


def test_classes_and_rows_are_weighed(preparing: PreparingView) -> None:
    page = preparing.split
    page.classes.setCurrentIndex(page.classes.findData(ClassWeighting.BALANCED))
    weights = preparing.context.document.data.train.weights
    assert weights is not None
    assert weights.mean() == pytest.approx(1)
    assert "Training rows weigh from" in page.parts.text()
    preparing.columns.set_role(("age",), Role.INPUT)
    page.weight.setCurrentText("x")
    assert spec(preparing).weight == "x"
    assert spec(preparing).inputs == ("age",)


def test_sampling_evens_out_the_classes(preparing: PreparingView) -> None:
    preparing.steps.add_kind(Sample)
    counts = preparing.context.document.data.train.Y.sum(axis=0)
    assert counts[0] == counts[1]
    assert "training rows: no" in preparing.split.parts.text()


def test_every_page_can_be_reached_by_keyboard(preparing: PreparingView) -> None:
    for page in (COLUMNS, STEPS, SPLIT):
        preparing.pages.choose_at(page)
        shown = preparing.stack.currentWidget()
        assert any(w.focusPolicy() & Qt.FocusPolicy.TabFocus for w in shown.findChildren(type(shown).__mro__[1]))


def test_the_order_of_categories_is_changed_in_a_list(preparing: PreparingView, qtbot: QtBot) -> None:
    page = preparing.columns
    page.set_role(("city",), Role.INPUT)
    page.table.setCurrentIndex(page.model.index(row_of(preparing, "city"), Field.TYPE))
    assert page.form.isHidden()
    page.set_type(("city",), ColumnType.ORDINAL.value)
    order = page.form.order
    assert [order.list.item(row).text() for row in range(3)] == ["Bonn", "Köln", "Ulm"]
    assert not order.up.isEnabled()
    qtbot.mouseClick(order.down, Qt.MouseButton.LeftButton)
    assert spec(preparing).columns["city"].order == ("Köln", "Bonn", "Ulm")
    assert order.list.currentItem().text() == "Bonn"
    QTest.keyClick(order.down, Qt.Key.Key_Space)
    assert spec(preparing).columns["city"].order == ("Köln", "Ulm", "Bonn")
    assert not order.down.isEnabled()
    preparing.context.document.undo_stack.undo()
    assert [order.list.item(row).text() for row in range(3)] == ["Köln", "Bonn", "Ulm"]
    assert order.list.currentItem().text() == "Bonn"


def test_numbers_can_be_categories_with_an_order(preparing: PreparingView) -> None:
    preparing.columns.set_type(("age",), ColumnType.ORDINAL.value)
    assert preparing.columns.problem.text() == ""
    assert spec(preparing).columns["age"].order[:3] == ("20", "21", "22")


def test_each_column_keeps_its_own_order_when_all_are_taken_for_the_same(preparing: PreparingView) -> None:
    page = preparing.columns
    page.set_type(("city",), ColumnType.ORDINAL.value)
    page.form.show_column("city", spec(preparing).columns["city"])
    page.form.order.moved.emit(0, 2)
    page.table.setCurrentIndex(page.model.index(row_of(preparing, "city"), Field.TYPE))
    page.alike.click()
    orders = {name: said.order for name, said in spec(preparing).columns.items()}
    assert orders["city"] == ("Köln", "Ulm", "Bonn")
    assert orders["part"] == ("test", "training", "validation")


def test_a_date_is_read_as_chosen_and_gives_its_parts(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,x,y\n" + "".join(f"{1 + n % 9}/{1 + n % 8}/2026,{n},{n % 3}\n" for n in range(40)))
    view = open_window(path).context.tools.open("preparing")
    assert isinstance(view, PreparingView)
    page = view.columns
    page.table.setCurrentIndex(page.model.index(0, Field.TYPE))
    page.set_type(("day",), ColumnType.DATE.value)
    assert "cannot be told" in page.problem.text()
    page.set_role(("day",), Role.INPUT)
    dates = page.form.dates
    assert dates.isVisibleTo(page)
    dates.first.setCurrentIndex(dates.first.findData(DateOrder.MONTH_FIRST))
    QTest.keyClick(dates.parts[DatePart.MONTH], Qt.Key.Key_Space)
    assert spec(view).columns["day"].dates is DateOrder.MONTH_FIRST
    data = view.context.document.data
    assert data.input_names[:2] == ("day", "day month")
    assert len(set(data.train.X[:, 1].tolist())) == 9


@pytest.mark.parametrize("kind", [Gaps, Encode, Scale, Sample])
def test_what_a_step_does_is_the_same_when_the_file_is_opened_again(preparing: PreparingView, kind: type[Step]) -> None:
    document, steps = preparing.context.document, preparing.steps
    for name in ("age", "city"):
        preparing.columns.set_role((name,), Role.INPUT)
    steps.add_kind(Scale)
    steps.add_kind(Sample)
    place = [type(step) for step in spec(preparing).pipeline].index(kind)
    if steps.rows[place].form is None:
        steps.rows[place].opened.emit(place)
    for number in range(10):
        ways = form_of(preparing, place).findChild(QComboBox, "step_how")
        assert ways is not None
        ways.setCurrentIndex(number % ways.count())
        reopened = file.decode(file.encode(document.experiment))
        again = prepare(document.dataset, reopened.data, reopened.seed).train.X
        assert again.tobytes() == document.data.train.X.tobytes()


def test_each_class_has_a_weight_of_its_own(preparing: PreparingView) -> None:
    preparing.pages.choose_at(SPLIT)
    page, document = preparing.split, preparing.context.document
    assert page.weights.isHidden()
    page.classes.setCurrentIndex(page.classes.findText("each its own"))
    assert list(page.weights.fields) == ["no", "yes"]
    field = page.weights.fields["yes"]
    field.selectAll()
    QTest.keyClicks(field, "2,5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert spec(preparing).class_weights == {"no": 1.0, "yes": 2.5}
    train = document.data.train
    assert train.weights is not None
    assert set(train.weights[train.Y[:, 1] == 1].tolist()) == {2.5}
    field.selectAll()
    QTest.keyClicks(field, "-1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.problem.text()
    assert field.text() == "2.5"
    document.undo_stack.undo()
    assert field.text() == "1"
    page.classes.setCurrentIndex(page.classes.findData(ClassWeighting.NONE))
    assert page.weights.isHidden()


def test_a_column_of_0_and_1_has_two_classes_to_weigh(open_window: OpenWindow) -> None:
    view = open_window("circles").context.tools.open("preparing")
    assert isinstance(view, PreparingView)
    page = view.split
    assert ": class = 0 60, class = 1 60" in page.parts.text()
    for key in (ClassWeighting.BALANCED, "own"):
        page.classes.setCurrentIndex(page.classes.findData(key))
        assert page.problem.text() == ""
    page.weights.fields["1"].entered.emit(3.0)
    weights = view.context.document.data.train.weights
    assert weights is not None
    assert set(weights.tolist()) == {1.0, 3.0}


def test_no_folds_are_off_and_leaving_the_field_says_nothing(preparing: PreparingView) -> None:
    preparing.pages.choose_at(SPLIT)
    page = preparing.split
    page.validation.entered.emit(25)
    assert page.folds.text() == "off"
    page.folds.setFocus()
    QTest.keyClick(page.folds, Qt.Key.Key_Return)
    assert page.problem.text() == ""
    QTest.keyClick(page.folds, Qt.Key.Key_Up)
    assert spec(preparing).split.folds == 2


def test_cells_that_are_no_numbers_become_gaps(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n" + "".join(f"{'n.m.' if n == 7 else n},{n % 7},{'pq'[n % 2]}\n" for n in range(60)))
    window = open_window(path)
    view = window.context.tools.open("preparing")
    assert isinstance(view, PreparingView)
    page = view.columns
    page.set_role(("a",), Role.INPUT)
    assert "'n.m.' is not a number" in page.problem.text()
    page.table.setCurrentIndex(page.model.index(row_of(view, "a"), Field.TYPE))
    page.form.as_gaps.click()
    assert spec(view).columns["a"].unreadable is Unreadable.GAP
    page.set_role(("a",), Role.INPUT)
    assert "a" in view.context.document.data.features
    assert view.context.document.data.train.X.shape[1] == 2
    page.set_type(("a",), ColumnType.DATE.value)
    page.table.setCurrentIndex(page.model.index(row_of(view, "b"), Field.TYPE))
    assert page.form.isHidden()
