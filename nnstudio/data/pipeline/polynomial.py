"""Polynomial terms: all products of up to `degree` of the columns, such as x₁², x₁x₂ and x₁²x₂.

With `interactions_only` no column is multiplied with itself, so that only products of different ones are added. They
are in the order of scikit-learn's PolynomialFeatures: by degree, then by column. The constant is left to the bias.
"""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, combinations_with_replacement
from math import comb

import numpy as np

from nnstudio.data.errors import DataError

from .step import FittedStep, StepSpec, chosen, is_number, no_text, refuse_too_many
from .table import Feature, FeatureKind, Table, unused

_MOST_DEGREE = 20
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Polynomial(StepSpec, frozen=True, kw_only=True, tag="polynomial"):
    """The terms of degree 2 and above are added behind the columns there are."""

    degree: int = 2
    interactions_only: bool = False

    def fit(self, learned: Table, place: str) -> FittedStep:
        if not 2 <= self.degree <= _MOST_DEGREE:
            raise DataError(f"{place}.degree is {self.degree}; it must be from 2 to {_MOST_DEGREE}")
        names = [feature.name for feature in chosen(self, learned, place, is_number, no_text)]
        mend = "use a lower degree, interactions alone, or fewer columns"
        refuse_too_many(len(learned.names) + self._count(len(names)), place, mend)
        of = combinations if self.interactions_only else combinations_with_replacement
        taken = set(learned.names)
        return Terms(
            tuple(
                (unused(_name(term), taken), term) for degree in range(2, self.degree + 1) for term in of(names, degree)
            )
        )

    def _count(self, columns: int) -> int:
        """How many terms there would be."""
        if self.interactions_only:
            return sum(comb(columns, degree) for degree in range(2, self.degree + 1))
        return comb(columns + self.degree, self.degree) - columns - 1


@dataclass(frozen=True, slots=True, eq=False)
class Terms(FittedStep):
    """The name of each term, and the columns it multiplies."""

    terms: tuple[tuple[str, tuple[str, ...]], ...]

    def apply(self, table: Table) -> Table:
        values = {feature.name: feature.values for feature in table.features}
        return table.extended(
            tuple(
                Feature(name, FeatureKind.NUMBER, reduce(np.multiply, [values[column] for column in term]))
                for name, term in self.terms
            )
        )


def _name(term: tuple[str, ...]) -> str:
    """x1²·x2."""
    powers = ((name, str(power).translate(_SUPERSCRIPTS) if power > 1 else "") for name, power in Counter(term).items())
    return "·".join(name + power for name, power in powers)
