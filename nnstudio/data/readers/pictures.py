"""One picture file as an array of pixels: PNG, JPEG, BMP, GIF or WebP, read by Pillow.

A picture is judged by its header before its pixels are unpacked: a file of a few kilobytes can hold a billion of them.
What is transparent lies on white. Sizes here are (height, width), as those of arrays are.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError
from nnstudio.data.readers.files import opened
from nnstudio.data.spec import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP", ".gif": "GIF", ".webp": "WEBP"}
MOST_PIXELS = 50_000_000

Size = tuple[int, int]

_SEVERAL_IN_ONE = "MPO"  # a JPEG with a second picture, such as a preview or the other eye's
_GREY = frozenset({"1", "L", "LA", "I", "I;16", "I;16B", "I;16L"})
_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L"})
_FLAWS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


def size_and_colour(path: Path) -> tuple[Size, Colour]:
    """What a picture's header says of it; a DataError says why it can't be used."""
    with _opened_picture(path) as picture:
        return (picture.height, picture.width), Colour.GREY if picture.mode in _GREY else Colour.RGB


def pixels(path: Path, size: Size, colour: Colour) -> NDArray[np.uint8]:
    """The pixels of a picture brought to a size: height × width, or that × 3."""
    from PIL import Image, ImageOps

    height, width = size
    with _opened_picture(path) as picture:
        picture.draft(None, (width, height))  # a large JPEG is unpacked smaller
        upright = ImageOps.exif_transpose(_in_colour(picture, colour))
        if upright.size != (width, height):
            upright = upright.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(upright)


@contextmanager
def _opened_picture(path: Path) -> Iterator["Image"]:
    """The picture in a file, of which the header is read; whatever is wrong with it becomes a DataError."""
    from PIL import Image, UnidentifiedImageError  # here, not above: most runs never read a picture

    # Pillow warns of more pixels than we take, and only to someone who reads a terminal.
    warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
    wanted = FORMATS[path.suffix.casefold()]
    with opened(path, "take it out of the folder") as file:
        try:
            with Image.open(file, formats=sorted(set(FORMATS.values()))) as picture:
                _refuse_unfit(path, picture, wanted)
                yield picture
        except DataError:
            raise
        except Image.DecompressionBombError:
            raise _too_large(path, "far") from None
        except UnidentifiedImageError:
            raise DataError(
                f"{_place(path)} is no {wanted} picture, whatever its name says, or damaged; replace it or take it out"
            ) from None
        except _FLAWS as error:
            raise DataError(
                f"{_place(path)} is damaged or cut short ({str(error)[:80]}); replace it or take it out"
            ) from None


def _refuse_unfit(path: Path, picture: "Image", wanted: str) -> None:
    found = "JPEG" if picture.format == _SEVERAL_IN_ONE else str(picture.format)
    if found != wanted:
        raise DataError(f"{_place(path)} is a {found} picture with a name for {wanted}; give it its proper ending")
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large(path, f"{picture.width:,} × {picture.height:,} pixels,")
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format != _SEVERAL_IN_ONE:
        raise DataError(f"{_place(path)} is animated, {frames:,} pictures in one; save one of them, or take it out")


def _too_large(path: Path, how: str) -> DataError:
    return DataError(f"{_place(path)} has {how} more than {MOST_PIXELS:,} pixels; save it smaller, or take it out")


def _in_colour(picture: "Image", colour: Colour) -> "Image":
    """The picture with 8 bits a pixel, or 3 × 8; what is transparent shows white."""
    from PIL import Image

    mode = "L" if colour is Colour.GREY else "RGB"
    if picture.mode in _DEEP:
        shallow = np.clip(np.asarray(picture).astype(np.int64) >> 8, 0, 255).astype(np.uint8)
        return Image.fromarray(shallow).convert(mode)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert(mode)
    return picture.convert(mode)


def _place(path: Path) -> str:
    """A picture by its folder, which is its class, and its name."""
    return f"{path.parent.name}/{path.name}"
