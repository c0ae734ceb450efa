"""Whatever stands in a file of text: one plain message on one line, soon, and with little memory."""

import os
import tracemalloc
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from nnstudio.data import memory, readers
from nnstudio.data.dataset import ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import prepare
from nnstudio.data.preview import preview
from nnstudio.data.readers import text
from nnstudio.data.spec import DataSpec, FileSource

GIGABYTE = 1_000_000_000
SECONDS = 5.0
MOST_MEMORY = 400_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def refusal(path: Path) -> str:
    """The message that refuses the file, within the time and memory that it may take."""
    tracemalloc.start()
    begun = monotonic()
    try:
        with pytest.raises(DataError) as caught:
            readers.read(path)
        assert monotonic() - begun < SECONDS
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_sparse_gigabyte_of_nul_bytes(path):
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.truncate(GIGABYTE)
    assert "line 3, character 1 holds a NUL byte" in refusal(path)


def test_a_line_of_64_megabytes(path):
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        for _ in range(64):
            file.write(b"7" * 1_000_000)
    assert refusal(path).startswith("table.csv, line 3: the line is longer than 16 MB, which no table's is; ")


def test_200_000_columns(path):
    names = ",".join(f"c{number}" for number in range(200_000))
    path.write_text(f"{names}\n{'1,' * 199_999}1\n")
    assert "has 200,000 columns, more than 10,000; keep the columns you need" in refusal(path)
    with pytest.raises(DataError, match="200,000 columns"):
        preview(path)


def test_a_quote_that_is_never_closed_far_above_the_end(path):
    path.write_bytes(b"a,b\n" + b"1,2\n" * 1_000 + b'3,"4\n' + b"5,6\n" * 5_000_000)
    assert "line 1002: a quoted cell that begins there is never closed" in refusal(path)


def test_quotes_that_close_and_open_again_across_lines_for_ever(path):
    path.write_bytes(b"a,b\n" + b'"x","' + b'a cell of two lines\n","' * 500_000)
    assert "a row after line 1 is longer than 4 MB" in refusal(path)


def test_a_table_for_which_there_is_no_memory(path, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 1_000_000)
    path.write_bytes(b"a,b\n" + b"1,2\n" * 50_000)
    assert "50,000 rows of 2 columns, more than there is memory for" in refusal(path)


def test_a_nul_byte_is_never_read_as_the_end_of_a_number(path):
    path.write_bytes(b"a,b\n" + b"1,2\n" * 300_000 + b"12\x0034,5\n")
    assert "row 300001 (line 300002), column 1 holds a NUL byte" in refusal(path)


def test_numbers_that_are_none(path):
    path.write_text("a,b,c\nnan,inf,1e400\n1,2,3\n4,5,6\n")
    a, b, c = readers.read(path).columns
    assert a.problem == "row 1 (line 2), column 'a': 'nan' stands for a missing value; fill it in or delete the row"
    assert "'inf' is not a finite number" in b.problem
    assert "'1e400' is not a finite number" in c.problem


def test_one_row(path):
    path.write_text("a,y\n1,2\n")
    data = prepare(readers.read(path), DataSpec(FileSource(str(path))), 0)
    assert len(data.train.X) == 1


def test_one_class(path):
    path.write_text("a,y\n1,cat\n2,cat\n3,cat\n")
    with pytest.raises(DataError, match=r"every row of 'y' is 'cat'; a class target needs at least two classes"):
        prepare(readers.read(path), DataSpec(FileSource(str(path)), targets=("y",)), 0)


def test_a_constant_column_is_noted(path):
    path.write_text("a,b,y\n1,1,1\n1,2,2\n1,3,4\n")
    notes = prepare(readers.read(path), DataSpec(FileSource(str(path))), 0).notes
    assert "input 'a' is 1 in every training row; nothing can be learned from it" in notes


def test_names_that_are_not_utf_8_are_read_or_refused_and_never_garbled(path):
    path.write_bytes("größe,b\n1,2\n".encode("latin-1"))
    assert readers.read(path).names == ("größe", "b")
    path.write_bytes("größe,b\n1,ü\n".encode() + b"2,\xff\n")
    assert "line 3 holds the byte 0xff" in refusal(path)


def test_a_name_of_two_lines_makes_no_message_of_two_lines(path):
    path.write_text('"one\ntwo",b\noops,1\n2,3\n4,5\n')
    assert readers.read(path).columns[0].problem.startswith("row 1 (line 3), column 'one two': 'oops'")


def test_a_cell_of_two_lines_makes_no_message_of_two_lines(path):
    path.write_text('a,b\n"oo\nps",1\n2,3\n4,5\n')
    problem = readers.read(path).columns[0].problem
    assert "\n" not in problem
    assert "'oo ps' is not a number" in problem


def test_utf_16_without_a_mark_says_how_to_read_it(path):
    path.write_bytes("a,b\n1,2\n".encode("utf-16-le"))
    assert "choose the encoding utf-16-le" in refusal(path)
    path.write_bytes("a,b\n1,2\n".encode("utf-16-be"))
    assert "choose the encoding utf-16-be" in refusal(path)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_preview_waits_for_no_pipe_and_opens_no_folder(path, make):
    make(path)
    if path.is_dir():
        assert "table.csv" in refusal(path)
        return
    with pytest.raises(DataError, match="is not an ordinary file"):
        preview(path)
    assert "is not an ordinary file" in refusal(path)


def test_a_file_that_is_cut_while_it_is_read(path, monkeypatch):
    monkeypatch.setattr(text, "_PIECE", 4096)
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100_000)

    def cut(share: float | None) -> None:
        if share is not None and share > 0.24:
            os.truncate(path, 100)

    with pytest.raises(DataError, match=r"table\.csv changed while it was read; open it again"):
        readers.read(path, progress=cut)


def test_a_column_of_anything_else_is_text(path):
    path.write_text("a,b\n2024-01-05,1\n05.02.2024,2\nTRUE,3\n")
    assert readers.read(path).column("a").kind is ColumnKind.TEXT
    assert np.array_equal(readers.read(path).column("b").values, [1.0, 2.0, 3.0])
