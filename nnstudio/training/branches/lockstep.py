"""Lockstep: the original and its branches run the same iterations, one each in turn.

Whoever is behind goes first, so a branch that was added later catches up with the others. Nothing stops them on the
way: breakpoints, a target cost and early stopping are for the run that a person drives. What they take is bounded:
there are only so many branches, each a machine, the state that it began with and a few numbers an epoch.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .branch import Branch
from .fork import Fork

MOST_BRANCHES = 6


class Lockstep:
    """The branches of one fork. `advance` is for whoever owns them at that moment, on whichever thread."""

    def __init__(self, fork: Fork) -> None:
        self.fork = fork
        self.original = Branch(fork)
        self.branches: list[Branch] = []
        self.goal = 0
        """After how many iterations of the run they have come to the end."""

    def __iter__(self) -> Iterator[Branch]:
        """The original, then its branches in the order they were made."""
        yield self.original
        yield from self.branches

    @property
    def full(self) -> bool:
        return len(self.branches) >= MOST_BRANCHES

    @property
    def arrived(self) -> bool:
        return all(branch.moment.iterations >= self.goal for branch in self)

    @property
    def epochs(self) -> int:
        """How many epochs all of them have finished."""
        return min(branch.run.machine.epochs for branch in self)

    @property
    def nbytes(self) -> int:
        """The memory that all of them take, besides the data."""
        return sum(branch.nbytes for branch in self)

    def add(self, branch: Branch) -> None:
        if self.full:
            raise ValueError(f"there are {MOST_BRANCHES} branches already")
        self.branches.append(branch)

    def remove(self, branch: Branch) -> None:
        self.branches.remove(branch)

    def aim_for(self, epochs: int) -> None:
        """Run to the end of so many epochs more than the one that stands farthest has finished."""
        farthest = max(branch.run.machine.epochs for branch in self)
        self.goal = (farthest + epochs) * self.fork.per_epoch

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until all have come to the goal, which is true, or `interrupted` says so after a round."""
        with np.errstate(all="ignore"):
            while not self.arrived:
                least = min(branch.moment for branch in self)
                for branch in self:
                    if branch.moment == least:
                        branch.advance()
                if interrupted():
                    return self.arrived
        return True
