"""How much rows count: by a column, by their class, by both."""

import numpy as np
import pytest

from nnstudio.data.spec import ClassWeighting, SplitBy, SplitSpec

from .pipeline.preparing import prepared, refusal, table

KINDS = table(x=[1.0, 2.0, 3.0, 4.0], w=[2.0, 1.0, 0.0, 0.5], y=["a", "a", "a", "b"])


def test_nobody_weighs_unless_asked():
    assert prepared(KINDS, inputs=("x",)).train.weights is None
    assert prepared(KINDS, inputs=("x",), class_weights={}).train.weights is None


def test_a_column_is_taken_as_it_is_in_every_part():
    data = prepared(KINDS, inputs=("x",), weight="w", split=SplitSpec(validation=0.5, by=SplitBy.ORDER))
    assert data.train.weights.tolist() == [2.0, 1.0]
    assert data.validation.weights.tolist() == [0.0, 0.5]
    assert not data.train.weights.flags.writeable
    assert data.features == ("x",)


def test_a_column_that_weighs_is_no_input_by_itself():
    assert prepared(KINDS, inputs=(), weight="w").features == ("x",)


def test_classes_have_weights_by_name():
    data = prepared(KINDS, inputs=("x",), class_weights={"b": 3.0})
    assert data.train.weights.tolist() == [1, 1, 1, 3]


def test_balanced_classes_weigh_the_same_in_all_and_a_row_1_on_average():
    weights = prepared(KINDS, inputs=("x",), class_weights=ClassWeighting.BALANCED).train.weights
    assert weights.tolist() == pytest.approx([4 / 6, 4 / 6, 4 / 6, 2.0])
    assert weights.mean() == pytest.approx(1.0)


def test_both_are_multiplied():
    data = prepared(KINDS, inputs=("x",), weight="w", class_weights={"a": 2.0})
    assert data.train.weights.tolist() == [4.0, 2.0, 0.0, 0.5]


def test_zeros_and_ones_are_classes():
    dataset = table(x=[1.0, 2.0, 3.0], y=[0.0, 0.0, 1.0])
    assert prepared(dataset, class_weights={"1": 5.0}).train.weights.tolist() == [1, 1, 5]


def test_other_rows_have_the_weights_of_the_training_rows():
    kinds = ["a", "a", "a", "b", "b", "b"]
    dataset = table(x=[float(n) for n in range(6)], y=kinds)
    split = SplitSpec(validation=1 / 3, by=SplitBy.ORDER)
    data = prepared(dataset, class_weights=ClassWeighting.BALANCED, split=split)
    np.testing.assert_allclose(data.train.weights, [4 / 6] * 3 + [2.0])
    np.testing.assert_allclose(data.validation.weights, [2.0, 2.0])


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"weight": "y"}, "$.data.weight: column 'y' is a target already; "),
        ({"weight": "x"}, "$.data.weight: column 'x' is an input already; "),
        ({"weight": "z"}, "inline data has no column 'z'; "),
        ({"class_weights": {"c": 1.0}}, "$.data.class_weights.c: there is no such class; the classes are a, b"),
        ({"class_weights": {"a": -1.0}}, "$.data.class_weights.a is -1; "),
        ({"class_weights": {"a": 0.0, "b": 0.0}}, "every training row has the weight 0, "),
    ],
)
def test_what_cannot_be_is_refused(spec, message):
    assert refusal(KINDS, inputs=("x",), **spec).startswith(message)


def test_a_bad_weight_is_refused_with_its_row():
    negative = table(x=[1.0, 2.0], w=[1.0, -2.0], y=[1.0, 2.0])
    message = refusal(negative, inputs=("x",), weight="w")
    assert message.startswith("$.data.weight: row 2 of 'w' is -2; ")
    gap = table(x=[1.0, 2.0], w=[1.0, None], y=[1.0, 2.0])
    assert refusal(gap, inputs=("x",), weight="w").startswith("$.data.weight: row 2, column 'w': the cell is empty; ")
    text = table(x=[1.0, 2.0], w=["much", "little"], y=[1.0, 2.0])
    assert refusal(text, inputs=("x",), weight="w").startswith("$.data.weight: column 'w' holds text, ")


def test_values_have_no_classes_to_weigh():
    dataset = table(x=[1.0, 2.0], y=[1.0, 2.0])
    message = refusal(dataset, class_weights=ClassWeighting.BALANCED)
    assert message.startswith("$.data.class_weights is for classes, and these targets are values; ")
