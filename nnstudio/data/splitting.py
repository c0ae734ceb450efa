"""Which rows train the network, and which are kept back to judge it.

A network is judged by rows it has not learned from: **validation** rows while it is being built, **test** rows once at
the end. They are drawn at random, by a generator of their own, so that the split changes nothing else in a run. For
classes the split is **stratified**: each class keeps its share in every part, to within one row, and at least one
training row, since nobody can recognize what was never shown. Rows that belong together (of one patient, one day) stay
together where the split is by **group**, else the network is asked what it has all but seen. By **order** the last rows
are kept, as the future is; by a **column** those it names.

**Cross-validation** (k-fold) deals the rows that are not tested into folds (`folding`), one of which validates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column
from nnstudio.data.errors import DataError
from nnstudio.data.folding import deal, deal_groups
from nnstudio.data.spec import SplitBy, SplitSpec

Rows = NDArray[np.int64]

# Other streams of the same seed: parameters and the order of the batches. None of them may shift when the split does.
_STREAM = 2

_TRAIN, _VALIDATION, _TEST = 0, 1, 2
_PART_WORDS = {
    **dict.fromkeys(("train", "training"), _TRAIN),
    **dict.fromkeys(("validation", "validate", "valid", "val", "dev"), _VALIDATION),
    **dict.fromkeys(("test", "testing"), _TEST),
}


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The row numbers of each part, ascending, and what is worth knowing about them."""

    train: Rows
    validation: Rows
    test: Rows
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What columns of the table tell about each row: the number of its group, or of its part; None where no column is
    asked."""

    groups: Rows | None = None
    parts: Rows | None = None


def split_rows(rows: int, labels: Rows | None, spec: SplitSpec, seed: int, telling: Telling | None = None) -> Split:
    """Deals `rows` rows into three parts; `labels` has the class index of each row, None when there are no classes."""
    _refuse_bad_shares(spec)
    _refuse_bad_folds(spec)
    told = telling or Telling()
    if spec.by is SplitBy.COLUMN:
        if told.parts is None:
            raise DataError("the split is by a column, but $.data.split.column names none; name one")
        return _split_of(told.parts)
    rng = np.random.default_rng([seed, _STREAM])
    if spec.by is SplitBy.ORDER:
        part = _in_order(rows, spec)
    elif spec.by is SplitBy.GROUP:
        part = _in_groups(told.groups, spec, rng)
    else:
        stratified = labels is not None and spec.by is SplitBy.STRATIFIED
        part = _at_random(labels if stratified and labels is not None else np.zeros(rows, dtype=np.int64), spec, rng)
    return _split_of(part, _notes(part, spec))


def groups_told(column: Column, rows: Rows) -> Rows:
    """The number of each row's group: rows with the same cell belong together."""
    if not column.filled[rows].all():
        row = rows[int(np.argmin(column.filled[rows]))] + 1
        raise DataError(f"$.data.group: row {row} of '{column.name}' is empty, so its group is not known; fill it in")
    cells = column.values[rows].tolist()
    number = {cell: place for place, cell in enumerate(sorted(set(cells)))}
    return np.array([number[cell] for cell in cells], dtype=np.int64)


def parts_told(column: Column, rows: Rows) -> Rows:
    """The part of each row that a column says in words."""
    words = [str(cell) for cell in column.values[rows].tolist()]
    known = {word: _PART_WORDS.get(word.strip().casefold()) for word in set(words)}
    for row, word in zip(rows.tolist(), words, strict=True):
        if known[word] is None:
            raise DataError(
                f"$.data.split.column: row {row + 1} of '{column.name}' is '{word[:40]}'; each cell must be train, "
                "validation or test"
            )
    return np.array([known[word] for word in words], dtype=np.int64)


def _split_of(part: Rows, notes: tuple[str, ...] = ()) -> Split:
    if not (part == _TRAIN).any():
        raise DataError("the split leaves no row to train on; keep fewer rows for validation and test")
    train, validation, test = (np.flatnonzero(part == number) for number in (_TRAIN, _VALIDATION, _TEST))
    return Split(train, validation, test, notes)


def _refuse_bad_shares(spec: SplitSpec) -> None:
    for part, share in (("validation", spec.validation), ("test", spec.test)):
        if not 0.0 <= share < 1.0:
            raise DataError(f"the {part} share is {share:g}; it must be at least 0 and less than 1, such as 0.2")
    if spec.validation + spec.test >= 1.0:
        raise DataError(
            f"validation ({spec.validation:g}) and test ({spec.test:g}) together leave no row to train on; "
            "make them less than 1 together"
        )


def _refuse_bad_folds(spec: SplitSpec) -> None:
    if spec.folds and spec.folds < 2:
        raise DataError(f"$.data.split.folds is {spec.folds}; cross-validation needs at least 2 folds, or 0 for none")
    if spec.folds and not 1 <= spec.fold <= spec.folds:
        raise DataError(f"$.data.split.fold is {spec.fold}; it must be from 1 to {spec.folds}, the number of folds")
    if spec.folds and spec.by is SplitBy.COLUMN:
        raise DataError("$.data.split.folds is given, but a column says which rows validate; set folds to 0")


