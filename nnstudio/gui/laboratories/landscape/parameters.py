"""The parameters to choose from, in the order of the model: all of a small network, of a large one those of a slot."""

from collections.abc import Iterator

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.widgets.choice import Option

from .surveying import Parameter

_MOST = 300


def key_of(parameter: Parameter) -> str:
    """W2 1 3."""
    slot, index = parameter
    return " ".join((slot, *map(str, index)))


def parameter_of(key: str) -> Parameter:
    slot, *index = key.split()
    return slot, tuple(map(int, index))


def options(slots: tuple[Slot, ...], chosen: Parameter) -> list[Option]:
    """With the chosen one among them, in any case."""
    if sum(int(np.prod(slot.shape)) for slot in slots) > _MOST:
        slots = tuple(slot for slot in slots if slot.name == chosen[0])
    offered = [parameter for _, parameter in zip(range(_MOST), _all(slots), strict=False)]
    if chosen not in offered:
        offered.append(chosen)
    return [Option(key_of(parameter), element_symbol(*parameter)) for parameter in offered]


def next_after(slots: tuple[Slot, ...], parameter: Parameter) -> Parameter:
    """The one after it, after the last one the first; itself where there is no other."""
    slot = next(one for one in slots if one.name == parameter[0])
    place = int(np.ravel_multi_index(parameter[1], slot.shape)) + 1
    if place < int(np.prod(slot.shape)):
        return slot.name, tuple(int(i) for i in np.unravel_index(place, slot.shape))
    after = slots[(slots.index(slot) + 1) % len(slots)]
    return after.name, (0,) * len(after.shape)


def _all(slots: tuple[Slot, ...]) -> Iterator[Parameter]:
    for slot in slots:
        for index in np.ndindex(slot.shape):
            yield slot.name, index
