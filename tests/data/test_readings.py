"""How a text is read can be chosen, and what is written in digits is a number only where it stays the same."""

import csv
import io
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data import readers
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preview import preview
from nnstudio.data.progress import Cancelled
from nnstudio.data.readers import scan, text
from nnstudio.data.readers.encodings import ENCODINGS
from nnstudio.data.spec import RECOGNIZED, Reading


@pytest.fixture
def read(tmp_path: Path):
    def read_content(content: str | bytes, reading: Reading = RECOGNIZED) -> Dataset:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return readers.read(path, reading)

    return read_content


def numbers(table: Dataset) -> dict[str, list[float]]:
    return {column.name: column.values.tolist() for column in table.columns}


class TestDelimiters:
    def test_a_vertical_bar(self, read):
        assert numbers(read("a|b\n1|2,5\n3|4,5\n")) == {"a": [1.0, 3.0], "b": [2.5, 4.5]}

    def test_spaces_that_set_numbers_in_columns(self, read):
        table = read("  a    b  c\n  1  2.5  x\n 10\t-3    y\n")
        assert numbers(table) == {"a": [1.0, 10.0], "b": [2.5, -3.0], "c": ["x", "y"]}

    def test_spaces_and_quotes(self, read):
        content = '18.0   8   307.0 \t"chevrolet chevelle"\n15.0   8   350.0 \t"buick skylark"\n'
        table = read(content, Reading(delimiter=" "))
        assert table.column("x4").values.tolist() == ["chevrolet chevelle", "buick skylark"]
        assert table.column("x3").values.tolist() == [307.0, 350.0]

    def test_sentences_are_one_column(self, read):
        assert len(read("text\nto be or not\nthat is all\n").columns) == 1

    def test_any_other_one_that_is_chosen(self, read):
        assert numbers(read("a:b\n1:2\n3:4\n", Reading(delimiter=":"))) == {"a": [1.0, 3.0], "b": [2.0, 4.0]}

    @pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n", "."])
    def test_an_impossible_one_is_refused(self, read, delimiter):
        with pytest.raises(DataError, match="has to be one character"):
            read("a,b\n1,2\n", Reading(delimiter=delimiter))


class TestHeaders:
    def test_numbers_that_are_chosen_to_be_names(self, read):
        assert numbers(read("2023,2024\n1,2\n", Reading(header=True))) == {"2023": [1.0], "2024": [2.0]}

    def test_words_that_are_chosen_to_be_data(self, read):
        assert read("cat,dog\nbird,cat\n", Reading(header=False)).column("x1").values.tolist() == ["cat", "bird"]

    def test_a_row_of_measures_and_a_class_is_no_header(self, read):
        table = read("5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n")
        assert table.rows == 2
        assert table.names[-1] == "x5"

    def test_years_over_numbers_are_a_header(self, read):
        assert read("country,2023,2024\nA,1.5,2\nB,3,4\n").names == ("country", "2023", "2024")

    def test_a_name_of_several_lines_is_on_one(self, read):
        assert read('"in\nkg","b"\n1,2\n').names == ("in kg", "b")

    def test_names_in_any_script(self, read):
        assert read("größe😀,שם\n1,2\n").names == ("größe😀", "שם")


