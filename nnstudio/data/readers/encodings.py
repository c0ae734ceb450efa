"""In which encoding a text is: what its bytes say about it, and what can be chosen where they say too little.

A mark at the beginning settles it. Without one, bytes that are proper UTF-8 throughout are UTF-8: text in an older
encoding has hardly ever a run of bytes that happens to be. Else it is Western European (Windows-1252), unless some of
it is proper UTF-8: then it is UTF-8 that was damaged, and refused. A wrongly guessed encoding does not fail; it turns
names into garbage that looks like data. So what was guessed is said, with its grounds, and can be chosen instead.
"""

import codecs
import re
from dataclasses import dataclass, field

from nnstudio.data.errors import DataError

ENCODINGS: dict[str, str] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western European (Windows-1252)",
    "latin-1": "Western European (ISO 8859-1)",
    "iso8859-15": "Western European (ISO 8859-15)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "mac-roman": "Western European (Macintosh)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc-kr": "Korean (EUC-KR)",
}
"""What can be chosen, by its name in an experiment's file, and what it is called."""

SAVE_AS = "save it as UTF-8 text (CSV UTF-8)"

# In these an ASCII character may be a part of another one, so they are turned into UTF-8 before anything else.
_TRANSLATED = frozenset({"utf-16-le", "utf-16-be", "shift_jis", "gb18030", "big5", "euc-kr"})
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_WESTERN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text, and why it is taken for that."""

    name: str
    grounds: str

    @property
    def translated(self) -> bool:
        """Whether the text is read as UTF-8 made of its bytes, rather than its bytes themselves."""
        return self.name in _TRANSLATED

    @property
    def of_pieces(self) -> str:
        """The encoding of what is read."""
        return "utf-8" if self.translated else self.name


def marked(beginning: bytes) -> tuple[int, Encoding | None]:
    """How long the mark is that a text begins with, and the encoding it stands for."""
    for mark, name in _MARKS:
        if beginning.startswith(mark):
            return len(mark), Encoding(name, f"it begins with the mark of {name.upper()}")
    return 0, None


def chosen(name: str) -> Encoding:
    """The encoding of that name; a DataError says which there are."""
    try:
        proper = codecs.lookup(name).name
    except LookupError:
        proper = ""
    for known in ENCODINGS:
        if codecs.lookup(known).name == proper:
            return Encoding(known, "it was chosen")
    raise DataError(f"'{name}' is no encoding that can be read; choose one of {', '.join(ENCODINGS)}")


@dataclass(slots=True)
class Witness:
    """What the bytes seen so far say about their encoding. They come in pieces of whole lines."""

    _unicode: bool = False
    _western: bool = True
    _first_strange: tuple[int, int] | None = field(default=None)

    def see(self, piece: bytes, line: int) -> None:
        """More bytes, which begin on this line (from 1)."""
        if piece.isascii():
            return
        self._western = self._western and _NOT_WESTERN.search(piece) is None
        try:
            piece.decode("utf-8")
            self._unicode = True
        except UnicodeDecodeError as error:
            if self._first_strange is None:
                self._first_strange = (piece[error.start], line + line_ends(piece[: error.start]))
            self._unicode = self._unicode or not piece.decode("utf-8", errors="ignore").isascii()

    def verdict(self, name: str) -> Encoding:
        """The encoding of all that was seen, of the text called `name`; a DataError says what none of them explains."""
        if self._first_strange is None:
            said = (
                "all of it is proper UTF-8" if self._unicode else "all of it is ASCII, the same in nearly any encoding"
            )
            return Encoding("utf-8", said)
        byte, line = self._first_strange
        if self._unicode or not self._western:
            raise _improper(name, byte, line)
        return Encoding(
            "cp1252",
            f"the byte 0x{byte:02x} in line {line:,} is no UTF-8, and Western European is the most usual of the others",
        )

    def confirm(self, encoding: Encoding, name: str) -> None:
        """A DataError says that the bytes seen are not in this encoding."""
        if encoding.name == "utf-8" and self._first_strange is not None:
            raise _improper(name, *self._first_strange)
        if encoding.name == "cp1252" and not self._western:
            raise DataError(f"{name} holds bytes that Windows-1252 does not have; choose another encoding")


def line_ends(text: bytes) -> int:
    """How many lines end in this text."""
    returns = text.count(b"\r")
    return text.count(b"\n") + (returns - text.count(b"\r\n") if returns else 0)


def _improper(name: str, byte: int, line: int) -> DataError:
    return DataError(
        f"{name} is not proper UTF-8 text: line {line} holds the byte 0x{byte:02x}; {SAVE_AS}, or choose its encoding"
    )
