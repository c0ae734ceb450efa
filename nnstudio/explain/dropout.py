"""Dropout: which outputs take part in this iteration, what is left of them, and what flows back to them."""

from . import words
from .explanation import Explanation
from .forward import equation
from .reading import Reading, symbol_of
from .writing import BECOMES, EQUALS, Kind, Math, Quantity, Style, formula, result


def mask(reading: Reading) -> Explanation:
    """m = 1/(1 − p) or 0; only chance knows before it is drawn."""
    slot, sample, unit = f"M{reading.layer}", reading.element.sample, reading.element.unit
    p = reading.machine.model.spec.network.layers[reading.layer - 1].dropout
    value = reading.result(slot, sample, unit)
    left = symbol_of(reading.machine, slot, sample, unit).coloured(Kind.FORWARD)
    drawn = Math(
        f'cases(1 \\/ (1 - p) quad & "with probability" 1 - p = {1 - p:g}, 0 & "with probability" p = {p:g})',
        f"1/(1 − p) with probability 1 − p = {1 - p:g}, else 0",
    )
    rows: list[Math] = [left + BECOMES + drawn]
    if value is not None:
        rows.append(EQUALS + result(value, reading.decimals, Kind.FORWARD, Style.SETTING))
    where = words.neuron(reading, unit, reading.layer)
    headline = f"the draw whether the output of {where} takes part{words.sample(reading)}"
    if value is not None:
        headline = f"the output of {where} {'takes part' if value else 'is dropped'}{words.sample(reading)}"
    return Explanation(headline, (formula(*rows),), result=value)


def drop(reading: Reading) -> Explanation:
    """d = a m."""
    headline = f"the output of {words.neuron(reading, reading.element.unit, reading.layer)} after dropout"
    return _product(reading, f"D{reading.layer}", f"A{reading.layer}", Kind.FORWARD, headline)


def dropout_gradient(reading: Reading) -> Explanation:
    """∂J/∂a = ∂J/∂d m."""
    where = words.neuron(reading, reading.element.unit, reading.layer)
    headline = f"the gradient of the cost at the output of {where}"
    return _product(reading, f"dA{reading.layer}", f"dD{reading.layer}", Kind.BACKWARD, headline)


def _product(reading: Reading, left: str, right: str, kind: Kind, headline: str) -> Explanation:
    """left = right · m."""
    at = reading.element.sample, reading.element.unit
    through, drawn = reading.quantity(right, *at), reading.quantity(f"M{reading.layer}", *at)
    value = reading.result(left, *at)
    if value is None and through.value is not None and drawn.value is not None:
        value = through.value * drawn.value
    m = Quantity(drawn.symbol, drawn.value, drawn.kind, Style.SETTING)
    symbol = symbol_of(reading.machine, left, *at).coloured(kind)
    template = Math("{a:f} dot {m}", "{a:f} · {m}")
    shown = equation(reading, symbol, template, {"a": through, "m": m}, value, kind)
    return Explanation(headline + words.sample(reading), (shown,), result=value)
