"""Which elements are sums, and of what: z = b + Σ W a, ∂J/∂W = Σ over samples ∂J/∂z a, J = (c₁ + c₂ + …) / m.

What comes about in one step (an activation, a slope) is not listed: its formula says all there is.
"""

from collections.abc import Callable, Iterable

import numpy as np

from nnstudio.engine.ops import OpKind

from . import notation
from .addends import link_addends, running_addends
from .cost import share_of_row
from .normalizing import along, by_unit, statistic
from .reading import Reading, symbol_of
from .terms import Closing, Part, Place, Sum
from .writing import Kind, Math, Quantity, Style, factor, joined, number, numbers, symbols

FORWARD, BACKWARD, PARAMETER, COST, UPDATE = Kind.FORWARD, Kind.BACKWARD, Kind.PARAMETER, Kind.COST, Kind.UPDATE


def sum_of(reading: Reading, place: Place) -> Sum | None:
    """The element at `place` as a sum, None where it comes about in one step."""
    write = _SUMS.get(reading.op.kind)
    return write(reading, place) if write is not None else None


def _affine(reading: Reading, place: Place) -> Sum:
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    weights, bias = f"W{layer}", f"b{layer}"
    parts, whole = [], []
    if bias in reading.op.reads:
        symbol = notation.element("b", layer, unit).coloured(PARAMETER)
        whole.append(symbol)
        parts.append(_one(reading, bias, (unit,)))
    running: int | str = "i" if reading.inputs > 1 else 0
    every = notation.element("W", layer, unit, running).coloured(PARAMETER) + reading.fed(running)
    whole.append(notation.total("i") + every if reading.inputs > 1 else every)

    def term(i: int) -> Math:
        return notation.element("W", layer, unit, i).coloured(PARAMETER) + reading.fed(i)

    factors = reading.array(weights)[unit], reading.array(reading.source)[sample]
    kinds = PARAMETER, reading.kind(reading.source)
    parts.append(Part(term, factors, kinds, lambda i: (weights, (unit, i))))
    return Sum(joined(whole), tuple(parts))


def _input_gradient(reading: Reading, place: Place) -> Sum:
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    weights, dz = f"W{layer}", f"dZ{layer}"

    def term(k: notation.Index) -> Math:
        slope = notation.partial("J", notation.element("z", layer, k)).coloured(BACKWARD)
        weight = notation.element("W", layer, k, unit).coloured(PARAMETER)
        return joined((slope, weight), " thin ", " ")

    factors = reading.array(dz)[sample], reading.array(weights)[:, unit]
    several = len(factors[0]) > 1
    whole = notation.total("k") + term("k") if several else term(0)
    return Sum(whole, (Part(term, factors, (BACKWARD, PARAMETER), lambda k: (weights, (k, unit))),))


def _weight_gradient(reading: Reading, place: Place) -> Sum:
    layer, unit, source = reading.layer, reading.element.unit, reading.element.input
    dz, penalty = f"dZ{layer}", f"dPW{layer}"
    weight = f"W{layer}", (unit, source)
    term = _times(_symbol(reading, dz, 0, unit), reading.fed(source))
    factors = reading.array(dz)[:, unit], reading.array(reading.source)[:, source]
    kinds = BACKWARD, reading.kind(reading.source)
    parts = [Part(_samples(reading), factors, kinds, lambda _: weight)]
    whole = notation.SAMPLES + term
    if penalty in reading.op.reads:
        parts.append(_one(reading, penalty, (unit, source), weight))
        whole = joined((whole, _symbol(reading, penalty, unit, source)))
    return Sum(whole, tuple(parts))


def _bias_gradient(reading: Reading, place: Place) -> Sum:
    layer, unit = reading.layer, reading.element.unit
    return _over_samples(reading, (f"dZ{layer}",), unit, (f"b{layer}", (unit,)))


def _scale_gradient(reading: Reading, place: Place) -> Sum:
    layer, unit = reading.layer, reading.element.unit
    return _over_samples(reading, (f"dN{layer}", f"H{layer}"), unit)


def _shift_gradient(reading: Reading, place: Place) -> Sum:
    return _over_samples(reading, (f"dN{reading.layer}",), reading.element.unit)


