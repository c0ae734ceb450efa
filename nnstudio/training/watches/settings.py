"""Watches of what a person sets: the learning rate, and what the network is given."""

from collections.abc import Iterator

import numpy as np

from nnstudio.engine.machine import Machine

from .watch import COCKPIT, UMLAUT, Measured, Scene, Side, Threshold, Watch, When

_ADAM_LIKE = ("adam", "nadam", "adamw")
_NEAR = 1e-3
"""In single precision a standardized column is so far from it."""


class LearningRate(Watch):
    """α; and by how much an update raises the cost of the very mini-batch that it was to lower, which is evaluated
    before and after it."""

    name = "learning_rate"
    title = "Learning rate"
    explanation = (
        "The learning rate is unusually large for Adam and its kin, or so small that nothing moves; or updates raise "
        "the cost of the very mini-batch they were to lower, one after the other. Try a tenth, or ten times, of it."
    )
    source = f"{UMLAUT}; {COCKPIT}"
    thresholds = (
        Threshold("high", "α of an Adam-like optimizer", Side.ABOVE, 0.01),
        Threshold("low", "α", Side.BELOW, 1e-7),
        Threshold("rise", "rise of the mini-batch's J", Side.ABOVE, 0.0, running=3),
    )
    remembers = 3

    def note(self, machine: Machine) -> float:
        return float(machine.program.arena["J"]) if _is_plain(machine) else _cost(machine)

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        (high, low, rise), rate = levels, float(scene.value("alpha"))
        usual = rate >= low and (rate <= high or scene.machine.model.spec.optimizer.name not in _ADAM_LIKE)
        return usual and scene.noted is not None and _cost(scene.machine) - scene.noted <= rise

    def measure(self, scene: Scene) -> Iterator[Measured]:
        setting, rate = scene.machine.model.rate_setting, float(scene.value("alpha"))
        if scene.machine.model.spec.optimizer.name in _ADAM_LIKE:
            yield Measured(0, rate, slot=setting)
        yield Measured(1, rate, slot=setting)
        if scene.noted is not None:
            yield Measured(2, _cost(scene.machine) - scene.noted, slot="J")


class Inputs(Watch):
    """The greatest magnitude among the inputs of the training rows that are not standardized, and hidden layers without
    a bend."""

    name = "inputs"
    title = "Inputs and linear layers"
    explanation = (
        "Inputs far from 0 make the first weighted sums large and the descent slow: standardize them. A hidden layer "
        "with the identity as its activation collapses into the next, so it adds nothing: give it another."
    )
    source = UMLAUT
    thresholds = (
        Threshold("size", "greatest |input|", Side.ABOVE, 1.0),
        Threshold("linear", "linear hidden layers", Side.AT_LEAST, 1.0, "layers", 1.0),
    )
    when = When.ONCE

    def measure(self, scene: Scene) -> Iterator[Measured]:
        inputs = scene.machine.X[: scene.machine.labelled]
        plain = inputs[:, ~_standardized(inputs)]
        yield Measured(0, float(np.abs(plain).max(initial=0.0)), slot="X")
        hidden = scene.machine.model.spec.network.layers[:-1]
        linear = [n for n, layer in enumerate(hidden, 1) if layer.activation == "identity" and not layer.normalized]
        yield Measured(1, float(len(linear)), linear[0] if linear else None, f"A{linear[0]}" if linear else None)


def _standardized(inputs: np.ndarray) -> np.ndarray:
    """Of each input, whether its mean is 0 and its standard deviation 1 (or 0, of one that never varies)."""
    deviations = inputs.std(axis=0)
    even = np.isclose(deviations, 1, atol=_NEAR) | (deviations < _NEAR)
    both: np.ndarray = even & np.isclose(inputs.mean(axis=0), 0, atol=_NEAR)
    return both


def _cost(machine: Machine) -> float:
    """J of the mini-batch at hand with the weights as they stand, on programs of its own: the run does not notice."""
    arena = machine.program.arena
    weights = arena["w"][:, 0] if "w" in arena else None
    return machine.model.evaluate(arena["X"], arena["Y"], weights).cost


def _is_plain(machine: Machine) -> bool:
    """Whether the cost that training computes is the one that `_cost` does: nothing is dropped out, normalized over the
    mini-batch, or set by hand."""
    layers = machine.model.spec.network.layers
    return not machine.interfered and not any(layer.dropout or layer.normalized for layer in layers)
