"""Normalization: the mean and variance that a sum is normalized by, its scale and shift, and the way back."""

import numpy as np

from nnstudio.engine.ops.normalizing import EPSILON, MOMENTUM, over_samples, statistics_of

from . import notation, words
from .backward import over_samples_of
from .explanation import Explanation, Formula
from .forward import ending, equation, overwritten
from .reading import Reading, symbol_of
from .sums import Products
from .writing import BECOMES, EQUALS, Kind, Math, Quantity, Style, equals, formula

_EPSILON = Quantity(Math("epsilon", "ε"), EPSILON, Kind.UPDATE, Style.SETTING)
_HEADS = {"mu": "mean of the weighted sums", "var": "variance of the weighted sums"}


def mean(reading: Reading) -> Explanation:
    """μ = 1/m Σ z."""
    sums = None
    if reading.known(f"Z{reading.layer}"):
        sums = Products((along(reading, f"Z{reading.layer}"),), (Kind.FORWARD,), _place(reading))
    return _mean(reading, "mu", _running(reading, "z"), sums)


def variance(reading: Reading) -> Explanation:
    """σ² = 1/m Σ (z − μ)²."""
    sums, mu = None, f"mu{reading.layer}"
    if reading.known(f"Z{reading.layer}", mu):
        away = along(reading, f"Z{reading.layer}") - reading.array(mu)[statistic(reading)]
        sums = Products((away, away), (Kind.FORWARD, Kind.FORWARD), _place(reading))
    middle = symbol_of(reading.machine, mu, *statistic(reading)).coloured(Kind.FORWARD)
    z = _running(reading, "z")
    return _mean(reading, "var", Math(f"({z.typst} - {middle.typst})^2", f"({z.plain} − {middle.plain})²"), sums)


def normalize(reading: Reading) -> Explanation:
    """h = (z − μ) / √(σ² + ε)."""
    at = reading.element.sample, reading.element.unit
    mu, var = statistics_of(reading.machine.program.arena, reading.layer)
    quantities = {
        "z": reading.quantity(f"Z{reading.layer}", *at),
        "m": reading.quantity(mu, *statistic(reading)),
        "v": reading.quantity(var, *statistic(reading)),
        "e": _EPSILON,
    }
    z, m, v = (quantities[key].value for key in "zmv")
    foretold = None if z is None or m is None or v is None else (z - m) / float(np.sqrt(v + EPSILON))
    template = Math("({z:b} - {m})/sqrt({v:b} + {e})", "({z:b} − {m}) / √({v:b} + {e})")
    return _element(reading, f"H{reading.layer}", template, quantities, foretold, "the normalized sum of")


def scale(reading: Reading) -> Explanation:
    """n = γ h + β."""
    unit, sample, layer = reading.element.unit, reading.element.sample, reading.layer
    quantities = {
        "g": reading.quantity(f"gamma{layer}", unit),
        "h": reading.quantity(f"H{layer}", sample, unit),
        "b": reading.quantity(f"beta{layer}", unit),
    }
    g, h, b = (quantity.value for quantity in quantities.values())
    foretold = None if g is None or h is None or b is None else g * h + b
    template = Math("{g:f} {h:f} + {b}", "{g:f} {h:f} + {b}")
    return _element(reading, f"N{layer}", template, quantities, foretold, "the scaled and shifted sum of")


def scale_gradient(reading: Reading) -> Explanation:
    """∂J/∂γ = Σ over samples of ∂J/∂n · h."""
    return _over_batch(reading, "gamma", (f"dN{reading.layer}", f"H{reading.layer}"), "scale")


def shift_gradient(reading: Reading) -> Explanation:
    """∂J/∂β = Σ over samples of ∂J/∂n."""
    return _over_batch(reading, "beta", (f"dN{reading.layer}",), "shift")


def normalized_gradient(reading: Reading) -> Explanation:
    """∂J/∂h = ∂J/∂n · γ."""
    unit, sample, layer = reading.element.unit, reading.element.sample, reading.layer
    quantities = {
        "d": reading.quantity(f"dN{layer}", sample, unit),
        "g": reading.quantity(f"gamma{layer}", unit),
    }
    d, g = (quantity.value for quantity in quantities.values())
    foretold = None if d is None or g is None else d * g
    template = Math("{d:f} dot {g:f}", "{d:f} · {g:f}")
    return _element(
        reading, f"dH{layer}", template, quantities, foretold, "the gradient of the cost at the normalized sum of"
    )


