"""What deserves a warning before one learns from a table, the gravest first.

Each finding is a sentence with the numbers it rests on. What would mend it is an edit of the experiment, and stands
where edits are (`experiment.mends`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.pipeline import Clip, Scale
from nnstudio.data.preparation import PreparedData

from .correlation import correlations
from .drift import drifts
from .summary import NumberSummary, Summary, summary_of

_NEARLY_ALL = 0.99
_NEARLY_ONE = 0.999
_FAIR_SHARE = 0.4
_SCALES_APART = 10.0
_FAR_OUT = 3.0
_MOST_PAIRED = 200
_NAMES_TO_LIST = 3


class FindingKind(StrEnum):
    """What it is about, in the words of its heading."""

    PERHAPS_CLASSES = "Numbers that may be classes"
    SHARED_ROWS = "Same rows in two parts"
    DRIFT = "Parts that differ"
    CONSTANT = "Constant column"
    NEARLY_CONSTANT = "Nearly constant column"
    IMBALANCE = "Unbalanced classes"
    GAPS = "Missing values"
    DUPLICATE_ROWS = "Duplicate rows"
    ALIKE = "Columns that say the same"
    SCALES = "Columns of very different size"
    FAR_OUT = "Values far out"


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` says what was found, `columns` where; there may be none."""

    kind: FindingKind
    text: str
    columns: tuple[str, ...] = ()


def findings(dataset: Dataset, data: PreparedData) -> tuple[Finding, ...]:
    """All there is to say of this table, with the inputs, targets and parts it is learned from by now."""
    inputs = tuple(column for column in dataset.columns if column.name in data.features)
    found = [
        *_of_target(dataset, data),
        *_of_columns(inputs, data),
        *_of_rows(dataset, data),
        *_of_classes(data),
        *_of_pairs(inputs),
        *_of_parts(data),
    ]
    if not _scaled(data):
        found += _of_scales(inputs)
    found += _gaps(dataset, data)
    order = list(FindingKind)
    return tuple(sorted(found, key=lambda finding: order.index(finding.kind)))


def _of_target(dataset: Dataset, data: PreparedData) -> Iterator[Finding]:
    """Numbers that are taken for values, though they may be classes."""
    if data.perhaps_classes:
        name = data.target_names[0]
        column = dataset.column(name)
        values = column.values[column.filled]
        text = (
            f"'{name}' holds {len(np.unique(values))} different whole numbers, {values.min():g} … {values.max():g}, "
            "and is predicted as a value; as classes, each of them has a probability of its own"
        )
        yield Finding(FindingKind.PERHAPS_CLASSES, text, (name,))


def _of_columns(inputs: tuple[Column, ...], data: PreparedData) -> Iterator[Finding]:
    summaries = {column.name: summary_of(column) for column in inputs}
    constant = tuple(name for name, summary in summaries.items() if summary.constant)
    if constant:
        it = _has(constant, "it", "them")
        text = f"{listed(constant)} {_has(constant)} the same value in every row: there is nothing to learn from {it}"
        yield Finding(FindingKind.CONSTANT, text, constant)
    varied = [column for column in inputs if not summaries[column.name].constant]
    shares = {column.name: _share_of_most_frequent(column) for column in varied}
    nearly = tuple(name for name, share in shares.items() if share >= _NEARLY_ALL)
    if nearly:
        least = 100 * min(shares[name] for name in nearly)
        text = f"{listed(nearly)} {_has(nearly)} one and the same value in at least {least:.3g} % of the rows"
        yield Finding(FindingKind.NEARLY_CONSTANT, text, nearly)
    if not any(isinstance(stage.step, Clip) and stage.step.on for stage in data.stages):
        yield from _far_values([column for column in varied if column.name not in nearly], summaries)


def _far_values(columns: list[Column], summaries: dict[str, Summary]) -> Iterator[Finding]:
    counts = {c.name: _far_out(c, s) for c in columns if isinstance(s := summaries[c.name], NumberSummary)}
    far = tuple(sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name]))
    if far:
        first = summaries[far[0]]
        assert isinstance(first, NumberSummary)
        text = (
            f"{listed(far)} {_has(far)} values further out than three times the distance of their quartiles; "
            f"'{far[0]}' {counts[far[0]]:,}, with all from {first.least:.4g} to {first.most:.4g}, half of them between "
            f"{first.lower:.4g} and {first.upper:.4g}"
        )
        yield Finding(FindingKind.FAR_OUT, text, far)


def _share_of_most_frequent(column: Column) -> float:
    known = column.filled & (column.values == column.values)
    counts = np.unique(column.values[known], return_counts=True)[1]
    return float(counts.max() / counts.sum()) if len(counts) else 0.0


def _far_out(column: Column, summary: NumberSummary) -> int:
    """How many lie beyond Tukey's outer fences; where more than half are equal, there are no fences."""
    reach = _FAR_OUT * (summary.upper - summary.lower)
    if not reach > 0:
        return 0
    values = column.values
    return int(np.count_nonzero((values < summary.lower - reach) | (values > summary.upper + reach)))


def _gaps(dataset: Dataset, data: PreparedData) -> Iterator[Finding]:
    """Columns of numbers that are left out for their gaps, perhaps without anybody's knowledge."""
    used = {*data.features, *data.fitted.others}
    left = [c for c in dataset.numeric_columns if c.name not in used and c.missing is not None and c.mistake is None]
    missing = {column.name: dataset.rows - int(np.count_nonzero(column.filled)) for column in left}
    gaps = tuple(sorted(missing, key=lambda name: -missing[name]))
    if gaps:
        text = (
            f"{listed(gaps)} {_has(gaps, 'is', 'are')} left out for {_has(gaps, 'its', 'their')} gaps: '{gaps[0]}' has "
            f"no value in {_rows(missing[gaps[0]])} of {dataset.rows:,}"
        )
        yield Finding(FindingKind.GAPS, text, gaps)