def _over_samples(reading: Reading, slots: tuple[str, ...], unit: int, parameter: Place | None = None) -> Sum:
    """Σ over samples of a product of the slots' numbers."""
    factors = [reading.array(slot)[:, unit] for slot in slots]
    kinds = [reading.kind(slot) for slot in slots]
    whole = notation.SAMPLES + _times(*(_symbol(reading, slot, 0, unit) for slot in slots))
    place = (lambda _: parameter) if parameter is not None else None
    return Sum(whole, (Part(_samples(reading), factors, kinds, place),))


def _mean(reading: Reading, place: Place) -> Sum:
    numbers = along(reading, f"Z{reading.layer}")
    part = Part(_sharing(reading), (numbers,), (FORWARD,))
    z = notation.element("z", reading.layer, reading.element.unit if by_unit(reading) else "k").coloured(FORWARD)
    return _meaned(reading, z, part, len(numbers))


def _variance(reading: Reading, place: Place) -> Sum:
    mu = f"mu{reading.layer}"
    at = statistic(reading)
    away = along(reading, f"Z{reading.layer}") - reading.array(mu)[at]
    middle = symbol_of(reading.machine, mu, *at).coloured(FORWARD)
    z = notation.element("z", reading.layer, reading.element.unit if by_unit(reading) else "k").coloured(FORWARD)
    square = Math(f"({z.typst} - {middle.typst})^2", f"({z.plain} − {middle.plain})²")
    return _meaned(reading, square, _squares(_sharing(reading), away, FORWARD), len(away))


def _meaned(reading: Reading, term: Math, part: Part, count: int) -> Sum:
    letter, total = ("m", notation.SAMPLES) if by_unit(reading) else ("n", notation.total("k"))
    return Sum(Math(f"1/{letter}", f"1/{letter}") + total + term, (part,), _divided(letter, count, FORWARD))


def _scale(reading: Reading, place: Place) -> Sum:
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    gamma, h = reading.quantity(f"gamma{layer}", unit), reading.quantity(f"H{layer}", sample, unit)
    first, beta = _product(gamma, h), _one(reading, f"beta{layer}", (unit,))
    return Sum(joined((first.symbol(0), beta.symbol(0))), (first, beta))


def _softmax(reading: Reading, place: Place) -> Sum | None:
    """aₖ = e^zₖ / Σⱼ e^zⱼ; None where the powers are too large to be written."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    if reading.machine.model.activations[layer - 1].elementwise:
        return None
    z = reading.array(reading.bent)[sample].astype(np.float64)
    powers = np.exp(z)
    if not np.isfinite(powers.sum()) or not powers.sum():
        return None

    def power(k: notation.Index) -> Math:
        symbol = notation.element(reading.bent[0].lower(), layer, k).coloured(FORWARD)
        return Math(f"e^({symbol.typst})", f"exp({symbol.plain})")

    def written(i: int, decimals: int) -> Math:
        exponent = number(float(z[i]), decimals).coloured(FORWARD)
        return Math(f"e^({exponent.typst})", f"exp({exponent.plain})")

    def share(total: float, decimals: int) -> Math:
        over, under = (number(x, decimals).coloured(FORWARD) for x in (float(powers[unit]), total))
        return Math(f"{over.typst} \\/ {under.typst}", f"{over.plain} / {under.plain}")

    total = notation.total("j") + power("j")
    closing = Closing(Math(f"{power(unit).typst} \\/ Sigma", f"{power(unit).plain} / Σ"), share)
    whole = Math(f"{power(unit).typst}/({total.typst})", f"{power(unit).plain} / {total.plain}")
    return Sum(whole, (Part(power, (), (), values=powers, written=written),), closing)


def _fused(reading: Reading, place: Place) -> Sum | None:
    return _cost(reading, place) if place[0] == reading.op.writes[-1] else _softmax(reading, place)


def _cost(reading: Reading, place: Place) -> Sum:
    """Each sample's share."""
    m = reading.batch_size
    shares = np.array([share_of_row(reading, row) for row in range(m)])
    c = Math("c", "c").coloured(COST)
    part = Part(_samples(reading), (shares,), (COST,))
    return Sum(Math("1/m", "1/m") + notation.SAMPLES + c, (part,), _divided("m", m, COST))


def _total(reading: Reading, place: Place) -> Sum:
    parts = _one(reading, "C", ()), _one(reading, "P", ())
    return Sum(joined(part.symbol(0) for part in parts), parts)


