"""The curves on the cards: numbers from the engine's own objects, never drawn by hand."""

from math import isfinite

import numpy as np

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.schedules import Schedule, ScheduleMemory
from nnstudio.explain.writing import Kind

from .topic import Curve, Shape

_POINTS = 401
_REACH = 4.0
_MOST_COST = 4.0
_FAN, _BINS, _WIDEST = 100, 61, 0.61


def activation_shape(sigma: Activation) -> Shape:
    """σ and σ′ around 0, as far as its bends reach. One that needs a whole row of z is shown for the first of three
    units, while the z of the others are 0."""
    reach = max(_REACH, *(1.3 * abs(bend) for bend in (*sigma.range, *sigma.kinks) if isfinite(bend)), _REACH)
    z = np.linspace(-reach, reach, _POINTS)
    rows = z[:, None] if sigma.elementwise else np.stack([z, np.zeros_like(z), np.zeros_like(z)], axis=1)
    a, slope = sigma.value(rows)[:, 0], sigma.slope_value(rows)[:, 0]
    curves = (Curve("σ", Kind.FORWARD, a), Curve("slope σ′", Kind.BACKWARD, slope, dashed=True))
    return Shape(z, curves, "z" if sigma.elementwise else "z of this unit, 0 for two others")


def cost_shape(cost: Cost) -> Shape:
    """J and its slope for one sample with one output: against a where the target is 1 and a a probability, else
    against the error a − y."""
    probability = isfinite(cost.outputs[1])
    a = np.linspace(0.02, 1.0, _POINTS) if probability else np.linspace(-3.0, 3.0, _POINTS)
    y = np.ones((1, 1)) if probability else np.zeros((1, 1))
    values, slopes = np.empty(_POINTS), np.empty(_POINTS)
    scratch, out = (np.empty((1, 1)), np.empty((1, 1))), np.empty((1, 1))
    for n, prediction in enumerate(a):
        values[n] = cost.value(np.full((1, 1), prediction), y, scratch)
        cost.gradient(np.full((1, 1), prediction), y, out, scratch)
        slopes[n] = out[0, 0]
    curves = (Curve("J", Kind.COST, values), Curve("slope", Kind.BACKWARD, slopes, dashed=True))
    return Shape(a, curves, "a, where y is 1" if probability else "a − y", _MOST_COST)


def initializer_shape(start: Initializer) -> Shape:
    """How often which weight is drawn for a layer of a hundred units with a hundred inputs, as shares of bins."""
    weights = start.draw(np.random.default_rng(0), _FAN, _FAN)
    counts, edges = np.histogram(weights, _BINS, (-_WIDEST, _WIDEST))
    x = np.repeat(edges, 2)[1:-1]
    share = Curve("share of the weights", Kind.PARAMETER, np.repeat(counts / weights.size, 2))
    return Shape(x, (share,), f"w, {_FAN} inputs and units")


def schedule_shape(schedule: Schedule, rate: float) -> Shape:
    """α against the epoch. Where it depends on how training goes, a cost is made up that falls and then no more."""
    span = schedule.span
    factors = schedule.factors(_POINTS / span, span)
    if factors is not None:
        epochs = np.arange(len(factors)) * (span / len(factors))
        return Shape(epochs, (_rate(rate * factors),), "epoch")
    factors, still = _on_a_made_up_cost(schedule)
    return Shape(np.arange(len(factors)), (_rate(rate * factors),), f"epoch, if the cost stands still from {still} on")


def _rate(values: np.ndarray) -> Curve:
    return Curve("α", Kind.UPDATE, values)


def _on_a_made_up_cost(schedule: Schedule) -> tuple[np.ndarray, int]:
    """α / α₀ by epoch, and from which epoch on the cost stands still. Its own operations are run, once an epoch."""
    patience = int(getattr(schedule, "patience", 10))
    still = max(patience, 4)
    memory = ScheduleMemory(
        np.array(1.0), np.array(1.0), np.array(0.0), {k: np.array(v) for k, v in schedule.scalars.items()}, 1
    )
    links, factors = schedule.chain(memory), np.empty(still + 3 * (patience + 2))
    for epoch in range(len(factors)):
        memory.cost.fill(1 / (1 + min(epoch, still)))
        for link in links:
            link.run()
        factors[epoch] = memory.rate.item()
    return factors, still
