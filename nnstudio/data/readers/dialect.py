"""In which dialect a table is written: what is between its cells, whether its first row has names, which decimal sign.

There is no standard that programs keep to, so the first records are read with each delimiter there might be. What the
user chose is not guessed at.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from nnstudio.data.cells import SIGNS, Decimal, is_grouped, is_missing, is_number
from nnstudio.data.errors import DataError
from nnstudio.data.numerals import DecimalSign, Numerals, ThousandsSign, clear_sign, ungrouped
from nnstudio.data.spec import Reading

DELIMITERS: dict[str, str] = {";": "semicolon", "\t": "tab", ",": "comma", "|": "vertical bar", " ": "space"}
"""What may stand between two cells, and what it is called. Ties go to the first: a comma may be a decimal comma, a
semicolon or tab is hardly ever anything but a delimiter, a space is nearly always something else."""

THOUSANDS: dict[ThousandsSign, str] = {"": "no sign", ".": "point", ",": "comma", "'": "apostrophe", " ": "space"}
"""What may stand between thousands, and what it is called."""

MOST_COLUMNS = 10_000
LONGEST_CELL = 1_000_000
SNIFFED = 1 << 16
_RECORDS_TO_SNIFF = 50
_GROUPS = re.compile(r"\d\D{1,3}\d{3}")  # a narrow space may be three characters
_OTHER = {".": (Decimal.COMMA, ","), ",": (Decimal.POINT, ".")}
"""The decimal sign where the other one stands between thousands."""
_LINE_END = re.compile(r"\s*[\r\n\v\f]\s*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written. `first` is its first record, `header` says whether that has the names of the columns.

    `decimal` is the sign to expect, `numbers` which signs a number may have: where none was chosen, the numbers of a
    semicolon file may have either. `thousands` is what stands between the thousands of a number, nothing where that is
    not beyond doubt. `grounds` says in words why the delimiter, the header and these signs are taken for what they are,
    by their names in a Reading.
    """

    delimiter: str
    header: bool
    decimal: str
    numbers: Decimal
    thousands: ThousandsSign
    first: tuple[str, ...]
    grounds: dict[str, str]

    @property
    def written(self) -> Numerals:
        """How its numbers are written."""
        return Numerals(thousands=self.thousands, decimal="," if self.decimal == "," else ".")


def dialect_of(head: str, name: str, reading: Reading) -> Dialect | None:
    """The dialect of the file called `name` that begins with these lines, None where they are blank; a DataError says
    what cannot be chosen, or that there are too many columns."""
    _refuse_impossible(reading)
    delimiter, said = _delimiter(head, reading)
    records = _first_records(head, delimiter) or _one_record(head, name, delimiter)
    if not records:
        return None
    _refuse_too_many(name, len(records[0]))
    decimal, said_decimal = _decimal(records, delimiter, reading)
    header, said_header = _header(records, reading)
    numbers = _signs(decimal, delimiter, reading)
    thousands, said_thousands = _thousands(records, numbers, reading)
    if thousands in (".", ",") and thousands == decimal and _has_decimals(records, thousands):
        thousands, said_thousands = "", ""  # it cannot be both
    if thousands in (".", ",") and (numbers is Decimal.EITHER or thousands == decimal):
        numbers, decimal, said_decimal = *_OTHER[thousands], said_thousands
    grounds = {"delimiter": said, "header": said_header, "decimal": said_decimal}
    if said_thousands:
        grounds["thousands"] = said_thousands
    return Dialect(delimiter, header, decimal, numbers, thousands, tuple(records[0]), grounds)


