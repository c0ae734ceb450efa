"""Where every number of a run lives.

A *family* is one flat array (all parameters, all gradients, one state of the optimizer, all activations of a batch);
a *slot* (`W2`, `dW2`, `Z1`) is a named view into one. Nothing is ever rebound: values are written into the arrays, so
a view taken once shows the value of the moment. Flat families make the rest cheap: a step of the optimizer is a few
array operations, a snapshot is one copy a family, a norm is one call.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, prod

import numpy as np


class Role(StrEnum):
    """What kind of number a slot holds."""

    INPUT = "input"
    TARGET = "target"
    SAMPLE_WEIGHT = "sample weight"
    PSEUDO_LABEL = "pseudo-label"
    WEIGHT = "weight"
    BIAS = "bias"
    SCALE = "scale"
    SHIFT = "shift"
    SUM = "weighted sum"
    STATISTIC = "statistic"
    ACTIVATION = "activation"
    MASK = "mask"
    COST = "cost"
    GRADIENT = "gradient"
    OPTIMIZER = "optimizer"
    SCHEDULE = "schedule"
    RATE = "learning rate"
    RUNNING = "running statistic"
    SETTING = "setting"


PARAMETERS = (Role.WEIGHT, Role.BIAS, Role.SCALE, Role.SHIFT)
"""What is learned."""
KNOWLEDGE = (*PARAMETERS, Role.RUNNING)
"""What makes a network predict as it does."""
_LASTING = (*KNOWLEDGE, Role.OPTIMIZER, Role.SCHEDULE, Role.SETTING)


@dataclass(frozen=True, slots=True)
class Slot:
    """A named array: `W2` has the shape (units, inputs) of layer 2, `Z2` (samples, units), `J` is one number, ()."""

    name: str
    role: Role
    shape: tuple[int, ...]
    layer: int | None = None
    of: str | None = None
    """For a gradient or a state of the optimizer, the slot it belongs to: `W2` for `dW2`."""

    @property
    def lasting(self) -> bool:
        """Whether the value lives on between iterations: parameters, what optimizer and schedule remember, settings."""
        return self.role in _LASTING

    @property
    def letter(self) -> str:
        """What kind of slot this, or the one it belongs to, is by its name: "W" for `W2` and for `dW2`."""
        return (self.of or self.name).rstrip("0123456789")

    @property
    def sampled(self) -> bool:
        """Whether each row is a sample of the mini-batch."""
        other_rows = self.letter == "W" or self.role is Role.PSEUDO_LABEL
        return len(self.shape) == 2 and not other_rows and not self.lasting


class Arena:
    """Families and their slots. A workspace for one batch size has the lasting store as its `parent`."""

    def __init__(self, dtype: np.dtype, parent: "Arena | None" = None) -> None:
        self.dtype = dtype
        self.parent = parent
        self._families: dict[str, np.ndarray] = {}
        self._views: dict[str, np.ndarray] = {}
        self._slots: dict[str, Slot] = {}

    def add(self, family: str, slots: Iterable[Slot], dtype: np.dtype | None = None) -> np.ndarray:
        """Lay out `slots`, one after the other, in a new flat array of zeros; return that array."""
        slots = tuple(slots)
        return self._lay(family, slots, np.zeros(sum(prod(slot.shape) for slot in slots), dtype or self.dtype))

    def lay_over(self, family: str, slot: Slot, values: np.ndarray) -> None:
        """A slot over a C-contiguous array that is there already and belongs to somebody else too."""
        self._lay(family, (slot,), values.reshape(-1))

    def _lay(self, family: str, slots: tuple[Slot, ...], flat: np.ndarray) -> np.ndarray:
        start = 0
        for slot in slots:
            stop = start + prod(slot.shape)
            self._views[slot.name] = flat[start:stop].reshape(slot.shape)
            self._slots[slot.name] = slot
            start = stop
        self._families[family] = flat
        return flat

    def __getitem__(self, name: str) -> np.ndarray:
        """The slot's array, to be written into."""
        if name in self._views:
            return self._views[name]
        if self.parent is None:
            raise KeyError(name)
        return self.parent[name]

    def __contains__(self, name: str) -> bool:
        return name in self._views or (self.parent is not None and name in self.parent)

    def slot(self, name: str) -> Slot:
        if name in self._slots:
            return self._slots[name]
        if self.parent is None:
            raise KeyError(name)
        return self.parent.slot(name)

    def slots(self) -> Iterator[Slot]:
        """The slots of this arena and then of its parent."""
        yield from self._slots.values()
        if self.parent is not None:
            yield from self.parent.slots()

    def family(self, name: str) -> np.ndarray:
        if name in self._families or self.parent is None:
            return self._families[name]
        return self.parent.family(name)

    def copy(self) -> dict[str, np.ndarray]:
        """A copy of each family of this arena (not of its parent's)."""
        return {name: flat.copy() for name, flat in self._families.items()}

    def restore(self, families: Mapping[str, np.ndarray]) -> None:
        """Write the copies back."""
        for name, flat in families.items():
            np.copyto(self._families[name], flat)

    def is_finite(self, but_for: Container[str] = ()) -> bool:
        """Whether it holds no NaN and no infinity in any family of its own but those."""
        return all_finite(flat for name, flat in self._families.items() if name not in but_for)

    @property
    def nbytes(self) -> int:
        return sum(flat.nbytes for flat in self._families.values())


def all_finite(families: Iterable[np.ndarray]) -> bool:
    """Whether flat arrays hold no NaN and no infinity. Where the sum of squares is finite, each of them is; it may
    overflow where none of them is infinite, so they are looked at one by one only then."""
    with np.errstate(all="ignore"):
        return all(isfinite(flat.dot(flat)) or bool(np.isfinite(flat).all()) for flat in families)