def _of_rows(dataset: Dataset, data: PreparedData) -> Iterator[Finding]:
    codes = _row_codes(dataset)
    repeated = len(_repeats(codes))
    if repeated:
        text = f"{_rows(repeated)} {'repeats' if repeated == 1 else 'repeat'} an earlier row in every column"
        yield Finding(FindingKind.DUPLICATE_ROWS, text)
        learned = codes[data.train.rows]
        for part, name in ((data.validation, "validation"), (data.test, "test")):
            known = int(np.count_nonzero(np.isin(codes[part.rows], learned)))
            if known:
                text = (
                    f"{_rows(known)} of {len(part.rows):,} for {name} {'stands' if known == 1 else 'stand'} among the "
                    f"training rows too, so {name} looks better than it is"
                )
                yield Finding(FindingKind.SHARED_ROWS, text)


def repeated_rows(dataset: Dataset) -> NDArray[np.int64]:
    """The rows that repeat an earlier one in every column, ascending."""
    return _repeats(_row_codes(dataset))


def _repeats(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    first = np.unique(codes, return_index=True)[1]
    return np.delete(np.arange(len(codes)), first)


def _row_codes(dataset: Dataset) -> NDArray[np.int64]:
    """A number for each row, the same for rows that are the same in every column."""
    codes: NDArray[np.int64] = np.zeros(dataset.rows, dtype=np.int64)
    for column in dataset.columns:
        own = np.unique(column.values, return_inverse=True, equal_nan=True)[1] if len(column.values) else codes
        codes = np.unique(codes * (int(own.max(initial=0)) + 1) + own, return_inverse=True)[1].astype(np.int64)
        if len(codes) and codes.max() == len(codes) - 1:
            return codes  # all rows differ already
    return codes


def _of_classes(data: PreparedData) -> Iterator[Finding]:
    if len(data.classes) < 2 or data.train.weights is not None:
        return
    counts = data.train.Y.sum(axis=0)
    rarest = int(counts.argmin())
    share, fair = counts[rarest] / counts.sum(), 1 / len(counts)
    if share < _FAIR_SHARE * fair:
        text = (
            f"'{data.classes[rarest]}' is the class of {_rows(int(counts[rarest]))} of {int(counts.sum()):,} to learn "
            f"from, {100 * share:.2g} %; a network may do well without ever naming it"
        )
        yield Finding(FindingKind.IMBALANCE, text)


def _of_pairs(inputs: tuple[Column, ...]) -> Iterator[Finding]:
    """Columns that lie on a straight line with an earlier one."""
    numbers = [column for column in inputs if column.kind is ColumnKind.NUMBER]
    if not 2 <= len(numbers) <= _MOST_PAIRED:
        return
    r = np.tril(np.abs(np.nan_to_num(correlations(numbers))), -1)
    later, earlier = np.nonzero(r > _NEARLY_ONE)
    repeats = tuple(dict.fromkeys(numbers[n].name for n in later.tolist()))
    if repeats:
        one, other = numbers[int(later[0])].name, numbers[int(earlier[0])].name
        closely = f"|r| = {r[later[0], earlier[0]]:.5f}"
        others = f", and so {_has(repeats[1:], 'does', 'do')} {listed(repeats[1:])} with others" if repeats[1:] else ""
        text = f"'{one}' lies on a straight line with '{other}' ({closely}){others}"
        yield Finding(FindingKind.ALIKE, text, repeats)


def _of_parts(data: PreparedData) -> Iterator[Finding]:
    if not len(data.validation.rows):
        return
    columns = [entry.column for entry in data.fitted.columns if entry.column.kind is ColumnKind.NUMBER]
    names = tuple(column.name for column in columns if _drifts(column, data, len(columns)))
    if names:
        text = f"{listed(names)} {_has(names, 'is', 'are')} spread otherwise in validation than in training"
        yield Finding(FindingKind.DRIFT, text, names)


def _drifts(column: Column, data: PreparedData, tests: int) -> bool:
    train, validation = (column.values[part.rows] for part in (data.train, data.validation))
    train, validation = train[~np.isnan(train)], validation[~np.isnan(validation)]
    return bool(len(train) and len(validation)) and drifts(train, validation, tests)


def _scaled(data: PreparedData) -> bool:
    by_steps = any(isinstance(stage.step, Scale) and stage.step.on for stage in data.stages)
    return by_steps or bool((data.input_scale != 1).any())


def _of_scales(inputs: tuple[Column, ...]) -> Iterator[Finding]:
    found = [(s.deviation, column.name) for column in inputs if isinstance(s := summary_of(column), NumberSummary)]
    sizes = sorted(pair for pair in found if pair[0] > 0)
    if sizes and sizes[-1][0] > _SCALES_APART * sizes[0][0]:
        (small, one), (large, other) = sizes[0], sizes[-1]
        text = (
            f"'{other}' varies by {large:.3g} around its mean and '{one}' by {small:.3g}; gradient descent is slow "
            "where inputs are of such different size"
        )
        yield Finding(FindingKind.SCALES, text, tuple(name for _, name in sizes))


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _has(names: tuple[str, ...], one: str = "has", several: str = "have") -> str:
    return one if len(names) == 1 else several


def listed(names: tuple[str, ...]) -> str:
    """The first few names, and how many more there are."""
    few = [f"'{name}'" for name in names[:_NAMES_TO_LIST]]
    if len(names) > _NAMES_TO_LIST:
        return f"{', '.join(few)} and {len(names) - _NAMES_TO_LIST} more"
    return " and ".join(filter(None, (", ".join(few[:-1]), few[-1])))
