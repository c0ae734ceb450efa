"""The cost J: the sample's share, their mean over the mini-batch, and the penalty on weights.

Each cost is a mean over samples, J = 1/m Σ c, where a sample's share c is a sum over its K outputs, times the weight w
of the sample where it has one.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role

from . import notation, words
from .explanation import Explanation, Formula
from .forward import ending, equation, overwritten, prepared, softmax
from .reading import Reading
from .sums import MOST_TERMS, remainder
from .writing import (
    EQUALS,
    Kind,
    Math,
    Quantity,
    Style,
    equals,
    factor,
    formula,
    joined,
    numbers,
    parenthesized,
    result,
    summand,
    symbols,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A sample's share: `before`, the number `times` (over K where `mean`), times Σₖ of `term`."""

    before: str
    plain: str
    times: float
    mean: bool
    term: Math


_SQUARE = Math("({y:b} - {a})^2", "({y:b} − {a})²")
_LOGS = Math("({y} log {a} + (1 - {y}) log(1 - {a}))", "({y} log {a} + (1 − {y}) log(1 − {a}))")
SHARES = {
    "half_mse": Share("1/2", "½", 0.5, False, _SQUARE),
    "mse": Share("", "", 1.0, True, _SQUARE),
    "mae": Share("", "", 1.0, True, Math("abs({y:b} - {a})", "|{y:b} − {a}|")),
    "huber": Share("", "", 1.0, True, Math('op("huber")({a:b} - {y})', "huber({a:b} − {y})")),
    "log_cosh": Share("", "", 1.0, True, Math("log cosh({a:b} - {y})", "log cosh({a:b} − {y})")),
    "binary_cross_entropy": Share("-", "−", -1.0, True, _LOGS),
    "cross_entropy": Share("-", "−", -1.0, False, Math("{y} log {a}", "{y} log {a}")),
}
"""A cost that is not listed is explained by its formula and its value alone."""


def cost(reading: Reading) -> Explanation:
    """J of the last layer's outputs: the sample's share, then the mean."""
    target = reading.op.writes[0]
    shares = _shares(reading)
    value = reading.result(target)
    if value is None and shares is not None:
        value = shares.mean
    formulas = [_of_sample(reading, shares), _mean(reading, shares, value)]
    if reading.machine.model.fusion is not None:
        formulas.insert(1, _from_sum(reading, shares))
    title = reading.machine.model.cost.title
    headline = f"the cost, {title}, of one sample and of the mini-batch"
    return Explanation(headline, tuple(formulas), result=value)


def fused(reading: Reading) -> Explanation:
    """Softmax with cross-entropy: the probabilities, the sample's share of the cost, and the mean."""
    layer, element = reading.layer, reading.element
    activations, target = reading.op.writes
    value, output = reading.result(target), reading.result(activations, element.sample, element.unit)
    shares = _shares(reading)
    if value is None and shares is not None:
        value = shares.mean
        sigma = reading.machine.model.activations[layer - 1]
        output = float(sigma.value(reading.array(reading.bent)[element.sample])[0, element.unit])
    formulas = (*softmax(reading, output), _of_sample(reading, shares), _mean(reading, shares, value))
    where = words.neuron(reading, element.unit, layer)
    headline = f"softmax with cross-entropy at once: the probability of {where}, and the cost"
    return Explanation(headline, formulas, result=value)


def penalty(reading: Reading) -> Explanation:
    """P = l1 Σ|w| + ½ l2 Σ w²."""
    spec, value = reading.machine.model.spec.regularization, reading.result("P")
    sums = _penalty_sums(reading) if reading.known(*reading.op.reads) else (None, None)
    if value is None and sums[0] is not None and sums[1] is not None:
        value = spec.l1 * sums[0] + 0.5 * spec.l2 * sums[1]
    weight = Math("W", "W").coloured(Kind.PARAMETER)
    quantities = {
        "l": _setting("lambda_1", "λ₁", spec.l1),
        "m": _setting("lambda_2", "λ₂", spec.l2),
        "s": Quantity(Math(f"limits(sum) abs({weight.typst})", f"Σ|{weight.plain}|"), sums[0]),
        "q": Quantity(Math(f"limits(sum) {weight.typst}^2", f"Σ {weight.plain}²"), sums[1]),
    }
    terms = [Math("{l} {s:f}", "{l} {s:f}")] * (spec.l1 > 0) + [Math("1/2 {m:f} {q:f}", "½ {m:f} {q:f}")] * (
        spec.l2 > 0
    )
    left = Math("P", "P").coloured(Kind.COST)
    shown = equation(reading, left, joined(terms), quantities, value, Kind.COST)
    return Explanation("the penalty on all weights", (shown,), overwritten(reading), value)


