"""What stands above the table in a text: left out where the lines below are a table beyond doubt."""

import pytest

from nnstudio.data import readers
from nnstudio.data.errors import DataError
from nnstudio.data.excerpt import excerpt
from nnstudio.data.places import Place
from nnstudio.data.preview import preview
from nnstudio.data.spec import Reading

BELOW = "x;y;class\n1,5;2;a\n2,5;oops;b\n3;4;c\n"


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_remarks_and_blank_lines_are_left_out(write, encoding, end):
    path = write(f"Weather, Köln\n\n{BELOW}".replace("\n", end), encoding)
    table, seen = readers.read(path), preview(path)
    assert table.names == seen.names == ("x", "y", "class")
    assert table.column("x").values.tolist() == [1.5, 2.5, 3.0]
    assert seen.reading.above == 2
    assert table.column("y").problem.startswith("row 2 (line 5), column 'y': 'oops'")
    (flaw,) = seen.all_flaws
    assert (flaw.row, flaw.line) == (1, 5)
    assert excerpt(path, seen.reading, Place(1, 1, 5)).rows[:2] == (("1,5", "2", "a"), ("2,5", "oops", "b"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sales,,,\n,,,\nday,n,x,y\n1,2,3,4\n5,6,7,8\n9,10,11,12\n", ("day", "n", "x", "y")),
        ("log\ntime,temp\n1,20\n2,21\n3,22\n", ("time", "temp")),
        ("# one\n# two\n1,2,3\n4,5,6\n7,8,9\n", ("x1", "x2", "x3")),
        ('"Report, of May"\na\tb\tc\n1\t2\t3\n4\t5\t6\n7\t8\t9\n', ("a", "b", "c")),
    ],
)
def test_so_are_padded_titles_and_comments(write, text, names):
    assert readers.read(write(text)).names == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x,y\n1,2\n3,4\n5,6\n", ("x", "y")),
        (",b\n0,1\n1,2\n2,3\n", ("column 1", "b")),
        ("Preis;Menge;Art\n1,5;2;a\n2,5;3;b\n3,5;3;b\n", ("Preis", "Menge", "Art")),
        ('"one\ntwo",b\n1,2\n3,4\n5,6\n', ("one two", "b")),
        ("title\nword\nother\nmore\nlast\n", ("title",)),
    ],
)
def test_a_header_is_not(write, text, names):
    assert readers.read(write(text)).names == names


@pytest.mark.parametrize(
    "text", ["a\n1,2\n3,4\n5,6\n", "Preis;Menge\n1,5;2\n2,5;3;9\n3,5;1\n", "R\nx,y\n1,2\n3\n5,6\n"]
)
def test_what_is_in_doubt_is_refused_as_ragged(write, text):
    with pytest.raises(DataError, match=r"line \d: found \d fields?, expected \d"):
        readers.read(write(text))


def test_how_many_lines_are_left_out_may_be_chosen(write):
    path = write("R\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n")
    assert readers.read(path, Reading(above=2)).rows == 3
    assert preview(path, Reading(above=2)).reading.above == 2
    with pytest.raises(DataError, match="expected 1"):
        readers.read(path, Reading(above=0))
    with pytest.raises(DataError, match=r"table.csv has 5 lines to begin with, and 9 are to be left out above"):
        readers.read(path, Reading(above=9))
