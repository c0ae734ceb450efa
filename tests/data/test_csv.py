"""A CSV file of any usual dialect becomes a table, and a broken one a line that says where it is broken."""

import csv
import gc
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data import memory, readers
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import prepare
from nnstudio.data.readers.text import first_control_character
from nnstudio.data.spec import DataSpec, FileSource

FORBIDDEN = {chr(code) for code in (*range(9), *range(14, 32), 127)}  # what no text contains


@pytest.fixture
def read(tmp_path: Path):
    def read_content(content: str | bytes, name: str = "table.csv") -> Dataset:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return readers.read(path)

    return read_content


def refusal(read, content: str | bytes, name: str = "table.csv") -> str:
    with pytest.raises(DataError) as caught:
        read(content, name)
    message = str(caught.value)
    assert "\n" not in message
    return message


class TestDialects:
    def test_commas(self, read):
        table = read("a,b,kind\n1,2.5,cat\n-3e2,.5,dog\n")
        assert table.name == "table"
        assert table.names == ("a", "b", "kind")
        assert [column.kind for column in table.columns] == [ColumnKind.NUMBER, ColumnKind.NUMBER, ColumnKind.TEXT]
        assert table.column("a").values.tolist() == [1.0, -300.0]
        assert table.column("a").values.dtype == np.float64
        assert table.column("kind").values.tolist() == ["cat", "dog"]
        assert all(column.problem is None for column in table.columns)

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_any_delimiter_with_any_line_end(self, read, delimiter, line_end):
        table = read(line_end.join(delimiter.join(cells) for cells in (["a", "b"], ["1", "x"], ["2", "y"])))
        assert table.names == ("a", "b")
        assert table.column("a").values.tolist() == [1.0, 2.0]
        assert table.column("b").values.tolist() == ["x", "y"]

    def test_a_semicolon_file_may_have_decimal_commas(self, read):
        assert read("a;b\n1,5;2\n-0,25;3,5\n").column("a").values.tolist() == [1.5, -0.25]

    def test_a_semicolon_file_may_have_decimal_points(self, read):
        assert read("a;b\n1.5;2\n-0.25;3.5\n").column("a").values.tolist() == [1.5, -0.25]

    def test_a_semicolon_file_may_have_both(self, read):
        assert read("a;b\n1,5;1.25\n2.5;1,75\n").column("a").values.tolist() == [1.5, 2.5]

    def test_a_semicolon_file_of_decimal_commas_needs_no_header(self, read):
        table = read("1,5;2,5\n3,5;4,5\n")
        assert table.names == ("x1", "x2")
        assert table.column("x2").values.tolist() == [2.5, 4.5]

    def test_a_first_row_of_numbers_is_data(self, read):
        table = read("1,2\n3,4\n")
        assert table.names == ("x1", "x2")
        assert table.rows == 2

    def test_numbers_are_the_nearest_doubles(self, read):
        texts = ["0.1", "0.30000000000000004", "1.7976931348623157e308", "5e-324", "123456789.123456789", "-0.0"]
        values = read("a\n" + "\n".join(texts)).column("a").values
        assert values.tobytes() == np.array([float(text) for text in texts]).tobytes()

    def test_numbers_are_the_nearest_doubles_beside_an_unreadable_cell_too(self, read):
        values = read("a\n0.30000000000000004\nabc\n123456789.123456789\n").column("a").values
        assert values[[0, 2]].tolist() == [0.30000000000000004, 123456789.123456789]

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self, read):
        assert read(b"\xef\xbb\xbfa,b\n1,2\n").names == ("a", "b")

    def test_utf_8_names_and_cells(self, read):
        table = read("größe,art\n1,weiß\n2,γ\n")
        assert table.names == ("größe", "art")
        assert table.column("art").values.tolist() == ["weiß", "γ"]

    @pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-8"])
    def test_a_mark_says_the_encoding(self, read, mark):
        table = read("\ufeffgröße,art\r\n1,weiß\r\n2,γ😀\r\n".encode(mark))
        assert table.names == ("größe", "art")
        assert table.column("art").values.tolist() == ["weiß", "γ😀"]

    def test_western_european_text_of_old_is_understood(self, read):
        table = read("größe,art\n1,weiß\n2,süß\n".encode("cp1252"))
        assert table.column("art").values.tolist() == ["weiß", "süß"]

    def test_quoted_cells_hold_delimiters_quotes_and_line_ends(self, read):
        table = read('a,"b, c"\n1,"x, ""y""\nz"\n2,w\n')
        assert table.names == ("a", "b, c")
        assert table.column("b, c").values.tolist() == ['x, "y"\nz', "w"]

    def test_spaces_around_cells_are_dropped(self, read):
        table = read("a, b ,c\n 1 , 2,  x \n3 ,4 , y\n")
        assert table.names == ("a", "b", "c")
        assert table.column("a").values.tolist() == [1.0, 3.0]
        assert table.column("c").values.tolist() == ["x", "y"]

    def test_blank_lines_are_no_rows(self, read):
        table = read("\na,b\n\n1,2\n   \n3,abc\n\n5,6\n\n")
        assert table.column("a").values.tolist() == [1.0, 3.0, 5.0]
        assert table.column("b").problem.startswith("row 2 (line 6), column 'b'")

    def test_words_for_truth_stay_as_they_are_written(self, read):
        assert read("a,b\n1,TRUE\n2,False\n").column("b").values.tolist() == ["TRUE", "False"]

    def test_a_nameless_column_gets_its_number_for_a_name(self, read):
        assert read(",b\n1,2\n").names == ("column 1", "b")

    def test_a_tsv_file(self, read):
        assert read("a\tb\n1\t2\n", name="table.TSV").names == ("a", "b")

    def test_two_hundred_columns(self, read):
        head = ",".join(f"c{number}" for number in range(200))
        table = read(head + "\n" + "\n".join(",".join(str(row * n) for n in range(200)) for row in range(5)))
        assert len(table.columns) == 200
        assert table.column("c199").values.tolist() == [0.0, 199.0, 398.0, 597.0, 796.0]


