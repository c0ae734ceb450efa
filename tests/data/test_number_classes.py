"""Whole numbers are taken for classes where nothing else is likely, and asked about where they may be."""

import numpy as np
import pytest

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.labels import class_column, images_of
from nnstudio.data.number_classes import is_called_classes, may_be_classes

RNG = np.random.default_rng(3)


def numbers(name, values):
    return Column(name, ColumnKind.NUMBER, np.asarray(values, dtype=np.float64))


def digits(pixels=784, rows=200, top=256):
    """A label and as many pixels, the outermost of them always dark."""
    made = RNG.integers(0, top, (rows, pixels))
    made[:, 0] = made[:, -1] = 0
    return np.arange(rows) % 10, made.T


def label_of(columns):
    found = class_column(Dataset("digits", tuple(columns)))
    return None if found is None else found.name


def test_the_label_of_a_table_of_pixels_is_at_its_beginning_or_its_end():
    label, pixels = digits()
    named = [numbers(f"pixel{n}", column) for n, column in enumerate(pixels)]
    assert label_of([numbers("digit", label), *named]) == "digit"
    assert label_of([*named, numbers("y", label)]) == "y"


@pytest.mark.parametrize(("pixels", "top"), [(784, 256), (64, 17), (3072, 256)])
def test_a_table_of_pixels_without_a_header_is_known_by_their_number(pixels, top):
    label, others = digits(pixels, top=top)
    columns = [numbers(f"column {n}", values) for n, values in enumerate((label, *others), start=1)]
    assert label_of(columns) == "column 1"
    assert label_of([*columns[1:], columns[0]]) == "column 1"


def test_a_square_of_pixels_beside_a_label_is_an_image():
    label, pixels = digits(64, top=17)
    named = [numbers(f"pixel{n}", column) for n, column in enumerate(pixels)]
    shape = images_of(Dataset("digits", (*named, numbers("label", label))))
    assert (shape.height, shape.width, shape.channels) == (8, 8, 1)
    assert shape.columns == tuple(f"pixel{n}" for n in range(64))
    assert images_of(Dataset("digits", tuple(named))) is None
    label, pixels = digits(3072)
    colours = [numbers(f"pixel{n}", column) for n, column in enumerate(pixels)]
    assert images_of(Dataset("colours", (numbers("label", label), *colours))) is None  # in which order is not known


def test_other_tables_of_many_numbers_have_no_label():
    label, pixels = digits()
    measured = [numbers(f"m{n}", column / 7) for n, column in enumerate(pixels)]
    assert label_of([numbers("size", label), *measured]) is None
    answers = [numbers(f"question {n}", column % 5) for n, column in enumerate(pixels[:64])]
    assert label_of([*answers, numbers("children", label % 4)]) is None
    one_more = [numbers(f"c{n}", column) for n, column in enumerate(pixels)]
    assert label_of([numbers("a", label), numbers("b", label), *one_more]) is None


@pytest.mark.parametrize("values", [[1, 2] * 20, [-1, 1] * 20, [2, 4] * 20, [0, 1, 2] * 20, [0, 3, 24] * 20])
def test_what_is_called_a_class_is_one(values):
    assert is_called_classes(numbers("Class", values))
    assert not is_called_classes(numbers("rooms", values))


@pytest.mark.parametrize(
    "values", [[0, 1] * 20, [3] * 40, range(40), [0.5, 1.5] * 20, [1990.0, 2020.0] * 20, [], [0, 1, np.inf] * 9]
)
def test_a_name_alone_makes_no_classes(values):
    assert not is_called_classes(numbers("class", values))


def test_few_whole_numbers_that_repeat_may_be_classes():
    assert may_be_classes(numbers("quality", [3, 4, 5, 6, 7, 8, 9] * 10))
    assert may_be_classes(numbers("target", [0, 1, 2] * 50))


@pytest.mark.parametrize(
    "values",
    [
        [0, 1] * 50,
        [4] * 50,
        [1.5, 2, 2.5] * 50,
        range(18, 90),
        [2019, 2020, 2021] * 50,
        [0, 1, 2, 40] * 50,
        [1, 2, 3],
        [-1, 0, 1] * 50,
    ],
)
def test_measurements_ages_years_and_rare_numbers_are_nothing_to_ask_about(values):
    assert not may_be_classes(numbers("y", values))


def test_a_gap_in_a_label_does_not_make_it_a_number():
    column = numbers("label", [np.nan, *[0, 1, 2] * 20])
    missing = np.isnan(column.values)
    flawed = Column("label", ColumnKind.NUMBER, column.values, "row 1: the cell is empty", missing)
    assert is_called_classes(flawed)
