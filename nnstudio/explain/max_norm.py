"""The max-norm constraint: one weight, as its unit's vector of weights is cut back to the greatest length."""

import numpy as np

from . import notation, words
from .explanation import Explanation
from .forward import equation
from .reading import Reading, symbol_of
from .writing import BECOMES, Kind, Math, Quantity, Style


def limit(reading: Reading) -> Explanation:
    """w ← w min(1, c / ‖w‖), ‖w‖ = √Σᵢ wᵢ² over the unit's inputs."""
    layer, unit, source = reading.layer, reading.element.unit, reading.element.input
    slot, most = f"W{layer}", reading.machine.model.spec.regularization.max_norm
    weight = reading.quantity(slot, unit, source)
    length = float(np.linalg.norm(reading.array(slot)[unit])) if reading.known(slot) else None
    value = reading.result(slot, unit, source)
    if value is None and weight.value is not None and length is not None:
        value = weight.value * (most / max(length, most))
    every = notation.element("W", layer, unit, "i").coloured(Kind.PARAMETER)
    total = notation.total("i")
    norm = Quantity(Math("norm(w)", "|w|"), length, Kind.PARAMETER)
    quantities = {"w": weight, "c": Quantity(Math("c", "c"), most, Kind.UPDATE, Style.SETTING), "n": norm}
    left = symbol_of(reading.machine, slot, unit, source).coloured(Kind.PARAMETER)
    step = equation(
        reading,
        left,
        Math("{w:f} dot min(1, {c}/{n})", "{w:f} · min(1, {c} / {n})"),
        quantities,
        value,
        Kind.PARAMETER,
        sign=BECOMES,
    )
    squares = Math(f"sqrt({total.typst} ({every.typst})^2)", f"√({total.plain} ({every.plain})²)")
    where = equation(
        reading, norm.symbol.coloured(Kind.PARAMETER), squares, {}, length, Kind.PARAMETER, "where the length is"
    )
    neuron = words.neuron(reading, unit, layer)
    headline = f"the weights into {neuron}, cut back to the length {most:g} if they are longer"
    return Explanation(headline, (step, where), words.written_over(reading), value)
