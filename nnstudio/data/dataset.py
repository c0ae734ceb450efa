"""A dataset is a table: named columns of equal length, each of numbers or of text.

A table is kept as it was read, flaws included. A flawed column carries its `problem` along, because a flaw matters only
once the column is used: a comment column with gaps must not keep anybody from learning from the other columns. Among
targets gaps are no flaw at all: a row without a target is *unlabelled*, and one may learn from it too.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError
from nnstudio.data.numerals import Numerals

_TARGET_NAMES = frozenset({"target", "targets", "y", "label", "labels", "class", "species", "output", "outcome"})
_MOST_CLASSES_TO_GUESS = 100
_NAMES_TO_LIST = 12


class ColumnKind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a table.

    `values` is float64 for numbers, NaN where a cell is missing or unreadable, and an object array of str for text.
    `problem` says the first thing wrong, with row and column and how to mend it; None means the column can be used.
    `missing` tells for each row whether its cell is missing, None where none is; `mistake` then says the first thing
    wrong with a cell that is filled in.
    """

    name: str
    kind: ColumnKind
    values: NDArray[Any]
    problem: str | None = None
    missing: NDArray[np.bool_] | None = None
    mistake: str | None = None

    @property
    def target_problem(self) -> str | None:
        """What keeps the column from being a target: any problem but missing cells."""
        return self.problem if self.missing is None else self.mistake

    @property
    def has_mistakes(self) -> bool:
        """Whether some cell of a column of numbers is filled in, but with none."""
        return self.kind is ColumnKind.NUMBER and self.target_problem is not None

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Which rows have a cell that is not missing."""
        return np.ones(len(self.values), dtype=np.bool_) if self.missing is None else ~self.missing


@dataclass(frozen=True, slots=True)
class ImageShape:
    """That each row of a table is an image: height × width pixels of 1 channel (grey) or 3 (red, green, blue).

    `columns` names the numbers of an image in their order: row by row from the top, the channels of a pixel together.
    """

    height: int
    width: int
    channels: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Dataset:
    """A table with its name, and for tables that come from elsewhere where they come from and on what terms.

    `images` tells of a table of images which columns are the pixels, None of any other table. `written` says of a table
    that was read from text how its numbers are written there.
    """

    name: str
    columns: tuple[Column, ...]
    description: str = ""
    source: str = ""
    licence: str = ""
    images: ImageShape | None = None
    written: Numerals | None = None
    _by_name: dict[str, Column] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_name = {column.name: column for column in reversed(self.columns)}  # of two with one name, the first
        object.__setattr__(self, "_by_name", by_name)

    @property
    def rows(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def numeric_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind is ColumnKind.NUMBER)

    def column(self, name: str) -> Column:
        """The column of that name; a DataError suggests the closest name there is."""
        if name in self._by_name:
            return self._by_name[name]
        raise DataError(f"{self.name} has no column '{name}'{self._hint(name)}")

    def default_targets(self) -> tuple[str, ...]:
        """The column most likely meant to be predicted: classes first, then a telling name, then the last numbers."""
        classes = [column.name for column in self.columns if looks_like_classes(column)]
        guesses = (
            [name for name in classes if has_target_name(name)],
            classes,
            [column.name for column in self.columns if has_target_name(column.name)],
            [column.name for column in self.numeric_columns],
            list(self.names),
        )
        return next(((names[-1],) for names in guesses if names), ())

    def default_inputs(self) -> tuple[str, ...]:
        """Every column of numbers that can be used and is not the default target."""
        targets = self.default_targets()
        return tuple(c.name for c in self.numeric_columns if c.problem is None and c.name not in targets)

    def _hint(self, name: str) -> str:
        listed = ", ".join(f"'{known}'" for known in self.names[:_NAMES_TO_LIST])
        if len(self.names) > _NAMES_TO_LIST:
            listed += f" and {len(self.names) - _NAMES_TO_LIST} more"
        close = get_close_matches(name, self.names, n=1)
        return (f"; did you mean '{close[0]}'?" if close else ";") + f" its columns are {listed}"


def has_target_name(name: str) -> bool:
    """Whether a column is called what a target is called."""
    return name.casefold() in _TARGET_NAMES


def looks_like_classes(column: Column) -> bool:
    """Few distinct texts, and some of them repeated: a column of names or comments is not a class column."""
    if column.kind is not ColumnKind.TEXT:
        return False
    texts = column.values[column.filled].tolist()
    most = max(2, min(_MOST_CLASSES_TO_GUESS, len(texts) * 3 // 4))
    return 2 <= len(set(texts)) <= most
