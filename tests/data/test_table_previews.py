"""Every format that is not text shows its first rows before it is read, and what of it was recognized."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.data import readers
from nnstudio.data.errors import DataError
from nnstudio.data.preview import PREVIEWERS, preview
from nnstudio.data.readers import READERS
from nnstudio.data.spec import Colour, Reading

from .books import ods, ods_row, xls, xlsx

X = np.random.default_rng(0).normal(size=(150, 3))


def test_whatever_can_be_read_can_be_looked_at():
    assert PREVIEWERS.keys() == READERS.keys()


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
