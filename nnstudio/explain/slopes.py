"""The chain rule through an activation: ∂J/∂z = ∂J/∂a · σ′(z)."""

import re

import numpy as np

from . import notation, words
from .explanation import Explanation, Formula
from .forward import equation, prepared
from .reading import Reading, symbol_of
from .sums import Products
from .writing import EQUALS, Kind, Math, Quantity, equals, formula, known, parenthesized, result, symbols

_WHOLE = re.compile(r"\d+|\[[^]]*\]")
"""What needs no parentheses as a factor: a number, or a condition in its brackets."""


def activation_gradient(reading: Reading) -> Explanation:
    """∂J/∂z = ∂J/∂a · σ′(z)."""
    sigma = reading.machine.model.activations[reading.layer - 1]
    formulas, value = _through(reading) if sigma.elementwise else _through_softmax(reading)
    where = words.neuron(reading, reading.element.unit, reading.layer)
    headline = f"the gradient of the cost at the {words.bent(reading)} of {where}{words.sample(reading)}"
    return Explanation(headline, formulas, result=value)


def slope_of(reading: Reading) -> Quantity:
    """∂a/∂z, from z and a."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    z, a = reading.bent, f"A{layer}"
    symbol = notation.ratio(*(symbol_of(reading.machine, slot, sample, unit) for slot in (a, z)))
    return Quantity(symbol, slope_at(reading, sample, unit), Kind.FORWARD)


def slope_at(reading: Reading, sample: int, unit: int) -> float | None:
    """σ′ at one z of the layer, None where it is not known."""
    z, a = reading.bent, f"A{reading.layer}"
    if not reading.known(z, a):
        return None
    sigma = reading.machine.model.activations[reading.layer - 1]
    row = slice(sample, sample + 1), slice(unit, unit + 1)
    out = np.empty((1, 1), reading.array(z).dtype)
    sigma.slope(reading.array(z)[row], reading.array(a)[row], out, (np.empty_like(out), np.empty_like(out)))
    return float(out[0, 0])


def slope_symbols(reading: Reading) -> Math:
    """σ′ as a formula of symbols, (1 − a²); as ∂a/∂z where that takes more than one."""
    sigma = reading.machine.model.activations[reading.layer - 1]
    symbol = slope_of(reading).symbol.coloured(Kind.FORWARD)
    if ", " in sigma.slope_typst:
        return symbol
    at = reading.element.sample, reading.element.unit
    quantities = {"z": reading.quantity(reading.bent, *at), "a": reading.quantity(f"A{reading.layer}", *at)}
    written = symbols(prepared(Math(sigma.slope_typst, sigma.slope_formula)), quantities)
    return written if _WHOLE.fullmatch(written.plain) else parenthesized(written)


def _through(reading: Reading) -> tuple[tuple[Formula, ...], float | None]:
    """An activation that works element by element."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    da = reading.quantity(f"dA{layer}", sample, unit)
    slope = slope_of(reading)
    value = reading.result(f"d{reading.bent}", sample, unit)
    if value is None and da.value is not None and slope.value is not None:
        value = da.value * slope.value
    left = symbol_of(reading.machine, f"d{reading.bent}", sample, unit).coloured(Kind.BACKWARD)
    template = Math("{d:f} dot {s:f}", "{d:f} · {s:f}")
    shown = [equation(reading, left, template, {"d": da, "s": slope}, value, Kind.BACKWARD), _slope_formula(reading)]
    return tuple(shown), value


def _slope_formula(reading: Reading) -> Formula:
    """∂a/∂z = 1 − a² with numbers."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    sigma, slope = reading.machine.model.activations[layer - 1], slope_of(reading)
    template = prepared(Math(sigma.slope_typst, sigma.slope_formula))
    quantities = {
        "z": reading.quantity(reading.bent, sample, unit),
        "a": reading.quantity(f"A{layer}", sample, unit),
    }
    left = slope.symbol.coloured(Kind.FORWARD)
    caption = f"where the slope of {sigma.title} is"
    if ", " not in sigma.slope_typst:
        return equation(reading, left, template, quantities, slope.value, Kind.FORWARD, caption)
    rows = [equals(left, symbols(template, quantities))]
    if known(quantities):
        rows.append(equals(left, result(slope.value, reading.decimals, Kind.FORWARD)))
    return formula(*rows, caption=caption)


def _through_softmax(reading: Reading) -> tuple[tuple[Formula, ...], float | None]:
    """∂J/∂zₖ = aₖ (∂J/∂aₖ − Σⱼ aⱼ ∂J/∂aⱼ)."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    a, da = f"A{layer}", f"dA{layer}"
    value = reading.result(f"d{reading.bent}", sample, unit)
    every = [
        notation.element("a", layer, "j").coloured(Kind.FORWARD),
        notation.partial("J", notation.element("a", layer, "j")).coloured(Kind.BACKWARD),
    ]
    sums = None
    if reading.known(a, da):
        rows = reading.array(a)[sample], reading.array(da)[sample]
        sums = Products(rows, (Kind.FORWARD, Kind.BACKWARD), unit)
    total = Quantity(Math("s", "s"), sums.total if sums else None)
    quantities = {"a": reading.quantity(a, sample, unit), "d": reading.quantity(da, sample, unit), "s": total}
    if value is None and sums is not None:
        value = float(rows[0][unit]) * (float(rows[1][unit]) - sums.total)
    left = symbol_of(reading.machine, f"d{reading.bent}", sample, unit).coloured(Kind.BACKWARD)
    template = Math("{a} ({d:b} - {s})", "{a} ({d:b} − {s})")
    first = equation(reading, left, template, quantities, value, Kind.BACKWARD)
    inner: list[Math | tuple[Math, ...]] = [Math("s", "s") + EQUALS + notation.total("j") + every[0] + every[1]]
    if sums is not None:
        inner.append(EQUALS + sums.written(reading.decimals))
        inner.append(EQUALS + result(sums.total, reading.decimals, None))
    return (first, formula(*inner, small=(1,) if sums else (), caption="where the row's mean slope is")), value
