"""Cost functions: J says how wrong the outputs a are, given the targets y.

With m samples in the batch and K outputs, a and y have shape (m, K); J is one number. Each cost is an object that
returns J and writes its slope ∂J/∂a, from which backpropagation starts. The factors (1/m, 1/2m, 1/mK) are part of
each cost's definition.

J is the mean of the samples' losses ℓ. Where samples have weights w, it is J = 1/m Σᵢ wᵢ ℓᵢ, and the slope of each
sample is w times as steep. It is divided by m and not by the sum of the weights, so the gradient of a mini-batch is
right on average, whichever weights happen to be in it. (PyTorch's `weight=` divides by Σ wᵢ of the mini-batch: there
the same sample counts for less in the company of heavier ones.)
"""

from abc import ABC, abstractmethod
from typing import ClassVar, cast

import numpy as np

from .activations import Array, Scratch
from .registry import Named

_LOG_2 = float(np.log(2))


class Cost(Named, ABC):
    """J and ∂J/∂a. `outputs` is the least and greatest output it has a meaning for, `targets` likewise; `kinks` are the
    differences a − y at which the slope or its own slope jumps. In the formulas {w} is where a sample's weight stands,
    where it has one."""

    kind = "cost"
    formula: ClassVar[str]
    gradient_formula: ClassVar[str]
    typst: ClassVar[str]
    gradient_typst: ClassVar[str]
    outputs: ClassVar[tuple[float, float]] = (-np.inf, np.inf)
    targets: ClassVar[tuple[float, float]] = (-np.inf, np.inf)
    kinks: ClassVar[tuple[float, ...]] = ()

    @abstractmethod
    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        """J of outputs a against targets y, both (m, K)."""

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        """Write ℓ, (m,), the loss of each sample, into `out`: J of that sample alone."""
        one, another = scratch
        for row in range(len(a)):
            at = slice(row, row + 1)
            out[row] = self.value(a[at], y[at], (one[at], another[at]))

    @abstractmethod
    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        """Write ∂J/∂a, (m, K), into `out`."""


def cost(name: str) -> Cost:
    """The cost called `name`, e.g. "half_mse"."""
    return cast(Cost, Cost.class_named(name)())


