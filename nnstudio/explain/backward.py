"""Backpropagation: the chain rule, from ∂J/∂a of the last layer to ∂J/∂W of the first."""

import numpy as np

from . import notation, words
from .explanation import Explanation, Formula
from .forward import edited, ending, equation, overwritten
from .reading import Reading, symbol_of
from .slopes import slope_of, slope_symbols
from .sums import Products
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
    product,
    result,
    summand,
    symbols,
)

_DIFFERENCE = Math("({a:b} - {y})/({n})", "({a:b} − {y}) / {n}")
_GRADIENTS = {
    "half_mse": _DIFFERENCE,
    "mse": Math("2/({n}) ({a:b} - {y})", "2/{n} ({a:b} − {y})"),
    "mae": Math('1/({n}) op("sign")({a:b} - {y})', "1/{n} sign({a:b} − {y})"),
    "huber": Math("1/({n}) min(max({a:b} - {y}, -1), 1)", "1/{n} clip({a:b} − {y}, −1, 1)"),
    "log_cosh": Math("1/({n}) tanh({a:b} - {y})", "1/{n} tanh({a:b} − {y})"),
    "binary_cross_entropy": Math("({a:b} - {y})/({n} {a:f} (1 - {a}))", "({a:b} − {y}) / ({n} {a:f} (1 − {a}))"),
    "cross_entropy": Math("-{y}/({n} {a:f})", "−{y} / ({n} {a:f})"),
}


def cost_gradient(reading: Reading) -> Explanation:
    """∂J/∂a of an output."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    model = reading.machine.model
    slot, outputs = f"dA{layer}", f"A{layer}"
    value = reading.result(slot, sample, unit)
    if value is None and reading.known(outputs, "Y"):
        a, y = reading.array(outputs)[sample, unit], reading.array("Y")[sample, unit]
        value = _counted(reading, _alone(model.cost.gradient, a, y) / _divisor(reading, model.cost.name))
    shown = _difference(reading, slot, _GRADIENTS[model.cost.name], model.cost.name, value)
    headline = f"the gradient of the cost at the output of {_output(reading)}{words.sample(reading)}"
    return Explanation(headline, (shown,), result=value)


def fused_gradient(reading: Reading) -> Explanation:
    """∂J/∂z of an output, through cost and activation at once."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    fusion = reading.machine.model.fusion
    assert fusion is not None
    value = reading.result(f"d{reading.bent}", sample, unit)
    template = _DIFFERENCE
    if fusion.joint and reading.known("Y") and not np.isclose(reading.array("Y")[sample].sum(), 1):
        template = Math("({a} limits(sum)_k y_k - {y})/({n})", "({a} Σₖ yₖ − {y}) / {n}")
    if value is None and reading.known(f"A{layer}", "Y"):
        row = slice(sample, sample + 1)
        a, y = reading.array(f"A{layer}")[row], reading.array("Y")[row]
        out, scratch = np.empty_like(a), (np.empty_like(a), np.empty_like(a), np.empty_like(a))
        fusion.gradient(a, y, out, scratch)
        value = _counted(reading, float(out[0, unit]) / reading.batch_size)
    shown = _difference(reading, f"d{reading.bent}", template, fusion.cost, value, numeric=template is _DIFFERENCE)
    headline = f"the gradient of the cost at the {words.bent(reading)} of {_output(reading)}{words.sample(reading)}"
    return Explanation(headline, (shown,), result=value)


def weight_gradient(reading: Reading) -> Explanation:
    """∂J/∂w = Σ over samples of ∂J/∂z · a; and the factors of the chosen sample's part."""
    layer, unit, source = reading.layer, reading.element.unit, reading.element.input
    dz, before, penalty = f"dZ{layer}", reading.source, f"dPW{layer}"
    slots, kinds = (dz, before), (Kind.BACKWARD, reading.kind(before))
    value = reading.result(f"dW{layer}", unit, source)
    sums = None
    if reading.known(*slots):
        columns = reading.array(dz)[:, unit], reading.array(before)[:, source]
        sums = Products(columns, kinds, reading.element.sample)
    added = reading.quantity(penalty, unit, source) if penalty in reading.op.reads else None
    terms = [
        symbol_of(reading.machine, dz, 0, unit).coloured(Kind.BACKWARD),
        reading.fed(source),
    ]
    left = symbol_of(reading.machine, f"dW{layer}", unit, source)
    shown, value = over_samples_of(reading, left, product_with_space(*terms), sums, added, value)
    name = notation.element("W", layer, unit, source).plain
    headline = f"the gradient of the cost for the weight {name}, summed over the mini-batch"
    return Explanation(headline, (shown, _chain(reading)), overwritten(reading), value)


