"""How slots are called, on screen, in files and in code: a letter and a layer, `W2`, and in front what it is to that.

- X and Y are the inputs and targets of the mini-batch, W and b weights and biases, Z weighted sums, A activations
- w, where samples have weights, is how much each sample of the mini-batch counts
- Q, T and s are of the rows without a target: predicted probabilities, pseudo-labels, and of which the network is sure
- with normalization mu, var, H and N are mean, variance, normalized sums, and these scaled and shifted by the
  parameters gamma and beta; rmu and rvar are the running mean and variance
- with dropout M is the mask, and D what it leaves of A
- d… is ∂J/∂…, dP… is ∂P/∂…; cd… is ∂J/∂… clipped by value, nd… scaled down to a norm
- m…, v…, u… and Δ… are states of the optimizer
"""

import re
from dataclasses import dataclass
from functools import cache

SAMPLED = ("X", "Y", "Z", "H", "N", "A", "M", "D")
"""Letters of slots with a row for each sample."""
LETTERS = r"gamma|beta|rmu|rvar|mu|var|[XYwWbZHNAMD]"
GRADIENTS = r"cd|nd|dP|d"
_NAME = re.compile(rf"({GRADIENTS}|[mvuΔ])?({LETTERS})(\d*)")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of `dPW2`: "dP", "W" and 2. `prefix` is empty where the slot is nothing's gradient or state, `layer`
    None for X, Y and w."""

    prefix: str
    letter: str
    layer: int | None


@cache
def parse(slot: str) -> Name | None:
    """The parts of a slot's name; None for those that belong to no layer and no parameter (J, alpha, t)."""
    found = _NAME.fullmatch(slot)
    return Name(found[1] or "", found[2], int(found[3]) if found[3] else None) if found else None
