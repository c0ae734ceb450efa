"""New rows are read as the table that was learned from was written, unless they are written otherwise beyond doubt."""

import pytest

from nnstudio.data import readers
from nnstudio.data.later_rows import read_later_rows
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import DataSpec, FileSource

GERMAN = "weight;price;kind\n1.475.891;0,5;a\n54.321;1,25;b\n7.000;12,0;a\n900.100;3,5;b\n"
ENGLISH = 'weight,price,kind\n"1,475,891",0.5,a\n"54,321",1.25,b\n"7,000",12.0,a\n"900,100",3.5,b\n'


def later(tmp_path, learned, text):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(learned)
    new.write_text(text)
    table = readers.read(old)
    spec = DataSpec(FileSource(str(old)), inputs=("weight", "price"), targets=("kind",))
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


def test_a_table_without_the_columns_is_refused_as_before(tmp_path):
    with pytest.raises(Exception, match="has no column 'price'"):
        later(tmp_path, GERMAN, "weight;other\n54.321;2\n")
