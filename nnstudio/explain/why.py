"""Why is this number? The formula of the operation that wrote it, with numbers, and the numbers it is made of.

Each of these can be asked about in turn, back through the layers to the data and the parameters. A parameter lives on
between iterations: what it is made of is its initial value and all updates since (see `training.course`); its formula
here is that of the last one. Numbers that the operation saw and that are no longer there are told as such.
"""

from dataclasses import dataclass, replace
from math import isfinite

from nnstudio.engine.arena import Slot
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.naming import parse
from nnstudio.engine.ops import OpKind

from . import words
from .element import element_at
from .explanation import Explanation
from .formulas import explain
from .inputs import inputs_of, left_out
from .reading import Reading, kind_of, symbol_of
from .symbols import slot_symbol
from .terms import Place
from .writing import Kind, Math, Style, equals, formula, result


@dataclass(frozen=True, slots=True)
class Input:
    """A number that another is made of. `value` is None where it is not what the operation read, and `state` says why;
    `share` is it against the largest of its slot, from −1 to 1; `of` tells samples apart."""

    place: Place
    symbol: Math
    kind: Kind
    value: float | None
    share: float = 0.0
    state: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The number at `place`: its symbol, its value (None where there is none now, and `reason` says why), the formula
    it comes from, and its inputs; `left_out` is how many smaller ones are not listed."""

    place: Place
    symbol: Math
    kind: Kind
    value: float | None
    reason: str
    explanation: Explanation
    inputs: tuple[Input, ...] = ()
    left_out: int = 0


def why(machine: Machine, slot: str, index: tuple[int, ...], sample: int, decimals: int) -> Why:
    """Why the element `index` of `slot` is what it is; `sample` is the row of the batch that formulas are about."""
    found = machine.slot(slot)
    sample = index[0] if found.sampled else min(max(sample, 0), machine.program.batch_size - 1)
    readings = [
        Reading(machine, op, element_at(machine, machine.program.ops[op], slot, index, sample), decimals)
        for op in _writers(machine, slot)
    ]
    freshness = machine.freshness(slot)
    shown = freshness in (Freshness.FRESH, Freshness.LASTING)
    value = float(machine.value(slot)[index]) if shown else None
    kind, symbol = kind_of(found), _symbol(machine, slot, index)
    if not readings:
        told = _set_value(symbol, kind, value, decimals)
        return Why((slot, index), symbol, kind, value, "No operation writes it: it is a setting.", told)
    if not found.lasting and readings[-1].set_since(slot, *index):
        told = _set_value(symbol, kind, value, decimals)
        return Why((slot, index), symbol, kind, value, "It was set by hand after it had been computed.", told)
    explanation = _explained(machine, readings, found, symbol)
    inputs, more = _inputs(readings, (slot, index))
    reason = _reason(machine, found, index, freshness, readings[-1])
    return Why((slot, index), symbol, kind, value, reason, explanation, inputs, more)


def _writers(machine: Machine, slot: str) -> tuple[int, ...]:
    """The operations that the value comes from: those that have run in the iteration at hand, else those that will."""
    writers = tuple(n for n, op in enumerate(machine.program.ops) if slot in op.writes)
    ran = tuple(n for n in writers if n < machine.pc or (machine.pc == 0 and machine.iterations))
    return ran or writers


def _explained(machine: Machine, readings: list[Reading], found: Slot, symbol: Math) -> Explanation:
    """What the operations say, one after the other."""
    told = [_of_slot(explain(machine, one.index, one.element, one.decimals), one, found.name) for one in readings]
    last, formulas = told[-1], tuple(formula for one in told for formula in one.formulas)
    if found.lasting and not readings[-1].ran:
        headline = f"the {found.role} {symbol.plain}"
        first = replace(formulas[0], caption="What the next update does")
        return Explanation(headline, (first, *formulas[1:]), last.note)
    return replace(last, formulas=formulas)


def _of_slot(told: Explanation, reading: Reading, slot: str) -> Explanation:
    """Of an operation that computes the outputs and the cost at once, the formulas of one of them."""
    if reading.op.kind is not OpKind.FUSED:
        return told
    cost = slot == reading.op.writes[-1]
    return replace(told, formulas=told.formulas[-2:] if cost else told.formulas[:-2])


def _set_value(symbol: Math, kind: Kind, value: float | None, decimals: int) -> Explanation:
    sides = equals(symbol.coloured(kind), result(value, decimals, kind, Style.SETTING))
    return Explanation(f"{symbol.plain} was set", (formula(sides),), result=value)


def _reason(machine: Machine, found: Slot, index: tuple[int, ...], freshness: Freshness, reading: Reading) -> str:
    """Why there is no number, or no formula with numbers."""
    number = f"operation {reading.index + 1} of {len(machine.program.ops)}"
    match freshness:
        case Freshness.NEXT:
            return "There is no number yet: the next operation (F10) writes it."
        case Freshness.STALE:
            return f"Its number is of the mini-batch before: {number} will write it anew."
        case Freshness.UNKNOWN:
            return f"There is no number yet: {number} will write it."
    if found.lasting and not reading.ran:
        return _untouched(machine, found, index)
    if reading.op.kind is OpKind.LOAD:
        return f"It comes from the data: row {words.sample_number(reading)} of the table."
    return _FROM_OUTSIDE.get(reading.op.kind, "")


def _untouched(machine: Machine, found: Slot, index: tuple[int, ...]) -> str:
    """Of what lasts, while this iteration has not come to its update."""
    if machine.was_set_after(0, found.name, index):
        return "It was set during this mini-batch."
    if machine.iterations:
        return "What its last update read is no longer there."
    return "It is the initial value: no update has run yet."


def _inputs(readings: list[Reading], place: Place) -> tuple[tuple[Input, ...], int]:
    """The inputs, and how many more there are."""
    found = [(reading, inputs_of(reading, place)) for reading in readings]
    largest: dict[str, float] = {}
    for reading, places in found:
        arrays = {slot: reading.array(slot) for slot, _ in places}
        for slot, index in places:
            size = abs(float(arrays[slot][index]))
            largest[slot] = max(largest.get(slot, 0.0), size if isfinite(size) else 0.0)
    made = tuple(_input(reading, each, largest[each[0]]) for reading, places in found for each in places)
    return made, sum(left_out(reading, place, len(places)) for reading, places in found)


def _input(reading: Reading, place: Place, largest: float) -> Input:
    machine, (slot, index) = reading.machine, place
    value = reading.input(slot, *index)
    share = value / largest if value is not None and largest else 0.0
    of = ""
    if machine.slot(slot).sampled and index[0] != reading.element.sample and reading.known("X"):
        of = f"sample {int(machine.rows[index[0]]) + 1}"
    state = "" if value is not None else _state(machine, slot)
    return Input(place, _symbol(machine, slot, index), reading.kind(slot), value, share, state, of)


def _state(machine: Machine, slot: str) -> str:
    freshness = machine.freshness(slot)
    return {
        Freshness.LASTING: "updated since",
        Freshness.NEXT: "comes next",
        Freshness.UNKNOWN: "not computed yet",
    }.get(freshness, "stale")


def _symbol(machine: Machine, slot: str, index: tuple[int, ...]) -> Math:
    """Of an element; what belongs to no layer, such as α₀, has a symbol of its own."""
    if parse(slot) is not None:
        return symbol_of(machine, slot, *index)
    return Math(_RATES.get(slot, f'"{slot}"'), slot_symbol(slot))


_FROM_OUTSIDE = {
    OpKind.MASK: "It was drawn by chance.",
    OpKind.PSEUDO_LABELS: "The network itself predicted it, with its weights at the beginning of this epoch.",
}
_RATES = {"alpha": "alpha", "alpha0": "alpha_0"}
