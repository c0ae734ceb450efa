"""A look at an .xls file before it is read: a stream of records, each a type, a length and its bytes ([MS-XLS])."""

import struct
from collections.abc import Iterator

from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress
from nnstudio.data.readers.compound_file import MARK, CompoundError, CompoundFile
from nnstudio.data.readers.sheet_bounds import ErrorCells, refuse_sparse

_BEGIN, _SHEET, _DIMENSIONS, _STRINGS, _SEVERAL = 0x0809, 0x0085, 0x0200, 0x00FC, 0x00BD
_ERROR_OR_TRUTH, _FORMULA = 0x0205, 0x0006
_CELLS = frozenset({0x0201, 0x0203, 0x0204, _ERROR_OR_TRUTH, 0x00FD, 0x027E, _SEVERAL, 0x00BE, _FORMULA})
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_SHORTEST_STRING = 3
_RECORDS_BETWEEN = 100_000


def check_xls(name: str, data: bytes, progress: Progress) -> ErrorCells:
    """The cells with an error; a DataError where a sheet reaches too far, or the file is damaged."""
    if not data.startswith(MARK):
        real = "an .xlsx or .ods file" if data.startswith(b"PK") else "another kind of file, such as a web page or text"
        raise DataError(f"{name} is not an .xls file but {real}; give it its proper ending, or save it as .xlsx")
    try:
        return _check(name, CompoundFile(data).stream("Workbook", "Book"), progress)
    except (CompoundError, struct.error):
        raise DataError(f"{name} is damaged or cut short; open it in a spreadsheet and save it as .xlsx") from None


def _check(name: str, stream: bytes, progress: Progress) -> ErrorCells:
    begins: dict[int, str] = {}
    found: ErrorCells = {}
    rows = columns = 0
    sheet = ""
    for number, (place, kind, record) in enumerate(_records(stream)):
        if number % _RECORDS_BETWEEN == 0:
            progress(place / len(stream))
        if kind == _BEGIN:
            rows, columns, sheet = 0, 0, begins.get(place, "")
        elif kind == _SHEET:
            begins.update([_sheet(record)])
        elif kind == _DIMENSIONS:
            refuse_sparse(name, *_dimensions(record))
        elif kind == _STRINGS and struct.unpack_from("<I", record, 4)[0] * _SHORTEST_STRING > len(stream):
            raise CompoundError
        elif kind in _CELLS:
            row, column = struct.unpack_from("<2H", record)
            rows, columns = max(rows, row + 1), max(columns, column + 1 + (len(record) // 6 if kind == _SEVERAL else 0))
            refuse_sparse(name, rows, columns)
            error = _error(kind, record)
            if error is not None:
                found.setdefault(sheet, {})[row + 1, column + 1] = error
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _sheet(record: bytes) -> tuple[int, str]:
    """Where a sheet begins, and its name."""
    (begin,) = struct.unpack_from("<I", record)
    length, wide = record[6], record[7] & 1
    return begin, record[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _dimensions(record: bytes) -> tuple[int, int]:
    """Rows and columns that a sheet says it has; of the end before the beginning, too many to be true."""
    first, end, left, right = struct.unpack_from("<2I2H" if len(record) >= 14 else "<4H", record)
    if end < first or right < left:
        raise CompoundError
    return end - first, right - left


def _error(kind: int, record: bytes) -> str | None:
    if kind == _ERROR_OR_TRUTH and record[7]:
        return _ERRORS.get(record[6], "#ERROR!")
    if kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        return _ERRORS.get(record[8], "#ERROR!")
    return None