class TestDecimals:
    def test_a_tab_file_may_have_decimal_commas(self, read):
        assert numbers(read("a\tb\n1,5\t2\n0,25\t3\n")) == {"a": [1.5, 0.25], "b": [2.0, 3.0]}

    def test_quoted_decimal_commas_may_be_chosen(self, read):
        assert numbers(read('a;b\n"1,5";2\n', Reading(decimal=","))) == {"a": [1.5], "b": [2.0]}

    def test_a_chosen_point_makes_commas_a_mistake(self, read):
        column = read("a;b\n1.5;2\n2,5;3\n", Reading(decimal=".")).column("a")
        assert "'2,5' is not a number" in column.problem

    def test_a_point_between_thousands_is_not_taken_for_a_decimal_point(self, read):
        column = read("price;n\n1,5;1\n1.234;2\n12.345;3\n").column("price")
        assert column.problem == (
            "row 2 (line 3), column 'price': '1.234' is not a number with a sign between its thousands; write it as "
            "1234, choose what stands between thousands, or delete the row (1 more in this column)"
        )

    def test_thousands_are_told_how_to_be_mended(self, read):
        column = read('n,b\n"1,234",1\n"12,345",2\n7,3\n').column("n")
        assert column.kind is ColumnKind.NUMBER
        assert "write it as 1234, choose what stands between thousands, or delete the row (1 more" in column.problem

    def test_english_thousands_in_a_tab_file_are_no_decimal_commas(self, read):
        assert "write it as 1234" in read("a\tb\n1,234\t1.5\n2,345\t2.5\n").column("a").problem

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("price;n\n1,5;1\n1.234;2\n12.345.678,9;3\n", [1.5, 1234.0, 12345678.9]),
            ("price;n\n1.234,50;1\n950;2\n", [1234.5, 950.0]),
            ("price;n\n1.234.567;1\n2.345;2\n", [1234567.0, 2345.0]),
            ('price,n\n"1,234",1\n"12,345.5",2\n-7,3\n', [1234.0, 12345.5, -7.0]),
            ("price;n\n1\u202f234,5;1\n12\u00a0345;2\n", [1234.5, 12345.0]),
            ("price;n\n1'234.5;1\n12’345;2\n", [1234.5, 12345.0]),
        ],
    )
    def test_signs_between_thousands_that_leave_no_doubt_are_read(self, read, content, expected):
        assert read(content).column("price").values.tolist() == expected

    def test_what_stands_between_thousands_may_be_chosen(self, read):
        assert numbers(read("a\tb\n1,234\t1.5\n", Reading(thousands=",")))["a"] == [1234.0]
        assert numbers(read("a;b\n1.234;2\n7,5;3\n", Reading(thousands=".")))["a"] == [1234.0, 7.5]
        assert numbers(read("a;b\n1 234;2\n7;3\n", Reading(thousands=" ")))["a"] == [1234.0, 7.0]
        assert "is not a number" in read("a;b\n1.234,5;2\n7;3\n", Reading(thousands="")).column("a").problem

    def test_two_signs_between_thousands_are_none(self, read):
        assert "'1,234,567' is not a number" in read("a;b\n1,234,567;1\n1.234.567;2\n7;3\n").column("a").problem

    @pytest.mark.parametrize("content", ["a\tb\n0,5\t1,475,891\n1,5\t514,214\n", 'a,b\n0.5,"1.475.891"\n1.5,514.214\n'])
    def test_what_is_a_decimal_sign_in_one_number_is_not_between_thousands_in_another(self, read, content):
        table = read(content)
        assert numbers(table)["a"] == [0.5, 1.5]
        assert "is not a number" in table.column("b").problem
        assert table.column("b").values[1] == 514.214

    def test_the_point_cannot_be_both(self, read):
        with pytest.raises(DataError, match="the point can't be the decimal sign and stand between thousands"):
            read("a;b\n1;2\n", Reading(decimal=".", thousands="."))

    def test_the_comma_cannot_be_both(self, read):
        with pytest.raises(DataError, match="choose another of one of them"):
            read("a,b\n1,2\n", Reading(delimiter=",", decimal=","))

    def test_no_other_sign_can_be_chosen(self, read):
        with pytest.raises(DataError, match="has to be a point or a comma"):
            read("a,b\n1,2\n", Reading(decimal="'"))


