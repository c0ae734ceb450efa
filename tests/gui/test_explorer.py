"""The explorer: columns as bars, pairs as points, and warnings that an edit mends."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.data.exploring import FindingKind
from nnstudio.experiment.edits import use_sample
from nnstudio.gui.explorer import survey
from nnstudio.gui.explorer.view import COLUMN, CORRELATIONS, IMAGES, PAIRS, SCATTER, WARNINGS, ExplorerView
from nnstudio.gui.main_window import MainWindow

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def explorer(open_window: OpenWindow, qtbot: QtBot) -> ExplorerView:
    return opened(open_window("iris"), qtbot)


def opened(window: MainWindow, qtbot: QtBot) -> ExplorerView:
    view = window.context.tools.open("explorer")
    assert isinstance(view, ExplorerView)
    qtbot.waitUntil(lambda: view.found is not None)
    return view


def test_a_column_is_shown_as_bars_split_by_class(explorer: ExplorerView) -> None:
    assert explorer.columns.current == "sepal length (cm)"
    assert explorer.bars.groups == ("setosa", "versicolor", "virginica")
    histogram = explorer.bars.histogram
    assert histogram is not None
    assert histogram.totals.sum() == 150
    about = explorer.about.whole.replace("\N{NO-BREAK SPACE}", " ")
    assert about.startswith("4.3 to 7.9 · mean 5.843 ± 0.8281 · quartiles 5.1 · 5.8 · 6.4")
    assert explorer.classes.whole == "species: setosa 50 (33.3 %), versicolor 50 (33.3 %), virginica 50 (33.3 %)"


def test_no_fact_about_a_column_is_cut_off_in_a_small_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    explorer = opened(open_window("iris", size=(1280, 800)), qtbot)
    for label in (explorer.about, explorer.classes):
        qtbot.waitUntil(lambda label=label: "\n" in label.text() and label.height() >= label.sizeHint().height())
        assert re.split(" · |, |\n", label.text().replace(",\n", "\n")) == re.split(" · |, ", label.whole)


def test_the_arrow_keys_go_through_the_columns(explorer: ExplorerView) -> None:
    explorer.columns.setFocus()
    QTest.keyClick(explorer.columns, Qt.Key.Key_Down)
    assert explorer.bars.x_name == "sepal width (cm)"
    QTest.keyClick(explorer.columns, Qt.Key.Key_End)
    assert explorer.bars.histogram is not None
    assert explorer.bars.histogram.names == ("setosa", "versicolor", "virginica")


def test_a_bar_says_what_it_stands_for(explorer: ExplorerView) -> None:
    explorer.show_column("species")
    frame = explorer.bars.frame
    assert explorer.bars.tip(frame.center()) == "versicolor: 50"


def test_the_two_columns_related_most_are_drawn_first(explorer: ExplorerView) -> None:
    explorer.pages.choose_at(SCATTER)
    assert {explorer.scatter.across.key, explorer.scatter.up.key} == {"petal length (cm)", "petal width (cm)"}
    assert sum(len(points.x) for points in explorer.scatter.chart.points) == 150
    assert explorer.scatter.said.whole.startswith("r = 0.963: a strong straight line")


def test_other_columns_can_be_chosen(explorer: ExplorerView) -> None:
    explorer.pages.choose_at(SCATTER)
    explorer.scatter.across.setCurrentText("sepal width (cm)")
    assert explorer.scatter.chart.x_name == "sepal width (cm)"


def test_a_click_on_a_pair_shows_it_large(explorer: ExplorerView) -> None:
    explorer.pages.choose_at(PAIRS)
    at = explorer.pairs.cell(0, 1).center().toPoint()
    QTest.mouseClick(explorer.pairs, Qt.MouseButton.LeftButton, pos=at)
    assert explorer.pages.position == SCATTER
    assert explorer.scatter.across.key == "sepal width (cm)"
    assert explorer.scatter.up.key == "sepal length (cm)"


def test_the_pairs_are_reached_by_keyboard(explorer: ExplorerView) -> None:
    explorer.pages.choose_at(PAIRS)
    explorer.pairs.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(explorer.pairs, key)
    assert explorer.pages.position == COLUMN
    assert explorer.columns.current == "sepal width (cm)"


def test_a_click_on_a_correlation_shows_its_pair(explorer: ExplorerView) -> None:
    explorer.pages.choose_at(CORRELATIONS)
    chart = explorer.correlations
    at = chart.frame.topLeft().toPoint() + QPoint(3, 3)
    assert chart.tip(at.toPointF()) == "sepal length (cm), sepal length (cm)\nr = 1"
    at = chart.frame.bottomLeft().toPoint() + QPoint(3, -3)
    assert "r = 0.8179" in chart.tip(at.toPointF())
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert explorer.pages.position == SCATTER
    assert explorer.scatter.up.key == "petal width (cm)"


def test_it_follows_the_document(explorer: ExplorerView, qtbot: QtBot) -> None:
    document = explorer.context.document
    assert document.apply(use_sample(document.experiment, "wine"))
    qtbot.waitUntil(lambda: explorer.found == ())
    assert explorer.columns.current == "alcohol"
    assert "Nothing to warn of" in explorer.warnings.note.text()


def test_a_warning_is_mended_by_an_edit_that_can_be_undone(open_window: OpenWindow, qtbot: QtBot) -> None:
    explorer = opened(open_window("digits"), qtbot)
    document = explorer.context.document
    inputs = document.data.input_names
    explorer.pages.choose_at(WARNINGS)
    row = explorer.warnings.rows[0]
    assert row.finding.kind is FindingKind.CONSTANT
    assert explorer.pages.current == "Warnings · 3"
    qtbot.mouseClick(row.mend_button, Qt.MouseButton.LeftButton)
    assert len(document.data.input_names) == len(inputs) - len(row.finding.columns)
    qtbot.waitUntil(lambda: explorer.found is not None and len(explorer.found) == 2)
    document.undo_stack.undo()
    assert document.data.input_names == inputs


@pytest.mark.parametrize("page", [COLUMN, SCATTER, PAIRS, CORRELATIONS])
@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_each_page_is_saved(explorer: ExplorerView, tmp_path: Path, page: int, kind: str) -> None:
    explorer.pages.choose_at(page)
    path = tmp_path / f"page.{kind}"
    assert explorer.save_button.save(path)
    assert path.stat().st_size > 100


def test_a_table_of_one_column_of_text_and_one_of_numbers_is_shown_too(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "little.csv"
    path.write_text("x,who\n1,a\n2,b\n2,b\n3,a\n", encoding="utf-8")
    explorer = opened(open_window(path), qtbot)
    for page in (COLUMN, SCATTER, PAIRS, CORRELATIONS, WARNINGS):
        explorer.pages.choose_at(page)
    assert explorer.survey.most_related() is None


def test_a_column_of_dates_is_shown_by_the_time(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    lines = (f"{1 + n % 28:02}.{1 + n % 12:02}.2026,{n % 5},{'yes' if n % 2 else 'no'}" for n in range(60))
    path.write_text("day,size,bought\n" + "\n".join(lines) + "\n", encoding="utf-8")
    explorer = opened(open_window(path, size=(1280, 800)), qtbot)
    explorer.columns.choose("day")
    histogram = explorer.bars.histogram
    assert histogram is not None
    assert histogram.names == tuple(f"2026-{month:02}" for month in range(1, 13))
    assert histogram.totals.tolist() == [5] * 12
    assert explorer.about.whole == "2026-01-01 to 2026-12-24 · 60 different"
    assert explorer.survey.holds("day") == "dates"
    assert {tick.label for tick in explorer.bars.x_ticks()} <= set(histogram.names)  # whole, or left out


def test_images_are_shown_as_images_and_a_click_shows_the_row(open_window: OpenWindow, qtbot: QtBot) -> None:
    explorer = opened(open_window("digits"), qtbot)
    explorer.pages.choose_at(IMAGES)
    chart = explorer.images.chart
    first = chart.shown
    assert first[0] == 0
    assert explorer.images.said.text() == f"1 to {len(first)} of 1\N{THIN SPACE}797 images · 8 × 8 pixels"
    qtbot.mouseClick(explorer.images.on, Qt.MouseButton.LeftButton)
    assert chart.shown[0] == len(first)
    at = chart._place(1).center().toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    study = explorer.context.shown.study
    assert study is not None
    assert study.table_row == chart.shown[1]
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageUp):
        QTest.keyClick(chart, key)
    assert chart.shown == first


def test_a_table_without_images_has_no_page_for_them(explorer: ExplorerView) -> None:
    assert explorer.pages._group.buttons()[-1].text().startswith("Warnings")


def test_a_large_table_is_looked_at_in_the_background_before_it_is_shown(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_FEW_CELLS", 0)
    view = open_window("iris").context.tools.open("explorer")
    assert isinstance(view, ExplorerView)
    assert view.waiting
    assert view.surveying.at_work
    assert not view.columns.isVisible()
    qtbot.waitUntil(lambda: not view.waiting)
    assert view.columns.current == "sepal length (cm)"
    assert view.bars.groups == ("setosa", "versicolor", "virginica")


def test_looking_at_a_large_table_can_be_given_up_and_begun_again(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_FEW_CELLS", 0)
    view = open_window("iris").context.tools.open("explorer")
    assert isinstance(view, ExplorerView)
    view.surveying.cancel()
    assert view.waiting
    assert view.look_button.isVisible()
    qtbot.mouseClick(view.look_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.waiting)
    assert view.columns.isVisible()
