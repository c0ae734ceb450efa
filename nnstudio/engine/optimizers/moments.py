"""Running averages of the gradient and of its square, which all adaptive optimizers are made of."""

from functools import partial

import numpy as np

from .base import Link, Memory


def first_moment(memory: Memory, beta: float, key: str = "m") -> Link:
    """m ← β₁ m + (1 − β₁) g: the mean direction of late."""
    run = partial(_average, memory.state[key], memory.gradients, beta, memory.scratch())
    return Link(
        f"{key} ← β₁ {key} + (1 − β₁) ∂J/∂θ",
        f"{key} <- beta_1 {key} + (1 - beta_1) (partial J)/(partial theta)",
        (key, "g"),
        (key,),
        run,
    )


def second_moment(memory: Memory, beta: float, key: str = "v", symbol: str = "β₂", typst: str = "beta_2") -> Link:
    """v ← β₂ v + (1 − β₂) g²: the mean square of each gradient of late."""
    run = partial(average_square, memory.state[key], memory.gradients, beta, memory.scratch())
    return Link(
        f"{key} ← {symbol} {key} + (1 − {symbol}) (∂J/∂θ)²",
        f"{key} <- {typst} {key} + (1 - {typst}) ((partial J)/(partial theta))^2",
        (key, "g"),
        (key,),
        run,
    )


def step_over_root(memory: Memory, epsilon: float) -> Link:
    """θ ← θ − α g / (√v + ε): long steps where gradients were small, short ones where they were large."""
    return Link(
        "θ ← θ − α ∂J/∂θ / (√v + ε)",
        "theta <- theta - alpha (partial J)/(partial theta) / (sqrt(v) + epsilon)",
        ("θ", "g", "v", "α"),
        ("θ",),
        partial(_step_over_root, memory, memory.state["v"], epsilon, memory.scratch()),
    )


def count(memory: Memory) -> Link:
    """t ← t + 1."""
    t = memory.scalars["t"]
    return Link("t ← t + 1", "t <- t + 1", ("t",), ("t",), partial(_count, t))


def _count(t: np.ndarray) -> None:
    t.fill(t.item() + 1)  # a ufunc takes ten times as long for a single number


def _average(m: np.ndarray, g: np.ndarray, beta: float, s: np.ndarray) -> None:
    np.multiply(m, beta, m)
    np.multiply(g, 1 - beta, s)
    np.add(m, s, m)


def average_square(v: np.ndarray, g: np.ndarray, beta: float, s: np.ndarray) -> None:
    np.multiply(v, beta, v)
    np.multiply(g, g, s)
    np.multiply(s, 1 - beta, s)
    np.add(v, s, v)


def _step_over_root(memory: Memory, v: np.ndarray, epsilon: float, s: np.ndarray) -> None:
    np.sqrt(v, s)
    np.add(s, epsilon, s)
    np.divide(memory.gradients, s, s)
    np.multiply(s, memory.rate, s)
    np.subtract(memory.parameters, s, memory.parameters)