def total(reading: Reading) -> Explanation:
    """J = C + P."""
    value = reading.result("J")
    c, p = reading.quantity("C"), reading.quantity("P")
    if value is None and c.value is not None and p.value is not None:
        value = c.value + p.value
    left = Math("J", "J").coloured(Kind.COST)
    shown = equation(reading, left, Math("{c} + {p}", "{c} + {p}"), {"c": c, "p": p}, value, Kind.COST)
    return Explanation("the total cost: that of the data and the penalty", (shown,), result=value)


def share_of_row(reading: Reading, row: int) -> float:
    """c, a sample's share of the cost."""
    return _sum_over(reading, slice(row, row + 1))


@dataclass(frozen=True, slots=True)
class _Shares:
    """The shares of the samples that are written out, by row; the sum of the others', and how many they are."""

    shown: dict[int, float]
    rest: float
    hidden: int

    @property
    def mean(self) -> float:
        return (sum(self.shown.values()) + self.rest) / (len(self.shown) + self.hidden)


def _shares(reading: Reading) -> _Shares | None:
    """By the cost's own function, which gives the mean over the rows it is given; None where inputs are missing."""
    if not reading.known(*reading.op.reads):
        return None
    m, chosen = reading.batch_size, reading.element.sample
    first = min(m, MOST_TERMS)
    rows = range(first) if chosen < first else (*range(first - 1), chosen)
    gaps = (slice(len(rows), m),) if chosen < first else (slice(first - 1, chosen), slice(chosen + 1, m))
    shown = {row: _sum_over(reading, slice(row, row + 1)) for row in rows}
    return _Shares(shown, sum(_sum_over(reading, gap) for gap in gaps), m - len(shown))


def _sum_over(reading: Reading, rows: slice) -> float:
    """The sum of the shares of these rows."""
    layer, model = reading.layer, reading.machine.model
    y, z = reading.array("Y")[rows], reading.array(reading.bent)[rows]
    if len(y) == 0:
        return 0.0
    if reading.weighted:
        return float(reading.array("w")[rows, 0].dot(_losses(reading, rows)))
    if model.fusion is None:
        return model.cost.value(reading.array(f"A{layer}")[rows], y, (np.empty_like(z), np.empty_like(z))) * len(y)
    scratch = np.empty_like(z), np.empty_like(z), np.empty_like(z)
    return model.fusion.value(z, np.empty_like(z), y, scratch) * len(y)


def _losses(reading: Reading, rows: slice) -> np.ndarray:
    """What each of these rows would cost if it counted once."""
    layer, model = reading.layer, reading.machine.model
    y, z = reading.array("Y")[rows], reading.array(reading.bent)[rows]
    losses, scratch = np.empty(len(y), y.dtype), (np.empty_like(z), np.empty_like(z), np.empty_like(z))
    if model.fusion is None:
        model.cost.losses(reading.array(f"A{layer}")[rows], y, losses, scratch[:2])
    else:
        model.fusion.losses(z, np.empty_like(z), y, losses, scratch)
    return losses


def _of_sample(reading: Reading, shares: _Shares | None) -> Formula:
    """c = ½ Σₖ (y − a)² with numbers."""
    share = SHARES[reading.machine.model.cost.name]
    count, decimals = reading.outputs, reading.decimals
    left = Math("c", "c").coloured(Kind.COST)
    w = reading.sample_weight
    before = _before(share, count, w.symbol.coloured(w.kind) if w else None)
    running = _pair(reading, "k" if count > 1 else 0)
    term = prepared(share.term)
    sides = [left, _times(before, symbols(term, running), count)]
    outputs = f"A{reading.layer}"
    fresh = reading.ran or outputs in reading.op.reads
    if shares is not None and fresh:
        a, y = reading.array(outputs), reading.array("Y")
        counted = _before(share, count, factor(w.value or 0.0, decimals, w.kind) if w else None)
        sides.append(_terms(reading, counted, term, a[reading.element.sample], y[reading.element.sample]))
    if shares is not None:
        sides.append(result(shares.shown[reading.element.sample], decimals, Kind.COST))
    return formula(equals(*sides), caption=words.of_sample(reading, "The share of"))


def _from_sum(reading: Reading, shares: _Shares | None) -> Formula:
    """The form that the machine computes, from z: nothing is lost where a rounds to 1."""
    unit, sample = reading.element.unit, reading.element.sample
    quantities = {"z": reading.quantity(reading.bent, sample, unit), "y": reading.quantity("Y", sample, unit)}
    template = Math(
        "max({z:b}, 0) - {z} {y:f} + log(1 + e^(-abs({z:b})))", "max({z:b}, 0) − {z} {y:f} + log(1 + e^(−|{z:b}|))"
    )
    if w := reading.sample_weight:
        quantities["w"] = w
        template = Math(f"{{w:f}} ({template.typst})", f"{{w:f}} ({template.plain})")
    value = shares.shown[sample] if shares is not None and reading.outputs == 1 else None
    left = Math("c", "c") if reading.outputs == 1 else notation.element("c", None, unit)
    caption = f"computed from {reading.bent[0].lower()}, where nothing is lost to rounding"
    return equation(reading, left.coloured(Kind.COST), template, quantities, value, Kind.COST, caption)


