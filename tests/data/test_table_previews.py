"""Every format that is not text shows its first rows before it is read, and what of it was recognized."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.data import readers
from nnstudio.data.errors import DataError
from nnstudio.data.preview import preview
from nnstudio.data.readers.formats import FORMATS, IDX, PICTURES
from nnstudio.data.spec import Colour, Reading

from .books import ods, ods_row, xls, xlsx

X = np.random.default_rng(0).normal(size=(150, 3))


@pytest.mark.parametrize("known", sorted({*FORMATS.values(), IDX, PICTURES}, key=str), ids=lambda known: known.read)
def test_whatever_can_be_read_can_be_looked_at(known):
    assert callable(known.reader())
    assert callable(known.previewer())


@pytest.mark.parametrize("reading", [Reading(), Reading(member="other")])
def test_an_archive_of_arrays(tmp_path, reading):
    np.savez(tmp_path / "a.npz", other=X[:2], X=X, y=np.arange(150) % 3)
    shown = preview(tmp_path / "a.npz", reading)
    assert shown.choices == {"member": ("other", "X", "y")}
    if reading.member:
        assert (shown.looked_at, shown.whole, shown.grounds["member"]) == (2, True, "it was chosen")
    else:
        assert (shown.looked_at, shown.whole, shown.grounds["member"]) == (100, False, "'X' and 'y' belong together")
        assert shown.names == ("x1", "x2", "x3", "y")
        assert [column.becomes for column in shown.columns] == ["numbers"] * 3 + ["classes"]
        assert shown.rows[4] == (*map(repr, X[4].tolist()), "1")


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_with_gaps_and_infinities(tmp_path, order):
    array = X.copy(order=order)
    array[1, 0], array[2, 1] = np.nan, np.inf
    np.save(tmp_path / "a.npy", array)
    shown = preview(tmp_path / "a.npy")
    assert (shown.columns[0].gaps, shown.columns[0].first_gap) == (1, 1)
    assert [(flaw.row, flaw.column, flaw.what) for flaw in shown.all_flaws] == [(2, 1, "'inf' is not a finite number")]


def test_many_columns_have_the_profiles_of_few(tmp_path):
    array = np.random.default_rng(0).integers(0, 9, (200, 60)).astype(float)
    array[0, 7] = np.nan
    np.save(tmp_path / "many.npy", array)
    np.save(tmp_path / "few.npy", array[:, :10])
    many, few = preview(tmp_path / "many.npy"), preview(tmp_path / "few.npy")
    assert many.columns[:10] == few.columns
    assert (few.columns[0].least, few.columns[0].most) == (array[:100, 0].min(), array[:100, 0].max())


def test_images_with_their_labels(tmp_path):
    images = np.zeros((70, 28, 28), dtype=np.uint8)
    header = bytes([0, 0, 8, 3]) + struct.pack(">3I", *images.shape)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(header + images.tobytes())
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\1\0\0\0\x46" + bytes(range(7)) * 10)
    shown = preview(tmp_path / "train-images-idx3-ubyte")
    assert (shown.looked_at, shown.whole) == (63, False)
    assert shown.reading.labels == str(tmp_path / "train-labels-idx1-ubyte")
    assert readers.read(tmp_path / "train-images-idx3-ubyte", shown.reading).names == shown.names


@pytest.mark.parametrize("count", [3, 200])
def test_a_folder_of_pictures_shows_every_class(tmp_path, count):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for number in range(count):
            Image.new("L", (5, 4), number).save(tmp_path / name / f"{number}.png")
    shown = preview(tmp_path)
    assert (shown.reading.size, shown.reading.colour) == ((4, 5), Colour.GREY)
    assert {row[-1] for row in shown.rows} == {"cat", "dog"}
    assert shown.whole == (count == 3)


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("xlsx", xlsx(Empty=[[]], Data=[["Pets"], ["age", "kind"], [3, "cat"], ["=#DIV/0!", "dog"], [5, None]])),
        (
            "ods",
            ods(ods_row("age", "kind"), ods_row(3, "cat"), ods_row("=#DIV/0!", "dog"), ods_row(5, None)),
        ),
        ("xls", xls([["age", "kind"], [3.0, "cat"], ["=#DIV/0!", "dog"], [5.0, None]])),
    ],
)
def test_a_workbook(tmp_path, ending, content):
    (tmp_path / f"a.{ending}").write_bytes(content)
    shown = preview(tmp_path / f"a.{ending}")
    assert (shown.reading.sheet, shown.reading.header) == ("Data", True)
    assert "Data" in shown.choices["sheet"]
    assert shown.rows == (("3", "cat"), ("#DIV/0!", "dog"), ("5", ""))
    assert shown.columns[0].flaws[0].what == "'#DIV/0!' is not a number"
    assert shown.columns[1].gaps == 1


def large_workbook(path: Path) -> None:
    """Two sheets of more rows than are looked at, texts shared by their cells, and one sheet between that is small."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 9}</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(2, 60_000)
    )
    head = '<row r="1"><c r="A1" t="s"><v>9</v></c><c r="B1" t="s"><v>10</v></c></row>'
    texts = "".join(f"<si><t>text {n}</t></si>" for n in range(50_000))
    book = zipfile.ZipFile(io.BytesIO(xlsx(First=head + rows, Small=[["a"], [1]], Last=head + rows)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in book.namelist():
            content = book.read(name).decode()
            if name.endswith("workbook.xml.rels"):
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
                shared = f'<Relationship Id="t" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
                content = content.replace("</Relationships>", shared)
            packed.writestr(name, content)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        packed.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')


@pytest.mark.parametrize("sheet", [None, "First", "Small", "Last"])
def test_a_large_workbook_is_looked_at_by_its_beginning(tmp_path, monkeypatch, sheet):
    large_workbook(tmp_path / "a.xlsx")
    looked_at = []
    monkeypatch.setattr("nnstudio.data.readers.workbook.check_xlsx", lambda head, _: looked_at.append(head) or {})
    shown = preview(tmp_path / "a.xlsx", Reading(sheet=sheet))
    assert shown.choices["sheet"] == ("First", "Small", "Last")
    assert shown.reading.sheet == (sheet or "First")
    if sheet == "Small":
        assert (shown.names, shown.rows, shown.whole) == (("a",), (("1",),), True)
    else:
        assert (shown.names, shown.looked_at, shown.whole) == (("text 9", "text 10"), 100, False)
        assert shown.rows[:2] == (("text 2", "2"), ("text 3", "3"))
    assert sum(looked_at[0].sizes.values()) < 7_000_000


def ods_sheets(**sheets: str) -> bytes:
    """A document with these sheets, each in XML; the names are as they stand there."""
    first, *others = sheets
    end = "".join(f'</table:table><table:table table:name="{name} &amp; more">{sheets[name]}' for name in others)
    return ods(sheets[first], end, sheet=first)


MANY_ROWS = ods_row("a", "b") + "".join(ods_row(float(n), "text") for n in range(30_000))


@pytest.mark.parametrize("sheet", [None, "First", "Small & more", "Last & more"])
def test_a_large_document_is_looked_at_by_its_beginning(tmp_path, monkeypatch, sheet):
    path = tmp_path / "a.ods"
    path.write_bytes(ods_sheets(First=MANY_ROWS, Small=ods_row("a") + ods_row(1.0), Last=MANY_ROWS))
    looked_at = []
    monkeypatch.setattr("nnstudio.data.readers.workbook.check_ods", lambda head, _: looked_at.append(head) or {})
    shown = preview(path, Reading(sheet=sheet))
    assert shown.choices["sheet"] == ("First", "Small & more", "Last & more")
    assert shown.reading.sheet == (sheet or "First")
    if sheet == "Small & more":
        assert (shown.names, shown.rows, shown.whole) == (("a",), (("1",),), True)
    else:
        assert (shown.names, shown.looked_at, shown.whole) == (("a", "b"), 100, False)
        assert shown.rows[:2] == (("0", "text"), ("1", "text"))
    assert sum(looked_at[0].sizes.values()) < 4_000_000


@pytest.mark.parametrize(
    "rows",
    [
        f"<table:table-row-group>{MANY_ROWS}</table:table-row-group>",
        MANY_ROWS + '<table:table table:name="inner"></table:table>',
        MANY_ROWS.replace("table:table-row>", "table:table-row >"),
    ],
    ids=["rows in a group", "a sheet within a sheet", "no row with a usual end"],
)
def test_a_large_document_that_cannot_be_cut_is_looked_at_as_a_whole(tmp_path, monkeypatch, rows):
    (tmp_path / "a.ods").write_bytes(ods(rows))
    looked_at = []
    monkeypatch.setattr("nnstudio.data.readers.workbook.check_ods", lambda whole, _: looked_at.append(whole) or {})
    preview(tmp_path / "a.ods")
    assert sum(looked_at[0].sizes.values()) > 4_000_000


@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_typed_columns(tmp_path: Path, ending):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    table = pa.table({"a": [*range(149), None], "kind": ["cat", "dog", "cat"] * 50, "mostly": ["oops", *["1"] * 149]})
    (feather.write_feather if ending == "feather" else parquet.write_table)(table, tmp_path / f"a.{ending}")
    shown = preview(tmp_path / f"a.{ending}")
    assert (shown.looked_at, shown.whole) == (100, False)
    assert shown.rows[0] == ("0", "cat", "oops")
    assert shown.columns[2].flaws[0].what == "'oops' is not a number"


def test_what_cannot_be_looked_at_is_refused_in_one_line(tmp_path):
    (tmp_path / "two\nlines.npy").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"two\\nlines.npy is not an NPY file"):
        preview(tmp_path / "two\nlines.npy")
