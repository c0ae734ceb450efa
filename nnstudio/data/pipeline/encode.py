"""Categories as numbers.

**One-hot**: a column for each category, 1 where the row is of it. **Ordinal**: its place among the categories, from 0;
only for categories that have an order, as the network takes 2 for twice 1. **Binary**: its number, from 1, written in
binary digits, a column each: few columns for many categories.

The categories are those of the training rows, sorted (as numbers where all are numbers). One that occurs elsewhere
alone was never learned: one-hot and binary it is 0 in all columns, ordinal it is −1.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from nnstudio.data.cells import is_number as reads_as_number
from nnstudio.data.cells import number_name

from .step import FittedStep, Remark, StepSpec, chosen, is_category, refuse_too_many, refuse_without_values
from .table import Array, Feature, FeatureKind, Table, unused

_NAMES_TO_LIST = 3


class Encoding(StrEnum):
    """How categories become numbers."""

    ONE_HOT = "one_hot"
    ORDINAL = "ordinal"
    BINARY = "binary"


class Encode(StepSpec, frozen=True, kw_only=True, tag="encode"):
    """Without `columns` all columns of text are encoded. Columns of numbers can be named too."""

    how: Encoding = Encoding.ONE_HOT

    def fit(self, learned: Table, place: str) -> FittedStep:
        columns = chosen(self, learned, place, is_category, lambda _: "")
        taken = set(learned.names)
        codes = []
        for feature in columns:
            refuse_without_values(feature, place)
            categories = categories_of(feature)
            code = _Code(categories, self._names(feature, categories, taken), {c: n for n, c in enumerate(categories)})
            refuse_too_many(len(code.names), place, f"encode '{feature.name}' binary, or leave it out of the inputs")
            codes.append(code)
        return Encoded(self.how, {feature.name: code for feature, code in zip(columns, codes, strict=True)})

    def _names(self, feature: Feature, categories: tuple[Any, ...], taken: set[str]) -> tuple[str, ...]:
        if self.how is Encoding.ORDINAL:
            return (feature.name,)
        if self.how is Encoding.BINARY:
            return tuple(unused(f"{feature.name} bit {n + 1}", taken) for n in range(len(categories).bit_length()))
        return tuple(unused(f"{feature.name}={category_name(feature, c)}", taken) for c in categories)


@dataclass(frozen=True, slots=True, eq=False)
class _Code:
    """The categories of one column, the names of the columns it becomes, and the number of each category."""

    categories: tuple[Any, ...]
    names: tuple[str, ...]
    number: dict[Any, int]

    def numbers(self, feature: Feature) -> Array:
        """The number of each row's category: −1 for one that was not learned, NaN for a gap."""
        numbers = np.array([self.number.get(value, -1) for value in feature.values.tolist()], dtype=np.float64)
        numbers[feature.gaps] = np.nan
        return numbers


@dataclass(frozen=True, slots=True, eq=False)
class Encoded(FittedStep):
    """The categories that were learned, by column."""

    how: Encoding
    codes: dict[str, _Code]

    def apply(self, table: Table) -> Table:
        new = {f.name: self._encoded(f, self.codes[f.name]) for f in table.features if f.name in self.codes}
        return table.replaced(new)

    def remarks(self, table: Table) -> tuple[Remark, ...]:
        found = []
        for feature in table.features:
            code = self.codes.get(feature.name)
            if code is not None and (unseen := set(feature.known.tolist()) - code.number.keys()):
                found.append(Remark(feature.name, self._unseen(feature, unseen)))
        return tuple(found)

    def _encoded(self, feature: Feature, code: _Code) -> tuple[Feature, ...]:
        numbers = code.numbers(feature)
        if self.how is Encoding.ORDINAL:
            labels = tuple(category_name(feature, category) for category in code.categories)
            return (Feature(feature.name, FeatureKind.NUMBER, numbers, labels),)
        gaps = np.isnan(numbers)
        whole = np.where(gaps, -1.0, numbers).astype(np.int64)
        if self.how is Encoding.BINARY:
            places = range(len(code.names))
            made = [(whole + 1) >> place & 1 for place in reversed(places)]
        else:
            made = [whole == number for number in range(len(code.names))]
        return tuple(
            Feature(name, FeatureKind.INDICATOR, np.where(gaps, np.nan, column))
            for name, column in zip(code.names, made, strict=True)
        )

    def _unseen(self, feature: Feature, unseen: set[Any]) -> str:
        named = sorted(category_name(feature, category) for category in unseen)
        listed = ", ".join(f"'{name}'" for name in named[:_NAMES_TO_LIST])
        more = f" and {len(named) - _NAMES_TO_LIST} more" if len(named) > _NAMES_TO_LIST else ""
        becomes = "it counts as −1" if self.how is Encoding.ORDINAL else "it is 0 in all columns of the encoding"
        rows = sum(value in unseen for value in feature.values.tolist())
        return (
            f"'{feature.name}' is {listed}{more} in {rows:,} row{'s' * (rows != 1)}, "
            f"which no training row is: {becomes}"
        )


def categories_of(feature: Feature) -> tuple[Any, ...]:
    """The categories that occur, sorted: as numbers where all of them are numbers."""
    present = set(feature.known.tolist())
    if feature.kind is FeatureKind.CATEGORY and all(map(reads_as_number, present)):
        return tuple(sorted(present, key=lambda text: (float(text), text)))
    return tuple(sorted(present))


def category_name(feature: Feature, category: Any) -> str:
    """A category as a person writes it: numbers without needless zeros, a place in an order by its label."""
    if not isinstance(category, float):
        return str(category)
    if feature.labels and category.is_integer() and 0 <= category < len(feature.labels):
        return feature.labels[int(category)]
    return number_name(category)
