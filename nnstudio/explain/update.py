"""The optimizer's links, for one parameter: θ ← θ − α ∂J/∂θ, and momentum and moments on the way there.

A link writes in place, so once it has run the value before is gone. It is linear in that value, so it can be computed
back; it is shown only where putting it through the link again gives the machine's value exactly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Any

import numpy as np

from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.settings import settings

from .explanation import Explanation, Formula
from .forward import equation
from .reading import Reading, symbol_of
from .writing import (
    BECOMES,
    EQUALS,
    Kind,
    Math,
    Quantity,
    Style,
    formula,
    known,
    number,
    numbers,
    result,
    symbols,
)

Values = Mapping[str, Any]
"""Numbers by name, of the machine's precision."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one link does to one number of `family`: in words, as a formula, and as arithmetic in the link's order."""

    title: str
    template: Math
    compute: Callable[[Values], Any]
    where: tuple[tuple[str, Math, Callable[[Values], Any]], ...] = ()
    """Numbers on the way: symbol, template and arithmetic."""


def update(reading: Reading) -> Explanation:
    """One link at the chosen parameter."""
    family, slot, index = target_of(reading)
    rule = _rule(reading, family)
    parameter, at = reading.element.parameter
    name = symbol_of(reading.machine, parameter, *at).plain
    if rule is None:
        return Explanation(f"the update of {name}", (Formula(f"${reading.op.typst}$", reading.op.label),))
    if reading.factor == 0:
        return _skipped(reading, rule, name)
    quantities = inputs_of(reading)
    dtype = reading.machine.model.dtype.type
    after = reading.result(slot, *index)
    known_values = {key: dtype(q.value) for key, q in quantities.items() if q.value is not None}
    if after is not None:
        before = _before(rule, known_values, family, after, dtype, reading.decimals)
        own = quantities[family]
        quantities[family] = Quantity(own.symbol, before, own.kind, own.style)
        if before is not None:
            known_values[family] = dtype(before)
    value = after if after is not None else _attempt(rule.compute, known_values)
    formulas = _written(reading, rule, quantities, known_values, family, value)
    headline = f"{rule.title} of {name}" if family not in _COUNTERS else rule.title
    return Explanation(headline, formulas, _set_since(reading, name), value)


def _skipped(reading: Reading, rule: Rule, name: str) -> Explanation:
    """What the link would do, in symbols, and that it does nothing."""
    family, slot, index = target_of(reading)
    own = inputs_of(reading)[family]
    left = own.symbol.coloured(own.kind)
    value = None if reading.set_since(slot, *index) else float(reading.array(slot)[index])
    kept = (left, _word("stays"), result(value, reading.decimals, own.kind, own.style)) if value is not None else left
    headline = f"{rule.title} of {name}, skipped" if family not in _COUNTERS else f"{rule.title}, skipped"
    return Explanation(headline, (formula(kept),), result=value)


def _rule(reading: Reading, family: str) -> Rule | None:
    """What the link does, in this iteration: where its update is scaled, to θ so many times as much."""
    rule, factor = _rules(reading.machine.model.spec.optimizer).get(family), reading.factor
    if rule is None or family != "θ" or factor == 1:
        return rule
    step = rule.template
    template = Math(f"{{θ:b}} + {{s}} ({step.typst} - {{θ}})", f"{{θ:b}} + {{s}} ({step.plain} − {{θ}})")
    return replace(rule, template=template, compute=lambda q: (rule.compute(q) - q["θ"]) * q["s"] + q["θ"])


def _set_since(reading: Reading, name: str) -> str:
    """Why numbers are missing that this update read or wrote."""
    slot, index = reading.element.parameter
    if reading.set_since(slot, *index):
        return f"{name} was set after this update, which had written another value."
    return "The learning rate was set after this update." if reading.set_since("alpha") else ""


def foretold(reading: Reading) -> float | None:
    """What the link will write for the chosen parameter, None where an input is not known or it is not explained."""
    rule = _rule(reading, target_of(reading)[0])
    dtype = reading.machine.model.dtype.type
    values = {key: dtype(q.value) for key, q in inputs_of(reading).items() if q.value is not None}
    return _attempt(rule.compute, values) if rule is not None else None


def _written(
    reading: Reading,
    rule: Rule,
    quantities: dict[str, Quantity],
    values: Values,
    family: str,
    value: float | None,
) -> tuple[Formula, ...]:
    """θ ← … with symbols; the numbers on the way; and the step with numbers, before and after."""
    own = quantities[family]
    left = own.symbol.coloured(own.kind)
    ways, extended = [], dict(quantities)
    for key, template, compute in rule.where:
        found = _attempt(compute, values)
        extended[key] = Quantity(_WAYS[key], found, Kind.UPDATE)
        ways.append(equation(reading, _WAYS[key].coloured(Kind.UPDATE), template, quantities, found, Kind.UPDATE))
    sides = [symbols(rule.template, extended)]
    missing = {key: q for key, q in extended.items() if f"{{{key}" in rule.template.typst}
    if known(missing) or (own.value is None and value is not None):
        sides.append(numbers(rule.template, extended, reading.decimals))
    if value is not None:
        sides.append(result(value, reading.decimals, own.kind, own.style))
    row = (left, BECOMES + sides[0], *(EQUALS + side for side in sides[1:]))
    return (formula(row), *ways, *_change(reading, own, value))


def _change(reading: Reading, own: Quantity, value: float | None) -> tuple[Formula, ...]:
    """was 0.4981 → now 0.4990."""
    if own.kind is not Kind.PARAMETER or value is None:
        return ()
    now = result(value, reading.decimals, own.kind)
    symbol = own.symbol.coloured(own.kind)
    row: tuple[Math, ...]
    if not reading.ran:
        row = (symbol, _word("will become"), now)
    elif own.value is None:
        row = (symbol, _word("is now"), now)
    else:
        was = number(own.value, reading.decimals).coloured(own.kind)
        row = (symbol, _word("was"), was, Math("->", "→"), _word("now"), now)
    return (formula(row),)


def _word(word: str) -> Math:
    return Math(f'"{word}"', word)


def target_of(reading: Reading) -> tuple[str, str, tuple[int, ...]]:
    """The family, slot and index that the link writes for the chosen parameter."""
    parameter, index = reading.element.parameter
    for slot in reading.op.writes:
        if slot == parameter:
            return "θ", slot, index
        if reading.machine.slot(slot).of == parameter:
            return slot.removesuffix(parameter), slot, index
    return reading.op.writes[0], reading.op.writes[0], ()


def inputs_of(reading: Reading) -> dict[str, Quantity]:
    """All that a link may read for this parameter: θ, g, α, the states, the counters and the settings; and s where the
    update is scaled by hand."""
    machine, (slot, index) = reading.machine, reading.element.parameter
    optimizer = machine.model.spec.optimizer
    found = {"θ": reading.quantity(slot, *index), "α": reading.rate()}
    gradient = f"{machine.model.store.gradient}{slot}"
    found["g"] = Quantity(symbol_of(machine, gradient, *index), reading.input(gradient, *index), Kind.BACKWARD)
    for key in optimizer.state_families:
        symbol = Math({"Δ": "Delta"}.get(key, key), key)
        found[key] = Quantity(symbol, reading.input(f"{key}{slot}", *index), Kind.UPDATE)
    for key in optimizer.scalars:
        style = Style.WHOLE if key == "t" else Style.FIXED
        found[key] = Quantity(_WAYS.get(key, Math(key, key)), reading.input(key), Kind.UPDATE, style)
    for field, setting in settings(optimizer).items():
        if field != "learning_rate":
            symbol = Math(_GREEK.get(setting.symbol, setting.symbol), setting.symbol)
            found[setting.symbol] = Quantity(symbol, getattr(optimizer, field), Kind.UPDATE, Style.SETTING)
    if reading.factor != 1:
        found["s"] = Quantity(Math("s", "s"), reading.factor, Kind.UPDATE, Style.SETTING)
    return found


def _attempt(compute: Callable[[Values], Any], values: Values) -> float | None:
    """The result, None where an input is not known."""
    try:
        return float(compute(values))
    except KeyError:
        return None
    except (ArithmeticError, ValueError):
        return float("nan")


def _before(
    rule: Rule, values: Values, family: str, after: float, dtype: Callable[[float], Any], decimals: int
) -> float | None:
    """The value that the link turned into `after`; None unless it is certain to the last digit shown."""
    without = _attempt(rule.compute, {**values, family: dtype(0.0)})
    one = _attempt(rule.compute, {**values, family: dtype(1.0)})
    if without is None or one is None or not all(map(isfinite, (without, one, after))) or one == without:
        return None
    slope = one - without
    guess = (after - without) / slope
    resolution = 4 * float(np.spacing(dtype(max(abs(after), abs(without))))) / abs(slope)
    blurred = resolution > 0.01 * 10**-decimals or (guess != 0 and resolution > 1e-4 * abs(guess))
    if blurred:
        return None
    step = float(np.spacing(dtype(guess)))
    for candidate in (guess, *(guess + n * step for n in (-1, 1, -2, 2))):
        if _attempt(rule.compute, {**values, family: dtype(candidate)}) == after:
            return float(dtype(candidate))
    return None


_COUNTERS = ("t", "Πμ")
_GREEK = {"α": "alpha", "μ": "mu", "β": "beta", "β₁": "beta_1", "β₂": "beta_2", "ρ": "rho", "ε": "epsilon"}
_GREEK["λ"] = "lambda"
_WAYS = {
    "mhat": Math("hat(m)", "m̂"),
    "vhat": Math("hat(v)", "v̂"),
    "Πμ": Math("Pi_mu", "Πμ"),
    "now": Math("mu_t", "μₜ"),
    "ahead": Math("mu_(t+1)", "μₜ₊₁"),
}


def _first_moment() -> Rule:
    template = Math("{β₁} {m:f} + (1 - {β₁}) {g:f}", "{β₁} {m:f} + (1 − {β₁}) {g:f}")
    return Rule("the mean gradient", template, lambda q: q["m"] * q["β₁"] + q["g"] * (1 - q["β₁"]))


def _second_moment(beta: str) -> Rule:
    template = Math(
        f"{{{beta}}} {{v:f}} + (1 - {{{beta}}}) ({{g:b}})^2", f"{{{beta}}} {{v:f}} + (1 − {{{beta}}}) ({{g:b}})²"
    )
    return Rule("the mean square of the gradient", template, lambda q: _average_square(q["v"], q["g"], q[beta]))


def _average_square(v: Any, g: Any, beta: float) -> Any:
    return v * beta + (g * g) * (1 - beta)


def _over_root() -> Rule:
    template = Math("{θ:b} - {α} thin {g:f}/(sqrt({v:b}) + {ε})", "{θ:b} − {α} {g:f} / (√{v} + {ε})")
    return Rule("the update", template, lambda q: q["θ"] - q["g"] / (np.sqrt(q["v"]) + q["ε"]) * q["α"])


def _count() -> Rule:
    return Rule("the count of updates", Math("{t} + 1", "{t} + 1"), lambda q: q["t"] + 1)


_MHAT = Math("{m:b}/(1 - {β₁}^({t:b}))", "{m:b} / (1 − {β₁}^{t})")
_VHAT = Math("{v:b}/(1 - {β₂}^({t:b}))", "{v:b} / (1 − {β₂}^{t})")
_HATS = (
    ("mhat", _MHAT, lambda q: q["m"] / (1 - q["β₁"] ** q["t"])),
    ("vhat", _VHAT, lambda q: q["v"] / (1 - q["β₂"] ** q["t"])),
)


def _adam_step(q: Values) -> Any:
    t, c = float(q["t"]), _correction(q)
    root = np.sqrt(q["v"]) + c * float(q["ε"])
    return q["θ"] - q["m"] / root * (c * float(q["α"]) / (1 - float(q["β₁"]) ** t))


def _correction(q: Values) -> float:
    """c = √(1 − β₂ᵗ), by which the optimizer multiplies √v̂ + ε and the rate."""
    return sqrt(1 - float(q["β₂"]) ** float(q["t"]))


def _decayed_adam_step(q: Values) -> Any:
    return _adam_step({**q, "θ": q["θ"] * (1 - float(q["α"]) * float(q["λ"]))})


def _nadam_step(q: Values) -> Any:
    t, product, c = float(q["t"]), float(q["Πμ"]), _correction(q)
    now, ahead = _momentum(q, t), _momentum(q, t + 1)
    root = np.sqrt(q["v"]) + c * float(q["ε"])
    rate = float(q["α"])
    mean = q["g"] * (c * rate * (1 - now) / (1 - product)) + q["m"] * (c * rate * ahead / (1 - product * ahead))
    return q["θ"] - mean / root


def _momentum(q: Values, t: float) -> Any:
    return float(q["β₁"]) * (1 - 0.5 * 0.96 ** (t * 0.004))


def _sgd(momentum: float, nesterov: bool) -> dict[str, Rule]:
    if not momentum:
        descend = Math("{θ:b} - {α} thin {g:f}", "{θ:b} − {α} {g:f}")
        return {"θ": Rule("the update", descend, lambda q: q["θ"] - q["g"] * q["α"])}
    gather = Math("{μ} {v:f} + {g}", "{μ} {v:f} + {g}")
    ahead = Math("{θ:b} - {α} ({g:b} + {μ} {v:f})", "{θ:b} − {α} ({g:b} + {μ} {v:f})")
    step = Math("{θ:b} - {α} {v:f}", "{θ:b} − {α} {v:f}")
    return {
        "v": Rule("the velocity", gather, lambda q: q["v"] * q["μ"] + q["g"]),
        "θ": Rule("the update", ahead, lambda q: q["θ"] - (q["v"] * q["μ"] + q["g"]) * q["α"])
        if nesterov
        else Rule("the update", step, lambda q: q["θ"] - q["v"] * q["α"]),
    }


def _adagrad() -> dict[str, Rule]:
    gather = Math("{v} + ({g:b})^2", "{v} + ({g:b})²")
    return {
        "v": Rule("the sum of squares of the gradient", gather, lambda q: q["v"] + q["g"] * q["g"]),
        "θ": _over_root(),
    }


def _adadelta() -> dict[str, Rule]:
    measure = Math("{g:b} sqrt({u:b} + {ε})/sqrt({v:b} + {ε})", "{g:b} √({u:b} + {ε}) / √({v:b} + {ε})")
    remember = Math("{ρ} {u:f} + (1 - {ρ}) ({Δ:b})^2", "{ρ} {u:f} + (1 − {ρ}) ({Δ:b})²")
    step = Math("{θ:b} - {α} {Δ:f}", "{θ:b} − {α} {Δ:f}")
    return {
        "v": _second_moment("ρ"),
        "Δ": Rule("the step", measure, lambda q: np.sqrt(q["u"] + q["ε"]) / np.sqrt(q["v"] + q["ε"]) * q["g"]),
        "θ": Rule("the update", step, lambda q: q["θ"] - q["Δ"] * q["α"]),
        "u": Rule("the mean square of the steps", remember, lambda q: _average_square(q["u"], q["Δ"], q["ρ"])),
    }


def _adam(decay: bool) -> dict[str, Rule]:
    moved = Math(" - {α} {mhat:f}/(sqrt({vhat:b}) + {ε})", " − {α} {mhat:f} / (√{vhat} + {ε})")
    kept = Math("{θ:b} (1 - {α} dot {λ})", "{θ:b} (1 − {α} · {λ})") if decay else Math("{θ:b}", "{θ:b}")
    template = Math(kept.typst + moved.typst, kept.plain + moved.plain)
    return {
        "t": _count(),
        "m": _first_moment(),
        "v": _second_moment("β₂"),
        "θ": Rule("the update", template, _decayed_adam_step if decay else _adam_step, _HATS),
    }


def _nadam() -> dict[str, Rule]:
    step = Math(
        "{θ:b} - {α}/(sqrt({vhat:b}) + {ε}) ((1 - {now})/(1 - {Πμ}) {g:f} + {ahead}/(1 - {ahead} {Πμ:f}) {m:f})",
        "{θ:b} − {α} / (√{vhat} + {ε}) ((1 − {now}) / (1 − {Πμ}) {g:f} + {ahead} / (1 − {ahead} {Πμ:f}) {m:f})",
    )
    now = Math("{β₁} (1 - 1/2 dot 0.96^(0.004 dot {t:b}))", "{β₁} (1 − ½ · 0.96^(0.004 · {t:b}))")
    ahead = Math("{β₁} (1 - 1/2 dot 0.96^(0.004 ({t:b} + 1)))", "{β₁} (1 − ½ · 0.96^(0.004 ({t:b} + 1)))")
    ways = (
        _HATS[1],
        ("now", now, lambda q: _momentum(q, float(q["t"]))),
        ("ahead", ahead, lambda q: _momentum(q, float(q["t"]) + 1)),
    )
    extend = Math("{Πμ} {now:f}", "{Πμ} {now:f}")
    return {
        "t": _count(),
        "Πμ": Rule("the product of the momenta", extend, lambda q: q["Πμ"] * _momentum(q, float(q["t"])), (ways[1],)),
        "m": _first_moment(),
        "v": _second_moment("β₂"),
        "θ": Rule("the update", step, _nadam_step, ways),
    }


def _rules(optimizer: Optimizer) -> dict[str, Rule]:
    """By family written; nothing for an optimizer that is not explained."""
    if isinstance(optimizer, Sgd):
        return _sgd(optimizer.momentum, optimizer.nesterov)
    rules: dict[str, Callable[[], dict[str, Rule]]] = {
        "adagrad": _adagrad,
        "adadelta": _adadelta,
        "rmsprop": lambda: {"v": _second_moment("β"), "θ": _over_root()},
        "adam": lambda: _adam(decay=False),
        "adamw": lambda: _adam(decay=True),
        "nadam": _nadam,
    }
    return rules[optimizer.name]() if optimizer.name in rules else {}