class TestProblemsOfColumns:
    def test_an_unreadable_number_is_located(self, read):
        rows = [f"{age},1" for age in range(15)] + ["abc,1", "xyz,1", "7,1"]
        column = read("age,y\n" + "\n".join(rows)).column("age")
        assert column.kind is ColumnKind.NUMBER
        assert np.flatnonzero(np.isnan(column.values)).tolist() == [15, 16]
        assert column.problem == (
            "row 16 (line 17), column 'age': 'abc' is not a number; correct it or delete the row "
            "(1 more in this column)"
        )

    @pytest.mark.parametrize("cell", ["NA", "na", "N/A", "NaN", "nan", "?", "null", "NULL"])
    def test_a_sign_for_a_missing_number_is_located(self, read, cell):
        column = read(f"a,b\n1,2\n{cell},3\n4,5\n").column("a")
        assert np.isnan(column.values[1])
        assert column.problem.startswith(f"row 2 (line 3), column 'a': '{cell}' stands for a missing value; ")

    @pytest.mark.parametrize("cell", ["", "  "])
    def test_a_blank_cell_is_located(self, read, cell):
        column = read(f"a,b\n1,2\n{cell},3\n4,5\n").column("a")
        assert np.isnan(column.values[1])
        assert column.problem == "row 2 (line 3), column 'a': the cell is empty; fill it in or delete the row"

    @pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
    def test_an_infinite_number_is_located(self, read, cell):
        column = read(f"a,b\n1,2\n{cell},3\n4,5\n").column("a")
        assert column.kind is ColumnKind.NUMBER
        assert np.isnan(column.values[1])
        assert column.problem.startswith(f"row 2 (line 3), column 'a': '{cell}' is not a finite number; ")

    def test_an_empty_cell_of_text_is_located(self, read):
        column = read("a,kind\n1,cat\n2,\n3,dog\n").column("kind")
        assert column.kind is ColumnKind.TEXT
        assert column.problem == "row 2 (line 3), column 'kind': the cell is empty; fill it in or delete the row"

    def test_missing_cells_are_told_from_mistakes(self, read):
        table = read("gaps,both,text\n,1,cat\n1,oops,\nNA,,dog\n4,inf,na\n5,5,dog\n6,6,dog\n7,7,x\n")
        gaps, both, text = table.columns
        assert gaps.missing.tolist() == [True, False, True, False, False, False, False]
        assert gaps.problem.startswith("row 1 (line 2), column 'gaps': the cell is empty; ")
        assert gaps.target_problem is None
        assert both.missing.tolist() == [False, False, True, False, False, False, False]
        assert both.target_problem.startswith("row 2 (line 3), column 'both': 'oops' is not a number; ")
        assert both.target_problem.endswith("(1 more in this column)")
        assert text.missing.tolist() == [False, True, False, True, False, False, False]
        assert (text.kind, text.target_problem) == (ColumnKind.TEXT, None)

    def test_an_infinity_is_told_from_the_missing_cells_before_it(self, read):
        column = read("a,b\n1,2\n,3\n1e999,5\n").column("a")
        assert column.missing.tolist() == [False, True, False]
        assert column.target_problem.startswith("row 3 (line 4), column 'a': '1e999' is not a finite number; ")

    def test_a_column_without_gaps_has_none_missing(self, read):
        assert read("a,kind\n1,cat\n2,dog\n").column("a").missing is None
        assert read("a,kind\n1,oops\n2,dog\n").column("kind").missing is None

    def test_half_of_the_filled_cells_make_a_column_of_numbers(self, read):
        table = read("half,less,x\n1,1,0\na,a,0\n,b,0\n")
        assert table.column("half").kind is ColumnKind.NUMBER
        assert table.column("less").kind is ColumnKind.TEXT

    def test_lines_count_on_after_a_cell_of_several_lines(self, read):
        column = read('note,a\n"one\ntwo\nthree",1\nx,2\ny,oops\n').column("a")
        assert column.problem.startswith("row 3 (line 6), column 'a': 'oops' is not a number")

    def test_a_thousands_comma_in_a_semicolon_file_is_not_guessed_at(self, read):
        assert "'1,234.5' is not a number" in read("a;b\n1,5;2\n1,234.5;3\n").column("a").problem

    def test_an_underscore_makes_no_number(self, read):
        assert "'1_000' is not a number" in read("a\n1\n1_000\n").column("a").problem

    def test_a_column_with_a_problem_leaves_the_others_alone(self, read):
        table = read("a,b,y\n1,2,3\n?,4,5\n")
        assert table.column("b").problem is None
        assert table.default_inputs() == ("b",)