def bias_gradient(reading: Reading) -> Explanation:
    """∂J/∂b = Σ over samples of ∂J/∂z."""
    layer, unit = reading.layer, reading.element.unit
    dz = f"dZ{layer}"
    value = reading.result(f"db{layer}", unit)
    sums = None
    if reading.known(dz):
        sums = Products((reading.array(dz)[:, unit],), (Kind.BACKWARD,), reading.element.sample)
    left = symbol_of(reading.machine, f"db{layer}", unit)
    term = symbol_of(reading.machine, dz, 0, unit).coloured(Kind.BACKWARD)
    shown, value = over_samples_of(reading, left, term, sums, None, value)
    name = notation.element("b", layer, unit).plain
    headline = f"the gradient of the cost for the bias {name}, summed over the mini-batch"
    return Explanation(headline, (shown,), result=value)


def input_gradient(reading: Reading) -> Explanation:
    """∂J/∂a of the layer before = Σₖ ∂J/∂zₖ Wₖ: each neuron hands its slope back along its weights."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    dz, weights, da = f"dZ{layer}", f"W{layer}", f"d{reading.source}"
    value, note = reading.result(da, sample, unit), overwritten(reading)
    left = symbol_of(reading.machine, da, 0, unit).coloured(Kind.BACKWARD)
    units = reading.machine.model.spec.network.widths[layer]
    running: int | str = "k" if units > 1 else 0
    slope = notation.partial("J", notation.element("z", layer, running)).coloured(Kind.BACKWARD)
    weight = notation.element("W", layer, running, unit).coloured(Kind.PARAMETER)
    terms = joined((slope, weight), " thin ", " ")
    rows: list[Math | tuple[Math, ...]] = [equals(left, notation.total("k") + terms if units > 1 else terms)]
    if reading.known(dz, weights):
        columns = reading.array(dz)[sample], reading.array(weights)[:, unit]
        sums = Products(columns, (Kind.BACKWARD, Kind.PARAMETER))
        rows.append(EQUALS + sums.written(reading.decimals))
        note = edited(reading, sums.total, value, sums)
        value = sums.total if value is None else value
    rows += ending(reading, value, Kind.BACKWARD)
    where = words.neuron(reading, unit, layer - 1)
    dropped = " after dropout" if reading.source[0] == "D" else ""
    headline = f"the gradient of the cost at the output of {where}{dropped}{words.sample(reading)}"
    return Explanation(headline, (formula(*rows, small=(1,) if len(rows) == 3 else ()),), note, value)


def penalty_gradient(reading: Reading) -> Explanation:
    """∂P/∂w = l1 sign(w) + l2 w."""
    spec, (slot, index) = reading.machine.model.spec.regularization, reading.element.parameter
    if f"dP{slot}" not in reading.op.writes:
        slot, index = reading.op.reads[0], (0, 0)
    quantities = {
        "l": Quantity(Math("lambda_1", "λ₁"), spec.l1, Kind.UPDATE, Style.SETTING),
        "m": Quantity(Math("lambda_2", "λ₂"), spec.l2, Kind.UPDATE, Style.SETTING),
        "w": reading.quantity(slot, *index),
    }
    terms = [Math('{l} op("sign")({w:b})', "{l} sign({w:b})")] * (spec.l1 > 0)
    terms += [Math("{m} {w:f}", "{m} {w:f}")] * (spec.l2 > 0)
    value = reading.result(f"dP{slot}", *index)
    weight = quantities["w"].value
    if value is None and weight is not None:
        value = spec.l2 * weight + spec.l1 * float(np.sign(weight))
    left = symbol_of(reading.machine, f"dP{slot}", *index).coloured(Kind.BACKWARD)
    shown = equation(reading, left, joined(terms), quantities, value, Kind.BACKWARD)
    name = quantities["w"].symbol.plain
    return Explanation(f"the gradient of the penalty for the weight {name}", (shown,), overwritten(reading), value)


def product_with_space(*factors: Math) -> Math:
    return joined(factors, " dot ", " · ")


def _difference(
    reading: Reading, slot: str, template: Math, cost: str, value: float | None, *, numeric: bool = True
) -> Formula:
    """∂J/∂a = (a − y)/m."""
    quantities = _of_output(reading, cost)
    if not numeric:
        quantities["a"] = Quantity(quantities["a"].symbol, None, Kind.FORWARD)
    at = reading.element.sample, reading.element.unit
    left = symbol_of(reading.machine, slot, *at).coloured(Kind.BACKWARD)
    return equation(reading, left, _weighted(reading, template), quantities, value, Kind.BACKWARD)


def _weighted(reading: Reading, template: Math) -> Math:
    """The slope times w, where samples have weights."""
    if not reading.weighted:
        return template
    sign = "-" * template.typst.startswith("-"), "−" * template.plain.startswith("−")
    return Math(
        f"{sign[0]}{{w:f}} {template.typst.removeprefix('-')}", f"{sign[1]}{{w:f}} {template.plain.removeprefix('−')}"
    )


def _counted(reading: Reading, slope: float) -> float | None:
    """The slope of the chosen sample as many times as it counts; None where that is not known."""
    w = reading.sample_weight
    if w is None:
        return slope
    return None if w.value is None else w.value * slope


def _of_output(reading: Reading, cost: str) -> dict[str, Quantity]:
    """What the slope of a cost is made of."""
    at = reading.element.sample, reading.element.unit
    a, y = reading.quantity(f"A{reading.layer}", *at), reading.quantity("Y", *at)
    w = reading.sample_weight
    return {"a": a, "y": y, "n": _count(reading, cost)} | ({"w": w} if w else {})


def _count(reading: Reading, cost: str) -> Quantity:
    """What the cost is divided by: m, or m K."""
    by = _divisor(reading, cost)
    if by == reading.batch_size and (reading.outputs == 1 or cost in ("half_mse", "cross_entropy")):
        return Quantity(Math("m", "m"), by, None, Style.WHOLE)
    return Quantity(Math("m K", "(m K)"), by, None, Style.WHOLE)


def _divisor(reading: Reading, cost: str) -> int:
    return reading.batch_size * (1 if cost in ("half_mse", "cross_entropy") else reading.outputs)


def _alone(gradient: object, a: float, y: float) -> float:
    """The slope of a cost of one sample with one output."""
    a, y = np.full((1, 1), a), np.full((1, 1), y)  # type: ignore[assignment]
    out = np.empty((1, 1))
    gradient(a, y, out, (np.empty((1, 1)), np.empty((1, 1))))  # type: ignore[operator]
    return float(out[0, 0])


def _output(reading: Reading) -> str:
    return words.neuron(reading, reading.element.unit, reading.layer)


def over_samples_of(
    reading: Reading, left: Math, term: Math, sums: Products | None, added: Quantity | None, value: float | None
) -> tuple[Formula, float | None]:
    """left = Σ over samples of the term, with numbers, and the penalty's share where there is one."""
    first = [notation.SAMPLES + term]
    if added is not None:
        first.append(added.symbol.coloured(added.kind))
    rows: list[Math | tuple[Math, ...]] = [equals(left.coloured(Kind.BACKWARD), joined(first))]
    if sums is not None and (added is None or added.value is not None):
        second = [sums.written(reading.decimals)]
        extra = 0.0
        if added is not None and added.value is not None:
            extra = added.value
            second.append(summand(extra, reading.decimals, added.kind))
        rows.append(EQUALS + joined(second))
        value = sums.total + extra if value is None else value
    rows += ending(reading, value, Kind.BACKWARD)
    return formula(*rows, small=(1,) if len(rows) == 3 else ()), value


