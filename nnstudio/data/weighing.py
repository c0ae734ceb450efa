"""How much each row counts: what a column says, times the weight of its class.

Weights of classes make up for classes that are rare. `balanced` gives a row n / (K n_c), where n_c of the n training
rows are of its class and K classes are; over the training rows that is 1 on average. The weights of a column are taken
as they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.spec import ClassWeighting, DataSpec
from nnstudio.data.targets import Targets

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Each row's class as an index, and what the classes are called."""

    index: Rows
    names: tuple[str, ...]


def labels_of(targets: Targets) -> Labels | None:
    """The classes of these targets; a single column of 0 and 1 has two. None for values."""
    if targets.labels is not None:
        return Labels(targets.labels, targets.names)
    if targets.Y.shape[1] == 1 and _are_zeros_and_ones(targets.Y):
        return Labels(targets.Y[:, 0].astype(np.int64), ("0", "1"))
    return None


def _are_zeros_and_ones(values: Array) -> bool:
    """Whether both occur and nothing else; `numpy.unique` would sort them, and load `numpy.ma` at the start for it."""
    ones, zeros = values == 1.0, values == 0.0
    return bool(ones.any() and zeros.any() and (ones | zeros).all())


def row_weights(spec: DataSpec, column: Column | None, labels: Labels | None, rows: Rows, train: Rows) -> Array | None:
    """How much each of `rows` (numbers in the table) counts; None where all count alike. `train` has the places of the
    training rows among them."""
    by_class = _class_weights(spec, labels, train)
    if column is None and by_class is None:
        return None
    weights = np.ones(len(rows)) if column is None else _column_weights(column, rows)
    if by_class is not None and labels is not None:
        weights = weights * by_class[labels.index]
    if not weights[train].any():
        raise DataError("every training row has the weight 0, so that there is nothing to learn; give some a weight")
    return weights


def _class_weights(spec: DataSpec, labels: Labels | None, train: Rows) -> Array | None:
    """The weight of each class."""
    given = spec.class_weights
    if given is ClassWeighting.NONE or given == {}:
        return None
    if labels is None:
        raise DataError("$.data.class_weights is for classes, and these targets are values; set it to none")
    if isinstance(given, dict):
        return _named_weights(given, labels.names)
    counts = np.bincount(labels.index[train], minlength=len(labels.names))
    present = int(np.count_nonzero(counts))
    return np.divide(len(train), present * counts, out=np.ones(len(counts)), where=counts > 0)


def _named_weights(given: dict[str, float], names: tuple[str, ...]) -> Array:
    for name, weight in given.items():
        if name not in names:
            raise DataError(f"$.data.class_weights.{name}: there is no such class; the classes are {', '.join(names)}")
        if not 0.0 <= weight < np.inf:
            raise DataError(f"$.data.class_weights.{name} is {weight:g}; a weight is a number from 0 on")
    return np.array([given.get(name, 1.0) for name in names])


def _column_weights(column: Column, rows: Rows) -> Array:
    if column.kind is ColumnKind.TEXT:
        raise DataError(f"$.data.weight: column '{column.name}' holds text, and weights are numbers; choose another")
    if column.problem is not None:
        raise DataError(f"$.data.weight: {column.problem}")
    weights: Array = column.values[rows]
    if (weights < 0.0).any():
        place = int(np.argmax(weights < 0.0))
        raise DataError(
            f"$.data.weight: row {rows[place] + 1} of '{column.name}' is {weights[place]:g}; "
            "a weight is a number from 0 on"
        )
    return weights
