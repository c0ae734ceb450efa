"""Arrays that NumPy saved become tables without running anything that stands in them."""

import io
import pickle
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nnstudio.data import readers
from nnstudio.data.blocks import side_by_side
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.readers.npy import read_array
from nnstudio.data.spec import RECOGNIZED, Reading

X = np.array([[1.5, -2.0], [3.0, 4.0], [5.0, 6.5], [0.0, 1.0]])
Y = np.array([0, 1, 2, 1])


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def with_header(header: str | bytes, data: bytes = b"", version: int = 1) -> bytes:
    """An NPY file whose header is this text."""
    text = header.encode() if isinstance(header, str) else header
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2 if version == 1 else 4, "little") + text + data


def claims(descr: str = "'<f8'", shape: str = "(3, 2)", order: str = "False") -> bytes:
    """A file with the header of such an array and 48 bytes of data."""
    return with_header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n", bytes(48))


def read(path: Path, content: bytes, reading: Reading = RECOGNIZED) -> Dataset:
    path.write_bytes(content)
    return readers.read(path, reading)


def refusal(path: Path, content: bytes, reading: Reading = RECOGNIZED) -> str:
    with pytest.raises(DataError) as caught:
        read(path, content, reading)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


def numbers(table: Dataset) -> np.ndarray:
    return side_by_side([column.values for column in table.numeric_columns])


class TestArrays:
    @pytest.mark.parametrize("dtype", ["f8", ">f4", "f2", "i8", "u1", ">i2", "?"])
    @pytest.mark.parametrize("order", ["C", "F"])
    def test_numbers_of_any_type_in_any_order(self, tmp_path, dtype, order):
        array = np.array(X, dtype=dtype, order=order) if dtype != "u1" else np.abs(X).astype("u1", order=order)
        table = read(tmp_path / "a.npy", npy(array))
        assert table.names == ("x1", "x2")
        assert np.array_equal(numbers(table), array.astype(np.float64))

    def test_one_dimension_is_one_column(self, tmp_path):
        assert read(tmp_path / "a.npy", npy(X[:, 0])).column("x").values.tolist() == [1.5, 3.0, 5.0, 0.0]

    @pytest.mark.parametrize(("shape", "channels"), [((2, 3, 4), 1), ((2, 3, 4, 1), 1), ((2, 3, 4, 3), 3)])
    def test_images(self, tmp_path, shape, channels):
        array = np.arange(np.prod(shape)).reshape(shape)
        table = read(tmp_path / "a.npy", npy(array))
        assert (table.images.height, table.images.width, table.images.channels) == (3, 4, channels)
        assert table.images.columns == table.names
        assert np.array_equal(numbers(table), array.reshape(2, -1))

    def test_text(self, tmp_path):
        table = read(tmp_path / "a.npy", npy(np.array([["1", "süß"], ["2", "herb"]])))
        assert [column.kind for column in table.columns] == [ColumnKind.NUMBER, ColumnKind.TEXT]
        assert table.column("x2").values.tolist() == ["süß", "herb"]

    def test_gaps_and_infinities_are_located(self, tmp_path):
        table = read(tmp_path / "a.npy", npy(np.array([[1.0, np.nan], [np.inf, 2.0]])))
        assert table.column("x1").problem.startswith("row 2, column 'x1': 'inf' is not a finite number; ")
        assert table.column("x2").missing.tolist() == [True, False]

    @given(arrays.arrays(st.sampled_from(["<f8", ">i4", "u1", "?"]), arrays.array_shapes(max_dims=4, max_side=4)))
    def test_what_numpy_saved_is_read_back(self, array):
        content = npy(array)
        read_back = read_array("a", io.BytesIO(content), len(content))
        assert read_back.dtype == array.dtype
        assert read_back.tobytes() == array.tobytes()


