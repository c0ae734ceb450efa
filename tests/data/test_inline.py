"""A table in the experiment itself: each way to change it gives another one, or says why it cannot."""

import pytest

from nnstudio.data import inline
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.samples import SAMPLES, sample
from nnstudio.data.sources import load
from nnstudio.data.spec import InlineSource, SampleSource

TABLE = InlineSource(("x", "kind"), ((1.0, "a"), (2.0, "b"), (3.0, None)))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "digits"])
def test_a_table_written_out_reads_back_as_itself(name: str) -> None:
    dataset = sample(name).load()
    again = load(inline.inline_of(dataset), None)
    assert again.names == dataset.names
    for old, new in zip(dataset.columns, again.columns, strict=True):
        assert new.kind is old.kind
        assert new.values.tobytes() == old.values.tobytes() or new.values.tolist() == old.values.tolist()
        assert new.filled.tolist() == old.filled.tolist()


def test_a_table_that_is_too_large_to_write_out_is_refused() -> None:
    dataset = sample("circles").load(SampleSource("circles", rows=40_000))
    with pytest.raises(DataError, match="has 120,000 cells, and an experiment holds at most 100,000"):
        inline.inline_of(dataset)


def test_a_block_is_written_from_a_place_on_and_adds_the_rows_it_needs() -> None:
    changed = inline.with_block(TABLE, 2, 0, [[4.0, "c"], [5.0, "d"]])
    assert changed.rows == ((1.0, "a"), (2.0, "b"), (4.0, "c"), (5.0, "d"))
    assert inline.with_block(TABLE, 0, 1, [["z"]]).rows[0] == (1.0, "z")
    with pytest.raises(DataError, match="beyond the last column 'kind'"):
        inline.with_block(TABLE, 0, 1, [["z", "z"]])


def test_rows_and_columns_come_and_go() -> None:
    assert inline.with_copy_of_row(TABLE, 1).rows == ((1.0, "a"), (2.0, "b"), (2.0, "b"), (3.0, None))
    assert inline.without_rows(TABLE, {0, 2}).rows == ((2.0, "b"),)
    wider, name = inline.with_column(TABLE, 1)
    assert (wider.columns, name) == (("x", "column 1", "kind"), "column 1")
    assert wider.rows[1] == (2.0, 0.0, "b")
    assert inline.without_column(wider, "column 1") == TABLE
    assert inline.without_cells(TABLE, [(0, 0), (1, 1)]).rows[:2] == ((None, "a"), (2.0, None))


def test_a_column_gets_a_name_of_its_own() -> None:
    assert inline.with_name(TABLE, "x", "height").columns == ("height", "kind")
    assert inline.with_name(TABLE, "x", "x") == TABLE
    for name, reason in (("kind", "already"), (" ", "needs a name")):
        with pytest.raises(DataError, match=reason):
            inline.with_name(TABLE, "x", name)


def test_what_is_typed_becomes_a_cell_of_the_columns_kind() -> None:
    numbers, texts = load(TABLE, None).columns
    assert isinstance(numbers, Column)
    assert texts.kind is ColumnKind.TEXT
    assert inline.entered("2.5", numbers, 2.5) == 2.5
    assert inline.entered(" NA ", numbers, None) is None
    assert inline.entered(" moss ", texts, None) == "moss"
    with pytest.raises(DataError, match="“abc” is not a number, and column 'x' holds numbers"):
        inline.entered("abc", numbers, None)
