"""Clipping: what of one parameter's gradient the optimizer gets to see, and the length of the whole gradient."""

from collections.abc import Callable

import numpy as np

from nnstudio.engine.ops.clipping import MARGIN, PLAIN, TYPST

from .explanation import Explanation
from .forward import equation, overwritten
from .notation import NORM
from .numbers import count
from .reading import Reading, symbol_of
from .writing import Kind, Math, Quantity, Style, equals, formula, number, result


def clip(reading: Reading) -> Explanation:
    """ĝ = ∂J/∂θ, at most c and at least −c."""
    most = reading.machine.model.spec.regularization.clip_value
    return _of_parameter(
        reading,
        "cd",
        "the gradient, cut off,",
        Math("min(max({g:b}, -{c}), {c})", "min(max({g:b}, −{c}), {c})"),
        {"c": Quantity(Math("c", "c"), most, Kind.UPDATE, Style.SETTING)},
        lambda g: min(max(g, -most), most),
    )


def norm(reading: Reading) -> Explanation:
    """‖g‖ = √Σ g² over all parameters."""
    value, square = reading.result("gnorm"), None
    slots = reading.op.reads
    if reading.known(*slots):
        flat = np.concatenate([reading.array(slot).ravel() for slot in slots])
        square = float(np.dot(flat, flat))
        value = float(np.sqrt(square)) if value is None else value
    gradient = _source(reading)
    g = Math(TYPST[gradient], PLAIN[gradient]).coloured(Kind.BACKWARD)
    sides = [NORM.coloured(Kind.BACKWARD), Math(f"sqrt(limits(sum) ({g.typst})^2)", f"√(Σ ({g.plain})²)")]
    if square is not None:
        written = number(square, reading.decimals).coloured(Kind.BACKWARD)
        sides.append(Math(f"sqrt({written.typst})", f"√{written.plain}"))
    if value is not None:
        sides.append(result(value, reading.decimals, Kind.BACKWARD))
    parameters = count(sum(reading.array(slot).size for slot in slots))
    headline = f"the length of the whole gradient, over all {parameters} parameters"
    return Explanation(headline, (formula(equals(*sides)),), result=value)


def scale_down(reading: Reading) -> Explanation:
    """g̃ = g · min(1, c / (‖g‖ + 10⁻⁶))."""
    most, length = reading.machine.model.spec.regularization.clip_norm, reading.input("gnorm")
    share = min(1.0, most / (length + MARGIN)) if length is not None else None
    quantities = {
        "c": Quantity(Math("c", "c"), most, Kind.UPDATE, Style.SETTING),
        "n": Quantity(NORM, length, Kind.BACKWARD),
    }
    template = Math("{g:f} dot min(1, {c}/({n} + 10^(-6)))", "{g:f} · min(1, {c} / ({n} + 10⁻⁶))")
    compute = (lambda g: g * share) if share is not None else None
    return _of_parameter(reading, "nd", "the gradient, scaled down,", template, quantities, compute)


def _of_parameter(
    reading: Reading,
    prefix: str,
    what: str,
    template: Math,
    quantities: dict[str, Quantity],
    compute: Callable[[float], float] | None,
) -> Explanation:
    """`compute` makes the result of the gradient g of the chosen parameter; None where it cannot yet."""
    parameter, index = reading.element.parameter
    slot = f"{prefix}{parameter}"
    g = reading.quantity(f"{_source(reading)}{parameter}", *index)
    value = reading.result(slot, *index)
    if value is None and compute is not None and g.value is not None:
        value = compute(g.value)
    left = symbol_of(reading.machine, slot, *index).coloured(Kind.BACKWARD)
    shown = equation(reading, left, template, {"g": g, **quantities}, value, Kind.BACKWARD)
    headline = f"{what} for {symbol_of(reading.machine, parameter, *index).plain}"
    return Explanation(headline, (shown,), overwritten(reading), value)


def _source(reading: Reading) -> str:
    """What the slots of the gradient that the operation reads are called by: d, or cd."""
    slot = reading.op.reads[0]
    return slot.removesuffix(reading.machine.slot(slot).of or "")