class TestRefusedArrays:
    @pytest.mark.parametrize(
        ("array", "reason"),
        [
            (np.array([{"a": 1}, None], dtype=object), "holds Python objects"),
            (np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]), "structured array"),
            (np.zeros((3, 2), dtype=complex), "complex numbers"),
            (np.zeros(3, dtype="M8[D]"), "holds dates"),
            (np.zeros((0, 4)), "is empty"),
            (np.zeros((4, 0)), "is empty"),
            (np.zeros((2,) * 5), "has 5 dimensions"),
            (np.float64(3.0), "has 0 dimensions"),
        ],
    )
    def test_what_is_no_table(self, tmp_path, array, reason):
        assert reason in refusal(tmp_path / "a.npy", npy(array))

    def test_no_pickle_is_run(self, tmp_path):
        class Program:
            def __reduce__(self):
                return Path.touch, (tmp_path / "was_here",)

        content = npy(np.array([1, 2], dtype=object))
        refusal(tmp_path / "a.npy", content[:128] + pickle.dumps(Program()))
        refusal(tmp_path / "b.npy", pickle.dumps(Program()))
        assert not (tmp_path / "was_here").exists()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is not an NPY file"),
            (b"PK\x03\x04 and so on", "is not an NPY file"),
            (claims(shape="(1000000000000000,)"), "more than 250,000,000"),
            (claims(shape="(4294967296, 4294967296)"), "more than 250,000,000"),
            (claims(shape="(" + "9" * 5000 + ",)"), "more than 250,000,000"),
            (claims(shape="(3, 20000)"), "20,000 numbers a row"),
            (claims(shape="(3, 3)"), "is cut short"),
            (claims(shape="(2, 2)"), "goes on"),
            (claims(shape="(-3, 2)"), "says no type, order or shape"),
            (claims(shape="__import__('os').getcwd()"), "says no type, order or shape"),
            (claims(shape="(" * 4000), "says no type, order or shape"),
            (claims(shape="(" + "1" * 9000 + "x,)"), "says no type, order or shape"),
            (claims(order="maybe"), "says no type, order or shape"),
            (claims(descr="'<f3'"), "unknown type '<f3'"),
            (claims(descr="'<U0'"), "unknown type"),
            (claims(descr="'|V8'"), "unknown type 'V'"),
            (claims(descr="'<U4'"), "is cut short"),
            (with_header(b"\xff\xfe\x00" * 9), "says no type"),
            (with_header("x" * 20_000), "has a header of 20,000 bytes"),
            (with_header("", version=2)[:8] + b"\xff" * 4, "has a header of 4,294,967,295 bytes"),
            (with_header("", version=9), "is not an NPY file"),
        ],
    )
    def test_a_hostile_header(self, tmp_path, content, reason):
        tracemalloc.start()
        assert reason in refusal(tmp_path / "a.npy", content)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()


