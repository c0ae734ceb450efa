"""Text for a CSV that somebody opens in a spreadsheet.

A cell that begins with = + - or @ is run there as a formula, and so may one that begins with a tab or a line end be
(OWASP, "CSV Injection"). An apostrophe in front makes it the text that it is. Numbers are left alone.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> object:
    """The cell as it may be written: a text that a spreadsheet would run gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write_harmless(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV, numbers at full precision, nothing in it to be run."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(harmless, header))
    writer.writerows(map(harmless, row) for row in rows)
