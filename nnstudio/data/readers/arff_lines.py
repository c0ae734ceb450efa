"""The lines of an ARFF file: a declaration of a column, and a row, dense or sparse.

Text within single or double quotes may hold any sign; a backslash there stands before a sign that means itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

MISSING = "?"

Refuse = Callable[[str], NoReturn]

_QUOTED = r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\""
_NAME = re.compile(rf"({_QUOTED}|[^\s'\"{{}}]+)(?:\s+|(?={{))(.*)", re.DOTALL)
_CELL = re.compile(rf"\s*({_QUOTED}|[^,\t'\"]*+)\s*(?:[,\t]|$)")
_PLACED = re.compile(rf"\s*(\d+)\s+({_QUOTED}|[^,'\"]*+)\s*(?:,|$)")
_SIGN = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r"}
_NUMERIC = frozenset({"numeric", "real", "integer"})
_LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column as it is declared: of numbers, of the values listed, or of any text."""

    name: str
    numeric: bool
    values: tuple[str, ...] = ()

    @property
    def where_left_out(self) -> str:
        """What it is in a sparse row that does not name it."""
        return self.values[0] if self.values else "0"


def attribute_of(declared: str, refuse: Refuse) -> Attribute:
    """The column that is declared by what follows @attribute."""
    found = _NAME.fullmatch(declared)
    if found is None:
        refuse("the attribute has no type; write @attribute name numeric, for one")
    name, kind = " ".join(_plain(found[1]).split()), found[2].strip()
    if not name:
        refuse("the attribute has no name; give it one")
    if kind.startswith("{"):
        if not kind.endswith("}"):
            refuse(f"the values of '{name}' are not closed by a brace; add it")
        return Attribute(name, False, tuple(_split(kind[1:-1], refuse)))
    word = kind.split()[0].casefold()
    if word in _NUMERIC:
        return Attribute(name, True)
    if word in ("string", "date"):
        return Attribute(name, False)
    return refuse(
        f"'{name}' is declared as '{kind[:_LONGEST_QUOTE]}', which can't be read; declare it as numeric, string, date "
        "or {its values}"
    )


def cells_in(line: str, attributes: tuple[Attribute, ...], refuse: Refuse) -> list[str]:
    """The cells of a row."""
    if line.startswith("{"):
        return _sparse(line, attributes, refuse)
    plain = "'" not in line and '"' not in line
    cells = [cell.strip() for cell in line.split(",")] if plain and "\t" not in line else _split(line, refuse)
    if len(cells) != len(attributes):
        found = "1 value" if len(cells) == 1 else f"{len(cells)} values"
        hint = "add what is missing" if len(cells) < len(attributes) else "put quotes around a value with a comma"
        refuse(f"found {found}, expected {len(attributes)}; {hint}")
    return cells


def _sparse(line: str, attributes: tuple[Attribute, ...], refuse: Refuse) -> list[str]:
    if not line.endswith("}"):
        refuse("the row is not closed by a brace; add it")
    cells = [attribute.where_left_out for attribute in attributes]
    text, place = line[1:-1].strip(), 0
    while place < len(text):
        found = _PLACED.match(text, place)
        if found is None or len(found[1]) > len(str(len(cells))) or int(found[1]) >= len(cells):
            there = text[place : place + _LONGEST_QUOTE]
            refuse(f"'{there}' is no place from 0 to {len(cells) - 1} and a value; correct it")
        cells[int(found[1])] = _plain(found[2].strip())
        place = found.end()
    return cells


def _split(text: str, refuse: Refuse) -> list[str]:
    """What stands between the commas of a text, without quotes."""
    cells, place = [], 0
    while True:
        found = _CELL.match(text, place)
        if found is None:
            refuse(
                f"'{text[place : place + _LONGEST_QUOTE]}' has a quote that is never closed, or goes on after it; "
                "write a quote within quotes as \\'"
            )
        cells.append(_plain(found[1].strip()))
        place = found.end()
        if place >= len(text) and not found[0].endswith((",", "\t")):
            return cells


def _plain(token: str) -> str:
    if len(token) < 2 or token[0] not in "'\"":
        return token
    return _SIGN.sub(lambda found: _SIGNS.get(found[1], found[1]), token[1:-1])