class TestArchives:
    @pytest.fixture
    def path(self, tmp_path) -> Path:
        return tmp_path / "a.npz"

    @staticmethod
    def npz(**members: np.ndarray) -> bytes:
        file = io.BytesIO()
        np.savez_compressed(file, **members)
        return file.getvalue()

    @staticmethod
    def zipped(*members: tuple[str, bytes]) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as packed, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # two members of one name
            for name, content in members:
                packed.writestr(name, content)
        return file.getvalue()

    @pytest.mark.parametrize("names", [("X", "y"), ("x_train", "y_train"), ("data", "target")])
    def test_inputs_and_targets_belong_together(self, path, names):
        table = read(path, self.npz(other=X[:2], **dict(zip(names, (X, Y), strict=True))))
        assert table.names == ("x1", "x2", "y")
        assert table.column("y").values.tolist() == ["0", "1", "2", "1"]
        assert table.default_targets() == ("y",)

    def test_targets_that_do_not_count_classes_are_values(self, path):
        assert read(path, self.npz(X=X, y=Y * 10)).column("y").values.tolist() == [0.0, 10.0, 20.0, 10.0]
        assert read(path, self.npz(X=X, y=Y / 2)).column("y").kind is ColumnKind.NUMBER
        assert read(path, self.npz(X=X, y=Y.reshape(-1, 1))).column("y").kind is ColumnKind.TEXT
        assert read(path, self.npz(X=X, y=X)).names == ("x1", "x2", "y1", "y2")

    def test_targets_of_text_are_classes(self, path):
        assert read(path, self.npz(X=X, y=np.array(["a", "b", "a", "b"]))).column("y").kind is ColumnKind.TEXT

    def test_images_with_labels(self, path):
        table = read(path, self.npz(x_train=np.zeros((4, 3, 2), np.uint8), y_train=Y))
        assert (table.images.height, table.images.width) == (3, 2)
        assert table.names[-1] == "y"

    def test_the_first_array_or_the_chosen_one(self, path):
        content = self.npz(first=X, second=X[:, :1])
        assert read(path, content).names == ("x1", "x2")
        assert read(path, content, Reading(member="second")).names == ("x1",)
        assert "no array 'third'; its arrays are 'first', 'second'" in refusal(path, content, Reading(member="third"))

    def test_a_chosen_array_brings_its_targets(self, path):
        content = self.npz(x_train=X, y_train=Y, x_test=X[:3], y_test=Y[:3])
        table = read(path, content, Reading(member="x_test"))
        assert (table.rows, table.names[-1]) == (3, "y")

    def test_a_pair_of_different_lengths(self, path):
        assert "'X' has 4 rows and 'y' has 3" in refusal(path, self.npz(X=X, y=Y[:3]))

    @pytest.mark.parametrize("name", ["../x.npy", "/x.npy", "a/../../x.npy", "..\\x.npy"])
    def test_a_member_that_leads_outside(self, path, name):
        assert "leads outside" in refusal(path, self.zipped((name, npy(X))))

    def test_two_members_of_one_name(self, path):
        assert "two members named 'X.npy'" in refusal(path, self.zipped(("X.npy", npy(X)), ("X.npy", npy(X))))

    def test_a_member_without_a_name(self, path):
        content = self.zipped(("X", npy(X)))
        for mark, place, end in ((b"PK\x01\x02", 28, 46), (b"PK\x03\x04", 26, 30)):
            at = content.rindex(mark)
            content = content[: at + place] + b"\0\0" + content[at + place + 2 : at + end] + content[at + end + 1 :]
        end = content.rindex(b"PK\x05\x06")
        size, offset = end - content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x01\x02")
        content = content[: end + 12] + struct.pack("<2I", size, offset) + content[end + 20 :]
        assert "is damaged" in refusal(path, content)

    def test_no_arrays(self, path):
        assert "has no arrays" in refusal(path, self.zipped(("readme.txt", b"hello")))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", npy(X)])
    def test_no_archive(self, path, content):
        assert "is damaged, cut short or no .npz file" in refusal(path, content)

    def test_a_damaged_member(self, path):
        content = bytearray(self.zipped(("X.npy", npy(X))))
        content[content.index(b"\x93NUMPY") + 140] ^= 1
        assert "is damaged" in refusal(path, bytes(content))

    def test_an_archive_cut_short(self, path):
        assert "is damaged" in refusal(path, self.npz(X=X)[:-30])

    def test_a_bomb_is_refused_by_what_it_says_of_its_size(self, path, monkeypatch):
        monkeypatch.setattr("nnstudio.data.readers.npz._MOST_BYTES", 1_000_000)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("X.npy", bytes(2_000_000))
        monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
        assert "would unpack to 2 MB, more than 1 MB" in refusal(path, file.getvalue())

    def test_an_array_larger_than_its_member_takes_no_memory(self, path):
        tracemalloc.start()
        assert "array 'X' is cut short" in refusal(path, self.zipped(("X.npy", claims(shape="(20000000, 10)"))))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()

    def test_an_object_array_among_others_harms_nobody(self, path):
        content = self.npz(X=X, names=np.array([None], dtype=object))
        assert read(path, content).names == ("x1", "x2")
        assert "Python objects" in refusal(path, content, Reading(member="names"))
