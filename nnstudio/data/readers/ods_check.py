"""A look at an .ods file before it is read: an archive with one part that has all sheets (OpenDocument).

There a cell or a row can say that it is repeated. Blank ones at the end of a sheet are by the million, and of no harm;
a filled one may be so a billion times.
"""

from xml.parsers import expat

from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress
from nnstudio.data.readers.archives import Archive
from nnstudio.data.readers.sheet_bounds import ErrorCells, refuse_sparse
from nnstudio.data.readers.xml_parts import follow

_CONTENT = "content.xml"
_MOST_DIGITS = 18
_MOST_COPIES = 100


def check_ods(packed: Archive, progress: Progress) -> ErrorCells:
    """The cells with an error; a DataError where a sheet reaches too far."""
    sheets = _Sheets(packed.path.name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = sheets.start, sheets.end
    parser.CharacterDataHandler = sheets.text
    if _CONTENT in packed.sizes:
        follow(packed, _CONTENT, parser, progress)
    return sheets.errors


class _Sheets:
    """Follows the elements of the sheets, and knows how far each reaches up to its last filled cell."""

    def __init__(self, name: str) -> None:
        self.errors: ErrorCells = {}
        self._name, self._sheet = name, ""
        self._rows = self._columns = 0
        self._row_copies = self._copies = 1
        self._column = self._filled_to = 0
        self._error: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table:table":
                self._sheet, self._rows, self._columns = attributes.get("table:name", ""), 0, 0
            case "table:table-row":
                self._row_copies = self._count(attributes.get("table:number-rows-repeated", "1"))
                self._column = self._filled_to = 0
            case "table:table-cell" | "table:covered-table-cell":
                self._copies = self._count(attributes.get("table:number-columns-repeated", "1"))
                self._column += self._copies
                if any(key.startswith("office:") for key in attributes) or "table:formula" in attributes:
                    self._filled_to = self._column
                self._error = "" if attributes.get("calcext:value-type") == "error" else None
            case "text:p":
                self._filled_to = self._column

    def text(self, text: str) -> None:
        if self._error is not None:
            self._error += text

    def end(self, name: str) -> None:
        match name:
            case "table:table-cell" if self._error:
                cells = self.errors.setdefault(self._sheet, {})
                for copy in range(min(self._copies, _MOST_COPIES)):
                    cells[self._rows + 1, self._column - copy] = self._error.strip()
                self._error = None
            case "table:table-row":
                self._rows += self._row_copies
                if self._filled_to:
                    self._columns = max(self._columns, self._filled_to)
                    refuse_sparse(self._name, self._rows, self._columns)

    def _count(self, written: str) -> int:
        if not written.isdecimal() or len(written) > _MOST_DIGITS:
            raise DataError(f"{self._name} has a cell that is repeated {written[:40]!r} times; save it anew")
        return int(written)
