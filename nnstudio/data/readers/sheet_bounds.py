"""How far the cells of a workbook may reach, and what is found out of them before a reader trusts the file.

Whoever reads a sheet makes room for all cells between the first and the last. A file of one kilobyte can have one cell
at A1 and another at XFD1048576, with 17 billion between. So each format has a check (`xlsx_check`, `ods_check`,
`xls_check`) that refuses such a file at the price of one pass over it, and finds the cells with an error, such as
#DIV/0!, which the reader takes for blank.
"""

from nnstudio.data.errors import DataError

MOST_CELLS = 20_000_000
MOST_BYTES = 600_000_000
"""Of all that is packed in a workbook."""

ErrorCells = dict[str, dict[tuple[int, int], str]]
"""By the name of the sheet, and by row and column from 1: what the cell says."""


def refuse_sparse(name: str, rows: int, columns: int) -> None:
    """A DataError where a sheet of the file reaches too far."""
    if rows * columns > MOST_CELLS:
        raise DataError(
            f"{name} has a sheet that reaches to row {rows:,} and column {columns:,}, more than {MOST_CELLS:,} cells; "
            "delete what stands far from the table, or save the table as CSV"
        )


def column_number(letters: bytes) -> int:
    """The number of a column, from 1: A, B, …, Z, AA, AB, …"""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column whose number is given, from 1."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
