"""Workbooks of the three kinds, made by hand: as small as they can be, and as broken as a test wants them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Cell = float | str | None
Cells = Sequence[Sequence[Cell]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f"""<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"""
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TYPES = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def xlsx(**sheets: Cells | str) -> bytes:
    """A workbook whose sheets have these cells, or this XML for `sheetData`. A text that begins with = is the result of
    a formula: =TRUE, =#DIV/0!, =45000d for the date with this number."""
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>'
        f"{cells if isinstance(cells, str) else _rows(cells)}</sheetData></worksheet>"
        for n, cells in enumerate(sheets.values(), 1)
    }
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="s" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>',
            "xl/styles.xml": _STYLES,
            **parts,
        }
    )


def ods(*rows: str, sheet: str = "Data") -> bytes:
    """A document with one sheet that has these rows, in XML."""
    names = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "table", "text"))
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    manifest = f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"/>'
    return zipped(
        {
            "mimetype": _TYPES,
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {names} {calc}><office:body><office:spreadsheet>"
            f'<table:table table:name="{sheet}">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*cells: Cell, repeated: int = 1) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(map(_ods_cell, cells))}</table:table-row>'
    )


def xls(cells: Cells, dimensions: tuple[int, int] | None = None, strings: int | None = None) -> bytes:
    """A workbook of Excel 97 with one sheet; `dimensions` and `strings` are what it says of its size."""
    rows, columns = dimensions or (len(cells), len(cells[0]))
    sheet = _record(0x0809, struct.pack("<4H2I", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += _record(0x0200, struct.pack("<2I3H", 0, rows, 0, columns, 0))
    for row, line in enumerate(cells):
        sheet += b"".join(_xls_cell(row, column, cell) for column, cell in enumerate(line) if cell is not None)
    sheet += _record(0x000A, b"")
    begin = _record(0x0809, struct.pack("<4H2I", 0x0600, 0x0005, 0, 0, 0, 0))
    if strings is not None:
        begin += _record(0x00FC, struct.pack("<2I", strings, strings))
    place = len(begin) + 4 + 12 + 4
    begin += _record(0x0085, struct.pack("<I2BBB", place, 0, 0, 4, 0) + b"Data") + _record(0x000A, b"")
    return _compound(begin + sheet)


def _rows(cells: Cells) -> str:
    return "".join(
        f'<row r="{n}">{"".join(_xlsx_cell(chr(65 + k), n, cell) for k, cell in enumerate(row))}</row>'
        for n, row in enumerate(cells, 1)
    )


def _xlsx_cell(letter: str, row: int, cell: Cell) -> str:
    place = f'r="{letter}{row}"'
    match cell:
        case None:
            return ""
        case float() | int():
            return f"<c {place}><v>{cell!r}</v></c>"
        case str() if cell.startswith("=#"):
            return f'<c {place} t="e"><f>1/0</f><v>{cell[1:]}</v></c>'
        case "=TRUE" | "=FALSE":
            return f'<c {place} t="b"><v>{int(cell == "=TRUE")}</v></c>'
        case str() if cell.startswith("="):
            return f'<c {place} s="1"><v>{cell[1:-1]}</v></c>'
        case _:
            return f'<c {place} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _ods_cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<table:table-cell/>"
        case float() | int():
            return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
        case str() if cell.startswith("=#"):
            return (
                '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
                f'calcext:value-type="error"><text:p>{cell[1:]}</text:p></table:table-cell>'
            )
        case str() if cell.startswith("=") and cell.endswith("d"):
            return f'<table:table-cell office:value-type="date" office:date-value="{cell[1:-1]}"/>'
        case _:
            return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<3H", row, column, 0)
    if isinstance(cell, str) and cell.startswith("=#"):
        return _record(0x0205, place + bytes([0x07, 1]))
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    return _record(0x0203, place + struct.pack("<d", cell))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """A compound file of one stream: header, a sector for the table, one for the directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    chain = [*range(3, sectors + 2), 0xFFFFFFFE]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *chain]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<4I", 0, 1, 1, 0) + struct.pack("<5I", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    tables = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return header + tables + directory.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<H2B3I", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
