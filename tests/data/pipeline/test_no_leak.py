"""Nothing that is fitted has known the rows it is judged by: other numbers there change nothing that is learned."""

import numpy as np
import pytest

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale, Step
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.spec import ClassWeighting, DataSpec, SplitSpec

from .preparing import ANY

_ROWS = 60

LISTS: dict[str, tuple[Step, ...]] = {
    "fill with the mean": (Gaps(how=Gap.MEAN, mark=True),),
    "fill with the median": (Gaps(how=Gap.MEDIAN),),
    "fill with the most frequent": (Gaps(how=Gap.MOST_FREQUENT), Encode()),
    "one-hot": (Encode(how=Encoding.ONE_HOT),),
    "ordinal": (Encode(how=Encoding.ORDINAL),),
    "binary": (Encode(how=Encoding.BINARY),),
    "clip": (Clip(how=Limits.QUANTILES, low=0.1, high=0.9),),
    "standardize": (Scale(how=Scaler.STANDARDIZE),),
    "min-max": (Scale(how=Scaler.MIN_MAX),),
    "robust": (Scale(how=Scaler.ROBUST),),
    "log": (Clip(low=0.0), Scale(how=Scaler.LOG)),
    "derive": (Derive(),),
    "polynomial": (Polynomial(degree=3),),
    "components": (Gaps(how=Gap.MEAN), Components(share=0.8)),
    "undersample": (Sample(how=Sampling.UNDER),),
    "oversample": (Sample(how=Sampling.OVER),),
    "everything": (
        Gaps(how=Gap.MEDIAN, mark=True),
        Encode(),
        Clip(how=Limits.QUANTILES, low=0.1, high=0.9),
        Polynomial(columns=("a", "b")),
        Sample(how=Sampling.OVER),
        Scale(),
        Components(count=3),
        Scale(how=Scaler.ROBUST),
    ),
}
_FILL = (Gaps(how=Gap.MEAN), Encode(how=Encoding.ORDINAL))


def _dataset(values: dict[str, np.ndarray]) -> Dataset:
    columns = []
    for name, cells in values.items():
        missing = np.array([cell is None or cell != cell for cell in cells])
        kind = ColumnKind.TEXT if cells.dtype == object else ColumnKind.NUMBER
        columns.append(
            Column(name, kind, cells, "a gap" if missing.any() else None, missing if missing.any() else None)
        )
    return Dataset("table", tuple(columns))


def _values() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    a, b, c = (rng.normal(5.0, 3.0, _ROWS).round(2) for _ in range(3))
    kind = np.array(rng.choice(["p", "q", "r"], _ROWS), dtype=object)
    a[rng.random(_ROWS) < 0.15] = np.nan
    y = np.array(["yes" if row % 5 == 0 else "no" for row in range(_ROWS)], dtype=object)
    return {"a": a, "b": b, "c": c, "kind": kind, "y": y}


def _prepared(values: dict[str, np.ndarray], steps: tuple[Step, ...]) -> PreparedData:
    spec = DataSpec(
        ANY,
        inputs=("a", "b", "c", "kind"),
        targets=("y",),
        standardize=True,
        split=SplitSpec(validation=0.25, test=0.2),
        pipeline=(*steps, *_FILL),
        class_weights=ClassWeighting.BALANCED,
    )
    return prepare(_dataset(values), spec, seed=3)


def _changed(values: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    """The same table with quite other inputs in these rows: far away, missing, of categories nobody has seen."""
    rng = np.random.default_rng(2)
    changed = {name: cells.copy() for name, cells in values.items()}
    for name in ("a", "b", "c"):
        changed[name][rows] = rng.normal(0.0, 1e3, len(rows))
    changed["b"][rows[0]] = np.nan
    changed["kind"][rows] = rng.choice(np.array(["new", "newer", "p"], dtype=object), len(rows))
    return changed


@pytest.mark.parametrize("steps", LISTS.values(), ids=LISTS)
def test_other_rows_change_nothing_that_is_learned(steps):
    values = _values()
    before = _prepared(values, steps)
    others = np.concatenate((before.validation.rows, before.test.rows))
    after = _prepared(_changed(values, others), steps)

    assert after.input_names == before.input_names
    assert after.train.rows.tolist() == before.train.rows.tolist()
    assert after.train.X.tobytes() == before.train.X.tobytes()
    assert after.train.Y.tobytes() == before.train.Y.tobytes()
    assert after.train.weights.tobytes() == before.train.weights.tobytes()
    assert (after.input_mean.tobytes(), after.input_scale.tobytes()) == (
        before.input_mean.tobytes(),
        before.input_scale.tobytes(),
    )
    assert after.validation.X.tobytes() != before.validation.X.tobytes()
    # What was fitted makes the same inputs of the old table as before, in all of its rows.
    made = after.fitted.apply(_dataset(values)).X
    assert made.tobytes() == before.fitted.apply(_dataset(values)).X.tobytes()


def _of_values(values: dict[str, np.ndarray], fold: int) -> PreparedData:
    """Of values that are standardized with their inputs, with one fold of four kept to judge by."""
    spec = DataSpec(
        ANY,
        inputs=("a", "b", "c", "kind"),
        targets=("y",),
        standardize=True,
        standardize_targets=True,
        split=SplitSpec(folds=4, fold=fold, test=0.1),
        pipeline=(Gaps(how=Gap.MEDIAN, mark=True), Encode(), Polynomial(columns=("b", "c")), Components(count=5)),
    )
    return prepare(_dataset(values), spec, seed=3)


@pytest.mark.parametrize("fold", [1, 2, 3, 4])
def test_other_targets_and_inputs_of_a_fold_change_nothing_that_is_learned_of_the_others(fold):
    values = {**_values(), "y": np.random.default_rng(5).normal(20.0, 4.0, _ROWS)}
    before = _of_values(values, fold)
    others = np.concatenate((before.validation.rows, before.test.rows))
    changed = _changed(values, others)
    changed["y"][others] = np.random.default_rng(6).normal(-1e6, 1e5, len(others))
    after = _of_values(changed, fold)

    assert after.train.rows.tolist() == before.train.rows.tolist()
    assert len(before.validation.rows) >= 13
    for learned in ("input_mean", "input_scale", "target_mean", "target_scale"):
        assert getattr(after, learned).tobytes() == getattr(before, learned).tobytes(), learned
    assert (after.train.X.tobytes(), after.train.Y.tobytes()) == (before.train.X.tobytes(), before.train.Y.tobytes())
    assert after.validation.Y.tobytes() != before.validation.Y.tobytes()
    made = after.fitted.apply(_dataset(values)).X
    assert made.tobytes() == before.fitted.apply(_dataset(values)).X.tobytes()
    known = values["y"][before.train.rows]
    assert before.target_mean[0] == pytest.approx(known.mean(), rel=1e-12)
    assert before.target_scale[0] == pytest.approx(known.std(), rel=1e-12)


@pytest.mark.parametrize("steps", LISTS.values(), ids=LISTS)
def test_a_preparation_is_repeated_byte_for_byte_and_applied_as_it_was_made(steps):
    first, again = _prepared(_values(), steps), _prepared(_values(), steps)
    for part in ("train", "validation", "test"):
        assert getattr(first, part).X.tobytes() == getattr(again, part).X.tobytes()
    applied = first.fitted.apply(_dataset(_values()))
    for part in (first.train, first.validation, first.test):
        np.testing.assert_allclose(applied.X[part.rows], part.X, rtol=1e-12, atol=1e-12)
