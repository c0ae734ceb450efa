"""The beginning of an .xlsx file as a file of its own: so that a large one can be looked at in an instant.

Whoever reads a sheet reads all of it. So the parts of the sheets are cut after their first rows, and the texts that
cells share after the last one that is needed; the rest is taken over as it is.
"""

import io
import re
import zipfile

from nnstudio.data.readers.archives import Archive
from nnstudio.data.readers.xlsx_check import RELATIONS, WORKBOOK, sheets_of

LARGE = 4_000_000
"""From so many bytes, unpacked, it is worth it."""

_BYTES_A_SHEET = 1_000_000
_BYTES_IN_ALL = 3_000_000
_TEXTS = "xl/sharedStrings.xml"
_TAKEN_OVER = frozenset({"[Content_Types].xml", "_rels/.rels", RELATIONS, WORKBOOK, "xl/styles.xml"})
_DATA, _TEXTS_BEGIN = (re.compile(rb"<(\w+:)?%b[\s>]" % name) for name in (b"sheetData", b"sst"))
_SHARED = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


def head_of_xlsx(packed: Archive, chosen: str | None) -> tuple[io.BytesIO, frozenset[str]]:
    """An .xlsx file with the first rows of the chosen sheet, or of the first sheets until that is much, the others
    being blank; and the names of the sheets that have more."""
    parts: dict[str, bytes] = {}
    cut: set[str] = set()
    for part, sheet in sheets_of(packed).items():
        if part in packed.sizes:
            wanted = chosen == sheet if chosen else sum(map(len, parts.values())) < _BYTES_IN_ALL
            parts[part], more = _first_rows(packed, part, _BYTES_A_SHEET if wanted else 0)
            cut |= {sheet} if more else set()
    if _TEXTS in packed.sizes:
        texts = (int(number) for part in parts.values() for number in _SHARED.findall(part))
        parts[_TEXTS] = _first_texts(packed, 1 + max(texts, default=0))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as head:
        for part in packed.sizes:
            if part in parts or part in _TAKEN_OVER:
                head.writestr(part, parts[part] if part in parts else b"".join(packed.pieces(part)))
    return file, frozenset(cut)


def _first_rows(packed: Archive, part: str, least: int) -> tuple[bytes, bool]:
    """A sheet's part, cut after a row and so many bytes or more if it has more than these; and whether it is."""
    head = bytearray()
    for piece in packed.pieces(part):
        head += piece
        found = _DATA.search(head)
        if found is None or len(head) < least or len(head) == packed.sizes[part]:
            continue
        prefix = found[1] or b""
        row = b"</" + prefix + b"row>"
        end = head.rfind(row) + len(row) if row in head and least else found.start()
        data = b"" if end > found.start() else b"<" + prefix + b"sheetData>"
        return bytes(head[:end]) + data + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>", True
    return bytes(head), False


def _first_texts(packed: Archive, count: int) -> bytes:
    """The first so many of the texts that cells share."""
    head, end, found = bytearray(), 0, 0
    for piece in packed.pieces(_TEXTS):
        head += piece
        for match in _TEXT_END.finditer(head, end):
            end, found = match.end(), found + 1
            if found == count:
                begin = _TEXTS_BEGIN.search(head)
                prefix = b"" if begin is None or begin[1] is None else begin[1]
                return bytes(head[:end]) + b"</" + prefix + b"sst>"
    return bytes(head)
