"""What the cells of a column mean: a column as it was read, taken for what a user says it is.

Text may be numbers, categories with an order, yes and no, or dates; numbers may be categories. A cell that does not fit
the type is a mistake, which is reported with its row.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from msgspec import structs

from nnstudio.data.cells import Decimal, is_code, number_name, read_number
from nnstudio.data.cells import is_number as reads_as_number
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.dates import date_order, part_of, read_date
from nnstudio.data.errors import DataError
from nnstudio.data.numerals import DASHES, Numerals, numbers_among, ways_to_read
from nnstudio.data.pipeline.table import Feature, FeatureKind
from nnstudio.data.spec import ColumnSpec, ColumnType, Unreadable

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
    numbers = spec.numbers
    if kind is ColumnType.NUMERIC and numbers is None:
        ways = numerals(column, most=True)
        if len(ways) > 1:
            raise DataError(
                f"{place}.numbers is missing: whether {_in_doubt(column, ways)} cannot be told; choose the decimal "
                "sign of the file, or what stands between thousands"
            )
        numbers = ways[0] if ways else None
    return structs.replace(spec, type=kind, dates=dates, numbers=numbers)


def numerals(column: Column, decimals: str = ".,", most: bool = False) -> tuple[Numerals, ...]:
    """How the numbers may be written that a column of text is of, or of which `most` of its cells are; nothing where it
    is not of numbers."""
    if column.kind is not ColumnKind.TEXT or not column.filled.any():
        return ()
    counts = Counter(column.values[column.filled].tolist())
    texts = counts.keys() - DASHES
    if any(map(is_code, texts)):
        return ()
    found = ways_to_read(texts, decimals)
    if found or not most:
        return found
    return ways_to_read(numbers_among({text: counts[text] for text in texts}), decimals)


def _in_doubt(column: Column, ways: tuple[Numerals, ...]) -> str:
    """A cell that is read in several ways, and as what."""
    for text in column.values[column.filled].tolist():
        values = sorted({number_name(way.read(text)) for way in ways} - {"nan"}, key=float)
        if len(values) > 1:
            return f"'{text[:40]}' is {' or '.join(values)}"
    return f"the numbers in '{column.name}' have decimals"


def typed(column: Column, spec: ColumnSpec) -> Column:
    """The column as its type has it: numbers, but for categories, which are text. `spec` is settled."""
    made = _typed(column, spec)
    return _without_mistakes(made) if spec.unreadable is Unreadable.GAP else made


def mistakes(column: Column, spec: ColumnSpec) -> tuple[list[int], str]:
    """The rows whose cells are filled in with something else than the column is taken for, and what that would be, in
    words. `spec` is settled."""
    made, way = _typed(column, spec), _way_to_read(spec)
    if made.kind is ColumnKind.TEXT or made.mistake is None or way is None:
        return [], ""
    return np.flatnonzero(np.isnan(made.values) & made.filled).tolist(), way[1]


def _without_mistakes(column: Column) -> Column:
    """The column with its mistakes as gaps, unless that would leave nothing."""
    gaps = np.isnan(column.values) if column.kind is ColumnKind.NUMBER else np.zeros(0, dtype=np.bool_)
    if column.kind is ColumnKind.TEXT or gaps.all():
        return column
    return replace(column, missing=gaps if gaps.any() else None, mistake=None)


def _typed(column: Column, spec: ColumnSpec) -> Column:
    way, is_number = _way_to_read(spec), column.kind is ColumnKind.NUMBER
    if way is None:
        return replace(column, kind=ColumnKind.TEXT, values=_texts(column)) if is_number else column
    if spec.type is ColumnType.NUMERIC or (spec.type is ColumnType.ORDINAL and not spec.order):
        return column if is_number else _read(_without_dashes(column), *way)
    return _read(column, *way)


def _way_to_read(spec: ColumnSpec) -> tuple[Callable[[str], float], str] | None:
    """What number a text stands for, and what the texts are called that stand for one; None for categories."""
    match spec.type:
        case ColumnType.BOOLEAN:
            return _boolean, "yes or no, true or false, 1 or 0"
        case ColumnType.DATE:
            return partial(read_date, order=spec.dates), "a date such as 2026-11-25"
        case ColumnType.ORDINAL if spec.order:
            places = {text: float(place) for place, text in enumerate(spec.order)}
            return lambda text: places.get(text, math.nan), f"one of {', '.join(spec.order)}"
        case ColumnType.NUMERIC | ColumnType.ORDINAL:  # numbers without an order are in their own
            return (_number, "a number") if spec.numbers is None else (spec.numbers.read, spec.numbers.words)
    return None


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


def _without_dashes(column: Column) -> Column:
    """The column with gaps where dashes stand among its numbers."""
    dashes = np.array([text in DASHES for text in column.values.tolist()], dtype=np.bool_)
    if not dashes.any():
        return column
    gap = f"row {int(np.argmax(dashes)) + 1}, column '{column.name}': a dash stands for a missing value"
    problem = column.problem or f"{gap}; fill it in or delete the row"
    return replace(column, missing=~column.filled | dashes, problem=problem)


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
