"""New rows are read as the table that was learned from was written, unless they are written otherwise beyond doubt."""

import pytest

from nnstudio.data import readers
from nnstudio.data.errors import DataError
from nnstudio.data.later_rows import read_later_rows
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import ColumnSpec, ColumnType, DataSpec, FileSource, Unreadable

GERMAN = "weight;price;kind\n1.475.891;0,5;a\n54.321;1,25;b\n7.000;12,0;a\n900.100;3,5;b\n"
ENGLISH = 'weight,price,kind\n"1,475,891",0.5,a\n"54,321",1.25,b\n"7,000",12.0,a\n"900,100",3.5,b\n'


def later(tmp_path, learned, text, **specs):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(learned)
    new.write_text(text)
    table = readers.read(old)
    spec = DataSpec(FileSource(str(old)), inputs=("weight", "price"), targets=("kind",), columns=specs)
    data = prepare(table, spec, 0)
    found = read_later_rows(new, table, data.fitted)
    return data.fitted.apply(found)


@pytest.mark.parametrize(
    ("learned", "text", "expected"),
    [
        (GERMAN, "weight;price\n54.321;2\n", [54321, 2]),
        (GERMAN, "weight;price\n54.321;2,5\n", [54321, 2.5]),
        (GERMAN, "weight\tprice\n54321\t2,125\n", [54321, 2.125]),
        (GERMAN, "weight,price\n54321,2.5\n", [54321, 2.5]),
        (GERMAN, 'weight,price\n"1,054,321",2.5\n', [1054321, 2.5]),
        (ENGLISH, "weight;price\n54,321;2.125\n", [54321, 2.125]),
        (ENGLISH, "weight\tprice\n54,321\t2\n", [54321, 2]),
        (ENGLISH, "weight;price\n1.054.321;2,5\n", [1054321, 2.5]),
    ],
)
def test_a_single_row_is_read_as_what_was_learned_from(tmp_path, learned, text, expected):
    applied = later(tmp_path, learned, text)
    assert applied.differences == ()
    assert applied.X.tolist() == [expected]


def test_cells_that_would_be_taken_as_gaps_count_as_unread(tmp_path):
    gap = ColumnSpec(type=ColumnType.NUMERIC, unreadable=Unreadable.GAP)
    applied = later(tmp_path, ENGLISH, "weight;price\n1;5,5\n2;7\n3;8\n", price=gap)
    assert applied.X.tolist() == [[1, 5.5], [2, 7], [3, 8]]


def test_gaps_and_what_is_no_number_stay_what_they_are(tmp_path):
    applied = later(tmp_path, GERMAN, "weight;price\n54.321;\nnan;1\n7.000;inf\n1e400;2\n9.000;2\n")
    assert applied.usable.tolist() == [4]
    assert applied.X[4].tolist() == [9000, 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("weight;price\n", "no rows"),
        ("weight;price\n1;2\0\n", "NUL"),
        ("weight;price\n1;2;3\n", "line 2"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_anywhere(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        later(tmp_path, GERMAN, content)


def test_a_table_without_the_columns_is_refused_as_before(tmp_path):
    with pytest.raises(DataError, match="has no column 'price'"):
        later(tmp_path, GERMAN, "weight;other\n54.321;2\n")
