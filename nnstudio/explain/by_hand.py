"""What a person has done to the iteration at hand: set numbers, which is said of the operation that had written them
and of those that read them, and skipped or scaled its update.

Weights and biases that were set are left out: they are set for good, not for one iteration.
"""

from collections.abc import Iterator

from nnstudio.engine.arena import PARAMETERS
from nnstudio.engine.interventions import moves
from nnstudio.engine.ops import OpKind

from .numbers import short
from .reading import Reading
from .symbols import element_symbol

_MOST_NAMED = 3
_Place = tuple[str, tuple[int, ...]]


def by_hand(reading: Reading) -> str:
    """A sentence or two; nothing where nothing was done."""
    update = _of_update(reading)
    if reading.upcoming and reading.machine.at_boundary:
        return update
    after = [place for place in _set(reading, reading.op.writes) if reading.set_since(place[0], *place[1])]
    before = [place for place in _set(reading, reading.op.reads) if not reading.set_since(place[0], *place[1])]
    says = [update] if update else []
    if before:
        says.append(f"Set by hand before this: {_listed(reading, before)}.")
    if after:
        says.append(f"Set by hand after this, which had written another value: {_listed(reading, after)}.")
    return " ".join(says)


def _of_update(reading: Reading) -> str:
    factor, op = reading.factor, reading.op
    if factor == 0 and op.kind is OpKind.UPDATE:
        return "This update is skipped: the parameters stay, and the optimizer remembers nothing of this mini-batch."
    if factor != 1 and moves(op, reading.machine.model.parameters):
        return f"This update is scaled by hand: it goes {short(factor)} times as far."
    return ""


def _set(reading: Reading, slots: tuple[str, ...]) -> Iterator[_Place]:
    for slot in slots:
        if reading.machine.slot(slot).role not in PARAMETERS:
            yield from ((slot, index) for index in reading.machine.set_elements(slot))


def _listed(reading: Reading, places: list[_Place]) -> str:
    named = [_named(reading, *place) for place in places[:_MOST_NAMED]]
    more = len(places) - _MOST_NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _named(reading: Reading, slot: str, index: tuple[int, ...]) -> str:
    symbol = element_symbol(slot, index)
    if not reading.machine.slot(slot).sampled:
        return symbol
    return f"{symbol} of sample {int(reading.machine.rows[index[0]]) + 1}"
