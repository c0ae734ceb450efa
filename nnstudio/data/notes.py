"""What is allowed but probably not meant, in words: rows and columns that are left out, what never changes, classes of
which a part has no row."""

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.roles import Roles
from nnstudio.data.scaling import is_constant
from nnstudio.data.spec import MissingUse
from nnstudio.data.splitting import Split
from nnstudio.data.weighing import Labels

Array = NDArray[np.float64]

_NAMED = 3


def dropped(count: int, rows: int) -> tuple[str, ...]:
    """That rows are left out for their gaps, as a step asks."""
    return (f"{count:,} of {rows:,} rows have gaps and are dropped",) if count else ()


def perhaps_classes(column: Column) -> tuple[str, ...]:
    """That numbers are taken for values which may as well be classes."""
    values = column.values[column.filled]
    return (f"'{column.name}' holds whole numbers, {values.min():g} … {values.max():g}: values, or classes?",)


def left_out(unlabelled: int, rows: int, use: MissingUse) -> tuple[str, ...]:
    """That rows without a target are left out."""
    if not unlabelled or use is not MissingUse.LEAVE_OUT:
        return ()
    return (f"{unlabelled:,} of {rows:,} rows have no target and are left out",)


def classes_without(split: Split, labels: Labels | None) -> tuple[str, ...]:
    """Classes of which a part has no row: it cannot tell how well they are recognized."""
    if labels is None:
        return ()
    found = []
    for part, rows in (("training", split.train), ("validation", split.validation), ("test", split.test)):
        counts = np.bincount(labels.index[rows], minlength=len(labels.names))
        absent = [f"'{name}'" for name, count in zip(labels.names, counts, strict=True) if not count]
        if len(rows) and absent:
            more = f" and {len(absent) - _NAMED:,} more" if len(absent) > _NAMED else ""
            of = "class" if len(absent) == 1 else "the classes"
            found.append(f"no {part} row is of {of} {', '.join(absent[:_NAMED])}{more}")
    return tuple(found)


def flaws_left_out(dataset: Dataset, roles: Roles) -> tuple[str, ...]:
    """A column of numbers that is not learned from for a bad cell: it may be left out without the user's knowledge."""
    used = {column.name for column in roles.columns}
    return tuple(
        f"'{column.name}' is left out: {column.problem}"
        for column in dataset.numeric_columns
        if column.problem is not None and column.name not in used
    )


def single_classes_left_out(dataset: Dataset, roles: Roles) -> tuple[str, ...]:
    """A column of text that would be the target if it had two classes: that another one is must not go unsaid."""
    used = {column.name for column in roles.columns}
    texts = [c for c in dataset.columns if c.kind is ColumnKind.TEXT and c.name not in used]
    found = [(c.name, set(c.values[c.filled].tolist())) for c in texts if c.filled.sum() > 1]
    return tuple(
        f"'{name}' is left out: it is '{next(iter(values))}' in every row, and a single class cannot be learned"
        for name, values in found
        if len(values) == 1
    )


def constants(role: str, names: tuple[str, ...], table: Array) -> tuple[str, ...]:
    """A column that never changes teaches nothing. (With one row every column is constant, and everybody knows.)"""
    if len(table) < 2:
        return ()
    constant = is_constant(table).nonzero()[0].tolist()
    if len(constant) > _NAMED:  # most often the edges of images
        listed = ", ".join(f"'{names[place]}'" for place in constant[:_NAMED])
        return (
            f"{len(constant):,} of {len(names):,} {role}s are the same in every training row ({listed}, …); "
            "nothing can be learned from them",
        )
    return tuple(
        f"{role} '{names[place]}' is {table[0, place]:g} in every training row; nothing can be learned from it"
        for place in constant
    )
