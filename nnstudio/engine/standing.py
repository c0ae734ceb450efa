"""How a machine stands: the state that it goes on from, and how fresh its values are."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .batches import BatchState


class Freshness(StrEnum):
    """How a value stands to the operation at hand."""

    LASTING = "parameter"
    FRESH = "fresh"
    NEXT = "next"
    STALE = "stale"
    UNKNOWN = "not computed yet"


Place = tuple[str, tuple[int, ...] | None]
"""An element of a slot, or the whole of it."""


@dataclass(frozen=True, slots=True, eq=False)
class MachineState:
    """Everything needed to go on from here, byte for byte."""

    pc: int
    iterations: int
    batches: BatchState
    store: dict[str, np.ndarray]
    workspaces: dict[int, dict[str, np.ndarray]]
    batch_size: int
    set_after: dict[Place, int]
    factors: dict[int, float]

    @property
    def nbytes(self) -> int:
        families = [self.store, *self.workspaces.values()]
        return self.batches.order.nbytes + sum(flat.nbytes for family in families for flat in family.values())
