"""From a file to text one can trust to be text.

A file from anywhere may be missing, huge, a picture, or text in the encoding of another decade. What is not clearly
text is refused, because a wrongly guessed encoding does not fail: it turns names into garbage that looks like data.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.readers.files import opened, size_of

LARGEST_FILE = 200_000_000
_MB = 1_000_000

# What no text contains: the control characters other than tab, line feed, vertical tab, form feed and return.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "save it as UTF-8 text (CSV UTF-8)"


@dataclass(frozen=True, slots=True, eq=False)
class TextFile:
    """The bytes of a text file without a byte-order mark, known to decode in `encoding`."""

    path: Path
    raw: bytes
    encoding: str

    def lines(self) -> io.TextIOWrapper:
        """The text as a stream with its line ends as they are. Decoded piece by piece: a large file is never twice
        in memory."""
        return io.TextIOWrapper(io.BytesIO(self.raw), encoding=self.encoding, newline="")


def read_text(path: Path) -> TextFile:
    """The file at `path` as text: UTF-8 with or without a mark, else Western European (Windows-1252)."""
    raw = _read_bytes(path)
    if not raw.removeprefix(_UTF8_MARK).strip():
        raise DataError(f"{path.name} is empty; it needs a line of column names and at least one row")
    if raw.startswith(_UTF16_MARKS):
        raise DataError(f"{path.name} is text in UTF-16; {_SAVE_AS}")
    control = _CONTROL.search(raw)
    if control is not None:
        what = "a NUL byte" if control.group() == b"\0" else f"a control character (0x{control.group()[0]:02x})"
        raise DataError(f"{path.name} is not a text file: line {_line(raw, control.start())} holds {what}; {_SAVE_AS}")
    if raw.startswith(_UTF8_MARK):
        raw = raw[len(_UTF8_MARK) :]
    return TextFile(path, raw, _encoding(path, raw))


def _read_bytes(path: Path) -> bytes:
    with opened(path) as file:
        size = size_of(file)
        if size > LARGEST_FILE:
            raise DataError(
                f"{path.name} has {size / _MB:,.0f} MB, more than {LARGEST_FILE // _MB} MB; "
                f"take a part of it, such as its first lines: head -n 100000 {path.name} > part.csv"
            )
        return file.read()


def _encoding(path: Path, raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # Text in an older encoding has hardly ever a run of bytes that happens to be UTF-8; damaged UTF-8 has many.
        damaged = any(ord(character) > 127 for character in set(raw.decode("utf-8", errors="ignore")))
        if not damaged and _decodes(raw, "cp1252"):
            return "cp1252"
        byte, line = raw[error.start], _line(raw, error.start)
        raise DataError(
            f"{path.name} is not proper UTF-8 text: line {line} holds the byte 0x{byte:02x}; {_SAVE_AS}"
        ) from None
    return "utf-8"


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _line(raw: bytes, position: int) -> int:
    before = raw[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