def normalize_gradient(reading: Reading) -> Explanation:
    """∂J/∂z = (∂J/∂h − p − h q) / √(σ² + ε), p the mean of ∂J/∂h and q that of ∂J/∂h · h."""
    at, layer = (reading.element.sample, reading.element.unit), reading.layer
    dh, h, var = f"dH{layer}", f"H{layer}", f"var{layer}"
    sums: list[Products | None] = [None, None]
    if reading.known(dh, h):
        columns = along(reading, dh), along(reading, h)
        kinds = Kind.BACKWARD, Kind.FORWARD
        sums = [Products(columns[:count], kinds[:count], _place(reading)) for count in (1, 2)]
    count = _count(reading)
    p, q = (Quantity(Math(s, s), each.total / count if each else None) for s, each in zip("pq", sums, strict=True))
    quantities = {
        "d": reading.quantity(dh, *at),
        "h": reading.quantity(h, *at),
        "v": reading.quantity(var, *statistic(reading)),
        "p": p,
        "q": q,
        "e": _EPSILON,
    }
    foretold = None
    if all(quantity.value is not None for quantity in quantities.values()):
        d, hat, v = (float(quantities[key].value or 0.0) for key in "dhv")
        foretold = (d - (p.value or 0.0) - hat * (q.value or 0.0)) / float(np.sqrt(v + EPSILON))
    template = Math("({d:b} - {p} - {h:f} {q:f})/sqrt({v:b} + {e})", "({d:b} − {p} − {h:f} {q:f}) / √({v:b} + {e})")
    headline = "the gradient of the cost at the weighted sum of"
    explained = _element(reading, f"dZ{layer}", template, quantities, foretold, headline)
    terms = [_running(reading, "h", "d"), _running(reading, "h", "d") + _running(reading, "h")]
    pairs = zip((p, q), terms, sums, strict=True)
    means = tuple(_mean_formula(reading, each.symbol, term, total, each.value, None) for each, term, total in pairs)
    return Explanation(explained.headline, (*explained.formulas, *means), explained.note, explained.result)


def running(reading: Reading) -> Explanation:
    """μ̄ ← 0.9 μ̄ + 0.1 μ, and the like for the variance, made m/(m − 1) larger."""
    slot, unit = reading.op.writes[0], (reading.element.unit,)
    variance = slot.startswith("rvar")
    own, new = reading.quantity(slot, *unit), reading.quantity(reading.op.reads[1], *unit)
    m = reading.batch_size
    quantities = {"k": own, "n": new, "m": Quantity(Math("m", "m"), m, None, Style.WHOLE)}
    share = MOMENTUM * m / (m - 1) if variance else MOMENTUM
    value = reading.result(slot, *unit)
    if value is None and own.value is not None and new.value is not None:
        value = (1 - MOMENTUM) * own.value + share * new.value
    typst = f"{1 - MOMENTUM:g} {{k:f}} + {MOMENTUM:g} {{n:f}}" + " {m}/({m} - 1)" * variance
    plain = f"{1 - MOMENTUM:g} {{k:f}} + {MOMENTUM:g} {{n:f}}" + " {m} / ({m} − 1)" * variance
    left = own.symbol.coloured(Kind.UPDATE)
    shown = equation(reading, left, Math(typst, plain), quantities, value, Kind.UPDATE, sign=BECOMES)
    what = "variance" if variance else "mean"
    where = words.neuron(reading, reading.element.unit, reading.layer)
    headline = f"the running {what} of {where}, by which the network predicts"
    return Explanation(headline, (shown,), words.written_over(reading), value)


