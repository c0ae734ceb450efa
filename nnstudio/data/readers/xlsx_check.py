"""A look at an .xlsx file before it is read: an archive of XML, a part for each sheet (Office Open XML)."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from nnstudio.data.progress import Progress
from nnstudio.data.readers.archives import Archive
from nnstudio.data.readers.sheet_bounds import ErrorCells, column_number, refuse_sparse
from nnstudio.data.readers.xml_parts import follow

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_LONGEST_TAG = 1 << 20

# The attribute r: of a cell its column and row, as B12; of a row its number. A row without any cell, which many
# programs write at the very end of a sheet, closes itself.
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})(\d{1,19})""")
_ROW = re.compile(rb"""\br\s*=\s*["'](\d{1,19})["'](?:[^"'>]|"[^"]*"|'[^']*')*?(/?)>""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt\s*=\s*["']e["'][^>]*)>.*?<(?:\w+:)?v>([^<]{1,20})<""", re.DOTALL)


def check_xlsx(packed: Archive, progress: Progress) -> ErrorCells:
    """The cells with an error; a DataError where a part has cells too far apart."""
    sheets = sheets_of(packed)
    found: ErrorCells = {}
    done, whole = 0, sum(packed.sizes.values()) or 1
    for part in packed.sizes:
        rows = columns = 1
        for piece in _whole_cells(packed, part):
            progress(done / whole)
            done += len(piece)
            highest, widest = _extent(piece)
            rows, columns = max(rows, highest), max(columns, widest)
            refuse_sparse(packed.path.name, rows, columns)
            if part in sheets:
                found.setdefault(sheets[part], {}).update(_errors(piece))
    return found


def _extent(piece: bytes) -> tuple[int, int]:
    cells = _CELL.findall(piece)
    rows = {row for _, row in cells} | {row for row, without_cells in _ROW.findall(piece) if not without_cells}
    return max(map(int, rows), default=1), max(map(column_number, {letters for letters, _ in cells}), default=1)


def _errors(piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b'"e"' not in piece and b"'e'" not in piece:
        return
    for attributes, text in _ERROR.findall(piece):
        place = _CELL.search(attributes)
        if place is not None:
            yield (int(place[2]), column_number(place[1])), text.decode("ascii", "replace")


def sheets_of(packed: Archive) -> dict[str, str]:
    """The name of each part's sheet."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        elif name.rpartition(":")[2] == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names[targets.get(relation, "")] = attributes.get("name", "")

    for part in (RELATIONS, WORKBOOK):
        if part not in packed.sizes:
            return {}
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        follow(packed, part, parser)
    return names


def _whole_cells(packed: Archive, part: str) -> Iterator[bytes]:
    """The bytes of a part in pieces that cut no cell in two, and elsewhere no tag."""
    rest = b""
    for piece in packed.pieces(part):
        whole = rest + piece
        cut = whole.rfind(b"<c ")
        cut = whole.rfind(b"<") if cut < 0 else cut
        if cut < 0 or len(whole) - cut > _LONGEST_TAG:
            cut = len(whole)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest
