"""Drawn points: what can be done to a sheet of them, and the data that it becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.drawn import MOST_CLASSES, MOST_POINTS, By, Point, Sheet, is_sheet, sheet_of
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import Task, prepare
from nnstudio.data.samples import SAMPLES, sample
from nnstudio.data.sources import load
from nnstudio.data.spec import DataSpec, InlineSource, SplitSpec, TargetKind

NOTHING_YET = SAMPLES["circles"].data


def two_classes() -> Sheet:
    return Sheet().drawn([(-0.5, -0.5), (-0.4, -0.5)], "A").drawn([(0.5, 0.5)], "B")


def back(spec: DataSpec) -> Sheet:
    dataset = load(spec.source, None)
    return sheet_of(dataset, spec, prepare(dataset, spec, 0))


def test_points_of_two_classes_are_data_to_learn_from() -> None:
    sheet = two_classes()
    assert not sheet.missing
    spec = sheet.spec(NOTHING_YET)
    assert spec.source == InlineSource(("x1", "x2", "class"), ((-0.5, -0.5, "A"), (-0.4, -0.5, "A"), (0.5, 0.5, "B")))
    assert spec.split == SplitSpec()
    data = prepare(load(spec.source, None), spec, 0)
    assert data.task is Task.CLASSES
    assert data.classes == ("A", "B")


def test_a_single_class_is_not_enough_and_the_sheet_says_what_is() -> None:
    assert "Press and drag" in Sheet().missing
    assert "Every point is “A”" in Sheet().drawn([(0.0, 0.0)], "A").missing
    assert not Sheet(By.VALUE).drawn([(0.0, 0.0)], 0.5).missing


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), max_size=30))
def test_no_point_lies_outside_of_the_plane(places: list[tuple[float, float]]) -> None:
    sheet = Sheet().drawn(places, "A")
    assert len(sheet.points) == sum(abs(x) <= 1 and abs(y) <= 1 for x, y in places)
    assert all(abs(p.x) <= 1 and abs(p.y) <= 1 for p in sheet.points)


def test_there_are_no_more_points_than_there_may_be() -> None:
    sheet = Sheet().drawn([(0.0, 0.0)] * (MOST_POINTS + 10), "A")
    assert len(sheet.points) == MOST_POINTS


def test_the_eraser_takes_away_what_it_reaches() -> None:
    sheet = two_classes()
    assert [p.label for p in sheet.erased(-0.45, -0.5, 0.03).points] == ["B"]
    assert sheet.erased(0.0, 0.9, 0.1) is sheet


def test_what_becomes_of_a_sheet_is_the_same_sheet_again() -> None:
    sheet = two_classes()
    assert back(sheet.spec(NOTHING_YET)) == Sheet(
        points=sheet.points, inputs=("x1", "x2"), target="class", classes=("A", "B")
    )
    by_value = Sheet(By.VALUE).drawn([(0.1, 0.2)], -0.3).drawn([(0.3, 0.2)], 0.8)
    assert back(by_value.spec(NOTHING_YET)).points == by_value.points


def test_circles_can_be_drawn_on_and_stay_zeros_and_ones() -> None:
    spec = SAMPLES["circles"].data
    dataset = sample("circles").load()
    sheet = sheet_of(dataset, spec, prepare(dataset, spec, 0))
    assert sheet.classes == ("0", "1")
    assert len(sheet.points) == 160
    assert sheet.x[0] < -1.0, "the ring is wider than the usual plane"
    more = sheet.drawn([(0.0, 0.0)], "1").spec(spec)
    assert more.target_kind is TargetKind.AUTO
    assert more.source.rows[-1] == (0.0, 0.0, 1.0)
    assert more.split == spec.split


def test_what_stays_a_drawing_keeps_its_split_and_preparation() -> None:
    first = two_classes().spec(NOTHING_YET)
    split = DataSpec(
        first.source, first.inputs, first.targets, True, SplitSpec(validation=0.25), target_kind=TargetKind.CLASSES
    )
    again = two_classes().drawn([(0.0, 0.0)], "B").spec(split)
    assert again.split == split.split
    assert again.standardize


@pytest.mark.parametrize(
    ("name", "reason"),
    [("iris", "the present data have 4"), ("sine", "the present data have 1"), ("digits", "have 64")],
)
def test_data_that_are_no_plane_say_why(name: str, reason: str) -> None:
    dataset, spec = sample(name).load(), SAMPLES[name].data
    with pytest.raises(DataError, match=reason):
        sheet_of(dataset, spec, prepare(dataset, spec, 0))


def test_more_rows_than_a_drawing_has_are_refused() -> None:
    from msgspec import structs

    from nnstudio.data.spec import SampleSource

    spec = structs.replace(SAMPLES["circles"].data, source=SampleSource("circles", rows=MOST_POINTS + 1))
    dataset = load(spec.source, None)
    with pytest.raises(DataError, match="have 5,001 rows"):
        sheet_of(dataset, spec, prepare(dataset, spec, 0))


def test_a_class_can_be_renamed_but_not_to_what_a_table_would_misread() -> None:
    sheet = two_classes()
    cats = sheet.renamed("A", " cats ")
    assert cats.classes == ("cats", "B")
    assert [p.label for p in cats.points] == ["cats", "cats", "B"]
    for name, reason in (("", "missing value"), ("NA", "missing value"), ("B", "already"), ("x" * 41, "at most 40")):
        with pytest.raises(DataError, match=reason):
            sheet.renamed("A", name)


def test_a_number_among_words_is_written_as_a_class_so_that_it_reads_as_text() -> None:
    spec = two_classes().renamed("A", "7").spec(NOTHING_YET)
    assert [row[2] for row in spec.source.rows] == ["class 7", "class 7", "B"]
    assert back(spec).present == ("B", "class 7")


def test_classes_are_numbered_as_the_data_count_them() -> None:
    sheet = Sheet(classes=("A", "B", "C")).drawn([(0.0, 0.0)], "A").drawn([(0.5, 0.5)], "C")
    assert sheet.numbers == {"A": 0, "C": 1, "B": 2}


def test_there_are_as_many_classes_as_there_are_colours() -> None:
    sheet = Sheet()
    while len(sheet.classes) < MOST_CLASSES:
        sheet = sheet.with_class()
    assert sheet.classes == tuple("ABCDEFGHIJ")
    with pytest.raises(DataError, match="10 classes already"):
        sheet.with_class()


def test_classes_become_values_and_values_classes_without_losing_a_point() -> None:
    values = two_classes().read_by(By.VALUE)
    assert [p.label for p in values.points] == [-1.0, -1.0, 1.0]
    assert values.spec(NOTHING_YET).source.columns == ("x1", "x2", "y")
    assert values.read_by(By.CLASS).points == two_classes().points


def test_a_sheet_is_two_inputs_and_a_target_in_the_experiment_itself() -> None:
    spec = two_classes().spec(NOTHING_YET)
    assert is_sheet(spec)
    assert not is_sheet(NOTHING_YET)
    assert Point(0.5, 0.5, "B") in back(spec).points
