"""A table knows its columns, and guesses which of them is to be predicted."""

import numpy as np
import pytest

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError


def number(name: str, problem: str | None = None) -> Column:
    return Column(name, ColumnKind.NUMBER, np.arange(6.0), problem)


def text(name: str, *values: str) -> Column:
    return Column(name, ColumnKind.TEXT, np.array(values, dtype=object))


KINDS = text("kind", "a", "b", "a", "b", "a", "b")
NAMES = text("name", "Ada", "Bo", "Cy", "Di", "Ed", "Flo")


def test_rows_are_counted():
    assert Dataset("t", (number("a"),)).rows == 6
    assert Dataset("t", ()).rows == 0


def test_an_absent_column_is_answered_with_the_nearest_and_all_names():
    with pytest.raises(DataError) as caught:
        Dataset("flowers", (number("width"), number("length"))).column("lenght")
    assert str(caught.value) == (
        "flowers has no column 'lenght'; did you mean 'length'? its columns are 'width', 'length'"
    )


def test_an_absent_column_unlike_any_other_is_answered_with_the_names():
    with pytest.raises(DataError, match="has no column 'zzz'; its columns are 'a'"):
        Dataset("t", (number("a"),)).column("zzz")


def test_a_long_list_of_names_is_cut():
    with pytest.raises(DataError, match="'c11' and 88 more"):
        Dataset("t", tuple(number(f"c{index}") for index in range(100))).column("zzz")


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ((number("a"), KINDS, number("y")), "kind"),
        ((number("a"), number("Class"), number("b")), "Class"),
        ((number("a"), number("b")), "b"),
        ((number("a"), number("b"), NAMES), "b"),
        ((NAMES,), "name"),
    ],
    ids=["classes", "telling name", "last", "not free text", "nothing else"],
)
def test_the_default_target(columns, target):
    assert Dataset("t", columns).default_targets() == (target,)


def test_the_default_inputs_are_the_other_usable_numbers():
    table = Dataset("t", (number("a"), number("broken", problem="row 1: ..."), NAMES, KINDS, number("b")))
    assert table.default_inputs() == ("a", "b")
    assert [column.name for column in table.numeric_columns] == ["a", "broken", "b"]
