"""Workbooks become tables, whatever stands around the table; hostile ones are refused before their reader sees them."""

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nnstudio.data import readers
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Cancelled
from nnstudio.data.spec import RECOGNIZED, Reading

from .books import Cells, ods, ods_row, xls, xlsx, zipped

HEADED: Cells = [["age", "kind"], [31.0, "cat"], [4.5, "dog"], [12.0, "cat"]]


@pytest.fixture
def read(tmp_path: Path):
    def read_content(content: bytes, ending: str = "xlsx", reading: Reading = RECOGNIZED) -> Dataset:
        path = tmp_path / f"pets.{ending}"
        path.write_bytes(content)
        return readers.read(path, reading)

    return read_content


def refusal(read, content: bytes, ending: str = "xlsx", reading: Reading = RECOGNIZED) -> str:
    with pytest.raises(DataError) as caught:
        read(content, ending, reading)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"pets.{ending}")
    return message


class TestEveryKind:
    @pytest.mark.parametrize(
        ("ending", "content"),
        [("xlsx", xlsx(Data=HEADED)), ("ods", ods(*(ods_row(*row) for row in HEADED))), ("xls", xls(HEADED))],
    )
    def test_a_table_with_a_header(self, read, ending, content):
        table = read(content, ending)
        assert table.name == "pets"
        assert table.names == ("age", "kind")
        assert table.column("age").values.tolist() == [31.0, 4.5, 12.0]
        assert table.column("kind").values.tolist() == ["cat", "dog", "cat"]

    @pytest.mark.parametrize(
        ("ending", "content"),
        [
            ("xlsx", xlsx(Data=[["a"], [1], ["=#DIV/0!"], [3]])),
            ("ods", ods(*(ods_row(cell) for cell in ("a", 1, "=#DIV/0!", 3)))),
            ("xls", xls([["a"], [1.0], ["=#DIV/0!"], [3.0]])),
        ],
    )
    def test_a_cell_with_an_error_is_a_mistake_with_its_place(self, read, ending, content):
        column = read(content, ending).column("a")
        assert column.mistake == (
            "row 2 (cell A3), column 'a': '#DIV/0!' is not a number; correct it or delete the row"
        )
        assert column.missing is None


class TestWhereTheTableIs:
    def test_below_a_title_and_blank_rows_and_beside_blank_columns(self, read):
        rows = [
            [],
            [None, None, "Our pets"],
            [],
            [None, None, "age", None, "kind"],
            [None, None, 3, None, "cat"],
            [],
            [],
        ]
        table = read(xlsx(Data=[*rows, [None, None, "old", None, "dog"], [None, None, 5, None, "cat"]]))
        assert table.names == ("age", "kind")
        assert table.rows == 3
        assert table.column("age").problem.startswith("row 2 (cell C8), column 'age': 'old' is not a number")

    def test_without_a_header(self, read):
        assert read(xlsx(Data=[[1, 2], [3, 4]])).names == ("x1", "x2")
        assert read(xlsx(Data=[["a", "b"], ["c", "d"]]), reading=Reading(header=False)).rows == 2
        assert read(xlsx(Data=[[2019, 2020], [3, 4]]), reading=Reading(header=True)).names == ("2019", "2020")

    def test_a_nameless_column_is_named_by_its_letter(self, read):
        assert read(xlsx(Data=[["a", None, "c"], [1, 2, 3]])).names == ("a", "column B", "c")

    def test_the_first_sheet_with_a_table_or_the_chosen_one(self, read):
        content = xlsx(Empty=[[]], Names=[["only a header"]], First=[["a"], [1]], Second=[["b"], [2]])
        assert read(content).names == ("a",)
        assert read(content, reading=Reading(sheet="Second")).names == ("b",)
        message = refusal(read, content, reading=Reading(sheet="Third"))
        assert message.endswith("has no sheet 'Third'; its sheets are 'Empty', 'Names', 'First', 'Second'")