class TestRefusals:
    def test_a_ragged_line(self, read):
        assert refusal(read, "a,b,c\n1,2,3\n4,5\n").startswith("table.csv, line 3: found 2 fields, expected 3; ")
        assert refusal(read, "a,b\n1,2\n\n4,5,6\n").startswith("table.csv, line 4: found 3 fields, expected 2; ")

    @pytest.mark.parametrize("content", ["a\n1,2\n3,4\n", "a\n1\n3,4\n", "a\n1\n3,\n"])
    def test_a_line_of_several_cells_below_a_single_name(self, read, content):
        assert re.match(r"table.csv, line [23]: found 2 fields, expected 1; ", refusal(read, content))

    def test_a_quote_that_is_never_closed(self, read):
        message = refusal(read, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')
        assert "line 3" in message
        assert "never closed" in message

    @pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b'""\n'])
    def test_an_empty_file(self, read, content):
        assert refusal(read, content).startswith("table.csv is empty; ")

    def test_a_header_alone(self, read):
        assert refusal(read, "a,b\n\n") == "table.csv has column names but no rows; add at least one row below them"

    def test_duplicate_names(self, read):
        assert "more than one column named 'a', 'b';" in refusal(read, "a,b,a,b\n1,2,3,4\n")

    def test_a_nul_byte(self, read):
        assert "row 1 (line 2), column 2 holds a NUL byte" in refusal(read, b"a,b\n1,2\x00\n")
        assert "row 2 (line 4), column 1 holds a NUL byte" in refusal(read, b'a,b\n"x\ny",2\n3\x00,4\n')
        assert "x.csv is not a text file: line 1, column 2 holds a NUL byte" in refusal(read, b"a,b\0\n1,2\n", "x.csv")

    def test_a_picture(self, read):
        assert "is not a text file" in refusal(read, b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)))

    def test_damaged_utf_8(self, read):
        assert "line 3 holds the byte 0xfc" in refusal(read, "a,art\n1,süß\n".encode() + b"2,s\xfc\xdf\n")

    def test_bytes_of_no_known_encoding(self, read):
        assert "line 2 holds the byte 0x81" in refusal(read, b"a,b\n1,\x81\n")

    def test_a_workbook(self, read):
        assert "export the table as CSV" in refusal(read, b"PK\x03\x04", name="table.xlsb")

    def test_a_folder(self, tmp_path):
        (tmp_path / "folder.csv").mkdir()
        with pytest.raises(DataError, match=r"folder\.csv is a folder"):
            readers.read(tmp_path / "folder.csv")

    @pytest.mark.parametrize("name", ["absent.csv", "absent.xlsx", "absent"])
    def test_a_missing_file(self, tmp_path, name):
        with pytest.raises(DataError, match=r"there is no file .*absent"):
            readers.read(tmp_path / name)

    def test_a_path_no_system_allows(self):
        with pytest.raises(DataError, match="can't be read"):
            readers.read(Path("a\0b.csv"))

    def test_an_unreadable_file(self, tmp_path, monkeypatch):
        path = tmp_path / "secret.csv"
        path.write_text("a\n1\n")

        def forbid(_: Path, mode: str) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbid)
        with pytest.raises(DataError, match=r"secret\.csv can't be read: you have no permission"):
            readers.read(path)

    def test_a_pipe_is_refused_before_anyone_waits_for_it(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(DataError, match="not an ordinary file"):
            readers.read(tmp_path / "pipe.csv")

    def test_a_file_for_which_there_is_no_memory_is_refused_unread(self, tmp_path, monkeypatch):
        monkeypatch.setattr(memory, "available", lambda: 50_000_000)
        path = tmp_path / "huge.csv"
        with path.open("wb") as file:
            file.truncate(250_000_000)
        with pytest.raises(DataError, match=r"huge\.csv has 250 MB, more than there is memory for; .*head -n"):
            readers.read(path)

    def test_too_many_columns(self, read):
        head = ",".join(f"c{number}" for number in range(10_001))
        assert "has 10,001 columns, more than 10,000" in refusal(read, head + "\n" + ",".join(["1"] * 10_001))
        assert "has 10,001 columns, more than 10,000" in refusal(read, ",".join(["1"] * 10_001))

    def test_a_cell_of_more_than_a_million_characters(self, read):
        assert "line 2" in refusal(read, "a,b\n1," + "x" * 1_100_000)


def test_importing_the_data_package_leaves_pandas_unloaded():
    code = "import sys, nnstudio.data.sources, nnstudio.data.preparation; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(lambda word: f"w{word}".strip())
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str | float]]]:
    kinds = draw(st.lists(st.sampled_from([numbers, lines]), min_size=1, max_size=5))
    names = draw(st.lists(words, min_size=len(kinds), max_size=len(kinds), unique=True))
    return names, draw(st.lists(st.tuples(*kinds).map(list), min_size=1, max_size=8))


