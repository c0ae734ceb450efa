"""A folder of pictures becomes a table of images with their classes; one that is broken is named."""

import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.data import readers
from nnstudio.data.blocks import side_by_side
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import Task, prepare
from nnstudio.data.progress import Cancelled
from nnstudio.data.spec import RECOGNIZED, Colour, DataSpec, FileSource, Reading

GREY = np.array([[0, 50, 100], [150, 200, 250]], dtype=np.uint8)
COLOURED = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two classes of two grey pictures each."""
    for number, name in enumerate(("cat/a.png", "cat/b.bmp", "dog/a.png", "dog/b.webp")):
        place = tmp_path / "pets" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(GREY // (number + 1)).save(place, **({"lossless": True} if name.endswith("webp") else {}))
    return tmp_path / "pets"


def refusal(path: Path, reading: Reading = RECOGNIZED) -> str:
    with pytest.raises(DataError) as caught:
        readers.read(path, reading)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def numbers(table: Dataset) -> np.ndarray:
    return side_by_side([column.values for column in table.numeric_columns])


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is of this size, with hardly any pixels in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


class TestPictures:
    def test_each_becomes_a_row_and_its_folder_the_label(self, pets):
        table = readers.read(pets, Reading(colour=Colour.GREY))
        assert table.name == "pets"
        assert table.names == ("p1_1", "p1_2", "p1_3", "p2_1", "p2_2", "p2_3", "label")
        assert table.column("label").values.tolist() == ["cat", "cat", "dog", "dog"]
        assert np.array_equal(numbers(table), [GREY.reshape(-1) // number for number in (1, 2, 3, 4)])
        assert (table.images.height, table.images.width, table.images.channels) == (2, 3, 1)

    def test_they_are_learned_as_classes_without_another_word(self, pets):
        data = prepare(readers.read(pets), DataSpec(FileSource("pets")), 0)
        assert (data.task, data.classes) == (Task.CLASSES, ("cat", "dog"))

    def test_grey_ones_stay_grey_until_one_is_coloured(self, pets):
        (pets / "dog" / "b.webp").unlink()  # which knows no grey
        assert readers.read(pets).images.channels == 1
        Image.fromarray(COLOURED).save(pets / "dog" / "c.png")
        table = readers.read(pets)
        assert table.images.channels == 3
        assert np.array_equal(numbers(table)[-1], COLOURED.reshape(-1))
        assert table.names[:3] == ("p1_1_r", "p1_1_g", "p1_1_b")

    def test_they_are_brought_to_the_smallest_size_at_most_64(self, pets):
        Image.new("L", (2, 9)).save(pets / "dog" / "c.png")
        assert (readers.read(pets).images.height, readers.read(pets).images.width) == (2, 2)
        for path in pets.glob("*/*"):
            path.unlink()
        Image.new("L", (400, 200), 77).save(pets / "cat" / "a.jpg")
        table = readers.read(pets)
        assert (table.images.height, table.images.width) == (32, 64)
        assert set(numbers(table).ravel()) == {77.0}

    def test_or_to_the_chosen_size(self, pets):
        assert readers.read(pets, Reading(size=(4, 5))).images.width == 5
        assert "the chosen size" in refusal(pets, Reading(size=(0, 5)))
        assert "more than 16,384" in refusal(pets, Reading(size=(200, 200)))

    @pytest.mark.parametrize("ending", ["png", "bmp", "gif", "webp", "jpg", "jpeg"])
    def test_every_format(self, tmp_path, ending):
        (tmp_path / "a").mkdir()
        Image.new("RGB", (3, 2), (200, 100, 50)).save(tmp_path / "a" / f"x.{ending}")
        assert np.allclose(numbers(readers.read(tmp_path))[0], [200, 100, 50] * 6, atol=3)

    def test_what_is_transparent_shows_white(self, tmp_path):
        (tmp_path / "a").mkdir()
        Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(tmp_path / "a" / "x.png")
        assert numbers(readers.read(tmp_path)).tolist() == [[255.0] * 3]

    def test_sixteen_bits_become_eight(self, tmp_path):
        (tmp_path / "a").mkdir()
        Image.fromarray(np.array([[0, 256, 65535]], dtype=np.uint16)).save(tmp_path / "a" / "x.png")
        assert numbers(readers.read(tmp_path)).tolist() == [[0.0, 1.0, 255.0]]

    def test_a_photograph_stands_upright(self, tmp_path):
        (tmp_path / "a").mkdir()
        exif = Image.Exif()
        exif[0x0112] = 3  # upside down
        Image.fromarray(GREY).save(tmp_path / "a" / "x.png", exif=exif)
        assert numbers(readers.read(tmp_path)).tolist() == [GREY.reshape(-1)[::-1].tolist()]

    def test_a_folder_without_folders_has_no_labels(self, pets):
        table = readers.read(pets / "cat")
        assert (table.rows, "label" in table.names) == (2, False)


class TestBrokenPictures:
    @pytest.fixture
    def bad(self, pets) -> Path:
        return pets / "dog" / "bad.png"

    @pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (12_000, 10_000), (2**31 - 1, 2**31 - 1)])
    def test_a_huge_one_is_refused_by_its_header(self, pets, bad, width, height):
        bad.write_bytes(png_of(width, height))
        tracemalloc.start()
        assert "dog/bad.png has" in refusal(pets)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    def test_one_that_is_cut_short(self, pets, bad, share):
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3)).astype(np.uint8)).save(bad)
        bad.write_bytes(bad.read_bytes()[: int(bad.stat().st_size * share)])
        assert "dog/bad.png is damaged or cut short" in refusal(pets)

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"hello", png_of(30, 30)[:20], b"%!PS-Adobe\n"])
    def test_one_that_is_none(self, pets, bad, content):
        bad.write_bytes(content)
        assert "dog/bad.png is" in refusal(pets)

    def test_another_format_renamed(self, pets, bad):
        Image.fromarray(GREY).save(bad, format="JPEG")
        assert "dog/bad.png is a JPEG picture with a name for PNG" in refusal(pets)

    @pytest.mark.parametrize("ending", ["gif", "webp", "png"])
    def test_an_animated_one(self, pets, ending):
        frames = [Image.new("RGB", (3, 2), colour) for colour in ("red", "green", "blue")]
        frames[0].save(pets / "dog" / f"bad.{ending}", save_all=True, append_images=frames[1:])
        assert f"dog/bad.{ending} is animated, 3 pictures in one" in refusal(pets)


class TestStrangeFolders:
    def test_no_pictures(self, tmp_path):
        (tmp_path / "notes.txt").write_text("hello")
        assert "is a folder without pictures" in refusal(tmp_path)
        (tmp_path / "empty").mkdir()
        assert "is a folder without pictures" in refusal(tmp_path)

    def test_other_files_are_left_alone(self, pets):
        (pets / "cat" / "Thumbs.db").write_bytes(b"x")
        (pets / "cat" / "._a.png").write_bytes(b"x")
        (pets / "read me.txt").write_bytes(b"x")
        assert readers.read(pets).rows == 4

    def test_links_in_a_loop(self, pets):
        (pets / "cat" / "again").symlink_to(pets)
        (pets / "myself").symlink_to(pets / "myself")
        (pets / "dog" / "myself.png").symlink_to(pets / "dog" / "myself.png")
        assert "myself.png can't be read" in refusal(pets)
        (pets / "dog" / "myself.png").unlink()
        assert readers.read(pets).rows == 4

    def test_a_pipe_is_refused_before_anyone_waits_for_it(self, pets):
        os.mkfifo(pets / "dog" / "pipe.png")
        told = refusal(pets)
        assert told.endswith("pipe.png is not an ordinary file; take it out of the folder")
        assert "table" not in told

    def test_too_many_files_are_counted_no_further(self, pets, monkeypatch):
        monkeypatch.setattr("nnstudio.data.readers.picture_folder.MOST_FILES", 5)
        told = refusal(pets)
        assert told == "pets and its folders have more than 5 files and folders in them; open one with fewer pictures"

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            (b"two\nlines", "two\\nlines"),
            ("🐈‍⬛".encode(), "🐈‍⬛"),
            ("חתול".encode(), "חתול"),
            ("\u202egnp.tac".encode(), "\\u202egnp.tac"),
            (b"caf\xe9", "caf\\xe9"),
        ],
    )
    def test_names_of_any_kind(self, pets, name, label):
        folder = os.path.join(os.fsencode(pets), name)
        os.mkdir(folder)
        (pets / "dog" / "a.png").rename(os.fsdecode(os.path.join(folder, b"\xff" + name + b".png")))
        table = readers.read(pets)
        assert label in table.column("label").values.tolist()
        label.encode()
        Path(os.fsdecode(os.path.join(folder, name + b".png"))).write_bytes(b"no picture")
        assert label in refusal(pets)


def test_reading_tells_its_progress_and_can_be_cancelled(pets):
    shares: list[float] = []
    readers.read(pets, progress=shares.append)
    assert shares == sorted(shares)

    def cancel(share: float | None) -> None:
        if share is not None and share > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        readers.read(pets, progress=cancel)


def test_pillow_is_not_imported_before_a_picture_is_read():
    code = "import sys, nnstudio.data.readers; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