def _penalty(reading: Reading, place: Place) -> Sum:
    """Each weight's share of P."""
    spec, flat = reading.machine.model.spec.regularization, Flat(reading, reading.op.reads)
    w = flat.values
    values = spec.l1 * np.abs(w) + 0.5 * spec.l2 * w * w
    template = joined(
        [Math("{l} abs({w:b})", "{l} |{w:b}|")] * (spec.l1 > 0)
        + [Math("1/2 {m:f} ({w:b})^2", "½ {m:f} ({w:b})²")] * (spec.l2 > 0)
    )

    def quantities(weight: Quantity) -> dict[str, Quantity]:
        first = Quantity(Math("lambda_1", "λ₁"), spec.l1, UPDATE, Style.SETTING)
        second = Quantity(Math("lambda_2", "λ₂"), spec.l2, UPDATE, Style.SETTING)
        return {"l": first, "m": second, "w": weight}

    def filled(weight: Math) -> Math:
        return symbols(template, quantities(Quantity(weight, None)))

    def written(i: int, decimals: int) -> Math:
        return numbers(template, quantities(Quantity(flat.symbol(i), float(w[i]), PARAMETER)), decimals)

    def term(i: int) -> Math:
        return filled(flat.symbol(i))

    whole = Math('limits(sum)_"weights"', "Σ over weights") + filled(Math("w", "w").coloured(PARAMETER))
    return Sum(whole, (Part(term, (), (), flat.place, values, written),))


def _gradient_norm(reading: Reading, place: Place) -> Sum:
    flat = Flat(reading, reading.op.reads)

    def square(i: int) -> Math:
        symbol = flat.symbol(i)
        return Math(f"({symbol.typst})^2", f"({symbol.plain})²")

    def root(total: float, decimals: int) -> Math:
        under = number(total, decimals).coloured(BACKWARD)
        return Math(f"sqrt({under.typst})", f"√{under.plain}")

    part = _squares(square, flat.values, BACKWARD, flat.place)
    whole = Math('sqrt(limits(sum)_"parameters" g^2)', "√(Σ over parameters g²)")
    return Sum(whole, (part,), Closing(Math("sqrt(Sigma)", "√Σ"), root))


def _penalty_gradient(reading: Reading, place: Place) -> Sum:
    spec, (slot, index) = reading.machine.model.spec.regularization, reading.element.parameter
    w = reading.quantity(slot, *index)
    weight, parts = w.value or 0.0, []
    if spec.l1 > 0:
        first = Quantity(Math("lambda_1", "λ₁"), spec.l1, UPDATE, Style.SETTING)
        sign = Quantity(
            Math(f'op("sign")({w.symbol.typst})', f"sign({w.symbol.plain})"), float(np.sign(weight)), w.kind
        )
        parts.append(_product(first, sign, (slot, index)))
    if spec.l2 > 0:
        second = Quantity(Math("lambda_2", "λ₂"), spec.l2, UPDATE, Style.SETTING)
        parts.append(_product(second, w, (slot, index)))
    return Sum(joined(part.symbol(0) for part in parts), tuple(parts))


def _update(reading: Reading, place: Place) -> Sum | None:
    if reading.factor != 1:
        return None
    addends = link_addends(reading)
    if addends is None:
        return None
    parts = tuple(_product(*each, reading.element.parameter) for each in addends)
    return Sum(_added(part.symbol(0) for part in parts), parts)


def _running(reading: Reading, place: Place) -> Sum:
    parts = tuple(_product(*each) for each in running_addends(reading))
    return Sum(joined(part.symbol(0) for part in parts), parts)


def _added(terms: Iterable[Math]) -> Math:
    """θ − α g rather than θ + −α g."""
    first, *others = terms
    for term in others:
        sign = "" if term.plain.startswith("−") else "+ "
        first = Math(f"{first.typst} {sign}{term.typst}", f"{first.plain} {sign}{term.plain}")
    return first


class Flat:
    """The numbers of several slots, one after the other."""

    def __init__(self, reading: Reading, slots: tuple[str, ...]) -> None:
        self._reading, self._slots = reading, slots
        arrays = [reading.array(slot) for slot in slots]
        self.values: np.ndarray = np.concatenate([array.ravel() for array in arrays]).astype(np.float64)
        self._shapes = [array.shape for array in arrays]
        self._starts = np.cumsum([0, *(array.size for array in arrays)])

    def _at(self, i: int) -> Place:
        which = int(np.searchsorted(self._starts, i, side="right")) - 1
        index = np.unravel_index(i - int(self._starts[which]), self._shapes[which])
        return self._slots[which], tuple(int(n) for n in index)

    def place(self, i: int) -> Place:
        """The parameter that the i-th number is, or belongs to."""
        slot, index = self._at(i)
        return self._reading.machine.slot(slot).of or slot, index

    def symbol(self, i: int) -> Math:
        slot, index = self._at(i)
        return _symbol(self._reading, slot, *index)


