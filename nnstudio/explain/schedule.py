"""The learning rate of this update by its schedule: α ← α₀ γ^⌊e / s⌋ and its like, with the time e at which it is."""

from dataclasses import dataclass
from math import log

from nnstudio.engine.schedules import (
    Cosine,
    Exponential,
    LinearWarmUp,
    OneCycle,
    ReduceOnPlateau,
    Schedule,
    Step,
)
from nnstudio.engine.settings import settings

from .explanation import Explanation, Formula
from .forward import equation
from .plateau import watch
from .reading import Reading
from .writing import BECOMES, Kind, Math, Quantity, Style

_ALPHA = Math("alpha", "α").coloured(Kind.UPDATE)
_GREEK = {"γ": "gamma"}


@dataclass(frozen=True, slots=True)
class _Way:
    """A number on the way to the rate: its symbol, how it comes about, and its value; `template` may be empty."""

    symbol: Math
    template: Math
    value: float
    caption: str
    style: Style = Style.FIXED


@dataclass(frozen=True, slots=True)
class _Parts:
    """A schedule at one update: α₀ is multiplied by `template`, which is `factor` f, by way of the numbers `ways`."""

    template: Math
    factor: float
    ways: tuple[_Way, ...] = ()


def schedule(reading: Reading) -> Explanation:
    """One of the operations of the schedule."""
    made = reading.machine.model.spec.schedule
    if isinstance(made, ReduceOnPlateau) and "alpha" not in reading.op.writes:
        return watch(reading, made)
    headline = f"the learning rate of this update, {made.title[:1].lower()}{made.title[1:]}"
    parts = _parts(reading, made)
    if parts is None:
        return Explanation(headline, (Formula(f"${reading.op.typst}$", reading.op.label),))
    return _explained(reading, made, parts, headline)


def _explained(reading: Reading, made: Schedule, parts: _Parts, headline: str) -> Explanation:
    """α ← α₀ · its factor, and the numbers that go into the factor."""
    base, dtype = float(reading.array("alpha0")), reading.machine.model.dtype.type
    foretold, value = float(dtype(base * parts.factor)), reading.result("alpha")
    changed = value is not None and value != foretold
    quantities = {**_settings(made), **_times(reading)}
    quantities["α₀"] = _setting(Math("alpha_0", "α₀"), None if changed else base)
    quantities["f"] = _setting(Math("f", "f"), parts.factor)
    ways = []
    for way in parts.ways:
        symbol = way.symbol.coloured(Kind.UPDATE)
        ways.append(equation(reading, symbol, way.template, quantities, way.value, Kind.UPDATE, way.caption, way.style))
        quantities[way.symbol.plain] = Quantity(way.symbol, way.value, Kind.UPDATE, way.style)
    template = Math("{α₀} dot", "{α₀} ·") + parts.template
    value = foretold if value is None else value
    rate = equation(reading, _ALPHA, template, quantities, value, Kind.UPDATE, style=Style.SETTING, sign=BECOMES)
    note = "The learning rate or its factor changed since, so only the result is left." if changed else ""
    return Explanation(headline, (rate, *ways), note, value)


def _parts(reading: Reading, made: Schedule) -> _Parts | None:
    """None for a schedule that is not explained."""
    if isinstance(made, ReduceOnPlateau):
        return _Parts(Math("{f}", "{f}"), float(reading.array("f")))
    before, n = float(reading.array("k")) - reading.ran, reading.machine.batches.per_epoch
    match made:
        case Step():
            template = Math("{γ}^floor({e:b} \\/ {s:b})", "{γ}^⌊{e:b} / {s:b}⌋")
        case Exponential():
            template = Math("{γ}^floor({e:b})", "{γ}^⌊{e:b}⌋")
        case LinearWarmUp():
            template = _between("r", Math("min({e:b} \\/ {E:b}, 1)", "min({e:b} / {E:b}, 1)"))
        case Cosine():
            return _cosine(made, before, n)
        case OneCycle():
            return _one_cycle(made, before, n)
        case _:
            return None
    return _Parts(template, made.factor(before, n), (_time(before, n),))


