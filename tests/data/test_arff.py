"""An ARFF file becomes a table of the columns it declares."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data import readers
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preview import preview

WEATHER = """% a comment
@RELATION 'the weather'

@attribute outlook {sunny, overcast, 'light rain'}
@ATTRIBUTE temperature REAL
@attribute 'seen on' date "yyyy-MM-dd"
@attribute note string
@attribute digit {0,1,2}
@data
% another
sunny, 21.5, 2024-05-01, 'it\\'s warm, really', 1
'light rain', ?, "2024-05-02", "none", 2

overcast,-3e1,?,x,0
"""


@pytest.fixture
def read(tmp_path: Path):
    def read_content(content: str | bytes) -> Dataset:
        path = tmp_path / "table.arff"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return readers.read(path)

    return read_content


def test_names_kinds_and_values_are_those_declared(read):
    table = read(WEATHER)
    assert table.names == ("outlook", "temperature", "seen on", "note", "digit")
    assert table.column("outlook").values.tolist() == ["sunny", "light rain", "overcast"]
    assert table.column("temperature").values[[0, 2]].tolist() == [21.5, -30.0]
    assert table.column("note").values.tolist() == ["it's warm, really", "none", "x"]
    assert table.column("digit").kind is ColumnKind.TEXT
    assert table.column("digit").values.tolist() == ["1", "2", "0"]


def test_what_is_declared_may_stand_behind_a_tab_or_a_brace(read):
    table = read("@relation\tflowers\n@attribute\t'sepal length'  numeric\n@attribute kind{a, b}\n@data\n1,a\n2,b\n")
    assert table.names == ("sepal length", "kind")
    assert table.columns[0].values.tolist() == [1, 2]
    assert table.columns[1].values.tolist() == ["a", "b"]


def test_a_question_mark_is_missing(read):
    table = read(WEATHER)
    assert np.flatnonzero(table.column("temperature").missing).tolist() == [1]
    assert table.column("temperature").problem.startswith("row 2 (line 12), column 'temperature': '?' stands for")
    assert np.flatnonzero(table.column("seen on").missing).tolist() == [2]
    assert table.column("seen on").values.tolist()[:2] == ["2024-05-01", "2024-05-02"]


def test_a_sparse_row_has_zeros_and_first_values_where_nothing_is_named(read):
    table = read("@relation r\n@attribute a numeric\n@attribute b {x,y}\n@attribute c real\n@data\n{1 y, 2 2.5}\n{}\n")
    assert [column.values.tolist() for column in table.columns] == [[0.0, 0.0], ["y", "x"], [2.5, 0.0]]


def test_a_mistaken_number_is_located(read):
    column = read("@relation r\n@attribute a numeric\n@data\n1\ninf\noops\n").column("a")
    assert column.kind is ColumnKind.NUMBER
    assert column.problem.startswith("row 2 (line 5), column 'a': 'inf' is not a finite number")


def test_a_value_that_is_not_listed_is_located(read):
    column = read("@relation r\n@attribute a {x,y}\n@data\nx\nz\n").column("a")
    assert column.target_problem.startswith("row 2 (line 5), column 'a': 'z' is none of the values that are listed")


def test_an_old_encoding_is_understood(read):
    assert read("@relation r\n@attribute größe {süß}\n@data\nsüß\n".encode("cp1252")).names == ("größe",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("@relation r\n@attribute a numeric\n", "has no line @data"),
        ("@relation r\n@data\n1\n", "line 2: there is no @attribute before the data"),
        ("@relation r\n@attribute a numeric\n@data\n", "has no rows after @data"),
        ("a,b\n1,2\n", "line 1: 'a,b' is no declaration"),
        ("@relation r\n@attribute a\n@data\n1\n", "line 2: the attribute has no type"),
        ("@relation r\n@attribute a relational\n@data\n1\n", "line 2: 'a' is declared as 'relational'"),
        ("@relation r\n@attribute a {x,y\n@data\nx\n", "line 2: the values of 'a' are not closed"),
        ("@relation r\n@attribute a real\n@attribute a real\n@data\n1,2\n", "line 3: a second attribute is named 'a'"),
        ("@relation r\n@attribute a real\n@data\n1,2\n", "line 4: found 2 values, expected 1"),
        ("@relation r\n@attribute a string\n@data\n'x\n", "line 4: .* has a quote that is never closed"),
        ("@relation r\n@attribute a real\n@data\n{1 2}\n", "line 4: '1 2' is no place from 0 to 0 and a value"),
        ("@relation r\n@attribute a real\n@data\n1\0\n", "line 4 holds a NUL byte"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(read, content, message):
    with pytest.raises(DataError, match=message):
        read(content)


def test_a_long_line_of_quotes_is_refused_soon(read):
    with pytest.raises(DataError, match="never closed"):
        read("@relation r\n@attribute a string\n@data\n" + "'\\" * 200_000 + "\n")


def test_a_preview_shows_the_first_rows_and_the_first_problem(read, tmp_path):
    read(WEATHER)
    seen = preview(tmp_path / "table.arff")
    assert seen.names == ("outlook", "temperature", "seen on", "note", "digit")
    assert seen.rows[1] == ("light rain", "?", "2024-05-02", "none", "2")
    assert (seen.columns[1].least, seen.columns[1].most, seen.columns[1].gaps) == (-30.0, 21.5, 1)
    assert seen.whole
    (tmp_path / "table.arff").write_text(WEATHER + "sunny\n")
    broken = preview(tmp_path / "table.arff")
    assert len(broken.rows) == 3
    assert "line 15: found 1 value, expected 5" in broken.problem