@settings(deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read_back(table, delimiter, line_end):
    names, rows = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_NONNUMERIC).writerows(
                [names, *rows]
            )
        read = readers.read(path)
    assert read.names == tuple(names)
    assert [list(row) for row in zip(*(column.values.tolist() for column in read.columns), strict=True)] == rows


signs = st.sampled_from(["", "-", "+", " ", " -"])
integers = st.builds("{}{}".format, signs, st.from_regex(r"[0-9]{1,3}|[0-9]{17,21}", fullmatch=True))
fractions = st.builds("{}{}".format, signs, st.sampled_from(["0.5", "00.25", "1e-05", "0e0", "12345678901234567890.5"]))
cells = st.lists(integers | fractions, min_size=3, max_size=3)


@settings(deadline=None)
@given(st.lists(cells, min_size=1, max_size=4))
def test_a_column_is_text_where_a_number_would_lose_digits(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text("\n".join(",".join(row) for row in [["a", "b", "c"], *rows]) + "\n")
        read = readers.read(path)
    for index, column in enumerate(read.columns):
        digits = [row[index].strip().lstrip("+-") for row in rows]
        lost = any(cell.isdigit() and (str(int(cell)) != cell or int(cell) >= 2**63) for cell in digits)
        assert (column.kind is ColumnKind.TEXT) == lost


@given(st.text(st.characters(max_codepoint=255), max_size=20), st.sampled_from("\t\n\v\f\r ~\x80\xff"))
def test_the_first_control_character_is_found(text, allowed):
    bad = [place for place, character in enumerate(text) if character in FORBIDDEN]
    assert first_control_character(text.encode("latin-1")) == (bad[0] if bad else None)
    assert first_control_character(2 * allowed.encode("latin-1")) is None


@pytest.mark.parametrize("cell", ["", "nan", "inf", "1e999", "oops"])
def test_a_bad_cell_of_the_only_input_is_named(read, cell: str) -> None:
    table = read(f"a,y\n1,2\n{cell},3\n4,5\n5,6\n")
    with pytest.raises(DataError, match=r"row 2 \(line 3\), column 'a'"):
        prepare(table, DataSpec(FileSource("table.csv")), 0)


def test_a_column_that_is_left_out_for_a_bad_cell_is_noted(read) -> None:
    notes = prepare(read("a,b,y\n1,2,2\n2,,3\n4,5,5\n"), DataSpec(FileSource("table.csv")), 0).notes
    assert any("'b' is left out: row 2 (line 3), column 'b'" in note for note in notes)


@pytest.mark.parametrize("name", ["table", ".table"])
def test_a_file_without_an_ending_is_told_to_take_one(read, name: str) -> None:
    with pytest.raises(DataError, match=r"without an ending.*rename it to end in \.csv"):
        read("a,y\n1,2\n", name)


def test_no_garbage_is_collected_on_the_threads_that_read(tmp_path):
    """It might be a window's, which only the window's thread may destroy."""
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,x\n2,y\n" * 1000)
    collectors, before = set(), gc.get_threshold()
    gc.callbacks.append(lambda _phase, _info: collectors.add(threading.current_thread()))
    try:
        gc.set_threshold(5)
        readers.read(path)
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        gc.callbacks.pop()
    assert collectors <= {threading.main_thread()}
