"""The order in which one reads an iteration: the data, layer by layer forward, the cost, and all the way back."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from nnstudio.engine.arena import Role, Slot


class Group(StrEnum):
    """What the list of slots can be narrowed to."""

    ALL = "All"
    PARAMETERS = "Parameters"
    FORWARD = "Forward"
    BACKWARD = "Backward"
    UPDATE = "Update"


_GROUPS = {
    Role.INPUT: Group.FORWARD,
    Role.TARGET: Group.FORWARD,
    Role.SAMPLE_WEIGHT: Group.FORWARD,
    Role.PSEUDO_LABEL: Group.FORWARD,
    Role.WEIGHT: Group.PARAMETERS,
    Role.BIAS: Group.PARAMETERS,
    Role.SCALE: Group.PARAMETERS,
    Role.SHIFT: Group.PARAMETERS,
    Role.SUM: Group.FORWARD,
    Role.STATISTIC: Group.FORWARD,
    Role.ACTIVATION: Group.FORWARD,
    Role.MASK: Group.FORWARD,
    Role.COST: Group.FORWARD,
    Role.GRADIENT: Group.BACKWARD,
    Role.OPTIMIZER: Group.UPDATE,
    Role.SCHEDULE: Group.UPDATE,
    Role.RATE: Group.UPDATE,
    Role.RUNNING: Group.UPDATE,
    Role.SETTING: Group.UPDATE,
}
_DATA = (Role.INPUT, Role.TARGET, Role.SAMPLE_WEIGHT, Role.PSEUDO_LABEL)
_LAYER = ("W", "b", "Z", "mu", "var", "H", "gamma", "beta", "N", "A", "M", "D", "rmu", "rvar")
"""The letters of what a layer has, in the order in which it is computed."""
_SINGLE = (Role.RATE, Role.SETTING, Role.SCHEDULE, Role.OPTIMIZER)
_COSTS = {"C": 0, "P": 1, "J": 2}


def group_of(slot: Slot) -> Group:
    return _GROUPS[slot.role]


def belongs(slot: Slot, group: Group) -> bool:
    return group is Group.ALL or group_of(slot) is group


def in_reading_order(slots: Iterable[Slot], writer: Mapping[str, int]) -> tuple[Slot, ...]:
    """X, Y, w, pseudo-labels, then W, b, Z, …, A of each layer, the cost, the gradients as they are written, the
    optimizer's numbers.

    `writer` gives the index of the operation that writes a slot (`Program.writer`).
    """
    return tuple(slot for _, slot in sorted(((_key(slot, writer), slot) for slot in slots), key=lambda pair: pair[0]))


def _key(slot: Slot, writer: Mapping[str, int]) -> tuple[int, int, int, str]:
    layer = slot.layer or 0
    if slot.role in _DATA:
        return 0, _DATA.index(slot.role), 0, slot.name
    if slot.of is None and slot.letter in _LAYER:
        return 1, layer, _LAYER.index(slot.letter), slot.name
    if slot.role is Role.COST:
        return 2, _COSTS.get(slot.name, 0), 0, slot.name
    if slot.role is Role.GRADIENT:
        return 3, writer.get(slot.name, 0), layer, slot.name
    if slot.of is not None:
        return 4, 0, 0, f"{slot.name[0]}{layer:06d}{slot.of}"
    return 5, _SINGLE.index(slot.role), 0, slot.name
