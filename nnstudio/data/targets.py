"""Targets as numbers.

A column of **values** is its own target. A column of **classes** becomes one target for each class, 1 where the row is
of that class and 0 elsewhere: *one-hot* encoding. Classes written as text are sorted as text, classes written as
numbers as numbers, so that the order never depends on the order of the rows. Where the **inputs** are the targets there
is nothing to read.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import number_name
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.spec import TargetKind

Rows = NDArray[np.int64]

MOST_CLASSES = 1_000


class Task(StrEnum):
    """What is to be learned: which class a row is of, or the values of its targets."""

    CLASSES = "classes"
    VALUES = "values"


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Y (n × targets) with the names of its columns; `labels` has each row's class as an index, None for values.

    The n rows are those that have a target.
    """

    task: Task
    names: tuple[str, ...]
    Y: NDArray[np.float64]
    labels: NDArray[np.int64] | None = None


def rows_with_targets(columns: tuple[Column, ...]) -> Rows:
    """The rows of which no target is missing, ascending; a DataError says that there are none."""
    rows = np.flatnonzero(np.logical_and.reduce([column.filled for column in columns]))
    if len(rows):
        return rows
    if len(columns) == 1:
        raise DataError(f"every cell of the target '{columns[0].name}' is missing; fill in some of them")
    names = ", ".join(f"'{column.name}'" for column in columns)
    raise DataError(f"no row has all of the targets {names}; fill in what is missing, or choose fewer targets")


def encode_targets(columns: tuple[Column, ...], kind: TargetKind, rows: Rows, order: tuple[str, ...] = ()) -> Targets:
    """The targets that these columns ask for, of these rows; a DataError says why they can't be targets together.
    Classes that have an `order` come in it."""
    texts = [column.name for column in columns if column.kind is ColumnKind.TEXT]
    if kind is TargetKind.VALUES and texts:
        raise DataError(f"column '{texts[0]}' holds text, so its target can't be a value; choose classes or automatic")
    if not texts and kind is not TargetKind.CLASSES:
        Y = np.column_stack([column.values[rows] for column in columns]).astype(np.float64)
        return Targets(Task.VALUES, tuple(column.name for column in columns), Y)
    if len(columns) > 1:
        names = ", ".join(f"'{column.name}'" for column in columns)
        raise DataError(f"classes come from one target column, but there are {len(columns)}: {names}; keep one of them")
    return _one_hot(columns[0], rows, order)


def _one_hot(column: Column, rows: Rows, order: tuple[str, ...]) -> Targets:
    values = column.values[rows].tolist()
    present = _sorted(column.name, set(values), order)
    names = tuple(class_name(value) for value in present)
    if len(present) == 1:
        every = "every row" if column.missing is None else "every filled-in row"
        raise DataError(
            f"{every} of '{column.name}' is '{names[0]}'; a class target needs at least two classes, "
            "so choose another target or add rows of another class"
        )
    if len(present) > MOST_CLASSES:
        raise DataError(
            f"column '{column.name}' has {len(present):,} different classes, more than {MOST_CLASSES:,}; "
            "it is probably not a class column, so choose another target"
        )
    index = {value: number for number, value in enumerate(present)}
    labels = np.array([index[value] for value in values], dtype=np.int64)
    return Targets(Task.CLASSES, names, np.eye(len(present))[labels], labels)


def _sorted(column: str, present: set[Any], order: tuple[str, ...]) -> list[Any]:
    """The classes that occur, in the order that was given for them."""
    if not order:
        return sorted(present)
    places = {name: place for place, name in enumerate(order)}
    for value in sorted(present, key=class_name):
        if class_name(value) not in places:
            raise DataError(
                f"column '{column}' has '{class_name(value)}', which is not among the categories of its order; "
                f"add it to $.data.columns.{column}.order"
            )
    return sorted(present, key=lambda value: places[class_name(value)])


def class_name(value: Any) -> str:
    """Text as it is; numbers as a person writes them, 3 rather than 3.0."""
    return number_name(value) if isinstance(value, float) else str(value)