def _chain(reading: Reading) -> Formula:
    """The chosen sample's part of ∂J/∂w as factors, each as symbol, as derivative and as number: ∂J/∂a · ∂a/∂z · ∂z/∂w.
    A normalization stands between a and z and joins the samples, so there it begins with ∂J/∂z."""
    layer, unit, source = reading.layer, reading.element.unit, reading.element.input
    sample, before = reading.element.sample, reading.source
    z, weight = notation.element("z", layer, unit), notation.element("W", layer, unit, source)
    last = Quantity(notation.ratio(z, weight), reading.input(before, sample, source), reading.kind(before))
    direct = _elementwise(reading) and reading.bent == f"Z{layer}"
    if f"dA{layer}" in reading.machine.program.writer and direct:
        factors = [_flowing(reading, f"dA{layer}"), slope_of(reading), last]
        derivatives = [_derivative_of_cost(reading, factors[0]), slope_symbols(reading), reading.fed(source)]
    else:
        factors = [_flowing(reading, f"dZ{layer}"), last]
        derivatives = [factors[0].symbol.coloured(Kind.BACKWARD), reading.fed(source)]
    sides = [product_with_space(*(q.symbol.coloured(q.kind) for q in factors)), product_with_space(*derivatives)]
    dz = reading.input(f"dZ{layer}", sample, unit)
    values = [q.value for q in factors]
    if all(value is not None for value in values) and dz is not None and last.value is not None:
        sides.append(product(*(factor(q.value or 0.0, reading.decimals, q.kind) for q in factors)))
        sides.append(result(dz * last.value, reading.decimals, Kind.BACKWARD))
    caption = words.of_sample(reading, "By the chain rule, the part of")
    return formula(equals(*sides), caption=caption)


def _derivative_of_cost(reading: Reading, flowing: Quantity) -> Math:
    """∂J/∂a as (a − y)/m where it is the cost's own slope; elsewhere it came from the layer behind, and stays as it
    is."""
    if reading.layer != reading.machine.model.depth:
        return flowing.symbol.coloured(Kind.BACKWARD)
    cost = reading.machine.model.cost.name
    return symbols(_weighted(reading, _GRADIENTS[cost]), _of_output(reading, cost))


def _elementwise(reading: Reading) -> bool:
    return reading.machine.model.activations[reading.layer - 1].elementwise


def _flowing(reading: Reading, slot: str) -> Quantity:
    return reading.quantity(slot, reading.element.sample, reading.element.unit)
