"""Principal components: the directions in which the training rows vary most, in place of the columns themselves.

The rows are centred by their mean, X − μ = U S Vᵀ (the singular value decomposition), and the component k of a row is
its product with the k-th row of Vᵀ. Each is unrelated to the others and carries the share Sₖ² / Σ S² of the variance. A
direction and its opposite are the same component: it points to where its largest part is positive.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.data.errors import DataError

from .step import FittedStep, StepSpec, chosen, is_number, no_text
from .table import Array, Feature, FeatureKind, Table, unused

_MANY_COLUMNS = 100


class Components(StepSpec, frozen=True, kw_only=True, tag="components"):
    """So many components (`count`), or as many as carry together more than this share of the variance (`share`)."""

    count: int | None = None
    share: float | None = None

    def fit(self, learned: Table, place: str) -> FittedStep:
        self._check(place)
        columns = chosen(self, learned, place, is_number, no_text)
        if not columns:
            return Projected((), np.zeros(0), np.zeros((0, 0)), ())
        for feature in columns:
            if feature.gaps.any():
                row = learned.rows[int(np.argmax(feature.gaps))] + 1
                raise DataError(
                    f"{place}: column '{feature.name}' has a gap in row {row}, and components need every number; "
                    "fill or drop gaps in an earlier step"
                )
            if np.isinf(feature.values).any():
                raise DataError(
                    f"{place}: column '{feature.name}' has numbers that are too large; scale or clip it in an earlier "
                    "step"
                )
        X = np.column_stack([feature.values for feature in columns])
        mean = X.mean(axis=0)
        shares, directions = _decomposed(X - mean)
        kept = self._kept(shares, place)
        names = {feature.name for feature in columns}
        taken = set(learned.names) - names
        made = tuple(unused(f"component {number + 1}", taken) for number in range(kept))
        found = f"{100 * shares[:kept].sum():.3g} % of the variance"
        return Projected(tuple(f.name for f in columns), mean, directions[:kept], made, found=found)

    def _check(self, place: str) -> None:
        if (self.count is None) == (self.share is None):
            raise DataError(f"{place} needs either count or share; give one of them, such as share 0.95")
        if self.count is not None and self.count < 1:
            raise DataError(f"{place}.count is {self.count}; it must be at least 1")
        if self.share is not None and not 0.0 < self.share < 1.0:
            raise DataError(f"{place}.share is {self.share:g}; it must be above 0 and below 1, such as 0.95")

    def _kept(self, shares: Array, place: str) -> int:
        if self.share is not None:
            return min(int(np.searchsorted(np.cumsum(shares), self.share, side="right")) + 1, len(shares))
        assert self.count is not None
        if self.count > len(shares):
            raise DataError(
                f"{place}.count is {self.count}, more than the {len(shares)} there are; components are at most as many "
                "as columns and as training rows"
            )
        return self.count


@dataclass(frozen=True, slots=True, eq=False)
class Projected(FittedStep):
    """The columns, their means, the directions (components × columns) and the names of what they become."""

    columns: tuple[str, ...]
    mean: Array
    directions: Array
    made: tuple[str, ...]

    def apply(self, table: Table) -> Table:
        if not self.columns:
            return table
        values = {feature.name: feature.values for feature in table.features}
        X = np.column_stack([values[name] for name in self.columns])
        projected = (X - self.mean) @ self.directions.T
        new = tuple(
            Feature(name, FeatureKind.NUMBER, np.ascontiguousarray(projected[:, number]))
            for number, name in enumerate(self.made)
        )
        first, *others = self.columns
        return table.replaced({first: new, **dict.fromkeys(others, ())})


def _decomposed(centred: Array) -> tuple[Array, Array]:
    """The share of the variance that each component carries, and the components as rows."""
    rows, columns = centred.shape
    if columns >= _MANY_COLUMNS and rows >= 10 * columns:
        squares, upright = np.linalg.eigh(centred.T @ centred)  # of XᵀX = V S² Vᵀ, ascending: many times as fast
        squares, directions = np.maximum(squares[::-1], 0.0), upright.T[::-1]
    else:
        _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
        squares = sizes**2
    largest = directions[np.arange(len(directions)), np.argmax(np.abs(directions), axis=1)]
    total = squares.sum()
    shares = squares / total if total > 0.0 else np.zeros(len(squares))
    return shares, directions * np.where(largest < 0.0, -1.0, 1.0)[:, None]
