"""New rows are prepared as the old ones were, and every difference of their table is said."""

import numpy as np
import pytest

from nnstudio.data.errors import DataError
from nnstudio.data.fitted import DifferenceKind
from nnstudio.data.pipeline import Derive, Encode, Gaps, Sample, Scale
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import ColumnSpec, ColumnType, SplitSpec

from .pipeline.preparing import prepared, table

OLD = table(
    size=[1.0, 2.0, None, 4.0, 5.0, 3.0],
    kind=["oak", "fern", "oak", "oak", None, "fern"],
    day=["1.2.2026", "13.2.2026", "2.2.2026", "3.2.2026", "4.2.2026", "5.2.2026"],
    plot=["p", "p", "q", "q", "r", "r"],
    y=["low", "high", "low", "high", "low", "high"],
)
STEPS = (Gaps(columns=("size",)), Gaps(how=Gap.MOST_FREQUENT, columns=("kind",)), Encode(), Derive(columns=("size",)))


def learned(*more: object) -> PreparedData:
    return prepared(
        OLD,
        *STEPS,
        *more,
        inputs=("size", "kind", "day"),
        group="plot",
        columns={"day": ColumnSpec(type=ColumnType.DATE)},
        standardize=True,
        split=SplitSpec(validation=0.3),
    )


def new(**changed: list[object] | None):
    """New rows that differ in these columns; None leaves one out."""
    columns = {"size": [2.0, 7.0], "kind": ["fern", "oak"], "day": ["6.2.2026", "7.2.2026"]} | changed
    return table(**{name: cells for name, cells in columns.items() if cells is not None})


def differences(**changed: list[object] | None) -> list[tuple[DifferenceKind, str]]:
    found = learned().fitted.differences(new(**changed))
    assert all("\n" not in difference.text for difference in found)
    return [(difference.kind, difference.text) for difference in found]


def test_old_rows_are_prepared_as_before():
    data = learned()
    applied = data.fitted.apply(OLD)
    assert applied.differences == ()
    assert applied.usable.tolist() == list(range(6))
    for part in (data.train, data.validation):
        np.testing.assert_array_equal(applied.X[part.rows], part.X)


def test_new_rows_take_their_gaps_and_scales_from_the_old():
    data = learned()
    both = data.fitted.apply(new(size=[None, 7.0])).X
    filled = np.nanmean(OLD.column("size").values[data.train.rows])
    assert data.original_inputs(both)[:, 0] == pytest.approx([filled, 7.0])


def test_the_same_columns_make_no_difference():
    assert differences() == []
    assert differences(y=["low", "low"], plot=["p", "x"]) == []  # they have another role


def test_a_missing_column_is_named_and_stops_everything():
    assert differences(kind=None, size=None) == [
        (DifferenceKind.MISSING_COLUMN, "inline data has no column 'size', which the network learned from; add it"),
        (DifferenceKind.MISSING_COLUMN, "inline data has no column 'kind', which the network learned from; add it"),
    ]
    with pytest.raises(DataError, match="has no column 'size'"):
        learned().fitted.apply(new(size=None))


def test_a_column_that_was_not_learned_from_is_said_to_be_unused():
    assert differences(colour=["red", "green"]) == [
        (
            DifferenceKind.EXTRA_COLUMN,
            "'colour' is not used: the network did not learn from a column of that name",
        )
    ]


def test_a_category_that_was_never_learned_is_named():
    ((kind, text),) = differences(kind=["fern", "palm"])
    assert kind is DifferenceKind.UNSEEN
    assert text.startswith("'kind' is 'palm' in 1 row, which no training row is: ")


def test_another_type_costs_the_rows_that_cannot_be_read():
    (first, _), *others = found = differences(size=["small", "large"])
    assert first is DifferenceKind.OTHER_TYPE
    assert found[0][1].startswith("row 1, column 'size': 'small' is not a number")
    assert found[0][1].endswith("(the network learned 'size' as numeric)")
    assert not others
    ((kind, text),) = differences(day=["6.2.2026", "soon"])
    assert kind is DifferenceKind.OTHER_TYPE
    assert "'soon' is not a date" in text


def test_a_gap_that_no_step_fills_costs_its_row():
    applied = learned().fitted.apply(new(day=[None, "7.2.2026"]))
    assert applied.usable.tolist() == [1]
    assert np.isnan(applied.X[0]).any()
    (gap,) = applied.differences
    assert (gap.kind, gap.text) == (DifferenceKind.GAP, "row 1 has a gap in 'day' and gets no prediction")


def test_what_a_step_has_no_number_for_costs_its_row():
    data = prepared(table(a=[1.0, 2.0], y=[1.0, 2.0]), Scale(how=Scaler.LOG))
    applied = data.fitted.apply(table(a=[1.0, -3.0]))
    assert applied.usable.tolist() == [0]
    assert applied.differences[0].text.startswith("row 2 of 'a' is -3, and log(1 + x) needs numbers above −1; ")


def test_numbers_written_as_text_are_read_as_numbers():
    assert differences(size=["2,5", "3,5"]) == []


def test_places_in_the_plane_of_the_columns_become_inputs():
    dataset = table(a=[0.0, 1.0, 2.0, 3.0], b=[1.0, 5.0, 2.0, 2.0], y=["p", "q", "p", "p"])
    data = prepared(dataset, Sample(how=Sampling.OVER), Derive(), Scale())
    assert (data.features, data.axes, data.plain) == (("a", "b"), 2, False)
    raw = data.raw(data.train.rows)
    np.testing.assert_allclose(data.inputs_of(raw), data.train.X, atol=1e-12)


def test_without_steps_inputs_are_plain():
    data = prepared(table(a=[0.0, 1.0], y=[1.0, 2.0]), Scale(on=False), standardize=True)
    assert data.plain
    np.testing.assert_array_equal(data.inputs_of(np.array([[0.0]])), [[-1.0]])


def test_text_and_columns_with_gaps_are_no_axes():
    assert prepared(table(a=["p", "q"], b=[1.0, 2.0], y=[1.0, 2.0]), Encode()).axes == 0
    gap = table(a=[None, 1.0], b=[1.0, 2.0], y=[1.0, 2.0])
    assert prepared(gap, Gaps()).axes == 0
    assert prepared(table(a=[None, 1.0, 2.0], b=[1.0, 2.0, 3.0], y=[1.0, 2.0, 3.0]), Gaps(how=Gap.DROP)).axes == 2


def test_a_decimal_sign_that_is_another_beyond_doubt_is_read_and_said():
    old = table(weight=["1,5 kg", "2,25 kg", "9,0 kg", "4,1 kg"], y=["a", "b", "a", "b"])
    data = prepared(old, inputs=("weight",), columns={"weight": ColumnSpec(type=ColumnType.NUMERIC)})
    applied = data.fitted.apply(table(weight=["1.5 kg", "2.25 kg"]))
    assert applied.X.tolist() == data.train.X[:2].tolist() == [[1.5], [2.25]]
    assert [difference.kind for difference in applied.differences] == [DifferenceKind.OTHER_SIGN]
    assert "have a decimal point here" in applied.differences[0].text
    in_doubt = data.fitted.apply(table(weight=["1.500 kg"]))
    assert in_doubt.differences[0].kind is DifferenceKind.OTHER_TYPE
    assert len(in_doubt.usable) == 0