def _between(low: str, way: Math) -> Math:
    """From a part of the rate to all of it: r + (1 − r) · way."""
    return Math(f"({{{low}:b}} + (1 - {{{low}:b}}) {way.typst})", f"({{{low}:b}} + (1 − {{{low}:b}}) {way.plain})")


def _time(before: float, n: int) -> _Way:
    template = Math("({k:b} - 1)/{n:b}", "({k:b} − 1) / {n:b}")
    return _Way(Math("e", "e"), template, before / n, "Epochs before update k, with n updates in each")


def _cosine(made: Cosine, before: float, n: int) -> _Parts:
    done, length = (updates / n for updates in made.place(before, n))
    ways, part, period = [_time(before, n)], "{e:b}", "{T:b}"
    if not made.restarts:
        part = "min({e:b}, {T:b})"
    elif before / n >= made.period:
        part, begun = "{e′:b}", f"{before / n - done:g}"
        ways.append(
            _Way(Math("e'", "e′"), Math(f"{{e}} - {begun}", f"{{e}} − {begun}"), done, "Since the last restart")
        )
    if length > 1.5 * made.period:
        period, power = "{T′:b}", round(log(length / made.period, made.growth))
        template = Math(f"{{T}} dot {{q}}^{power}", f"{{T}} · {{q}}^{power}")
        ways.append(_Way(Math("T'", "T′"), template, length, "The length of this period", Style.SETTING))
    swing = Math(f"(1 + cos(pi thin {part} \\/ {period}))/2", f"½ (1 + cos(π {part} / {period}))")
    return _Parts(_between("r", swing) if made.least else swing, made.factor(before, n), tuple(ways))


def _one_cycle(made: OneCycle, before: float, n: int) -> _Parts:
    total = made.epochs * n
    if before > total - 1:
        return _Parts(Math("{s}", "{s}"), made.factor(before, n))
    template = Math("{E} dot {n}", "{E} · {n}")
    updates = _Way(Math("N", "N"), template, total, "Updates of the whole cycle", Style.SETTING)
    swing = Math("(1 - cos(pi thin {x:b}))/2", "½ (1 − cos(π {x:b}))")
    if before <= made.rise * total - 1:
        template, caption = _between("r", swing), "It rises, and is so far on its way"
        done = Math("({k:b} - 1)/({p:b} dot {N:b} - 1)", "({k:b} − 1) / ({p:b} · {N:b} − 1)")
    else:
        template = Math(f"(1 - (1 - {{s:b}}) {swing.typst})", f"(1 − (1 − {{s:b}}) {swing.plain})")
        caption = "It falls, and is so far on its way"
        done = Math("({k:b} - {p:b} dot {N:b})/((1 - {p:b}) {N:b})", "({k:b} − {p:b} · {N:b}) / ((1 − {p:b}) {N:b})")
    way = _Way(Math("x", "x"), done, made.place(before, n)[2], caption)
    return _Parts(template, made.factor(before, n), (updates, way))


def _times(reading: Reading) -> dict[str, Quantity]:
    """k, the number of this update, and n, how many an epoch has."""
    k, n = float(reading.array("k")) + (not reading.ran), reading.machine.batches.per_epoch
    return {
        "k": Quantity(Math("k", "k"), k, Kind.UPDATE, Style.WHOLE),
        "n": Quantity(Math("n", "n"), n, Kind.UPDATE, Style.WHOLE),
    }


def _settings(made: Schedule) -> dict[str, Quantity]:
    return {
        one.symbol: _setting(Math(_GREEK.get(one.symbol, one.symbol), one.symbol), getattr(made, name))
        for name, one in settings(made).items()
    }


def _setting(symbol: Math, value: float | None) -> Quantity:
    return Quantity(symbol, value, Kind.UPDATE, Style.SETTING)
