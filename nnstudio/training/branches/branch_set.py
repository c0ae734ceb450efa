"""What branches are determined by: a fork, what each differs by, and how far they have come."""

from dataclasses import dataclass

from .difference import Difference
from .fork import Fork


@dataclass(frozen=True, slots=True, eq=False)
class BranchSet:
    """Branches made of it, and run to the end of `epochs`, are the same to the bit."""

    fork: Fork
    differences: tuple[Difference, ...]
    epochs: int

    def is_alike(self, other: "BranchSet | None") -> bool:
        """Whether it is of the same branches, wherever they stand."""
        return other is not None and (self.fork, self.differences) == (other.fork, other.differences)