def _at_random(strata: Rows, spec: SplitSpec, rng: np.random.Generator) -> Rows:
    """Each stratum keeps its share in every part."""
    sizes = np.bincount(strata)
    validation, test = _allot(sizes, spec.validation if not spec.folds else 0.0, spec.test)
    order = rng.permutation(len(strata))
    place = _place_in_stratum(strata[order], sizes)
    in_validation = place < validation[strata[order]]
    in_test = ~in_validation & (place < (validation + test)[strata[order]])
    part = np.zeros(len(strata), dtype=np.int64)
    part[order[in_validation]] = _VALIDATION
    part[order[in_test]] = _TEST
    if spec.folds:
        rest = order[~in_test]
        _validate_fold(part, rest, deal(strata[rest], _possible(spec, len(rest))), spec)
    return part


def _in_order(rows: int, spec: SplitSpec) -> Rows:
    """The first rows train, the next validate, the last are tested."""
    part = np.zeros(rows, dtype=np.int64)
    left = rows - min(round(rows * spec.test), rows - 1)
    part[left:] = _TEST
    if spec.folds:
        folds = np.arange(left) * _possible(spec, left) // left
        _validate_fold(part, np.arange(left), folds, spec)
    else:
        part[max(left - round(rows * spec.validation), 1) : left] = _VALIDATION
    return part


def _in_groups(groups: Rows | None, spec: SplitSpec, rng: np.random.Generator) -> Rows:
    """Whole groups, drawn at random, until a part has its share as nearly as groups allow."""
    if groups is None:
        raise DataError("the split is by group, but $.data.group names no column; name one, or split in another way")
    sizes = np.bincount(groups)
    order = rng.permutation(len(sizes))
    of_group = np.zeros(len(sizes), dtype=np.int64)
    wanted = {_TEST: len(groups) * spec.test, _VALIDATION: 0.0 if spec.folds else len(groups) * spec.validation}
    for group in order[:-1].tolist():  # one group at least is left to train on
        for number, rows in wanted.items():
            if sizes[group] / 2 <= rows:
                of_group[group] = number
                wanted[number] = rows - sizes[group]
                break
    part = of_group[groups]
    if spec.folds:
        rest = [group for group in order.tolist() if of_group[group] == _TRAIN]
        fold_of = deal_groups(sizes, rest, _possible(spec, len(rest), "groups"))
        places = np.flatnonzero(part == _TRAIN)
        _validate_fold(part, places, fold_of[groups[places]], spec)
    return part


def _possible(spec: SplitSpec, most: int, what: str = "rows") -> int:
    if spec.folds > most:
        raise DataError(
            f"$.data.split.folds is {spec.folds}, more than the {most} {what} there are; use at most {most}"
        )
    return spec.folds


def _validate_fold(part: Rows, places: Rows, folds: Rows, spec: SplitSpec) -> None:
    part[places[folds == spec.fold - 1]] = _VALIDATION


def _allot(sizes: Rows, validation_share: float, test_share: float) -> tuple[Rows, Rows]:
    """How many validation and test rows each stratum gives: its whole rows to both first, then the remainders."""
    validation = np.floor(sizes * validation_share).astype(np.int64)
    test = np.minimum(np.floor(sizes * test_share).astype(np.int64), sizes - 1 - validation)
    validation = _fill_up(validation, sizes, validation_share, sizes - 1 - test)
    return validation, _fill_up(test, sizes, test_share, sizes - 1 - validation)


def _fill_up(whole: Rows, sizes: Rows, share: float, most: Rows) -> Rows:
    """One more for the strata with the largest remainders, until the part has its share of all rows."""
    remainder = sizes * share - whole
    left = round(float(sizes.sum() * share)) - int(whole.sum())
    by_remainder = np.argsort(-remainder, kind="stable")
    willing = ((whole < most) & (remainder > 0.0))[by_remainder]
    filled: Rows = whole.copy()
    filled[by_remainder[willing][: max(left, 0)]] += 1
    return filled


def _place_in_stratum(strata: Rows, sizes: Rows) -> Rows:
    """For each row how many rows of its stratum come before it."""
    grouped = np.argsort(strata, kind="stable")
    starts = np.cumsum(sizes) - sizes
    place = np.empty(len(strata), dtype=np.int64)
    place[grouped] = np.arange(len(strata)) - starts[strata[grouped]]
    return place


def _notes(part: Rows, spec: SplitSpec) -> tuple[str, ...]:
    validation = 0.0 if spec.folds else spec.validation
    return (
        *_note("validation", validation, int((part == _VALIDATION).sum()), len(part), spec.by),
        *_note("test", spec.test, int((part == _TEST).sum()), len(part), spec.by),
    )


def _note(part: str, share: float, got: int, rows: int, by: SplitBy) -> tuple[str, ...]:
    if share <= 0.0 or got:
        return ()
    if by is SplitBy.GROUP:
        return (f"the groups are too large for a {part} part of {share:g}; there is none",)
    return (f"{share:g} of {rows} rows is too little for a {part} row; there is no {part} part",)
