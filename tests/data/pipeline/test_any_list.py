"""Whatever steps are listed for whatever table: there are arrays to learn from, or one line that says why not."""

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.spec import ClassWeighting, ColumnSpec, ColumnType, DataSpec, SplitBy, SplitSpec

from .preparing import ANY, table

NAMES = ("a", "b", "kind", "day")
usual = st.just(())
columns = usual | st.lists(st.sampled_from((*NAMES, "a²", "kind=p", "component 1")), max_size=1).map(tuple)
on = st.sampled_from((True, True, True, False))
limits = st.none() | st.sampled_from((-1.0, 0.0, 0.5, 3.0))
some = {"columns": usual | columns, "on": on}
parts = st.just({"count": 1}) | st.just({"share": 0.9}) | st.just({"count": 3}) | st.just({})
steps = st.one_of(
    st.builds(Gaps, how=st.sampled_from(Gap), value=limits | st.just("p"), mark=st.booleans(), **some),
    st.builds(Clip, low=limits, high=st.just(4.0), **some),
    st.builds(lambda given, **others: Components(**given, **others), parts, **some),
    st.builds(Polynomial, degree=st.sampled_from((2, 3)), interactions_only=st.booleans(), **some),
    st.builds(Sample, on=on),
    st.builds(Encode, how=st.sampled_from(Encoding), **some),
    st.builds(Scale, how=st.sampled_from(Scaler), **some),
    st.builds(Derive, keep=st.booleans(), **some),
)
cells = st.sampled_from((0.0, 1.0, -2.5, 7.0, 1e3, 0.5, None))
rows = st.tuples(cells, cells, st.sampled_from(("p", "q", "r", "")), st.sampled_from(("2026-11-25", "1.2.1999", "")))
types = st.fixed_dictionaries(
    {},
    optional={
        "day": st.just(ColumnSpec(type=ColumnType.DATE)),
        "a": st.just(ColumnSpec(type=ColumnType.CATEGORICAL)),
        "kind": st.just(ColumnSpec(type=ColumnType.ORDINAL, order=("r", "q", "p"))),
    },
)
FIRST = (
    (),
    (Gaps(how=Gap.DROP), Encode()),
    (Gaps(how=Gap.MEAN), Gaps(how=Gap.MOST_FREQUENT), Encode()),
    (Gaps(how=Gap.CONSTANT), Encode(how=Encoding.BINARY), Clip(high=5.0)),
)


@settings(max_examples=100)
@given(
    st.lists(rows, min_size=4, max_size=14),
    st.builds(lambda first, others: (*first, *others), st.sampled_from(FIRST), st.lists(steps, max_size=3)),
    types,
    st.sampled_from((SplitBy.STRATIFIED, SplitBy.ORDER)),
    st.booleans(),
)
def test_it_is_prepared_or_refused_in_one_line(made, listed, said, by, standardize):
    y = ["no", "yes", *("yes" if n % 3 else "no" for n in range(len(made) - 2))]
    dataset = table(**dict(zip(NAMES, zip(*made, strict=True), strict=True)), y=y)
    inputs = NAMES if any(isinstance(step, Encode) for step in listed) else ("a", "b")
    spec = DataSpec(
        ANY,
        inputs,
        ("y",),
        standardize,
        SplitSpec(validation=0.25, by=by),
        columns=said,
        pipeline=listed,
        class_weights=ClassWeighting.BALANCED,
    )
    data = attempt(dataset, spec)
    if isinstance(data, str):
        assert "\n" not in data
        return
    check(data)
    again = prepare(dataset, spec, seed=1)
    assert again.train.X.tobytes() == data.train.X.tobytes()
    applied = data.fitted.apply(dataset)
    np.testing.assert_allclose(applied.X[data.train.rows], data.train.X, rtol=1e-9, atol=1e-9)


def attempt(dataset: Dataset, spec: DataSpec) -> PreparedData | str:
    """The arrays, or why there are none."""
    try:
        data = prepare(dataset, spec, seed=1)
    except DataError as error:
        event("refused")
        return str(error)
    event("prepared")
    return data


def check(data: PreparedData) -> None:
    """Whether a network could learn from it."""
    assert len(set(data.input_names)) == len(data.input_names)
    assert len(data.train.rows)
    for part in (data.train, data.validation, data.test):
        assert np.isfinite(part.X).all()
        assert part.X.shape == (len(part.rows), len(data.input_names))
        assert part.X.flags.c_contiguous
        assert part.Y.shape == (len(part.rows), 2)
        assert part.weights is not None
        assert part.weights.shape == (len(part.rows),)
    assert not {*data.train.rows.tolist()} & {*data.validation.rows.tolist()}
    assert data.stages[-1].names == data.input_names
    assert data.stages[-1].rows == len(data.train.rows)
