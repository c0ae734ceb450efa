"""The files of MNIST, as they are distributed, become a table of images; a broken one says what is wrong with it."""

import gzip
import struct
import tracemalloc
from math import prod
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data import readers
from nnstudio.data.blocks import side_by_side
from nnstudio.data.dataset import ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import Task, prepare
from nnstudio.data.progress import Cancelled
from nnstudio.data.spec import DataSpec, FileSource, Reading

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
PIXELS = np.random.default_rng(0).integers(0, 256, (12, 3, 2)).astype(np.uint8)
DIGITS = np.arange(12, dtype=np.uint8) % 4
MAGICS = {"|u1": 0x08, "|i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx(array: np.ndarray, shape: tuple[int, ...] | None = None) -> bytes:
    """An array as an IDX file; `shape` is what the header says if that is not the truth."""
    shape = shape or array.shape
    header = bytes([0, 0, MAGICS[array.dtype.str], len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    return header + array.tobytes()


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """The file of images, beside that of their labels."""
    (tmp_path / IMAGES).write_bytes(idx(PIXELS))
    (tmp_path / LABELS).write_bytes(idx(DIGITS))
    return tmp_path / IMAGES


def refusal(path: Path, content: bytes, reading: Reading = Reading()) -> str:  # noqa: B008
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        readers.read(path, reading)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def pixels_of(table: Dataset) -> np.ndarray:
    return side_by_side([column.values for column in table.numeric_columns])


class TestAPair:
    @pytest.mark.parametrize("opened", [IMAGES, LABELS])
    def test_opening_either_finds_the_other(self, pair, opened):
        table = readers.read(pair.with_name(opened))
        assert table.names == ("p1_1", "p1_2", "p2_1", "p2_2", "p3_1", "p3_2", "label")
        assert np.array_equal(pixels_of(table), PIXELS.reshape(12, 6))
        assert table.column("label").values.tolist() == [str(digit) for digit in DIGITS]

    def test_it_is_known_as_images(self, pair):
        images = readers.read(pair).images
        assert (images.height, images.width, images.channels) == (3, 2, 1)
        assert images.columns == readers.read(pair).names[:-1]

    @pytest.mark.parametrize(
        "names", [(IMAGES + ".gz", LABELS), ("t10k-images.idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz")]
    )
    def test_packed_by_gzip(self, tmp_path, names):
        for name, array in zip(names, (PIXELS, DIGITS), strict=True):
            content = idx(array)
            (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        table = readers.read(tmp_path / names[0])
        assert np.array_equal(pixels_of(table), PIXELS.reshape(12, 6))
        assert table.name == names[0].split(".")[0].removesuffix("-idx3-ubyte")
        assert table.names[-1] == "label"

    def test_labels_from_elsewhere(self, pair, tmp_path):
        (tmp_path / "mine.idx").write_bytes(idx(1 - DIGITS % 2))
        table = readers.read(pair, Reading(labels=str(tmp_path / "mine.idx")))
        assert table.column("label").values.tolist()[:3] == ["1", "0", "1"]

    def test_it_is_learned_as_classes_without_another_word(self, pair):
        data = prepare(readers.read(pair), DataSpec(FileSource(IMAGES)), 0)
        assert data.task is Task.CLASSES
        assert data.classes == ("0", "1", "2", "3")
        assert np.array_equal(data.train.X, PIXELS.reshape(12, 6))

    def test_counts_that_differ(self, pair):
        message = refusal(pair.with_name(LABELS), idx(DIGITS[:-1]))
        assert "has 12 images and train-labels-idx1-ubyte has 11 labels" in message

    def test_images_in_place_of_labels(self, pair):
        assert "not one label an image" in refusal(pair.with_name(LABELS), idx(PIXELS))


class TestOtherArrays:
    def test_images_alone(self, tmp_path):
        (tmp_path / "digits.idx").write_bytes(idx(PIXELS))
        assert readers.read(tmp_path / "digits.idx").names[-1] == "p3_2"

    def test_images_in_colour(self, tmp_path):
        (tmp_path / "a.idx").write_bytes(idx(PIXELS.reshape(2, 2, 6, 3)[:, :, :2]))
        table = readers.read(tmp_path / "a.idx")
        assert table.names[:4] == ("p1_1_r", "p1_1_g", "p1_1_b", "p1_2_r")
        assert (table.images.height, table.images.width, table.images.channels) == (2, 2, 3)

    @pytest.mark.parametrize("dtype", ["|i1", ">i2", ">i4", ">f4", ">f8"])
    def test_numbers_of_any_type(self, tmp_path, dtype):
        values = np.array([[1, -2], [3, 100]], dtype=dtype)
        (tmp_path / "a.idx").write_bytes(idx(values))
        table = readers.read(tmp_path / "a.idx")
        assert table.names == ("x1", "x2")
        assert table.images is None
        assert np.array_equal(pixels_of(table), values)

    def test_labels_that_are_no_integers_are_values(self, tmp_path):
        (tmp_path / "y.idx").write_bytes(idx(np.array([0.5, 1.5], dtype=">f4")))
        assert readers.read(tmp_path / "y.idx").column("label").kind is ColumnKind.NUMBER

    def test_a_number_that_is_not_finite_is_located(self, tmp_path):
        (tmp_path / "a.idx").write_bytes(idx(np.array([[1, 2], [3, np.inf]], dtype=">f8")))
        table = readers.read(tmp_path / "a.idx")
        assert table.column("x1").problem is None
        assert table.column("x2").problem.startswith("row 2, column 'x2': 'inf' is not a finite number; ")


class TestRefusals:
    @pytest.mark.parametrize(
        "content", [b"", b"\0\0\x08", b"\x89PNG\r\n", b"\0\0\x07\x01\0\0\0\x01\0", b"\0\0\x08\x05" + bytes(30)]
    )
    def test_a_wrong_magic(self, tmp_path, content):
        assert "a.idx is not an IDX file" in refusal(tmp_path / "a.idx", content)

    def test_a_header_cut_short(self, tmp_path):
        assert "cut short within its header" in refusal(tmp_path / "a.idx", idx(PIXELS)[:10])

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_numbers_cut_short(self, tmp_path, pack):
        assert "it says it has 12 × 3 × 2 numbers" in refusal(tmp_path / "a.idx.gz", pack(idx(PIXELS)[:-1]))

    def test_a_packed_file_cut_short(self, tmp_path):
        noise = np.random.default_rng(0).integers(0, 256, (1000, 20, 20)).astype(np.uint8)
        assert "cut short" in refusal(tmp_path / "a.idx.gz", gzip.compress(idx(noise))[:-1000])

    def test_a_damaged_packed_file(self, tmp_path):
        packed = bytearray(gzip.compress(idx(PIXELS)))
        packed[-6] ^= 1  # its checksum
        assert "damaged" in refusal(tmp_path / "a.idx.gz", bytes(packed))

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_more_than_it_says(self, tmp_path, pack):
        assert "goes on after the 12 × 3 × 2 numbers" in refusal(tmp_path / "a.idx.gz", pack(idx(PIXELS) + b"x"))

    @pytest.mark.parametrize(
        ("shape", "reason"),
        [
            ((2**32 - 1, 2**32 - 1, 2**32 - 1), "more than 250,000,000"),
            ((2**31, 2, 2**31), "more than 250,000,000"),  # overflows to 0 in 64 bits
            ((2, 1000, 1000), "1,000,000 numbers a row"),
            ((0, 28, 28), "is empty"),
            ((3, 0, 28), "is empty"),
            ((200_000, 28, 28), "cut short"),
        ],
    )
    def test_dimensions_are_judged_before_memory_is_taken(self, tmp_path, shape, reason):
        tracemalloc.start()
        assert reason in refusal(tmp_path / "a.idx", idx(PIXELS, shape))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()

    def test_a_bomb_is_unpacked_no_further_than_it_says(self, tmp_path):
        bomb = gzip.compress(idx(PIXELS) + bytes(200_000_000), compresslevel=1)
        tracemalloc.start()
        assert "goes on after" in refusal(tmp_path / "a.idx.gz", bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(bomb)
        tracemalloc.stop()


def test_reading_says_how_far_it_is_and_can_be_cancelled(pair):
    shares: list[float | None] = []
    readers.read(pair, progress=shares.append)
    assert shares == [0.0]

    def cancel(_: float | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        readers.read(pair, progress=cancel)


def test_a_large_table_is_in_memory_once_and_a_half(tmp_path):
    shape = (4_000, 28, 28)
    (tmp_path / "a.idx").write_bytes(idx(np.zeros(shape, dtype=np.uint8)))
    tracemalloc.start()
    table = readers.read(tmp_path / "a.idx")
    assert tracemalloc.get_traced_memory()[1] < 1.5 * 8 * prod(shape)
    tracemalloc.stop()
    assert side_by_side([column.values for column in table.columns]).base is not None
