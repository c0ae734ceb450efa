"""The single neuron: its numbers against closed forms, the lecture's two figures, and the neuron of a network."""

from math import exp, inf, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.edits import set_layer
from nnstudio.experiment.open import open_sample
from nnstudio.explain.neuron_at_hand import NeuronInput, NotDrawableError, neuron_at_hand, neuron_chosen
from nnstudio.explain.perceptron import Figure, Perceptron
from nnstudio.training.run import Run, build

NUMBERS = st.floats(-10, 10)


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_numbers_of_a_sigmoid_neuron_are_those_of_its_formula(weight: float, bias: float, x: float) -> None:
    found = Perceptron(weight, bias).reading(x)
    a = sigmoid(weight * x + bias)
    assert found.z == weight * x + bias
    assert found.a == pytest.approx(a, rel=1e-12)
    assert found.slope == pytest.approx(a * (1 - a), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("name", [name for name in Activation.names() if activation(name).elementwise])
def test_what_the_weight_and_the_bias_do_to_the_output_is_measured(name: str) -> None:
    h, at = 1e-6, 0.7
    reading = Perceptron(1.3, 0.4, name).reading(at)
    up, down = (Perceptron(1.3 + step, 0.4, name).reading(at).a for step in (h, -h))
    assert reading.by_weight == pytest.approx((up - down) / (2 * h), abs=1e-6)
    up, down = (Perceptron(1.3, 0.4 + step, name).reading(at).a for step in (h, -h))
    assert reading.by_bias == pytest.approx((up - down) / (2 * h), abs=1e-6)


def test_the_figures_are_the_lectures() -> None:
    own = Perceptron(3.0, 0.0)
    assert [neuron.weight for neuron in Figure.WEIGHT.neurons(own)] == [0.5, 1, 2]
    outputs = [neuron.reading(1.0).a for neuron in Figure.WEIGHT.neurons(own)]
    assert outputs == pytest.approx([0.62245933, 0.73105858, 0.88079708])
    biased = Figure.BIAS.neurons(Perceptron(1.0, 9.0))
    assert [neuron.reading(5.0).a for neuron in biased] == pytest.approx([0.5, sigmoid(5), sigmoid(10)])


@given(NUMBERS, NUMBERS, NUMBERS)
def test_it_fires_exactly_where_a_step_is_one(weight: float, bias: float, x: float) -> None:
    neuron = Perceptron(weight, bias, "step")
    assert neuron.fires(x) == (neuron.reading(x).a == 1)


def test_where_it_fires_follows_the_sign_of_the_weight() -> None:
    assert Perceptron(2.0, -1.0).firing() == (0.5, inf)
    assert Perceptron(-2.0, -1.0).firing() == (-inf, -0.5)
    assert Perceptron(0.0, 1.0).firing() == (-inf, inf)
    assert Perceptron(0.0, -1.0).firing() is None


@pytest.fixture
def run() -> Run:
    return build(open_sample("circles"))


def test_along_an_input_the_curve_goes_through_what_the_machine_computed(run: Run) -> None:
    machine = run.machine
    machine.run_until(1 + next(n for n, op in enumerate(machine.program.ops) if op.writes == ("A2",)))
    for sample in range(3):
        found = neuron_at_hand(machine, NeuronInput(2, 1, 3), sample)
        assert found.x == machine.value("A1")[sample, 3]
        assert found.z == machine.value("Z2")[sample, 1]
        x = np.array([found.x])
        assert found.sums(x)[0] == pytest.approx(found.z, rel=1e-12)
        assert found.outputs(x)[0] == pytest.approx(machine.value("A2")[sample, 1], rel=1e-12)
        assert found.slopes(x)[0] == pytest.approx(1 - tanh(found.z) ** 2, rel=1e-9)


def test_along_an_input_of_a_softmax_the_other_neurons_go_along() -> None:
    run = build(open_sample("iris"))
    machine, layer = run.machine, run.model.depth
    machine.run_iteration()
    found = neuron_at_hand(machine, NeuronInput(layer, 2, 0), 1)
    weights, biases = machine.value(f"W{layer}"), machine.value(f"b{layer}")
    inputs = machine.value(f"A{layer - 1}")[1].copy()
    inputs[0] = 0.3
    e = np.exp(weights @ inputs + biases)
    assert found.outputs(np.array([0.3]))[0] == pytest.approx(e[2] / e.sum(), rel=1e-12)


def test_before_the_other_inputs_are_computed_there_is_no_curve(run: Run) -> None:
    with pytest.raises(NotDrawableError, match="F10 goes on until X is there"):
        neuron_at_hand(run.machine, NeuronInput(1, 0, 0), 0)


def test_with_one_input_there_is_a_curve_before_anything_has_run() -> None:
    machine = build(open_sample("sine")).machine
    found = neuron_at_hand(machine, NeuronInput(1, 2), 0)
    assert (found.x, found.z) == (None, None)
    assert found.sums(np.array([2.0]))[0] == 2 * machine.value("W1")[2, 0] + machine.value("b1")[2]


def test_a_normalized_layer_says_why_it_has_no_curve() -> None:
    edit = set_layer(open_sample("circles"), 0, normalization=Normalization.BATCH)
    machine = build(edit.experiment).machine
    machine.run_iteration()
    with pytest.raises(NotDrawableError, match="Layer 1 is normalized"):
        neuron_at_hand(machine, NeuronInput(1), 0)


def test_after_a_dropout_the_inputs_are_those_that_are_left() -> None:
    machine = build(set_layer(open_sample("circles"), 0, dropout=0.5).experiment).machine
    machine.run_iteration()
    found = neuron_at_hand(machine, NeuronInput(2, 0, 1), 4)
    assert found.x == machine.value("D1")[4, 1]


@pytest.mark.parametrize(
    ("slot", "index", "at"),
    [
        ("W2", (1, 3), NeuronInput(2, 1, 3)),
        ("dW2", (1, 3), NeuronInput(2, 1, 3)),
        ("b1", (4,), NeuronInput(1, 4, 0)),
        ("A2", (7, 2), NeuronInput(2, 2, 0)),
        ("X", (7, 1), NeuronInput(1, 0, 1)),
        ("Y", (0, 0), NeuronInput(3, 0, 0)),
        ("J", None, NeuronInput(1, 0, 0)),
        ("W2", None, NeuronInput(2, 0, 0)),
    ],
)
def test_the_selection_leads_to_a_neuron(run: Run, slot: str, index: tuple[int, ...] | None, at: NeuronInput) -> None:
    assert neuron_chosen(run.machine, slot, index) == at
