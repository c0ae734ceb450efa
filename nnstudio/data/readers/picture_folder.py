"""A folder of pictures, one folder within it for each class: the oldest format of all, and the one people have.

Every picture becomes a row of pixels and its folder's name the label. All are brought to one size: the smallest height
and width there are, so that none is blown up, and at most 64 × 64. A folder that has pictures but no folders of them is
a table without labels.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

import numpy as np
from msgspec import structs

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import Preview
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.array_preview import preview_of, rows_for
from nnstudio.data.readers.blocks import block_columns, pixel_shape, refuse_unfit
from nnstudio.data.readers.files import shown
from nnstudio.data.readers.pictures import FORMATS, Size, pixels, size_and_colour
from nnstudio.data.spec import RECOGNIZED, Colour, Reading

LABEL = "label"
MOST_FILES = 250_000

_LONGEST_SIDE = 64
_MEASURED = 0.3  # of the time that reading takes
_BETWEEN = 20
_LOOKED_AT = 200


def read_folder(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The pictures in a folder as a table; a DataError names the picture that can't be read."""
    found = pictures_in(path)
    return table_of(
        found, recognized(found, reading, between(progress, 0.0, _MEASURED)), between(progress, _MEASURED, 1.0)
    )


def preview_folder(path: Path, reading: Reading) -> Preview:
    """The preview of a folder: of some pictures from everywhere in it, so that every class shows."""
    found = pictures_in(path)
    size, colour = recognized(found.sampled(_LOOKED_AT), reading)
    most = rows_for(size[0] * size[1] * (1 if colour is Colour.GREY else 3))
    ground = "it suits all" if len(found.pictures) <= _LOOKED_AT else f"it suits {_LOOKED_AT} of the pictures"
    return preview_of(
        path,
        table_of(found.sampled(most), (size, colour)),
        structs.replace(reading, size=size, colour=colour),
        len(found.pictures) <= most,
        {
            "size": "it was chosen" if reading.size else ground,
            "colour": "it was chosen" if reading.colour else ground,
        },
        {"colour": tuple(Colour)},
    )


@dataclass(frozen=True, slots=True)
class PictureFolder:
    """The pictures of a folder in their order, by their paths, and the class of each; no classes where there are no
    folders. (To make a Path of each takes a second, which a look at a few of them need not.)"""

    path: Path
    pictures: tuple[str, ...]
    classes: tuple[str, ...] | None

    def sampled(self, most: int) -> "PictureFolder":
        """So many of them from everywhere in it, in their order."""
        step = -(-len(self.pictures) // most)
        return PictureFolder(self.path, self.pictures[::step], None if self.classes is None else self.classes[::step])


def pictures_in(path: Path) -> PictureFolder:
    """The pictures in a folder, without opening any; a DataError says that there are none, or too many."""
    entries = _Entries(path)
    inside = list(entries.of(path))
    folders = sorted(Path(entry.path) for entry in inside if _is_folder(entry))
    by_folder = [(folder, sorted(_pictures(entries.of(folder)))) for folder in folders]
    pictures = tuple(picture for _, found in by_folder for picture in found)
    if pictures:
        return PictureFolder(path, pictures, _classes(by_folder))
    alone = tuple(sorted(_pictures(iter(inside))))
    if not alone:
        raise DataError(
            f"{path.name} is a folder without pictures ({', '.join(FORMATS)}); choose a file, or a folder that has one "
            "folder for each class, and the pictures of the class in it"
        )
    return PictureFolder(path, alone, None)


def _classes(by_folder: list[tuple[Path, list[str]]]) -> tuple[str, ...]:
    named = ((shown(folder.name), len(found)) for folder, found in by_folder)
    return tuple(chain.from_iterable(repeat(name, count) for name, count in named))


def recognized(folder: PictureFolder, reading: Reading, progress: Progress = silent) -> tuple[Size, Colour]:
    """The size and the colour to bring the pictures to: those chosen, else what suits all."""
    if reading.size is not None and reading.colour is not None:
        return reading.size, reading.colour
    sizes: list[Size] = []
    colours: set[Colour] = set()
    for number, picture in enumerate(folder.pictures):
        if number % _BETWEEN == 0:
            progress(number / len(folder.pictures))
        size, colour = size_and_colour(Path(picture))
        sizes.append(size)
        colours.add(colour)
    chosen = Colour.RGB if Colour.RGB in colours else Colour.GREY
    return reading.size or _common_size(sizes), reading.colour or chosen


def table_of(folder: PictureFolder, brought_to: tuple[Size, Colour], progress: Progress = silent) -> Dataset:
    """The pictures, brought to a size and colour, as one block of numbers from 0 to 255."""
    (height, width), colour = brought_to
    channels = 1 if colour is Colour.GREY else 3
    if min(height, width) < 1:
        raise DataError(f"the chosen size of pictures is {height} × {width}; choose at least 1 × 1, such as 28 × 28")
    what = f"{folder.path.name} with pictures of {height} × {width} pixels"
    refuse_unfit(what, (len(folder.pictures), height, width, channels))
    block = np.empty((len(folder.pictures), height * width * channels))
    for number, picture in enumerate(folder.pictures):
        if number % _BETWEEN == 0:
            progress(number / len(folder.pictures))
        block[number] = pixels(Path(picture), (height, width), colour).reshape(-1)
    shape = pixel_shape(height, width, channels)
    columns = block_columns(shape.columns, block)
    if folder.classes is not None:
        labels = np.array([*folder.classes, None], dtype=object)[:-1]
        columns = (*columns, Column(LABEL, ColumnKind.TEXT, labels))
    return Dataset(folder.path.name, columns, source=folder.path.name, images=shape)


def _common_size(sizes: list[Size]) -> Size:
    height, width = (min(lengths) for lengths in zip(*sizes, strict=True))
    shrink = min(1.0, _LONGEST_SIDE / max(height, width))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


class _Entries:
    """What is in a folder and those in it, as long as it is not too much in all."""

    def __init__(self, whole: Path) -> None:
        self._whole = whole
        self._left = MOST_FILES

    def of(self, folder: Path) -> Iterator["os.DirEntry[str]"]:
        try:
            with os.scandir(folder) as entries:
                for entry in islice(entries, self._left + 1):
                    self._left -= 1
                    if self._left < 0:
                        raise self._too_many()
                    yield entry
        except OSError as error:
            raise DataError(f"{folder} can't be read: {error.strerror or error}; check its permissions") from None

    def _too_many(self) -> DataError:
        return DataError(
            f"{self._whole.name} and its folders have more than {MOST_FILES:,} files and folders in them; "
            "open one with fewer pictures"
        )


def _pictures(entries: "Iterator[os.DirEntry[str]]") -> Iterator[str]:
    """The paths of those that are named as pictures are; hidden ones are some system's own."""
    for entry in entries:
        ending = os.path.splitext(entry.name)[1]
        if ending.casefold() in FORMATS and not entry.name.startswith(".") and not _is_folder(entry):
            yield entry.path


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False
