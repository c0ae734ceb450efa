"""Where a message says that something is: "row 5001 (line 5002), column 'height': 'tall' is not a number".

Every message about a cell, a row or a line of a file names its place in these words, from 1 as a person counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ROW = re.compile(r"\brow (\d[\d,]*)")
_LINE = re.compile(r"\bline (\d[\d,]*)")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the table and a column, from 0, or a line of the file, from 1: as far as they are known. Without a
    column all of the row is meant."""

    row: int | None
    column: int | None = None
    line: int | None = None


def place_in(message: str, file: str, names: Sequence[str]) -> Place | None:
    """The place that a message about this file and its columns names; None where it names none."""
    told = message.replace(file, "")
    row, line = _number(_ROW, told), _number(_LINE, told)
    if row is None and line is None:
        return None
    named = [number for number, name in enumerate(names) if f"'{name}'" in told]
    return Place(None if row is None else row - 1, named[0] if named else None, line)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return None if found is None else int(found[1].replace(",", ""))
