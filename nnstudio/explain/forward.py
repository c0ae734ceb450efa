"""Loading, weighted sums and activations: z = Σᵢ W a + b, a = σ(z)."""

import re
from collections.abc import Sequence

import numpy as np

from . import notation, words
from .explanation import Explanation, Formula
from .reading import Reading
from .sums import MOST_TERMS, Products, remainder
from .symbols import slot_symbol
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
    known,
    number,
    numbers,
    parenthesized,
    result,
    symbols,
)

_POWER = re.compile(r"\{(\w)\}(?=\^\d|²|³)")
_ENCLOSED = re.compile(r"(^|[(\[|]|, |< )\{(\w)\}")
_MOST_INPUTS = 8
_MOST_EXPONENTS = 3
_MOST_SAMPLES = 8


def load(reading: Reading) -> Explanation:
    """Which rows the mini-batch has, and the sample's inputs and targets."""
    batches = reading.machine.batches
    if not reading.ran:
        size = batches.next_size
        samples = f"{size} sample{'s' * (size != 1)}"
        slots = ", ".join(reading.op.writes)
        shown = Formula(f'${slots} <- "mini-batch"$', f"{slots} ← mini-batch")
        return Explanation(f"the next mini-batch, {samples}", (shown,))
    rows = reading.machine.rows
    listed = ", ".join(str(row + 1) for row in rows[:_MOST_SAMPLES])
    which = f"samples {listed}" if len(rows) > 1 else f"sample {listed}"
    more = ", …" * (len(rows) > _MOST_SAMPLES)
    headline = f"mini-batch {batches.number} of {batches.per_epoch}: {which}{more}"
    caption = f"Sample {words.sample_number(reading)}"
    formulas = _row(reading, "X", "x", caption), _row(reading, "Y", "y", ""), *_weight(reading)
    return Explanation(headline, formulas)


def weighted_sum(reading: Reading) -> Explanation:
    """z = Σᵢ Wᵢ aᵢ + b."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    source, weights, bias = reading.source, f"W{layer}", f"b{layer}"
    left = notation.element("z", layer, unit).coloured(Kind.FORWARD)
    parts = [_symbolic_sum(reading)]
    biased = bias in reading.op.reads
    if biased:
        parts.append(notation.element("b", layer, unit).coloured(Kind.PARAMETER))
    rows: list[Math | tuple[Math, ...]] = [equals(left, joined(parts))]
    value, note = reading.result(f"Z{layer}", sample, unit), overwritten(reading)
    if reading.known(*reading.op.reads):
        sums = Products(
            (reading.array(weights)[unit], reading.array(source)[sample]),
            (Kind.PARAMETER, reading.kind(source)),
            reading.element.input,
        )
        terms = [sums.written(reading.decimals)]
        if biased:
            terms.append(factor(float(reading.array(bias)[unit]), reading.decimals, Kind.PARAMETER))
        rows.append(EQUALS + joined(terms))
        foretold = sums.total + (float(reading.array(bias)[unit]) if biased else 0.0)
        note = edited(reading, foretold, value, sums)
        value = foretold if value is None else value
    rows += ending(reading, value, Kind.FORWARD)
    headline = f"the weighted sum of {words.neuron(reading, unit, layer)}{words.sample(reading)}"
    return Explanation(headline, (formula(*rows, small=_small(rows)),), note, value)


def activation(reading: Reading) -> Explanation:
    """a = σ(z)."""
    layer, unit, sample = reading.layer, reading.element.unit, reading.element.sample
    sigma = reading.machine.model.activations[layer - 1]
    value = reading.result(f"A{layer}", sample, unit)
    z = reading.bent
    if not sigma.elementwise:
        if value is None and reading.known(z):
            value = float(sigma.value(reading.array(z)[sample])[0, unit])
        formulas = softmax(reading, value)
    else:
        if value is None and reading.known(z):
            value = float(sigma.value(reading.array(z)[sample, unit])[0, 0])
        quantities = {"z": reading.quantity(z, sample, unit)}
        left = notation.element("a", layer, unit).coloured(Kind.FORWARD)
        template = prepared(Math(sigma.typst, sigma.formula))
        formulas = (equation(reading, left, template, quantities, value, Kind.FORWARD),)
    headline = f"the activation of {words.neuron(reading, unit, layer)}, {sigma.title}{words.sample(reading)}"
    return Explanation(headline, formulas, overwritten(reading), value)


def softmax(reading: Reading, value: float | None) -> tuple[Formula, ...]:
    """aₖ = e^zₖ / Σⱼ e^zⱼ, with the row of z; a long row's sum is written out below."""
    layer, unit, sample, decimals = reading.layer, reading.element.unit, reading.element.sample, reading.decimals
    bent = reading.bent[0].lower()
    a, z = (notation.element(letter, layer, unit).coloured(Kind.FORWARD) for letter in ("a", bent))
    every = notation.element(bent, layer, "j").coloured(Kind.FORWARD)
    sum_j = notation.total("j")
    all_powers = Math(f"{sum_j.typst} e^{every.typst}", f"{sum_j.plain} exp({every.plain})")
    rows: list[Math | tuple[Math, ...]] = [equals(a, _ratio(Math(f"e^{z.typst}", f"exp({z.plain})"), all_powers))]
    below: tuple[Formula, ...] = ()
    if reading.known(reading.bent):
        row = reading.array(reading.bent)[sample].astype(np.float64)
        powers = np.exp(row)
        if len(row) <= _MOST_EXPONENTS:
            written = joined(_power(float(z), decimals) for z in row)
            rows.append(EQUALS + _ratio(_power(float(row[unit]), decimals), written, enclosed=True))
        elif np.isfinite(powers.sum()):
            over, under = number(float(powers[unit]), decimals), number(float(powers.sum()), decimals)
            rows.append(EQUALS + _ratio(over.coloured(Kind.FORWARD), under.coloured(Kind.FORWARD)))
            below = (_sum_of_powers(reading, all_powers, row),)
    rows += ending(reading, value, Kind.FORWARD)
    return formula(*rows), *below


