"""The topics of all that can be chosen for a network and its training, from what the engine's classes state."""

import numpy as np

from nnstudio.engine.activations import activation
from nnstudio.engine.costs import cost
from nnstudio.engine.initializers import initializer
from nnstudio.engine.optimizers import Memory, Optimizer
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.spec import Normalization
from nnstudio.explain.explanation import Formula
from nnstudio.explain.writing import Kind, Math, equals, formula
from nnstudio.gui.wording import titled

from .shapes import activation_shape, cost_shape, initializer_shape, schedule_shape
from .topic import Topic

_BRACKETS = "[…] is 1 where it is so, else 0"


def activation_topic(name: str) -> Topic:
    """a = σ(z) and its slope."""
    sigma = activation(name)
    z, a = ("z", "a") if sigma.elementwise else ("z_j", "a_j")
    typst, slope = (text.format(z=z, a=a) for text in (sigma.typst, sigma.slope_typst))
    plain, plain_slope = (text.format(z="z", a="a") for text in (sigma.formula, sigma.slope_formula))
    formulas = (
        formula(equals(Math(a, "a"), Math(f"sigma({z})", "σ(z)").coloured(Kind.FORWARD), Math(typst, plain))),
        formula(equals(Math(f"sigma'({z})", "σ′(z)").coloured(Kind.BACKWARD), Math(slope, plain_slope))),
    )
    note = _BRACKETS if "[" in sigma.typst + sigma.slope_typst else ""
    return Topic(titled(sigma.title), sigma.summary, formulas, note, lambda: activation_shape(sigma))


def cost_topic(name: str) -> Topic:
    """J and its slope."""
    judge = cost(name)
    typst = (text.format(w="") for text in (judge.typst, judge.gradient_typst))
    plain = (text.format(a="a", y="y", w="") for text in (judge.formula, judge.gradient_formula))
    value, gradient = map(Math, typst, plain)
    formulas = (
        formula(equals(Math("J", "J").coloured(Kind.COST), value)),
        formula(equals(Math("(partial J)/(partial a)", "∂J/∂a").coloured(Kind.BACKWARD), gradient)),
    )
    note = "a: prediction, y: target, m: samples, K: outputs"
    return Topic(titled(judge.title), judge.summary, formulas, note, lambda: cost_shape(judge))


def initializer_topic(name: str) -> Topic:
    """How a weight w is drawn."""
    start = initializer(name)
    formulas = (Formula(f"${start.typst}$", start.formula),)
    return Topic(titled(start.title), start.summary, formulas, shape=lambda: initializer_shape(start))


def normalization_topic(normalization: Normalization) -> Topic:
    """H and N of one unit, and what their mean and variance are taken over."""
    if normalization is Normalization.NONE:
        as_it_is = formula(equals(Math("a", "a"), Math("sigma(z)", "σ(z)")))
        return Topic("No normalization", normalization.summary, (as_it_is,))
    formulas = (
        formula(equals(Math("h", "h"), Math("(z - mu) / sqrt(sigma^2 + epsilon)", "(z − μ) / √(σ² + ε)"))),
        formula(equals(Math("a", "a"), Math("sigma(gamma h + beta)", "σ(γ h + β)"))),
    )
    over = "the mini-batch" if normalization is Normalization.BATCH else "the units of the layer"
    note = f"μ, σ²: mean and variance of z over {over}; γ and β are learned"
    return Topic(f"{titled(normalization)} normalization", normalization.summary, formulas, note)


def optimizer_topic(optimizer: Optimizer) -> Topic:
    """The links of its chain, but for the counting."""
    numbers = np.zeros(1)
    state = {key: np.zeros(1) for key in optimizer.families}
    memory = Memory(numbers, numbers, np.zeros(()), state, {key: np.zeros(()) for key in optimizer.scalars})
    links = [link for link in optimizer.chain(memory) if link.writes != ("t",)]
    formulas = tuple(Formula(f"${link.typst}$", link.label) for link in links)
    return Topic(optimizer.title, optimizer.summary, formulas, "θ: each weight and bias, α: the learning rate")


def schedule_topic(schedule: Schedule, rate: float) -> Topic:
    """How α follows from the rate that was set, α₀, and from the epoch."""
    left = Math("alpha", "α").coloured(Kind.UPDATE)
    right = Math("alpha_0", "α₀")
    if schedule.varies:
        right += Math(f"dot {schedule.typst}", f"· {schedule.formula}")
    formulas = (formula(equals(left, right)),)
    return Topic(schedule.title, schedule.summary, formulas, schedule.where, lambda: schedule_shape(schedule, rate))