def _one(reading: Reading, slot: str, index: tuple[int, ...], place: Place | None = None) -> Part:
    """One number of a slot as a term."""
    symbol, of = _symbol(reading, slot, *index), place or (slot, index)
    return Part(lambda _: symbol, (reading.array(slot)[index],), (reading.kind(slot),), lambda _: of)


def _product(first: Quantity, second: Quantity | None = None, place: Place | None = None) -> Part:
    """One number, or the product of two, as a term."""
    both = [quantity for quantity in (first, second) if quantity is not None]
    symbol = Math(
        " thin ".join(q.symbol.coloured(q.kind).typst for q in both),
        " ".join(q.symbol.coloured(q.kind).plain for q in both),
    )
    values = [q.value if q.value is not None else float("nan") for q in both]

    def written(_: int, decimals: int) -> Math:
        shown = [number(value, decimals, q.style).coloured(q.kind) for value, q in zip(values, both, strict=True)]
        if len(shown) == 1:
            return shown[0]
        return Math(" ".join(f"({each.typst})" for each in shown), "".join(f"({each.plain})" for each in shown))

    factors = [np.array([value]) for value in values]
    return Part(lambda _: symbol, factors, [q.kind for q in both], place and (lambda _: place), written=written)


def _squares(
    symbol: Callable[[int], Math], values: np.ndarray, kind: Kind, place: Callable[[int], Place] | None = None
) -> Part:
    def written(i: int, decimals: int) -> Math:
        inner = factor(float(values[i]), decimals, kind)
        return Math(f"{inner.typst}^2", f"{inner.plain}²")

    return Part(symbol, (values, values), (kind, kind), place, written=written)


def _divided(letter: str, count: int, kind: Kind) -> Closing:
    def numbers(total: float, decimals: int) -> Math:
        over = number(total, decimals).coloured(kind)
        return Math(f"{over.typst} \\/ {count}", f"{over.plain} / {count}")

    return Closing(Math(f"Sigma \\/ {letter}", f"Σ / {letter}"), numbers)


def _samples(reading: Reading) -> Callable[[int], Math]:
    """The terms are told apart by their samples, as rows of the table."""
    rows = reading.machine.rows

    def symbol(i: int) -> Math:
        name = f"sample {int(rows[i]) + 1}"
        return Math(f'"{name}"', name)

    return symbol


def _sharing(reading: Reading) -> Callable[[int], Math]:
    """Those that share a mean: samples, or the units of a layer."""
    if by_unit(reading):
        return _samples(reading)
    return lambda k: notation.element("z", reading.layer, k).coloured(FORWARD)


def _symbol(reading: Reading, slot: str, *index: int) -> Math:
    return symbol_of(reading.machine, slot, *index).coloured(reading.kind(slot))


def _times(*factors: Math) -> Math:
    return joined(factors, " dot ", " · ")


_SUMS: dict[OpKind, Callable[[Reading, Place], Sum | None]] = {
    OpKind.AFFINE: _affine,
    OpKind.MEAN: _mean,
    OpKind.VARIANCE: _variance,
    OpKind.SCALE: _scale,
    OpKind.ACTIVATION: _softmax,
    OpKind.FUSED: _fused,
    OpKind.COST: _cost,
    OpKind.PENALTY: _penalty,
    OpKind.TOTAL: _total,
    OpKind.PENALTY_GRADIENT: _penalty_gradient,
    OpKind.WEIGHT_GRADIENT: _weight_gradient,
    OpKind.BIAS_GRADIENT: _bias_gradient,
    OpKind.INPUT_GRADIENT: _input_gradient,
    OpKind.SCALE_GRADIENT: _scale_gradient,
    OpKind.SHIFT_GRADIENT: _shift_gradient,
    OpKind.GRADIENT_NORM: _gradient_norm,
    OpKind.UPDATE: _update,
    OpKind.RUNNING: _running,
}
