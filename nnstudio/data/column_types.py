"""What the cells of a column mean: a column as it was read, taken for what a user says it is.

Text may be numbers, categories with an order, yes and no, or dates; numbers may be categories. A cell that does not fit
the type is a mistake, which is reported with its row.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from msgspec import structs

from nnstudio.data.cells import Decimal, number_name, read_number
from nnstudio.data.cells import is_number as reads_as_number
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.dates import date_order, part_of, read_date
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline.table import Feature, FeatureKind
from nnstudio.data.spec import ColumnSpec, ColumnType

TRUE = frozenset({"1", "true", "t", "yes", "y", "on", "ja", "wahr", "oui", "vrai", "si", "sí", "да"})
FALSE = frozenset({"0", "false", "f", "no", "n", "off", "nein", "falsch", "non", "faux", "нет"})


def type_of(column: Column, spec: ColumnSpec) -> ColumnType:
    """The type that was chosen, or the one that suits what was read."""
    if spec.type is not None:
        return spec.type
    return ColumnType.NUMERIC if column.kind is ColumnKind.NUMBER else ColumnType.CATEGORICAL


def settled(column: Column, spec: ColumnSpec) -> ColumnSpec:
    """With everything said that can be recognized, so that other rows are read in the same way. A DataError says what
    has to be said by the user."""
    kind = type_of(column, spec)
    place = f"$.data.columns.{column.name}"
    if kind is ColumnType.ORDINAL and not spec.order and column.kind is ColumnKind.TEXT:
        raise DataError(f"{place}.order is missing; an ordinal column of text needs its categories, the least first")
    if len(set(spec.order)) < len(spec.order):
        raise DataError(f"{place}.order names a category twice; name each once")
    dates = spec.dates
    if kind is ColumnType.DATE and dates is None:
        dates = date_order(_texts(column)[column.filled].tolist())
        if dates is None:
            raise DataError(
                f"{place}.dates is missing: whether the day or the month comes first cannot be told from the dates in "
                f"'{column.name}'; choose day_first or month_first"
            )
    return structs.replace(spec, type=kind, dates=dates)


def typed(column: Column, spec: ColumnSpec) -> Column:
    """The column as its type has it: numbers, but for categories, which are text. `spec` is settled."""
    match spec.type:
        case ColumnType.BOOLEAN:
            return _read(column, _boolean, "yes or no, true or false, 1 or 0")
        case ColumnType.DATE:
            return _read(column, lambda text: read_date(text, spec.dates), "a date such as 2026-11-25")
        case ColumnType.ORDINAL if spec.order:
            places = {text: float(place) for place, text in enumerate(spec.order)}
            return _read(column, lambda text: places.get(text, math.nan), f"one of {', '.join(spec.order)}")
        case ColumnType.NUMERIC | ColumnType.ORDINAL:  # numbers without an order are in their own
            return column if column.kind is ColumnKind.NUMBER else _read(column, _number, "a number")
        case ColumnType.CATEGORICAL if column.kind is ColumnKind.NUMBER:
            return replace(column, kind=ColumnKind.TEXT, values=_texts(column))
    return column


def categories_in_order(column: Column) -> tuple[str, ...]:
    """The categories that occur, as a person writes them: sorted, as numbers where all of them are numbers. An order
    to begin with."""
    present = set(_texts(column)[column.filled].tolist())
    if all(map(reads_as_number, present)):
        return tuple(sorted(present, key=lambda text: (float(text), text)))
    return tuple(sorted(present))


def features(column: Column, spec: ColumnSpec) -> tuple[Feature, ...]:
    """A typed column as a pipeline takes it: a date with its parts behind it."""
    if column.kind is ColumnKind.TEXT:
        values = column.values.copy()
        values[~column.filled] = None
        return (Feature(column.name, FeatureKind.CATEGORY, values),)
    kind = FeatureKind.INDICATOR if spec.type is ColumnType.BOOLEAN else FeatureKind.NUMBER
    parts = spec.parts if spec.type is ColumnType.DATE else ()
    return (
        Feature(column.name, kind, column.values, spec.order if spec.type is ColumnType.ORDINAL else ()),
        *(Feature(f"{column.name} {part}", FeatureKind.NUMBER, part_of(column.values, part)) for part in parts),
    )


def _read(column: Column, read: Callable[[str], float], expected: str) -> Column:
    """The column of the numbers that its cells stand for; the first filled cell that stands for none is its mistake."""
    texts, missing = _texts(column).tolist(), ~column.filled
    known = {text: read(text) for text in set(texts)}
    values = np.array([known[text] for text in texts], dtype=np.float64)
    values[missing] = np.nan
    wrong = np.isnan(values) & ~missing
    mistake = None
    if wrong.any():
        row = int(np.argmax(wrong))
        mistake = (
            f"row {row + 1}, column '{column.name}': '{texts[row][:40]}' is not {expected}; correct it or choose "
            "another type for the column"
        )
    return replace(column, kind=ColumnKind.NUMBER, values=values, problem=mistake or column.problem, mistake=mistake)


def _texts(column: Column) -> np.ndarray:
    """The cells as text, numbers as a person writes them."""
    if column.kind is ColumnKind.TEXT:
        return column.values
    names = {value: number_name(value) for value in set(column.values[column.filled].tolist())}
    return np.array([*(names.get(value, "") for value in column.values.tolist()), None], dtype=object)[:-1]


def _number(text: str) -> float:
    value = read_number(text)
    value = read_number(text, Decimal.COMMA) if math.isnan(value) else value
    return value if math.isfinite(value) else math.nan


def _boolean(text: str) -> float:
    folded = text.casefold()
    return 1.0 if folded in TRUE else 0.0 if folded in FALSE else math.nan
