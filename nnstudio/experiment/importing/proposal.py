"""What is made of a table where nobody has said anything.

The last column of classes is the target, or the one a telling name speaks for, such as Survived; whole numbers are
classes where they are beyond doubt (`data.labels`). Numbers, also with a unit, dates and text of few different values
become inputs. Left out is what cannot help or would harm: columns that are the same in every row, and those that name
the row (a different text or number in each), by which a network would learn the rows by heart.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.column_types import mistakes, numerals, type_of, typed
from nnstudio.data.dataset import Column, ColumnKind, Dataset, has_target_name
from nnstudio.data.dates import date_order, read_date
from nnstudio.data.labels import class_column, images_of
from nnstudio.data.numerals import Numerals
from nnstudio.data.spec import ColumnSpec, ColumnType, Unreadable
from nnstudio.experiment.roles import Role

_FEWEST_ROWS_TO_NAME = 10
_MOST_CATEGORIES = 32
_MOST_STRAY = 0.2
"""The share of cells that may be something else in a column of dates or of numbers with a unit."""
_LOOKED_AT = 3
_OUTCOMES = re.compile(
    r"(?i:survived|died|churn(?:ed)?|exited|attrition|diagnosis|stroke|default(?:ed)?|subscribed|purchased|approved|"
    r"(?:is_?)?(?:fraud|spam|cancell?ed))"
)
_NAMES_A_ROW = re.compile(r"(?i:(?:^|.*[\W_])(?:id|nr|no|num|number|idx|index|key|row|unnamed))[\W_\d]*|.*[a-z]I[dD]")


@dataclass(frozen=True, slots=True)
class Proposed:
    """The role and the type of a column, why it is left out where it is, and how text that is numbers is written."""

    role: Role
    type: ColumnType
    reason: str = ""
    numbers: Numerals | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """What is proposed for each column of a table, which may be the first rows of one alone."""

    table: Dataset
    whole: bool
    columns: dict[str, Proposed]


def propose(
    table: Dataset, whole: bool = True, decimals: str = ".,", unreadable: Unreadable = Unreadable.REFUSED
) -> Proposal:
    """What to make of a table, in which numbers have one of these decimal signs. What is the same in its first rows
    alone may well differ in others."""
    numbers = {column.name: way for column in table.columns if (way := _numbers(column, decimals)) is not None}
    proposed = _proposed(_as_read(table, numbers, unreadable), whole, unreadable)
    made = {name: replace(column, numbers=numbers.get(name)) for name, column in proposed.items()}
    return Proposal(table, whole, made)


def _numbers(column: Column, decimals: str) -> Numerals | None:
    """How the numbers are written in text that is all numbers with a unit or with signs between thousands, or times, if
    that can be told; nearly all where it would be of no use as text. Other text that looks like numbers is text for a
    reason."""
    ways = numerals(column, decimals)
    if not ways and _would_be_left_out(column) and (most := numerals(column, decimals, most=True)):
        spec = ColumnSpec(ColumnType.NUMERIC, numbers=most[0])
        ways = most if len(mistakes(column, spec)[0]) <= _MOST_STRAY * np.count_nonzero(column.filled) else ()
    return ways[0] if len(ways) == 1 and (ways[0].unit or ways[0].thousands or ways[0].clock) else None


def _as_read(table: Dataset, numbers: dict[str, Numerals], unreadable: Unreadable) -> Dataset:
    """The table with text that is all numbers as numbers."""
    columns = []
    for column in table.columns:
        is_number = column.kind is ColumnKind.NUMBER or column.name in numbers
        spec = ColumnSpec(ColumnType.NUMERIC, numbers=numbers.get(column.name), unreadable=unreadable)
        columns.append(typed(column, spec) if is_number else column)
    return replace(table, columns=tuple(columns))


def _proposed(table: Dataset, whole: bool, unreadable: Unreadable) -> dict[str, Proposed]:
    stray = {column.name: found for column in table.columns if (found := _not_dates(column)) is not None}
    dates = set(stray)
    targets, classes = _targets(table, dates, whole)
    images = table.images or images_of(table)
    pixels = set() if images is None else set(images.columns)
    made: dict[str, Proposed] = {}
    for column in table.columns:
        name = column.name
        kind = _type(column, dates, classes)
        reason = "" if name in pixels or name in targets else _reason(column, kind, whole)
        if not reason and stray.get(name) and unreadable is Unreadable.REFUSED:
            reason = _are_not(stray[name], "date")
        role = Role.TARGET if name in targets else Role.IGNORED if reason else Role.INPUT
        made[name] = Proposed(role, kind, reason)
    if not any(column.role is Role.INPUT for column in made.values()):
        made |= {name: Proposed(Role.INPUT, ColumnType.NUMERIC) for name in table.default_inputs()}
    return made


def _targets(table: Dataset, dates: set[str], whole: bool) -> tuple[tuple[str, ...], set[str]]:
    """The usual target, which is no date where there is a choice; and which of numbers are classes."""
    undated = tuple(column for column in table.columns if column.name not in dates)
    among = replace(table, columns=undated or table.columns)
    usual, numbered = among.default_targets(), class_column(among, whole)
    outcomes = [column.name for column in among.columns if _is_outcome(column)]
    if numbered is None and len(outcomes) == 1 and not has_target_name(usual[0]):
        return (outcomes[0],), set()
    if numbered is None or (has_target_name(usual[0]) and numbered.name not in usual):
        return usual, set()
    return (numbered.name,), {numbered.name}


def _is_outcome(column: Column) -> bool:
    """Whether it says yes or no to what people want to know beforehand, by its name."""
    return _OUTCOMES.fullmatch(column.name) is not None and len(set(column.values[column.filled].tolist())) == 2


def _type(column: Column, dates: set[str], classes: set[str]) -> ColumnType:
    if column.name in dates:
        return ColumnType.DATE
    return ColumnType.CATEGORICAL if column.name in classes else type_of(column, ColumnSpec())


def _reason(column: Column, kind: ColumnType, whole: bool) -> str:
    """Why a column had better not be an input; nothing where it may be one."""
    filled = column.values[column.filled]
    if not len(filled):
        return "every cell is empty"
    if whole and _is_constant(filled):
        return "the same in every row"
    if kind is ColumnType.DATE:
        return ""
    return _reason_of_text(filled.tolist()) if column.kind is ColumnKind.TEXT else _reason_of_numbers(column, filled)


def _reason_of_text(texts: list[Any]) -> str:
    different = len(set(texts))
    if different == len(texts) > 1:
        return "a different text in every row"
    most = max(2, min(_MOST_CATEGORIES, len(texts) * 3 // 4))
    return f"{different:,} different texts" if different > most else ""


def _reason_of_numbers(column: Column, filled: NDArray[Any]) -> str:
    wrong = int(np.count_nonzero(np.isnan(filled)))
    if wrong:
        return _are_not(wrong, "number")
    return "it numbers the rows" if _numbers_rows(column.name, filled) else ""


def _numbers_rows(name: str, values: NDArray[np.float64]) -> bool:
    """Whether a column that is called a number has a different whole one in each row."""
    if len(values) < _FEWEST_ROWS_TO_NAME or _NAMES_A_ROW.fullmatch(name) is None:
        return False
    return bool((values == np.floor(values)).all()) and len(np.unique(values)) == len(values)


def _is_constant(values: NDArray[Any]) -> bool:
    """Whether all of these numbers or texts are the same."""
    return bool((values == values[0]).all())


def _are_not(cells: int, what: str) -> str:
    return f"1 cell is not a {what}" if cells == 1 else f"{cells:,} cells are not {what}s"


def _would_be_left_out(column: Column) -> bool:
    """Whether text is of no use as it is."""
    filled = column.values[column.filled].tolist()
    return column.kind is ColumnKind.TEXT and bool(filled) and bool(_reason_of_text(filled))


def _not_dates(column: Column) -> int | None:
    """How many cells of a column of dates are none: only a few, and only where it would be of no use as text. None if
    it is no such column, or it cannot be told which dates they are."""
    filled = column.values[column.filled]
    if column.kind is not ColumnKind.TEXT or not len(filled):
        return None
    if all(np.isnan(read_date(text, date_order([text]))) for text in filled[:_LOOKED_AT]):
        return None  # as for most text; the rest need not be looked at
    order = date_order(set(filled.tolist()))
    if order is None:
        return None
    stray = sum(times for text, times in Counter(filled.tolist()).items() if np.isnan(read_date(text, order)))
    few = not stray or (stray <= _MOST_STRAY * len(filled) and _would_be_left_out(column))
    return stray if few else None