class TestCodes:
    @pytest.mark.parametrize("code", ["007", "-01", "00", "9223372036854775808", "-9223372036854775809", "1" * 5000])
    def test_one_makes_its_column_text(self, read, code):
        column = read(f"id,b\n12,1\n{code},2\n13,3\n").column("id")
        assert column.kind is ColumnKind.TEXT
        assert column.values.tolist() == ["12", code, "13"]
        assert column.problem is None

    @pytest.mark.parametrize("number", ["0", "-0", "0.7", "00.5", "9223372036854775807", "1e-05", "0e5"])
    def test_what_is_none_is_a_number(self, read, number):
        assert read(f"a,b\n12,1\n{number},2\n").column("a").values.tolist() == [12.0, float(number)]

    def test_among_fractions_an_integer_too_large_is_not_rounded_either(self, read):
        assert read("a,b\n1.5,1\n99999999999999999999,2\n").column("a").values.tolist() == [
            "1.5",
            "99999999999999999999",
        ]

    @pytest.mark.parametrize("content", ['"id",b\n"007",1\n8,2\n', "id,b\n  007,1\n8,2\n", "id,b\n8,1\n007,2"])
    def test_they_are_found_in_quotes_after_spaces_and_at_the_end(self, read, content):
        assert read(content).column("id").kind is ColumnKind.TEXT

    def test_a_header_is_none(self, read):
        assert read("007,b\n1,2\n").column("007").kind is ColumnKind.NUMBER