class HalfMse(Cost):
    """1/(2m) Σᵢ Σₖ (y − a)²: the half makes the slope (a − y)/m."""

    name = "half_mse"
    title = "half mean squared error"
    summary = "Squared errors, halved so that the slope is simply a − y: for values to be predicted."
    formula, gradient_formula = "1/(2m) Σ {w}({y} − {a})²", "{w}({a} − {y}) / m"
    typst, gradient_typst = "1/(2m) sum {w}(y - a)^2", "1/m {w}(a - y)"

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        d = scratch[0]
        np.subtract(a, y, d)
        return float(np.vdot(d, d)) / (2 * len(a))

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        _sum_squares(scratch[0], out)
        np.multiply(out, 0.5, out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.subtract(a, y, out)
        np.multiply(out, 1 / len(a), out)


class Mse(Cost):
    name = "mse"
    title = "mean squared error"
    summary = "The mean of the squared errors: large misses count most."
    formula, gradient_formula = "1/(mK) Σ {w}({y} − {a})²", "2 {w}({a} − {y}) / (mK)"
    typst, gradient_typst = "1/(m K) sum {w}(y - a)^2", "2/(m K) {w}(a - y)"

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        d = scratch[0]
        np.subtract(a, y, d)
        return float(np.vdot(d, d)) / a.size

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        _sum_squares(scratch[0], out)
        np.multiply(out, 1 / a.shape[1], out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.subtract(a, y, out)
        np.multiply(out, 2 / a.size, out)


class Mae(Cost):
    """Mean absolute error; slope 0 where a = y."""

    name = "mae"
    title = "mean absolute error"
    summary = "The mean of the errors without their sign: outliers count no more than their distance."
    formula, gradient_formula = "1/(mK) Σ {w}|{y} − {a}|", "{w}sign({a} − {y}) / (mK)"
    typst, gradient_typst = "1/(m K) sum {w}abs(y - a)", '1/(m K) {w}op("sign")(a - y)'
    kinks = (0.0,)

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        d = scratch[0]
        np.subtract(a, y, d)
        np.abs(d, d)
        return float(np.add.reduce(d, None)) / a.size

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        _mean_over_outputs(scratch[0], out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.subtract(a, y, out)
        np.sign(out, out)
        np.multiply(out, 1 / a.size, out)


class Huber(Cost):
    """½d² where |d| ≤ 1, else |d| − ½, as c·(|d| − ½c) with c = min(|d|, 1) (Huber 1964)."""

    name = "huber"
    title = "Huber"
    summary = "Squared for errors up to 1 and straight beyond: smooth near the target, calm about outliers."
    formula, gradient_formula = "mean of {w}huber({a} − {y})", "{w}clip({a} − {y}, −1, 1) / (mK)"
    typst = '1/(m K) sum {w}cases(d^2 \\/ 2 & "if" abs(d) <= 1, abs(d) - 1 \\/ 2 & "else"), d = a - y'
    gradient_typst = "1/(m K) {w}min(max(a - y, -1), 1)"
    kinks = (-1.0, 1.0)

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        d, c = scratch
        np.subtract(a, y, d)
        np.abs(d, d)
        np.minimum(d, 1, out=c)
        np.multiply(c, -0.5, out=c)
        np.add(d, c, d)
        np.multiply(c, -2, out=c)
        np.multiply(d, c, d)
        return float(np.add.reduce(d, None)) / a.size

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        _mean_over_outputs(scratch[0], out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.subtract(a, y, out)
        np.maximum(out, -1, out=out)
        np.minimum(out, 1, out=out)
        np.multiply(out, 1 / a.size, out)


class LogCosh(Cost):
    """log cosh d = log(eᵈ + e⁻ᵈ) − log 2; like ½d² near 0, like |d| far from it."""

    name = "log_cosh"
    title = "log cosh"
    summary = "Like a squared error near the target and a straight one far from it, smooth throughout."
    formula, gradient_formula = "mean of {w}log cosh({a} − {y})", "{w}tanh({a} − {y}) / (mK)"
    typst, gradient_typst = "1/(m K) sum {w}log cosh(a - y)", "1/(m K) {w}tanh(a - y)"

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        d, minus = scratch
        np.subtract(a, y, d)
        np.negative(d, minus)
        np.logaddexp(d, minus, d)
        np.subtract(d, _LOG_2, d)
        return float(np.add.reduce(d, None)) / a.size

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        _mean_over_outputs(scratch[0], out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.subtract(a, y, out)
        np.tanh(out, out)
        np.multiply(out, 1 / a.size, out)


class BinaryCrossEntropy(Cost):
    """−1/(mK) Σ y log a + (1 − y) log(1 − a). A probability of exactly 0 or 1 counts as e⁻¹⁰⁰ away from it,
    as PyTorch counts it; behind a sigmoid the exact form of `fusion` is used instead."""

    name = "binary_cross_entropy"
    title = "binary cross-entropy"
    summary = "How surprising the targets are, given these probabilities: for yes or no, behind a sigmoid."
    formula = "−1/(mK) Σ {w}{y} log {a} + {w}(1 − {y}) log(1 − {a})"
    gradient_formula = "{w}({a} − {y}) / ({a} (1 − {a}) mK)"
    typst = "-1/(m K) sum {w}y log a + {w}(1 - y) log(1 - a)"
    gradient_typst = "1/(m K) {w}(a - y)/(a (1 - a))"
    outputs = targets = (0.0, 1.0)

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        log, term = scratch
        _clamped_log(a, log)
        np.multiply(y, log, term)
        total = float(np.add.reduce(term, None))
        np.subtract(1, a, log)
        _clamped_log(log, log)
        np.subtract(1, y, term)
        np.multiply(term, log, term)
        return -(total + float(np.add.reduce(term, None))) / a.size

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        log, term = scratch
        np.subtract(1, a, log)
        _clamped_log(log, log)
        np.subtract(1, y, term)
        np.multiply(term, log, term)
        _clamped_log(a, log)
        np.multiply(y, log, log)
        np.add(term, log, term)
        _mean_over_outputs(term, out)
        np.negative(out, out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        slope = scratch[0]
        np.subtract(1, a, slope)
        np.multiply(slope, a, slope)
        np.maximum(slope, _LEAST, out=slope)
        np.subtract(a, y, out)
        np.divide(out, slope, out)
        np.multiply(out, 1 / a.size, out)


class CrossEntropy(Cost):
    """−1/m Σᵢ Σₖ y log a over class probabilities; behind a softmax the exact form of `fusion` is used."""

    name = "cross_entropy"
    title = "cross-entropy"
    summary = "How surprising the true class is, given these probabilities: for one class of several, behind a softmax."
    formula, gradient_formula = "−1/m Σ {w}{y} log {a}", "−{w}{y} / ({a} m)"
    typst, gradient_typst = "-1/m sum {w}y log a", "-1/m {w}y/a"
    outputs = targets = (0.0, 1.0)

    def value(self, a: Array, y: Array, scratch: Scratch) -> float:
        log = scratch[0]
        _clamped_log(a, log)
        return -float(np.vdot(y, log)) / len(a)

    def losses(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        self.value(a, y, scratch)
        np.multiply(y, scratch[0], scratch[0])
        np.add.reduce(scratch[0], 1, out=out)
        np.negative(out, out)

    def gradient(self, a: Array, y: Array, out: Array, scratch: Scratch) -> None:
        np.maximum(a, _LEAST, out=scratch[0])
        np.divide(y, scratch[0], out)
        np.multiply(out, -1 / len(a), out)


_LEAST = float(np.float32(1e-12))
"""What is divided by is at least this: PyTorch's bound, which it rounds to single precision in every precision."""
# e⁻¹⁰⁰ is below the normal numbers of float32, whose own least one stands in for it there.
_SMALLEST = {kind: max(float(np.exp(-100.0)), float(np.finfo(kind).tiny)) for kind in map(np.dtype, ("f4", "f8"))}


# The losses go on from what `value` has left in the first of its arrays to work in: differences, terms or logarithms.


def _sum_squares(d: Array, out: Array) -> None:
    np.multiply(d, d, d)
    np.add.reduce(d, 1, out=out)


def _mean_over_outputs(terms: Array, out: Array) -> None:
    np.add.reduce(terms, 1, out=out)
    np.multiply(out, 1 / terms.shape[1], out)


def _clamped_log(a: Array, out: Array) -> None:
    """Write max(log a, −100)."""
    np.maximum(a, _SMALLEST[a.dtype], out=out)
    np.log(out, out)
