"""Operations as equations of matrices: the numbers are the machine's, and the right rows and columns are lit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.spec import LayerSpec, NetworkSpec
from nnstudio.explain.element import element_at
from nnstudio.explain.grids import abridged
from nnstudio.explain.ideas import idea_of
from nnstudio.explain.matrices import MatrixEquation, matrices
from nnstudio.explain.reading import Reading

from .test_truth import machines


def machine() -> Machine:
    rng = np.random.default_rng(3)
    network = NetworkSpec(2, (LayerSpec(5, "tanh"), LayerSpec(3, "softmax")))
    model = Model(ModelSpec(network, "cross_entropy"))
    model.initialize(1)
    targets = np.eye(3)[rng.integers(3, size=7)]
    return Machine(model, rng.normal(size=(7, 2)), targets, batch_size=7, shuffle=False, seed=1)


def after(made: Machine, kind: OpKind, slot: str = "W1", index: tuple[int, ...] = (3, 1)) -> MatrixEquation:
    """The equation of the next operation of a kind, when it has run, with this element and sample 2 chosen."""
    while made.op.kind is not kind:
        made.step()
    at, op = made.pc, made.op
    made.step()
    return matrices(Reading(made, at, element_at(made, op, slot, index, 2), 4))


def shape_of(equation: MatrixEquation) -> str:
    pieces = equation.pieces
    return " ".join(piece if isinstance(piece, str) else f"{piece.symbol} {piece.shape}" for piece in pieces)


def test_a_weighted_sum_has_its_matrices_side_by_side() -> None:
    equation = after(machine(), OpKind.AFFINE)
    assert shape_of(equation) == "Z¹ (7, 5) = X (7, 2) · W¹ᵀ (2, 5) + b¹ (1, 5)"
    assert equation.explanation.plain == "weighted sum, hidden layer 1\nZ¹ = X W¹ᵀ + b¹"


def test_an_element_lights_its_row_its_column_and_its_bias() -> None:
    equation = after(machine(), OpKind.AFFINE)
    z, x, weights, bias = equation.grids
    lit = equation.lit(z, z.pins(4, 3))
    assert (lit[x], lit[weights], lit[bias]) == ((4, None), (None, 3), (0, 3))
    lit = equation.lit(weights, weights.pins(1, 3))
    assert (lit[z], lit[x], lit[bias]) == ((None, 3), (None, 1), (0, 3))


def test_the_chosen_neuron_and_sample_are_lit_first() -> None:
    equation = after(machine(), OpKind.AFFINE)
    assert equation.lit(equation.grids[0], equation.standing)[equation.grids[0]] == (2, 3)


def test_an_element_of_a_transposed_matrix_is_that_of_its_slot() -> None:
    made = machine()
    _, _, weights, bias = after(made, OpKind.AFFINE).grids
    assert weights.place(1, 3) == ("W1", (3, 1))
    assert weights.at(1, 3) == made.value("W1")[3, 1]
    assert bias.place(0, 3) == ("b1", (3,))


def test_softmax_makes_each_number_of_all_in_its_row() -> None:
    equation = after(machine(), OpKind.FUSED)
    assert shape_of(equation) == "A² (7, 3) and J (1, 1) from Z² (7, 3) and Y (7, 3)"
    a, _, z, _ = equation.grids
    assert equation.lit(a, a.pins(4, 1))[z] == (4, None)


def test_gradients_of_weights_are_summed_over_the_samples() -> None:
    equation = after(machine(), OpKind.WEIGHT_GRADIENT)
    assert shape_of(equation) == "∂J/∂W² (3, 5) = (∂J/∂Z²)ᵀ (3, 7) · A¹ (7, 5)"
    gradient, slopes, outputs = equation.grids
    lit = equation.lit(gradient, gradient.pins(1, 4))
    assert (lit[slopes], lit[outputs]) == ((1, None), (None, 4))


def test_the_slope_of_the_activation_stands_beside_what_flows_back() -> None:
    made = machine()
    equation = after(made, OpKind.ACTIVATION_GRADIENT)
    assert shape_of(equation) == "∂J/∂Z¹ (7, 5) = ∂J/∂A¹ (7, 5) ⊙ ∂A¹/∂Z¹ (7, 5) from Z¹ (7, 5)"
    assert equation.grids[2].at(4, 1) == pytest.approx(1 - np.tanh(made.value("Z1")[4, 1]) ** 2)


def test_an_update_shows_the_parameter_that_is_chosen() -> None:
    made = machine()
    equation = after(made, OpKind.UPDATE, "b1", (2,))
    assert shape_of(equation) == "b¹ (1, 5) from ∂J/∂b¹ (1, 5) and α (1, 1)"
    assert equation.grids[0].at(0, 2) == made.value("b1")[2]


def test_what_is_not_computed_yet_is_not_known() -> None:
    made = machine()
    made.step()
    result, inputs, *_ = matrices(Reading(made, 1, element_at(made, made.op, "W1", (0, 0), 0), 4)).grids
    assert result.at(0, 0) is None
    assert inputs.at(0, 0) == made.value("X")[0, 0]


def test_costs_show_the_share_of_each_sample() -> None:
    model = Model(ModelSpec(NetworkSpec(1, (LayerSpec(1),)), "half_mse"))
    made = Machine(model, [[1.0], [2.0]], [[1.0], [3.0]], batch_size=2, shuffle=False, seed=1)
    equation = after(made, OpKind.COST)
    assert shape_of(equation) == "J (1, 1) = mean of c (2, 1) from A¹ (2, 1) and Y (2, 1)"
    assert [equation.grids[1].at(row, 0) for row in (0, 1)] == [0.5, 4.5]


@settings(max_examples=25, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_whatever_is_known_is_the_machines_own_number(made: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(2 * len(made.program.ops)):
        at, op = made.pc, made.op
        sample = int(rng.integers(made.program.batch_size))
        element = element_at(made, op, "W1", (0, 0), sample)
        assert idea_of(Reading(made, at, element, 4, True)).text
        before = matrices(Reading(made, at, element, 4, True)).grids
        assert all(grid.at(0, 0) is None for grid in before if grid.slot in op.writes and grid.slot not in op.reads)
        made.step()
        grids = matrices(Reading(made, at, element, 4)).grids
        assert grids[0].slot in op.writes
        for grid in grids:
            row, column = (int(rng.integers(size)) for size in grid.shape)
            value, (slot, index) = grid.at(row, column), grid.place(row, column)
            if slot and value is not None:
                np.testing.assert_equal(value, made.value(slot)[() if index is None else index])
            assert value is not None or slot not in op.writes


@pytest.mark.parametrize(
    ("count", "room", "keep", "shown"),
    [
        (6, 6, 0, (0, 1, 2, 3, 4, 5)),
        (9, 6, 0, (0, 1, 2, 3, None, 8)),
        (9, 6, 3, (0, 1, 2, 3, None, 8)),
        (9, 6, 5, (0, 1, None, 5, None, 8)),
        (9, 6, 7, (0, 1, 2, None, 7, 8)),
        (9, 6, 8, (0, 1, 2, 3, None, 8)),
        (9, 4, 5, (None, 5, None, 8)),
    ],
)
def test_long_matrices_are_abridged_round_the_chosen_element(
    count: int, room: int, keep: int, shown: tuple[int | None, ...]
) -> None:
    assert abridged(count, room, keep) == shown
