"""Writing the class is all it takes to add an activation, a cost or an optimizer: it trains, and its file is read."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.optimizers import Link, Optimizer
from nnstudio.engine.optimizers.base import learning_rate
from nnstudio.engine.registry import Named
from nnstudio.engine.settings import setting
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.run import build

DATA = DataSpec(InlineSource(("x", "y"), ((1.0, 2.0), (2.0, 3.0))), ("x",), ("y",))


@pytest.fixture(autouse=True)
def _forget():
    """What a test adds is gone after it."""
    kept = {kind: dict(kind.registry) for kind in (Activation, Cost, Optimizer)}
    yield
    for kind, registry in kept.items():
        kind.registry.clear()
        kind.registry.update(registry)


def test_everything_that_can_be_chosen_says_what_it_is_for():
    chosen = [found for kind in Named.__subclasses__() for found in kind.registry.values()]
    assert len(chosen) > 30
    for found in chosen:
        assert found.summary.endswith("."), f"{found.__name__} needs a summary: a sentence on what it does"
        assert 30 <= len(found.summary) <= 110, found.__name__


def trained_after_a_round_trip(experiment):
    again = file.decode(file.encode(experiment))
    assert again == experiment
    run = build(again)
    run.machine.run_iteration()
    return run


def test_an_activation_is_added_by_writing_its_class():
    class Square(Activation):
        name = "square"
        formula, slope_formula = "{z}²", "2 {z}"
        typst, slope_typst = "{z}^2", "2 {z}"

        def forward(self, z, out, scratch):
            np.multiply(z, z, out)

        def slope(self, z, a, out, scratch):
            np.multiply(z, 2, out)

    run = trained_after_a_round_trip(
        Experiment(DATA, Network((LayerSpec(1, "square"),)), training=TrainingSpec(2), parameters={"W1": [[3]]})
    )
    assert "square" in Activation.names()
    assert run.machine.value("A1").ravel().tolist() in ([9, 36], [36, 9])


def test_a_cost_is_added_by_writing_its_class():
    class Quartic(Cost):
        name = "quartic"
        formula, gradient_formula = "1/m Σ {w}({a} − {y})⁴", "4 {w}({a} − {y})³ / m"
        typst, gradient_typst = "1/m sum {w}(a - y)^4", "4/m {w}(a - y)^3"

        def value(self, a, y, scratch):
            return float(np.sum((a - y) ** 4)) / len(a)

        def gradient(self, a, y, out, scratch):
            out[...] = 4 * (a - y) ** 3 / len(a)

    run = trained_after_a_round_trip(
        Experiment(DATA, Network((LayerSpec(1),)), cost="quartic", training=TrainingSpec(2), parameters={"W1": [[0]]})
    )
    assert run.machine.cost == pytest.approx((2**4 + 3**4) / 2)
    assert run.model.evaluate(run.machine.X, run.machine.Y, np.array([1, 0.5])).cost < 2**4 + 3**4


def test_an_optimizer_is_added_by_writing_its_class():
    @dataclass(frozen=True)
    class SignDescent(Optimizer):
        name = "sign_descent"
        learning_rate: float = learning_rate(0.1)
        bias: float = setting(0.0, "Bias", "c", 0.0, 1.0)

        def chain(self, memory):
            def step(θ, g, rate):
                θ -= rate * np.sign(g)

            run = partial(step, memory.parameters, memory.gradients, memory.rate)
            return (Link("θ ← θ − α sign g", "", ("θ", "g", "α"), ("θ",), run),)

    experiment = Experiment(
        DATA,
        Network((LayerSpec(1),)),
        optimizer=SignDescent(0.25, 0.5),
        training=TrainingSpec(2),
        parameters={"W1": [[1]], "b1": [5]},
    )
    run = trained_after_a_round_trip(experiment)
    assert run.machine.value("W1").item() == 0.75
    assert run.machine.value("b1").item() == 4.75


def test_a_class_that_is_still_abstract_is_no_choice():
    class Half(Activation):
        name = "half"

    assert "half" not in Activation.names()


def test_a_title_is_the_name_in_words_unless_given():
    assert Activation.registry["hard_tanh"].title == "hard tanh"
    assert Activation.registry["relu"].title == "ReLU"