def _sum_of_powers(reading: Reading, left: Math, row: np.ndarray) -> Formula:
    """Σⱼ e^zⱼ = e^0.74 + e^0.85 + …"""
    decimals, powers = reading.decimals, np.exp(row)
    terms = [_power(float(z), decimals) for z in row[:MOST_TERMS]]
    if len(row) > MOST_TERMS:
        terms.append(remainder(len(row) - MOST_TERMS, float(powers[MOST_TERMS:].sum()), decimals))
    end = EQUALS + result(float(powers.sum()), decimals, Kind.FORWARD)
    return formula(left, EQUALS + joined(terms), end, small=(1,), caption="where the sum over all outputs is")


def _ratio(over: Math, under: Math, *, enclosed: bool = False) -> Math:
    plain = f"({under.plain})" if enclosed else under.plain
    return Math(f"{over.typst}/({under.typst})", f"{over.plain} / {plain}")


def equation(
    reading: Reading,
    left: Math,
    template: Math,
    quantities: dict[str, Quantity],
    value: float | None,
    kind: Kind | None,
    caption: str = "",
    style: Style = Style.FIXED,
    sign: Math = EQUALS,
) -> Formula:
    """left = template with symbols = template with numbers = value in this style; the first sign may be another."""
    symbolic = symbols(template, quantities)
    sides = [symbolic]
    end = result(value, reading.decimals, kind, style) if value is not None else None
    if known(quantities):
        written = numbers(template, quantities, reading.decimals)
        same = written == symbolic or (end is not None and written.plain.strip("()") == end.plain)
        if not same:
            sides.append(written)
    if end is not None:
        sides.append(end)
    return formula((left, sign + sides[0], *(EQUALS + side for side in sides[1:])), caption=caption)


def prepared(template: Math) -> Math:
    """Mark where the parentheses of a template already stand, or have to: `{a}^2` is (a²₁)², `({z})` needs no more."""
    typst, plain = (_POWER.sub(r"({\1})", text) for text in (template.typst, template.plain))
    return Math(_ENCLOSED.sub(r"\1{\2:b}", typst), _ENCLOSED.sub(r"\1{\2:b}", plain))


def ending(reading: Reading, value: float | None, kind: Kind | None) -> list[Math]:
    """The last row, `= value`, where there is one."""
    return [EQUALS + result(value, reading.decimals, kind)] if value is not None else []


def overwritten(reading: Reading) -> str:
    """Why inputs are missing, after the operation has run."""
    slots = reading.overwritten
    if not slots:
        return ""
    them = "has" if len(slots) == 1 else "have"
    names = ", ".join(slot_symbol(slot) for slot in slots[:3]) + (", …" if len(slots) > 3 else "")
    return f"{names} {them} been updated since, so only the result is left."


def edited(reading: Reading, now: float, then: float | None, sums: Products) -> str:
    """That the terms no longer give the result, since a weight or a bias was set by hand after it was computed."""
    if then is None:
        return ""
    allowed = float(np.sqrt(np.finfo(reading.machine.model.dtype).eps)) * (float(np.abs(sums.terms).sum()) + abs(then))
    if not abs(now - then) > allowed:
        return ""
    written = number(now, reading.decimals).plain
    return f"A weight or a bias was edited since this was computed: these terms now give {written}."


def _symbolic_sum(reading: Reading) -> Math:
    layer, unit = reading.layer, reading.element.unit
    if reading.inputs == 1:
        return notation.element("W", layer, unit, 0).coloured(Kind.PARAMETER) + reading.fed(0)
    weight = notation.element("W", layer, unit, "i").coloured(Kind.PARAMETER)
    return notation.total("i") + weight + reading.fed("i")


def _row(reading: Reading, slot: str, letter: str, caption: str) -> Formula:
    """(x₁, x₂) = (0.0039, −0.3185)."""
    row = reading.array(slot)[reading.element.sample]
    count, shown = len(row), min(len(row), _MOST_INPUTS)
    names = [notation.element(letter, None, unit).coloured(Kind.LOAD) for unit in range(shown)]
    values = [number(float(value), reading.decimals).coloured(Kind.LOAD) for value in row[:shown]]
    if count > shown:
        dots = Math("dots.h", "…")
        last = notation.element(letter, None, count - 1).coloured(Kind.LOAD)
        names = [*names[:1], dots, last]
        values.append(dots)
    left, right = joined(names, ", ", ", "), joined(values, ", ", ", ")
    if count > 1:
        left, right = parenthesized(left), parenthesized(right)
    return formula(equals(left, right), caption=caption)


def _weight(reading: Reading) -> tuple[Formula, ...]:
    """w = 2.5, where samples have weights."""
    w = reading.sample_weight
    if w is None or w.value is None:
        return ()
    right = number(w.value, reading.decimals).coloured(w.kind)
    return (formula(equals(w.symbol.coloured(w.kind), right), caption="how much it counts in the cost"),)


def _power(z: float, decimals: int) -> Math:
    exponent = number(z, decimals).coloured(Kind.FORWARD)
    return Math(f"e^({exponent.typst})", f"exp({exponent.plain})")


def _small(rows: Sequence[object]) -> tuple[int, ...]:
    """The rows between the first and the result are numbers, set smaller."""
    return (1,) if len(rows) == 3 else ()
