"""Branches: a run forks, one thing is changed, and both go on side by side.

A `fork` is a moment of a run, kept whole. A `difference` is the one thing that a branch changes there: the learning
rate, an activation, the optimizer, the seed, a value. A `branch` goes on from the fork with it, on a machine of its
own; the original goes on beside it as a branch without a difference. `lockstep` lets them all run the same iterations,
and `parting` finds the first operation that writes other values. None of them touches the run that was forked. A
`branch_set` is what all of them are determined by.
"""

from .batch_costs import BatchCosts
from .branch import Branch
from .branch_set import BranchSet
from .difference import Difference, Value, between, of_edit, of_value
from .fork import Fork
from .lockstep import MOST_BRANCHES, Lockstep
from .parting import Comparison, Parting, PartingSearch

__all__ = [
    "MOST_BRANCHES",
    "BatchCosts",
    "Branch",
    "BranchSet",
    "Comparison",
    "Difference",
    "Fork",
    "Lockstep",
    "Parting",
    "PartingSearch",
    "Value",
    "between",
    "of_edit",
    "of_value",
]