class TestCells:
    def test_dates_and_truths_are_text_that_can_be_read_again(self, read):
        table = read(xlsx(Data=[["day", "ok", "mixed"], ["=45000d", "=TRUE", 1], ["=45001d", "=FALSE", "=TRUE"]]))
        assert table.column("day").values.tolist() == ["2023-03-15", "2023-03-16"]
        assert table.column("ok").values.tolist() == ["TRUE", "FALSE"]
        assert table.column("mixed").mistake.startswith("row 2 (cell C3), column 'mixed': 'TRUE' is not a number")

    def test_gaps(self, read):
        column = read(xlsx(Data=[["a", "b"], [1, 1], [None, 2], [3, 3]])).column("a")
        assert column.missing.tolist() == [False, True, False]
        assert column.problem == "row 2 (cell A3), column 'a': the cell is empty; fill it in or delete the row"

    def test_numbers_written_as_text_with_decimal_commas(self, read):
        content = xlsx(Data=[["a", "b"], ["1,5", "1,500"], [2, "2,250"], ["-0,25", "2.5"]])
        assert read(content).column("a").values.tolist() == [1.5, 2.0, -0.25]
        assert 1.5 not in read(content).column("b").values.tolist()  # it may as well be 1500
        assert read(content, reading=Reading(decimal=".")).column("a").kind is ColumnKind.TEXT

    def test_whole_numbers_among_text_have_no_point(self, read):
        assert read(xlsx(Data=[["a"], ["x"], [12], ["y"]])).column("a").values.tolist() == ["x", "12", "y"]