class TestEncodings:
    @pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name not in {"utf-16-le", "utf-16-be"}])
    def test_any_can_be_chosen(self, read, encoding):
        word = {"cp1251": "мир", "koi8-r": "мир", "cp1253": "φως", "cp1255": "שלום", "cp1256": "سلام"}.get(
            encoding, {"shift_jis": "日本", "gb18030": "中文", "big5": "中文", "euc-kr": "한국"}.get(encoding, "süß")
        )
        table = read(f"{word},b\n1,{word}\n2,x\n".encode(encoding), Reading(encoding=encoding))
        assert table.names[0] == word
        assert table.column("b").values.tolist() == [word, "x"]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_a_mark_can_be_chosen(self, read, encoding):
        assert read("größe,b\n1,2\n".encode(encoding), Reading(encoding=encoding)).names == ("größe", "b")

    def test_an_unknown_one_is_refused_with_those_there_are(self, read):
        with pytest.raises(DataError, match="'utf-99' is no encoding that can be read; choose one of utf-8, "):
            read("a,b\n1,2\n", Reading(encoding="utf-99"))

    @pytest.mark.parametrize(("encoding", "said"), [("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("big5", "BIG5")])
    def test_one_that_does_not_fit_is_refused(self, read, encoding, said):
        with pytest.raises(DataError, match=said):
            read(b"a,b\n1,\x81\xff\n", Reading(encoding=encoding))

    def test_a_late_strange_byte_decides_for_the_whole_file(self, read, monkeypatch):
        monkeypatch.setattr(text, "_PIECE", 64)
        table = read(b"a,b\n" + b"1,x\n" * 100 + "2,süß\n".encode("cp1252"))
        assert table.column("b").values[-1] == "süß"


class TestPieces:
    """A file that is read in many small pieces is the same table as one that is read at once."""

    @pytest.fixture(autouse=True)
    def small_pieces(self, monkeypatch):
        monkeypatch.setattr(text, "_PIECE", 32)
        monkeypatch.setattr(scan, "_BATCH", 100)

    def test_numbers_and_texts(self, read):
        table = read("n,word\n" + "".join(f"{n},w{n % 7}\n" for n in range(500)))
        assert table.column("n").values.tolist() == [float(n) for n in range(500)]
        assert table.column("word").values.tolist() == [f"w{n % 7}" for n in range(500)]

    def test_a_column_that_turns_out_to_be_text_late(self, read):
        table = read("a,b\n" + "1,1\n" * 50 + "x,2\n" * 60)
        assert table.column("a").kind is ColumnKind.TEXT
        assert table.column("a").values.tolist() == ["1"] * 50 + ["x"] * 60
        assert table.column("b").values.tolist() == [1.0] * 50 + [2.0] * 60

    def test_a_late_mistake_and_a_late_infinity_are_located(self, read):
        table = read("a,b\n" + "1,1\n" * 50 + "\n" + "oops,inf\n" + "2,NA\n" + "3,3\n" * 50)
        assert table.column("a").problem.startswith("row 51 (line 53), column 'a': 'oops' is not a number")
        assert table.column("a").values[[0, 49, 51, 101]].tolist() == [1.0, 1.0, 2.0, 3.0]
        assert table.column("b").problem.startswith("row 51 (line 53), column 'b': 'inf' is not a finite number")

    def test_gaps_in_text_stay_as_they_are_written(self, read):
        table = read("a,b\n" + "x,1\n" * 40 + "NA,2\n,3\n" + "y,4\n" * 40)
        assert table.column("a").values[[40, 41]].tolist() == ["NA", ""]
        assert np.flatnonzero(table.column("a").missing).tolist() == [40, 41]

    def test_quoted_cells_across_pieces(self, read):
        note = "one\ntwo, three\n" * 10
        table = read("a,note\n" + "1,x\n" * 20 + f'2,"{note}"\n' + "3,y\n" * 20)
        assert table.column("note").values[20] == note.strip()
        assert table.column("a").values.tolist() == [1.0] * 20 + [2.0] + [3.0] * 20

    def test_a_ragged_line_far_down_is_located(self, read):
        with pytest.raises(DataError, match=r"table\.csv, line 302: found 3 fields, expected 2"):
            read("a,b\n" + "1,2\n" * 300 + "1,2,3\n")

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_any_line_end(self, read, line_end):
        table = read(line_end.join(["a,b", *(f"{n},x" for n in range(200))]))
        assert table.column("a").values.tolist() == [float(n) for n in range(200)]

    def test_it_is_told_how_much_is_done(self, read, tmp_path):
        read("a,b\n" + "1,2\n" * 500)
        told: list[float] = []
        readers.read(tmp_path / "table.csv", progress=told.append)
        assert len(told) > 50
        assert told == sorted(told)
        assert 0.0 < told[0] < told[-1] <= 1.0

    @pytest.mark.parametrize("calls", [1, 25, 50])
    def test_it_can_be_cancelled_and_leaves_no_thread(self, read, tmp_path, calls):
        read("a,b\n" + "1,2\n" * 500)
        left = [calls]

        def cancel(_: float | None) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        threads = threading.active_count()
        with pytest.raises(Cancelled):
            readers.read(tmp_path / "table.csv", progress=cancel)
        assert threading.active_count() == threads


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6).map(lambda word: f"w{word}".strip())
fractions = st.floats(-1e9, 1e9).map(lambda value: value + 0.25)


@st.composite
def written_tables(draw: st.DrawFn) -> tuple[list[str], list[list[float | str]], Reading, str]:
    delimiter, decimal = draw(
        st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", ","), ("|", "."), (":", ",")])
    )
    kinds = draw(st.lists(st.sampled_from([fractions, words]), min_size=1, max_size=4))
    names = draw(st.lists(words, min_size=len(kinds), max_size=len(kinds), unique=True))
    rows = draw(st.lists(st.tuples(*kinds).map(list), min_size=1, max_size=6))
    encoding = draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "gb18030"]))
    reading = Reading(delimiter=delimiter, header=draw(st.booleans()), encoding=encoding, decimal=decimal)
    return names, rows, reading, draw(st.sampled_from(["\n", "\r\n", "\r"]))


@settings(deadline=None, max_examples=60)
@given(written_tables())
def test_what_was_written_in_any_dialect_is_read_back(tmp_path_factory, table):
    names, rows, reading, line_end = table
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=reading.delimiter, lineterminator=line_end, quoting=csv.QUOTE_MINIMAL)
    if reading.header:
        writer.writerow(names)
    for row in rows:
        writer.writerow([cell if isinstance(cell, str) else repr(cell).replace(".", reading.decimal) for cell in row])
    path = tmp_path_factory.mktemp("tables") / "table.csv"
    path.write_bytes(file.getvalue().encode(reading.encoding))

    found = readers.read(path, reading)

    assert found.names == (tuple(names) if reading.header else tuple(f"x{n}" for n in range(1, len(names) + 1)))
    assert [list(row) for row in zip(*(column.values.tolist() for column in found.columns), strict=True)] == rows
    seen = preview(path, reading)
    assert seen.reading == reading
    assert seen.problem is None
    assert [profile.kind for profile in seen.columns] == [column.kind for column in found.columns]
