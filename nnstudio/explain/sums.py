"""A sum of products written out: (−1.3696)(−0.9471) + (−0.1636)(0.3845) + …

At most eight terms are written; the others stand as one number that says how many they are.
"""

from dataclasses import dataclass

import numpy as np

from .writing import Kind, Math, factor, joined, number, product, summand

MOST_TERMS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Σᵢ of the product of the factors' i-th numbers. The term `keep` is always written."""

    factors: tuple[np.ndarray, ...]
    kinds: tuple[Kind | None, ...]
    keep: int = 0

    @property
    def terms(self) -> np.ndarray:
        product: np.ndarray = np.prod(np.stack(self.factors), axis=0)
        return product

    @property
    def total(self) -> float:
        return float(np.sum(self.terms))

    @property
    def shown(self) -> tuple[int, ...]:
        count = len(self.factors[0])
        if count <= MOST_TERMS:
            return tuple(range(count))
        first = range(MOST_TERMS)
        return tuple(first) if self.keep in first else (*first[:-1], self.keep)

    @property
    def rest(self) -> float:
        """The sum of the terms that are not written."""
        return float(np.sum(np.delete(self.terms, self.shown)))

    def written(self, decimals: int) -> Math:
        pieces = [self._term(n, decimals) for n in self.shown]
        hidden = len(self.factors[0]) - len(pieces)
        if hidden:
            pieces.append(remainder(hidden, self.rest, decimals))
        return joined(pieces)

    def _term(self, n: int, decimals: int) -> Math:
        if len(self.factors) == 1:
            return summand(float(self.factors[0][n]), decimals, self.kinds[0])
        pairs = zip(self.factors, self.kinds, strict=True)
        return product(*(factor(float(values[n]), decimals, kind) for values, kind in pairs))


def remainder(count: int, value: float, decimals: int) -> Math:
    """So many terms more, as one number."""
    written = number(value, decimals)
    return Math(f'dots.h more("({count} more:", {written.typst})', f"… ({count} more: {written.plain})")