class TestRefusals:
    def test_an_empty_workbook(self, read):
        assert "sheet 'Data' is empty; " in refusal(read, xlsx(Data=[[]]))
        assert "has column names but no rows" in refusal(read, xlsx(Data=[["a", "b"]]))

    def test_two_columns_of_one_name(self, read):
        assert "two columns named 'a', A and C" in refusal(read, xlsx(Data=[["a", "b", "a"], [1, 2, 3]]))

    @pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
    @pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04", xlsx(Data=HEADED)[:-40], xls(HEADED)[:700]])
    def test_a_file_that_is_none_or_is_cut_short(self, read, ending, content):
        refusal(read, content, ending)

    def test_another_format_under_this_name(self, read):
        assert "not an .xls file but an .xlsx or .ods file" in refusal(read, xlsx(Data=HEADED), "xls")
        assert "is damaged or no .xlsx file" in refusal(read, zipped({"word/document.xml": "<w/>"}))
        assert "is damaged or no .ods file" in refusal(read, xlsx(Data=HEADED), "ods")

    def test_broken_xml(self, read):
        assert "is damaged" in refusal(read, xlsx(Data='<row r="1"><c r="A1"><v>1</row>'))
        assert "is damaged" in refusal(read, ods("<table:table-row>"), "ods")

    @pytest.mark.parametrize(
        "cells",
        [
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            """<row r="1"><c r = 'XFD1'><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>""",
            """<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576" spans="/>"><c><v>1</v></c></row>""",
            '<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>',
        ],
    )
    def test_cells_far_apart_in_a_small_file(self, read, cells):
        assert "more than 20,000,000 cells" in refusal(read, xlsx(Data=cells))

    def test_a_last_row_without_cells_harms_nobody(self, read):
        cells = '<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row><row r="1048576" ht="12" hidden="0"/>'
        assert read(xlsx(Data=cells)).rows == 1

    @pytest.mark.parametrize(
        "rows",
        [
            '<table:table-row><table:table-cell office:value-type="float" office:value="1" '
            'table:number-columns-repeated="1000000000"/></table:table-row>',
            ods_row(1.0, repeated=2_000_000_000),
            ods_row(1.0) + ods_row(None, repeated=1_000_000_000) + ods_row(1.0),
        ],
    )
    def test_cells_repeated_too_often(self, read, rows):
        assert "more than 20,000,000 cells" in refusal(read, ods(rows), "ods")

    def test_a_strange_count_of_repetitions(self, read):
        rows = ods_row(1.0).replace('repeated="1"', 'repeated="-1"')
        assert "repeated '-1' times" in refusal(read, ods(rows), "ods")

    def test_blank_cells_repeated_to_the_end_of_the_sheet_harm_nobody(self, read):
        blank = '<table:table-cell table:number-columns-repeated="16380" table:style-name="s"/>'
        last = f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
        assert read(ods(ods_row("a", "b"), ods_row(1.0, 2.0), last), "ods").rows == 1

    @pytest.mark.parametrize(
        "sizes", [{"dimensions": (2**31, 255)}, {"dimensions": (2**32 - 1, 2**16 - 1)}, {"strings": 2**31 - 1}]
    )
    def test_an_xls_file_that_says_it_is_huge(self, read, sizes):
        refusal(read, xls(HEADED, **sizes), "xls")

    def test_cells_of_an_xls_file_far_apart(self, read):
        content = bytearray(xls([["a"], [1.0], [2.0]]))
        place = content.rindex(struct.pack("<5H", 0x0203, 14, 2, 0, 0))
        content[place + 4 : place + 8] = b"\xff\xff\xff\xff"
        assert "more than 20,000,000 cells" in refusal(read, bytes(content), "xls")

    def test_sectors_that_follow_each_other_in_a_ring(self, read):
        content = bytearray(xls(HEADED))
        content[512 + 8 : 512 + 12] = struct.pack("<I", 2)  # the stream's first sector is followed by itself
        assert "is damaged" in refusal(read, bytes(content), "xls")

    def test_a_bomb_is_refused_by_what_it_says_of_its_size(self, read, monkeypatch):
        monkeypatch.setattr("nnstudio.data.readers.workbook.MOST_BYTES", 1_000_000)
        content = zipped({"xl/workbook.xml": bytes(5_000_000)})
        monkeypatch.setattr("nnstudio.data.readers.archives.Archive.pieces", lambda *_: pytest.fail("it was unpacked"))
        assert "would unpack to 5 MB, more than 1 MB" in refusal(read, content)

    def test_a_member_of_blanks_that_only_takes_time(self, read):
        content = xlsx(Data=" " * 60_000_000)
        assert "would unpack to 60 MB of hardly anything but repetition" in refusal(read, content)

    def test_a_member_that_unpacks_to_more_than_it_says(self, read):
        content = bytearray(zipped({"xl/worksheets/sheet1.xml": b"<worksheet/>" + b" " * 3_000_000}))
        entry = content.rindex(b"PK\x01\x02")
        content[entry + 24 : entry + 28] = struct.pack("<I", 12)  # the size it says it has
        assert "is damaged" in refusal(read, bytes(content))

    def test_an_encrypted_member(self, read):
        content = bytearray(xlsx(Data=HEADED))
        for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            content[content.index(mark) + place] |= 1
        assert "protected by a password" in refusal(read, bytes(content))

    def test_entities_that_multiply(self, read):
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
        bomb = f'<!DOCTYPE x [<!ENTITY e0 "{"z" * 100}">{entities}]><workbook>&e11;</workbook>'
        assert "is damaged" in refusal(read, zipped({"xl/_rels/workbook.xml.rels": "<a/>", "xl/workbook.xml": bomb}))


def test_reading_tells_its_progress_and_can_be_cancelled(tmp_path):
    path = tmp_path / "pets.xlsx"
    path.write_bytes(xlsx(Data=HEADED))
    shares: list[float] = []
    readers.read(path, progress=shares.append)
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] <= shares[-1] <= 1.0

    def cancel(share: float | None) -> None:
        if share is not None and share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        readers.read(path, progress=cancel)


def test_calamine_is_not_imported_before_a_workbook_is_read():
    code = "import sys, nnstudio.data.readers; sys.exit('python_calamine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_books_of_these_tests_are_archives_that_others_can_read(tmp_path):
    (tmp_path / "pets.ods").write_bytes(ods(ods_row("a")))
    assert zipfile.ZipFile(tmp_path / "pets.ods").testzip() is None