def numbered_records(name: str, lines: Iterator[str], delimiter: str, line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Each record of the file called `name` with the number of the line it begins on; the first is on `line`."""
    csv.field_size_limit(LONGEST_CELL)
    # Strict: a misplaced quote is refused where it is, rather than swallowing rows up to the next one.
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    before = line - 1
    try:
        for record in reader:
            yield line, record
            line = before + reader.line_num + 1
    except csv.Error:
        raise DataError(
            f"{name}, line {line}: a quoted cell that begins there is never closed, or goes on after its "
            'closing quote; write a quote inside a quoted cell twice ("")'
        ) from None


def is_blank(record: list[str]) -> bool:
    return not record or (len(record) == 1 and not record[0].strip())


def _refuse_impossible(reading: Reading) -> None:
    if reading.delimiter is not None and (len(reading.delimiter) != 1 or reading.delimiter in '"\r\n\0.'):
        raise DataError(
            f"the delimiter is {reading.delimiter!r}, but it has to be one character, such as a comma, semicolon or tab"
        )
    if reading.decimal not in (None, ".", ","):
        raise DataError(f"the decimal sign is {reading.decimal!r}, but it has to be a point or a comma")
    if reading.decimal == "," == reading.delimiter:
        raise DataError("the comma can't be the delimiter and the decimal sign; choose another of one of them")
    if reading.decimal is not None and reading.decimal == reading.thousands:
        sign = "comma" if reading.decimal == "," else "point"
        raise DataError(
            f"the {sign} can't be the decimal sign and stand between thousands; choose another of one of them"
        )


def _delimiter(head: str, reading: Reading) -> tuple[str, str]:
    if reading.delimiter is not None:
        return reading.delimiter, "it was chosen"
    best, most, width = ",", 0, 1
    for delimiter in DELIMITERS:
        records = _first_records(head, delimiter)
        widths = [len(record) for record in records]
        alike = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
        if delimiter == " " and (most or alike < len(widths) or not _mostly_numbers(records[1:])):
            continue
        if alike > most:
            best, most, width = delimiter, alike, widths[0]
    if not most:
        return best, "no delimiter is in the same number of cells in each line, so there is one column"
    return best, f"it makes {width:,} cells of {most:,} of the first lines"


def _decimal(records: list[list[str]], delimiter: str, reading: Reading) -> tuple[str, str]:
    if reading.decimal is not None:
        return reading.decimal, "it was chosen"
    if reading.thousands in (".", ","):
        return _OTHER[reading.thousands][1], "the other sign was chosen to stand between thousands"
    if delimiter == ",":
        return ".", "the comma is the delimiter"
    cells = [cell.strip() for record in records for cell in record]
    numbers = [cell for cell in cells if is_number(cell, Decimal.EITHER)]
    commas = [cell for cell in numbers if "," in cell]
    # 1,234 may be a thousand and more; 0,123 and 1,5 may not.
    clear = [cell for cell in commas if cell.startswith("0") or not is_grouped(cell, Decimal.POINT)]
    clear += [cell for cell in cells if "." in cell and "," in cell and ungrouped(cell, ".", ",") is not None]
    if clear or (commas and not any("." in cell for cell in numbers)):
        return ",", f"'{(clear or commas)[0]}' is a number with a decimal comma"
    return ".", "no number in the first lines has a decimal comma"


def _signs(decimal: str, delimiter: str, reading: Reading) -> Decimal:
    """A file in which any number may have a comma is not one in which a point is between thousands."""
    if decimal == ",":
        return Decimal.COMMA
    return Decimal.EITHER if delimiter == ";" and reading.decimal is None else Decimal.POINT


def _thousands(records: list[list[str]], numbers: Decimal, reading: Reading) -> tuple[ThousandsSign, str]:
    """What stands between thousands and why, if a number tells it beyond doubt and no other one tells otherwise."""
    if reading.thousands is not None:
        return reading.thousands, "it was chosen"
    cells = (_decoded(cell.strip()) for record in records for cell in record if _GROUPS.search(cell))
    found = {sign: cell for cell in cells if (sign := clear_sign(cell, SIGNS[numbers]))}
    if len(found) != 1:
        return "", ""
    sign, cell = found.popitem()
    return sign, f"'{cell}' has it between its thousands"


def _has_decimals(records: list[list[str]], sign: DecimalSign) -> bool:
    """Whether a number has this sign where it cannot be one between thousands."""
    kind = Decimal.COMMA if sign == "," else Decimal.POINT
    cells = (cell.strip() for record in records for cell in record if sign in cell)
    return any(is_number(cell, kind) and not ungrouped(cell, sign, "") for cell in cells)


def _decoded(cell: str) -> str:
    """A cell of a text whose bytes were taken for characters, if they are UTF-8: a narrow space is three of them."""
    with suppress(UnicodeError):
        return cell if cell.isascii() else cell.encode("latin-1").decode("utf-8")
    return cell


def has_header(records: list[list[str]], reading: Reading) -> bool:
    """Whether the first of these records has the names of the columns."""
    return _header(records, reading)[0]


def _header(records: list[list[str]], reading: Reading) -> tuple[bool, str]:
    if reading.header is not None:
        return reading.header, "it was chosen"
    first = [cell.strip() for cell in records[0]]
    if all(is_number(cell, Decimal.EITHER) for cell in first):
        return False, "the first row is of numbers alone, so it is data"
    fractions = [place for place, cell in enumerate(first) if _is_fraction(cell)]
    if 2 * len(fractions) >= len(first) and _mostly_numbers([[r[p] for p in fractions if p < len(r)] for r in records]):
        return False, f"the first row has numbers such as {first[fractions[0]]}, so it is data"
    return True, "the first row is no row of numbers, so it has the names"


def _is_fraction(cell: str) -> bool:
    """Whether it is a number that nobody would call a column: years and whole numbers may be names."""
    return is_number(cell, Decimal.EITHER) and ("." in cell or "," in cell)


def _mostly_numbers(records: list[list[str]]) -> bool:
    cells = [cell for record in records for cell in record if not is_missing(cell)]
    return bool(cells) and 2 * sum(is_number(cell, Decimal.EITHER) for cell in cells) >= len(cells)


def _first_records(head: str, delimiter: str) -> list[list[str]]:
    """The first records, or as many as come before one that this delimiter makes nonsense of."""
    records: list[list[str]] = []
    with suppress(DataError):
        lines = io.StringIO(in_columns(head) if delimiter == " " else head, newline="")
        for _, record in islice(numbered_records("", lines, delimiter), _RECORDS_TO_SNIFF):
            if not is_blank(record):
                records.append(record)
    return records


def _one_record(head: str, name: str, delimiter: str) -> list[list[str]]:
    """The first record, however it is broken; the error says how."""
    records = numbered_records(name, io.StringIO(head, newline=""), delimiter)
    return [record for _, record in islice((r for r in records if not is_blank(r[1])), 1)]


def in_columns(text: str) -> str:
    """Lines whose cells are set in columns by spaces and tabs, with a single space between two cells."""
    return re.sub(r"(?m)^ | (?=\r?$)", "", re.sub(r"[ \t]+", " ", text))


def names_of(name: str, dialect: Dialect) -> tuple[str, ...]:
    """The names of the columns of the file called `name`, a number where there is none; a DataError says which stand
    there twice."""
    names = shown_names(dialect)
    twice = [column for column, count in Counter(names).items() if count > 1]
    if twice:
        listed = ", ".join(f"'{column}'" for column in twice)
        raise DataError(f"{name} has more than one column named {listed}; give each a name of its own")
    return names


def shown_names(dialect: Dialect) -> tuple[str, ...]:
    """The names as they stand there, on one line each."""
    if not dialect.header:
        return tuple(f"x{number}" for number in range(1, len(dialect.first) + 1))
    return tuple(
        _LINE_END.sub(" ", cell.strip()) or f"column {number}" for number, cell in enumerate(dialect.first, start=1)
    )


def ragged(record: int, expected: int) -> tuple[str, str]:
    """What is wrong with a record of so many cells, and how to mend it."""
    found = "1 field" if record == 1 else f"{record} fields"
    hint = "add the missing cells" if record < expected else "put quotes around a cell that contains a delimiter"
    return f"found {found}, expected {expected}", hint


def no_rows(name: str) -> DataError:
    return DataError(f"{name} has column names but no rows; add at least one row below them")


def _refuse_too_many(name: str, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise DataError(
            f"{name} has {columns:,} columns, more than {MOST_COLUMNS:,}; "
            "keep the columns you need, or swap rows and columns if it lies on its side"
        )
