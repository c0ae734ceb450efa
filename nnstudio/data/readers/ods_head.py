"""The beginning of an .ods file as a file of its own: so that a large one can be looked at in an instant.

There one part has all sheets. It is unpacked to its end, for the names of the sheets, but each is cut after its first
rows; whoever reads the rest would take a hundred times as long.
"""

import html
import io
import re
import zipfile
from dataclasses import dataclass, field

from nnstudio.data.readers.archives import Archive

_CONTENT = "content.xml"
_TAKEN_OVER = ("mimetype", "META-INF/manifest.xml")
_BYTES_A_SHEET = 1_000_000
_BYTES_IN_ALL = 3_000_000
_SHEET, _SHEET_END = b"<table:table ", b"</table:table>"
_ROW, _ROW_END = b"<table:table-row", b"</table:table-row>"
_AROUND_ROWS = (b"table:table-row-group", b"table:table-rows", b"table:table-header-rows")
_NAME = re.compile(rb"""\stable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def head_of_ods(packed: Archive, chosen: str | None) -> tuple[io.BytesIO, frozenset[str]] | None:
    """An .ods file with the first rows of the chosen sheet, or of the first sheets until that is much, the others being
    blank; and the names of the sheets that have more. None where it is written in a way that cannot be cut."""
    head = _Head(chosen)
    for piece in packed.pieces(_CONTENT) if _CONTENT in packed.sizes else ():
        head.take(piece)
        if not head.proper:
            break
    if not head.ended():
        return None
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as beginning:
        for part in _TAKEN_OVER:
            if part in packed.sizes:
                beginning.writestr(part, b"".join(packed.pieces(part)))
        beginning.writestr(_CONTENT, bytes(head.kept))
    return file, frozenset(head.cut)


@dataclass(slots=True)
class _Head:
    """What is kept of the part. `sheet` is the one that goes on, which begins at `begin`; no more of it is taken once
    it is `full`. `proper` says that all was as it is usually written."""

    chosen: str | None
    kept: bytearray = field(default_factory=bytearray)
    cut: set[str] = field(default_factory=set)
    sheet: str | None = None
    begin: int = 0
    full: bool = False
    proper: bool = True
    _rest: bytes = b""

    def take(self, piece: bytes) -> None:
        """More of the part, as far as its tags are whole."""
        text = self._rest + piece
        end = max(text.rfind(b"<"), 0)
        self._rest = text[end:]
        self.proper = self.proper and len(self._rest) < _BYTES_IN_ALL
        self._follow(text[:end])

    def ended(self) -> bool:
        """Take what is left; whether it can be used."""
        self._follow(self._rest)
        return self.proper and self.sheet is None and bool(self.kept)

    def _follow(self, text: bytes) -> None:
        place = 0
        while place < len(text):
            if self.sheet is not None:
                end = text.find(_SHEET_END, place)
                until = len(text) if end < 0 else end
                self._take_rows(text[place:until])
                self.sheet = self.sheet if end < 0 else None
            else:
                begin = text.find(_SHEET, place)
                until = len(text) if begin < 0 else text.find(b">", begin) + 1 or len(text)
                self.kept += text[place:until]
                if begin >= 0:
                    self._open(text[begin:until])
            place = until

    def _open(self, tag: bytes) -> None:
        """A sheet begins with this tag."""
        name = _NAME.search(tag)
        self.proper = self.proper and name is not None and not tag.endswith(b"/>")
        self.sheet = html.unescape((name[1] or name[2] or b"").decode("utf-8", "replace")) if name else ""
        self.begin = len(self.kept)
        wanted = self.chosen == self.sheet if self.chosen else self.begin < _BYTES_IN_ALL
        self.full = not wanted

    def _take_rows(self, rows: bytes) -> None:
        self.proper = self.proper and _SHEET not in rows  # one sheet within another
        if self.full:
            self._note_more(rows)
            return
        self.kept += rows
        if len(self.kept) - self.begin > _BYTES_A_SHEET:
            self._cut()

    def _cut(self) -> None:
        """Take no more of the sheet than the rows that are whole."""
        end = self.kept.rfind(_ROW_END, self.begin) + len(_ROW_END)
        self.full, self.proper = True, self.proper and end > self.begin
        self._note_more(self.kept[end:])
        del self.kept[end:]
        self.proper = self.proper and all(map(self._closed, _AROUND_ROWS))

    def _note_more(self, rows: bytes | bytearray) -> None:
        if self.sheet is not None and _ROW in rows:
            self.cut.add(self.sheet)

    def _closed(self, element: bytes) -> bool:
        """Whether every such element of the sheet has its end in what is kept."""
        opened = len(re.findall(b"<" + element + rb"[\s>]", self.kept[self.begin :]))
        return opened == self.kept.count(b"</" + element + b">", self.begin)
