"""A preview says what was recognized in a file, on what grounds, and what is wrong in its first rows and where."""

from pathlib import Path

import pytest

from nnstudio.data.dataset import ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.preview import Preview, preview
from nnstudio.data.spec import RECOGNIZED, Reading


@pytest.fixture
def look(tmp_path: Path):
    def look_at(content: str | bytes, reading: Reading = RECOGNIZED, name: str = "table.csv") -> Preview:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return preview(path, reading)

    return look_at


def test_what_is_recognized_is_filled_in_with_its_grounds(look):
    seen = look("name;größe\nx;1,5\ny;2,25\n".encode("cp1252"))
    assert seen.reading == Reading(delimiter=";", header=True, encoding="cp1252", decimal=",")
    assert seen.grounds["delimiter"] == "it makes 2 cells of 3 of the first lines"
    assert seen.grounds["decimal"] == "'1,5' is a number with a decimal comma"
    assert seen.grounds["header"] == "the first row is no row of numbers, so it has the names"
    assert seen.grounds["encoding"].startswith("the byte 0xf6 in line 1 is no UTF-8")
    assert seen.names == ("name", "größe")
    assert seen.rows == (("x", "1,5"), ("y", "2,25"))
    assert seen.problem is None


def test_what_is_chosen_is_not_recognized(look):
    chosen = Reading(delimiter=",", header=False, encoding="latin-1", decimal=".")
    seen = look("a;1,5\nb;2,5\n", chosen)
    assert seen.reading == chosen
    assert set(seen.grounds.values()) == {"it was chosen"}
    assert seen.rows == (("a;1", "5"), ("b;2", "5"))
    assert seen.names == ("x1", "x2")


def test_a_column_has_its_kind_range_distinct_values_and_gaps(look):
    age, kind, code = look("age,kind,code\n3,cat,007\nNA,dog,12\n-1.5,cat,13\n3,,14\n").columns
    assert (age.kind, age.least, age.most, age.distinct) == (ColumnKind.NUMBER, -1.5, 3.0, 2)
    assert (age.gaps, age.first_gap, age.becomes) == (1, 1, "numbers")
    assert (kind.kind, kind.least, kind.distinct, kind.gaps, kind.first_gap) == (ColumnKind.TEXT, None, 2, 1, 3)
    assert kind.becomes == "classes"
    assert code.becomes == "text, since '007' would lose its leading zeros as a number"


def test_flaws_say_where_they_are_and_how_to_mend_them(look):
    seen = look('a,b\n\n1,2\nx,"3,000"\n5,inf\n7,8\n9,10\n')
    (first,) = seen.columns[0].flaws
    assert (first.row, first.column, first.line) == (1, 0, 4)
    assert (first.what, first.mend) == ("'x' is not a number", "correct it or delete the row")
    grouped, infinite = seen.columns[1].flaws
    assert grouped.mend == "write it as 3000, choose what stands between thousands, or delete the row"
    assert infinite.what == "'inf' is not a finite number"
    assert seen.all_flaws == (first, grouped, infinite)
    assert seen.problem is None


def test_a_ragged_row_is_shown_with_the_others(look):
    seen = look("a,b\n1,2\n3\n4,5,6\n")
    assert seen.rows == (("1", "2"), ("3", ""), ("4", "5"))
    assert [(flaw.row, flaw.column, flaw.line) for flaw in seen.flaws] == [(1, None, 3), (2, None, 4)]
    assert seen.problem == "table.csv, line 3: found 1 field, expected 2; add the missing cells"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a,a\n1,2\n", "more than one column named 'a'"),
        ("a,b\n", "has column names but no rows"),
        ('a,b\n1,2\n3,"4\n5,6\n', "line 3: a quoted cell that begins there is never closed"),
    ],
)
def test_why_a_file_cannot_be_read_stands_beside_what_can_be_seen(look, content, problem):
    seen = look(content)
    assert problem in seen.problem
    assert len(seen.columns) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"a,b\n1,\0\n", "line 2 holds a NUL byte"),
        (b"\x89PNG\r\n\x1a\n", "is not a text file"),
    ],
)
def test_a_file_of_which_nothing_can_be_shown_is_refused(look, content, message):
    with pytest.raises(DataError, match=message):
        look(content)


def test_a_large_file_is_looked_at_in_part_and_this_is_said(look):
    seen = look("a,b\n" + "1,2\n" * 500_000)
    assert not seen.whole
    assert len(seen.rows) == seen.looked_at == 1000
    assert seen.grounds["encoding"].endswith("as far as it was looked at")


def test_a_small_file_is_looked_at_as_a_whole(look):
    seen = look("a,b\n" + "1,2\n" * 150)
    assert (seen.whole, seen.looked_at, len(seen.rows)) == (True, 150, 150)


def test_another_ending_is_refused(look):
    with pytest.raises(DataError, match="export the table as CSV"):
        look(b"PK", name="table.docx")