def _mean(reading: Reading, letter: str, term: Math, sums: Products | None) -> Explanation:
    """The mean of a term over the samples or over the units."""
    slot, at = f"{letter}{reading.layer}", statistic(reading)
    value = reading.result(slot, *at)
    if value is None and sums is not None:
        value = sums.total / _count(reading)
    left = symbol_of(reading.machine, slot, *at).coloured(Kind.FORWARD)
    shown = _mean_formula(reading, left, term, sums, value, Kind.FORWARD)
    if by_unit(reading):
        where = f"of {words.neuron(reading, reading.element.unit, reading.layer)}, over the mini-batch"
    else:
        where = f"in {words.layer(reading.machine, reading.layer)}{words.sample(reading)}"
    return Explanation(f"the {_HEADS[letter]} {where}", (shown,), result=value)


def _mean_formula(
    reading: Reading, left: Math, term: Math, sums: Products | None, value: float | None, kind: Kind | None
) -> Formula:
    """left = 1/m Σ term, with numbers."""
    count, total = _count(reading), notation.SAMPLES if by_unit(reading) else notation.total("k")
    letter = "m" if by_unit(reading) else "n"
    rows: list[Math | tuple[Math, ...]] = [equals(left, Math(f"1/{letter}", f"1/{letter}") + total + term)]
    if sums is not None:
        written = sums.written(reading.decimals)
        rows.append(EQUALS + Math(f"1/{count} \\( {written.typst} \\)", f"1/{count} ({written.plain})"))
    rows += ending(reading, value, kind)
    return formula(*rows, small=(1,) if len(rows) == 3 else ())


def _element(
    reading: Reading, slot: str, template: Math, quantities: dict[str, Quantity], foretold: float | None, what: str
) -> Explanation:
    """An element of a slot with a row a sample and a column a unit."""
    at = reading.element.sample, reading.element.unit
    value = reading.result(slot, *at)
    value = foretold if value is None else value
    kind = reading.kind(slot)
    left = symbol_of(reading.machine, slot, *at).coloured(kind)
    shown = equation(reading, left, template, quantities, value, kind)
    headline = f"{what} {words.neuron(reading, reading.element.unit, reading.layer)}{words.sample(reading)}"
    return Explanation(headline, (shown,), overwritten(reading), value)


def _over_batch(reading: Reading, letter: str, slots: tuple[str, ...], what: str) -> Explanation:
    """The gradient of a unit's scale or shift."""
    unit, slot = reading.element.unit, f"d{letter}{reading.layer}"
    sums = None
    if reading.known(*slots):
        columns = tuple(reading.array(each)[:, unit] for each in slots)
        sums = Products(columns, tuple(reading.kind(each) for each in slots), reading.element.sample)
    terms = (symbol_of(reading.machine, each, 0, unit).coloured(reading.kind(each)) for each in slots)
    term = next(terms)
    for more in terms:
        term = term + Math("dot", "·") + more
    left = symbol_of(reading.machine, slot, unit)
    shown, value = over_samples_of(reading, left, term, sums, None, reading.result(slot, unit))
    where = words.neuron(reading, unit, reading.layer)
    return Explanation(f"the gradient of the cost for the {what} of {where}", (shown,), result=value)


def by_unit(reading: Reading) -> bool:
    return over_samples(reading.machine.program.arena, reading.layer)


def _count(reading: Reading) -> int:
    """Over how many numbers the means are taken: m samples or n units."""
    return reading.batch_size if by_unit(reading) else reading.machine.model.spec.network.widths[reading.layer]


def statistic(reading: Reading) -> tuple[int, ...]:
    """The index of the chosen unit's mean, or of the chosen sample's."""
    return (reading.element.unit,) if by_unit(reading) else (reading.element.sample, 0)


def along(reading: Reading, slot: str) -> np.ndarray:
    """The numbers that share the chosen element's mean."""
    values = reading.array(slot)
    along: np.ndarray = values[:, reading.element.unit] if by_unit(reading) else values[reading.element.sample]
    return along


def _place(reading: Reading) -> int:
    """Where the chosen element is among them."""
    return reading.element.sample if by_unit(reading) else reading.element.unit


def _running(reading: Reading, letter: str, prefix: str = "") -> Math:
    """The symbol of what the mean is over, the running index k where it is over units."""
    unit: notation.Index = reading.element.unit if by_unit(reading) else "k"
    symbol = notation.element(letter, reading.layer, unit)
    return notation.partial("J", symbol).coloured(Kind.BACKWARD) if prefix else symbol.coloured(Kind.FORWARD)