def _mean(reading: Reading, shares: _Shares | None, value: float | None) -> Formula:
    """J = 1/m Σ c."""
    target, m, decimals = reading.op.writes[-1], reading.batch_size, reading.decimals
    left = Math(target, target).coloured(Kind.COST)
    c = Math("c", "c").coloured(Kind.COST)
    rows: list[Math | tuple[Math, ...]] = [equals(left, Math("1/m", "1/m") + notation.SAMPLES + c)]
    if shares is not None and m > 1:
        shown = [summand(share, decimals, Kind.COST) for share in shares.shown.values()]
        if shares.hidden:
            shown.append(remainder(shares.hidden, shares.rest, decimals))
        rows.append(EQUALS + Math(f"1/{m}", f"1/{m}") + _enclosed(joined(shown)))
    rows += ending(reading, value, Kind.COST)
    return formula(*rows, small=(1,) if len(rows) == 3 else (), caption="Their mean over the mini-batch")


def _enclosed(math: Math) -> Math:
    """In parentheses that do not grow, so that a long sum can break within them."""
    return Math(f"\\( {math.typst} \\)", f"({math.plain})")


def _before(share: Share, count: int, weight: Math | None) -> Math:
    """What stands before the sum: −, w and 1/K, as far as there are any."""
    negative = share.plain == "−"
    rest = Math("", "") if negative else Math(share.before, share.plain)
    if share.mean and count > 1:
        rest = Math(f"1/{count}", f"1/{count}")
    if weight is not None:
        rest = Math(f"{weight.typst} {rest.typst}".strip(), f"{weight.plain} {rest.plain}".strip())
    return Math(f"-{rest.typst}", f"−{rest.plain}") if negative else rest


def _times(before: Math, inner: Math, count: int) -> Math:
    """½ Σₖ …"""
    if count > 1:
        inner = notation.total("k") + inner
    return _after(before, inner)


def _terms(reading: Reading, before: Math, term: Math, a: np.ndarray, y: np.ndarray) -> Math:
    """The terms with numbers; those of the logarithm with y = 0 are left out, as they are 0."""
    sparse = reading.machine.model.cost.name == "cross_entropy"
    units = [k for k in range(len(a)) if not sparse or y[k] != 0] or [0]
    shown = []
    for k in units[:MOST_TERMS]:
        quantities = {
            "a": Quantity(Math("a", "a"), float(a[k]), Kind.FORWARD),
            "y": Quantity(Math("y", "y"), float(y[k]), Kind.LOAD),
        }
        shown.append(numbers(term, quantities, reading.decimals))
    if len(units) > MOST_TERMS:
        hidden = units[MOST_TERMS:]
        shown.append(remainder(len(hidden), _sum_of_terms(reading, a[hidden], y[hidden]), reading.decimals))
    inner = joined(shown)
    if len(shown) > 1 and before.typst:
        inner = parenthesized(inner)
    return _after(before, inner)


def _sum_of_terms(reading: Reading, a: np.ndarray, y: np.ndarray) -> float:
    """Σₖ of the terms of some outputs, by the cost's own function."""
    cost = reading.machine.model.cost
    share = SHARES[cost.name]
    scratch = np.empty((1, len(a)), a.dtype), np.empty((1, len(a)), a.dtype)
    return cost.value(a[None], y[None], scratch) * (len(a) if share.mean else 1) / share.times


def _after(before: Math, inner: Math) -> Math:
    space = "" if before.plain in ("", "−") else " "
    return Math(f"{before.typst} {inner.typst}".strip(), f"{before.plain}{space}{inner.plain}")


def _pair(reading: Reading, unit: int | str) -> dict[str, Quantity]:
    return {
        "a": Quantity(notation.element("a", reading.layer, unit), None, Kind.FORWARD),
        "y": Quantity(notation.element("y", None, unit), None, Kind.LOAD),
    }


def _setting(typst: str, plain: str, value: float) -> Quantity:
    return Quantity(Math(typst, plain), value, Kind.UPDATE, Style.SETTING)


def _penalty_sums(reading: Reading) -> tuple[float, float]:
    """Σ|w| and Σ w² over all weights."""
    weights = [reading.array(slot) for slot in reading.op.reads if reading.machine.slot(slot).role is Role.WEIGHT]
    absolute = sum(float(np.abs(w).sum()) for w in weights)
    return absolute, sum(float(np.vdot(w, w)) for w in weights)
