"""Columns with their types come out of Parquet and Feather; what is nested or broken is named."""

import datetime
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data import readers
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError

pa = pytest.importorskip("pyarrow")
feather = pytest.importorskip("pyarrow.feather")
parquet = pytest.importorskip("pyarrow.parquet")

DAY = datetime.date(2024, 1, 2)


@pytest.fixture(params=["parquet", "feather"])
def path(request, tmp_path: Path) -> Path:
    return tmp_path / f"pets.{request.param}"


def write(path: Path, table) -> Path:
    (feather.write_feather if path.suffix == ".feather" else parquet.write_table)(table, path)
    return path


def read(path: Path, **columns) -> Dataset:
    return readers.read(write(path, pa.table(columns)))


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        readers.read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["int8", "uint64", "float32", "float64", "decimal128(30, 2)"])
def test_numbers_of_any_type(path, kind):
    decimal = pa.decimal128(30, 2)
    table = read(path, a=pa.array([1, 2, 3]).cast(decimal if "decimal" in kind else kind))
    assert table.name == "pets"
    assert table.column("a").values.tolist() == [1.0, 2.0, 3.0]
    assert table.column("a").values.dtype == np.float64


def test_gaps_and_infinities_are_located(path):
    table = read(path, a=[1, None, 3], b=[1.0, float("inf"), 2.0], c=["x", None, "y"])
    assert table.column("a").problem == "row 2, column 'a': the cell is empty; fill it in or delete the row"
    assert table.column("b").mistake.startswith("row 2, column 'b': 'inf' is not a finite number; ")
    assert table.column("c").missing.tolist() == [False, True, False]


def test_text_truths_and_dates(path):
    table = read(
        path, kind=["cat", "dog"], ok=[True, False], day=[DAY, DAY], moment=[datetime.datetime(2024, 1, 2, 3, 4)] * 2
    )
    assert [column.kind for column in table.columns] == [ColumnKind.TEXT] * 4
    assert table.column("ok").values.tolist() == ["TRUE", "FALSE"]
    assert table.column("day").values.tolist() == ["2024-01-02"] * 2
    assert table.column("moment").values.tolist() == ["2024-01-02 03:04:00"] * 2


def test_categories(path):
    table = read(path, kind=pa.array(["cat", "dog", None, "cat"]).dictionary_encode())
    assert table.column("kind").values.tolist() == ["cat", "dog", "", "cat"]


def test_the_index_that_pandas_adds_is_no_column(path):
    assert read(path, a=[1, 2], __index_level_0__=[5, 6]).names == ("a",)


@pytest.mark.parametrize("cells", [[[1, 2], [3]], [{"x": 1}, {"x": 2}]])
def test_a_nested_column_is_named(path, cells):
    write(path, pa.table({"a": [1, 2], "deep": cells}))
    assert "column 'deep' is nested" in refusal(path)


def test_bytes_are_no_text(path):
    write(path, pa.table({"a": [b"\xff", b"x"]}))
    assert "column 'a' holds binary" in refusal(path)


@pytest.mark.parametrize("share", [0.0, 0.4, 0.95])
def test_a_file_cut_short(path, share):
    content = write(path, pa.table({"a": list(range(1000))})).read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert "is damaged, cut short or no" in refusal(path)


def test_a_damaged_page(tmp_path):
    content = bytearray(
        write(tmp_path / "a.parquet", pa.table({"a": np.random.default_rng(0).random(1000)})).read_bytes()
    )
    content[4:40] = b"\xff" * 36
    (tmp_path / "a.parquet").write_bytes(content)
    assert "is damaged" in refusal(tmp_path / "a.parquet")


def test_nothing_in_it(path):
    write(path, pa.table({"a": pa.array([], pa.float64())}))
    assert "is empty" in refusal(path)


def test_too_much_is_refused_by_what_the_file_says(tmp_path, monkeypatch):
    path = write(tmp_path / "a.parquet", pa.table({"a": np.zeros(100_000)}))
    monkeypatch.setattr("nnstudio.data.readers.parquet.MOST_NUMBERS", 1000)
    assert "has 100,000 rows × 1 columns, more than 1,000 cells" in refusal(path)
    monkeypatch.setattr("nnstudio.data.readers.parquet._MOST_BYTES", 10)
    assert "would unpack to" in refusal(path)


def test_without_pyarrow_it_says_what_to_install(path, monkeypatch):
    write(path, pa.table({"a": [1]}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install nnstudio[parquet]" in refusal(path)


def test_pyarrow_is_not_imported_before_a_file_is_read():
    code = "import sys, nnstudio.data.readers; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_cells_that_lie_outside_of_the_file_do_not_end_the_program(tmp_path):
    path = tmp_path / "a.feather"
    feather.write_feather(pa.table({"kind": ["cat", "dog"] * 10}), path, compression="uncompressed")
    ends = np.arange(0, 63, 3, dtype="<i4").tobytes()
    content = path.read_bytes()
    assert content.count(ends) == 1
    path.write_bytes(content.replace(ends, ends[:-4] + b"\xff\xff\xff\x7f"))
    code = f"import pathlib, nnstudio.data.readers as r; r.read(pathlib.Path({str(path)!r}))"
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ended.returncode == 1  # by a signal it would be negative
    assert "DataError: a.feather is damaged" in ended.stderr
