"""From a file to text one can trust to be text, a piece at a time.

A file from anywhere may be missing, huge, a picture, or text in the encoding of another decade. It is never in memory
as a whole: it comes in small *pieces* of whole lines, and a line may not be longer than a bound.
"""

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from nnstudio.data import memory
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.encodings import SAVE_AS, Encoding, Witness, chosen, line_ends, marked
from nnstudio.data.readers.files import opened, size_of

LONGEST_LINE = 16_000_000
_PIECE = 1 << 18  # so small that NumPy finds it in the processor's cache at each of its operations
_WIDE = 64  # bytes, from which text in UTF-16 is known
_MB = 1_000_000

# The control characters that no text contains: all but tabs and the ends of lines and pages.
_FORBIDDEN = bytes([*range(9), *range(14, 32), 127])


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text in a file. `encoding` is None while it is left to its bytes; its first `mark` bytes are no part of it, nor
    the lines `above`."""

    path: Path
    encoding: Encoding | None
    mark: int
    above: int = 0

    @property
    def name(self) -> str:
        return self.path.name

    def below(self, lines: Sequence[bytes]) -> "TextFile":
        """The text without these first lines, as they come in its pieces."""
        left = b"".join(lines)
        if self.encoding is not None and self.encoding.translated:
            left = left.decode().encode(self.encoding.name)
        return replace(self, mark=self.mark + len(left), above=self.above + len(lines))

    def pieces(self, progress: Progress = silent) -> Iterator[bytes]:
        """The text in pieces of whole lines; the last line may lack its end. What is in an encoding that is not a
        superset of ASCII comes as UTF-8."""
        with opened(self.path) as file:
            size = max(size_of(file), 1)
            file.seek(self.mark)
            yield from self._whole_lines(self._chunks(file, lambda read: progress(min(read / size, 1.0))))
            if file.tell() < size:
                raise changed(self.name)

    def head(self, most: int) -> tuple[bytes, bool]:
        """About the first `most` bytes, in whole lines and not less than one line, and whether that is all."""
        taken: list[bytes] = []
        pieces = self.pieces()
        while sum(map(len, taken)) <= most:
            piece = next(pieces, None)
            if piece is None:
                return b"".join(taken), True
            taken.append(piece)
        head = b"".join(taken)
        end = head.find(b"\n", most) + 1
        return head[: end or len(head)], False

    def _chunks(self, file: BinaryIO, told: Callable[[int], None]) -> Iterator[bytes]:
        if self.encoding is None or not self.encoding.translated:
            yield from _bytes(file, told)
            return
        decoder = codecs.getincrementaldecoder(self.encoding.name)()
        try:
            for chunk in _bytes(file, told):
                yield decoder.decode(chunk).encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError:
            raise DataError(
                f"{self.name} is not proper {self.encoding.name.upper()} text; {SAVE_AS}, or choose its encoding"
            ) from None

    def _whole_lines(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        rest, number = b"", 0
        for chunk in chunks:
            text = rest + chunk
            end = _end_of_last_line(text)
            rest = text[end:]
            if len(rest) > LONGEST_LINE:
                raise self._too_long(rest, number)
            if end:
                number += 1
                yield text[:end]
        if rest:
            yield rest

    def _too_long(self, text: bytes, before: int) -> DataError:
        """That the line which begins like this, after so many pieces, is too long to be one."""
        line = 1 + self.above + sum(map(line_ends, islice(self.pieces(), before)))
        place = first_control_character(text)
        if place is not None:
            return not_text(self.name, f"line {line}, character {place + 1:,}", text[place])
        return DataError(
            f"{self.name}, line {line}: the line is longer than {LONGEST_LINE // _MB} MB, which no table's is; "
            "is it the right file, and does each row end with a line end?"
        )


def open_text(path: Path, encoding: str | None = None) -> TextFile:
    """The text in the file at `path`, in the encoding of its mark, the one named, or else one still to be found."""
    with opened(path) as file:
        size = size_of(file)
        beginning = file.read(_WIDE)
    mark, found = marked(beginning)
    # A number takes 8 bytes in memory and seldom more than 24 in a file.
    if size / 3 > memory.available():
        raise DataError(
            f"{path.name} has {size / _MB:,.0f} MB, more than there is memory for; "
            f"take a part of it, such as its first lines: head -n 100000 {path.name} > part.csv"
        )
    if size == mark:
        raise empty(path.name)
    if encoding is None:
        if found is None:
            _refuse_utf_16(path.name, beginning)
        return TextFile(path, found, mark)
    wanted = chosen(encoding)
    return TextFile(path, wanted, mark if found and found.name == wanted.name else 0)


def _refuse_utf_16(name: str, beginning: bytes) -> None:
    """Every other byte of Western text in UTF-16 is NUL. Without a mark it is not taken for that, but this is said."""
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if len(beginning) > 1 and not any(beginning[first::2]) and all(beginning[1 - first :: 2]):
            raise DataError(
                f"{name} seems to be UTF-16 text without a mark; choose the encoding {encoding}, or {SAVE_AS}"
            )


def settled(text: TextFile, progress: Progress = silent) -> Encoding:
    """The encoding of a text, all of which is looked at for it; a DataError says what in it is no text."""
    witness, line = Witness(), 1
    for piece in text.pieces(progress):
        place = first_control_character(piece)
        if place is not None:
            raise not_text(text.name, f"line {line + line_ends(piece[:place])}", piece[place])
        witness.see(piece, line)
        line += line_ends(piece)
    if text.encoding is None:
        return witness.verdict(text.name)
    if not text.encoding.translated:
        witness.confirm(text.encoding, text.name)
    return text.encoding


def _bytes(file: BinaryIO, told: Callable[[int], None]) -> Iterator[bytes]:
    """The bytes of a file; it is told how many of them are read. To ask the system for that would take far longer."""
    read = 0
    while chunk := file.read(_PIECE):
        read += len(chunk)
        told(read)
        yield chunk


def changed(name: str) -> DataError:
    return DataError(f"{name} changed while it was read; open it again")


def empty(name: str) -> DataError:
    return DataError(f"{name} is empty; it needs a line of column names and at least one row")


def not_text(name: str, place: str, byte: int) -> DataError:
    """That a file holds what no text does."""
    what = "a NUL byte" if byte == 0 else f"a control character (0x{byte:02x})"
    return DataError(f"{name} is not a text file: {place} holds {what}; {SAVE_AS}")


def first_control_character(text: bytes) -> int | None:
    """Where the first byte is that no text contains."""
    codes = np.frombuffer(text, dtype=np.uint8)
    # In unsigned bytes all that is below 14 is far above 17.
    if not len(codes) or (codes.min() > 8 and (codes - 14).min() > 17 and b"\x7f" not in text):
        return None
    return min(place for code in _FORBIDDEN if (place := text.find(code)) >= 0)


def _end_of_last_line(text: bytes) -> int:
    """Where the last whole line of this text ends. A return at the very end may be half of a line end."""
    return text.rfind(b"\n") + 1 or text.rfind(b"\r", 0, len(text) - 1) + 1
