"""Which rows train the network, and which are kept back to judge it.

A network is judged by rows it has not learned from: **validation** rows while it is being built, **test** rows once at
the end. They are drawn at random, by a generator of their own, so that the split changes nothing else in a run. For
classes the split is **stratified**: each class keeps its share in every part, to within one row, and at least one
training row, since nobody can recognize what was never shown.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.errors import DataError
from nnstudio.data.spec import SplitSpec

Rows = NDArray[np.int64]

# Other streams of the same seed: parameters and the order of the batches. None of them may shift when the split does.
_STREAM = 2


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The row numbers of each part, ascending, and what is worth knowing about them."""

    train: Rows
    validation: Rows
    test: Rows
    notes: tuple[str, ...] = ()


def split_rows(rows: int, labels: Rows | None, spec: SplitSpec, seed: int) -> Split:
    """Deals `rows` rows into three parts; `labels` has the class index of each row, None when there are no classes."""
    _refuse_bad_shares(spec)
    strata = np.zeros(rows, dtype=np.int64) if labels is None else labels
    sizes = np.bincount(strata)
    validation, test = _allot(sizes, spec)

    order = np.random.default_rng([seed, _STREAM]).permutation(rows)
    place = _place_in_stratum(strata[order], sizes)
    in_validation = place < validation[strata[order]]
    in_test = ~in_validation & (place < (validation + test)[strata[order]])
    return Split(
        train=np.sort(order[~in_validation & ~in_test]),
        validation=np.sort(order[in_validation]),
        test=np.sort(order[in_test]),
        notes=(
            *_note("validation", spec.validation, int(validation.sum()), rows),
            *_note("test", spec.test, int(test.sum()), rows),
        ),
    )


def _refuse_bad_shares(spec: SplitSpec) -> None:
    for part, share in (("validation", spec.validation), ("test", spec.test)):
        if not 0.0 <= share < 1.0:
            raise DataError(f"the {part} share is {share:g}; it must be at least 0 and less than 1, such as 0.2")
    if spec.validation + spec.test >= 1.0:
        raise DataError(
            f"validation ({spec.validation:g}) and test ({spec.test:g}) together leave no row to train on; "
            "make them less than 1 together"
        )


def _allot(sizes: Rows, spec: SplitSpec) -> tuple[Rows, Rows]:
    """How many validation and test rows each stratum gives: its whole rows to both first, then the remainders."""
    validation = np.floor(sizes * spec.validation).astype(np.int64)
    test = np.minimum(np.floor(sizes * spec.test).astype(np.int64), sizes - 1 - validation)
    validation = _fill_up(validation, sizes, spec.validation, sizes - 1 - test)
    return validation, _fill_up(test, sizes, spec.test, sizes - 1 - validation)


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


def _note(part: str, share: float, got: int, rows: int) -> tuple[str, ...]:
    if share > 0.0 and got == 0:
        return (f"{share:g} of {rows} rows is too little for a {part} row; there is no {part} part",)
    return ()
