"""The schedule's operations: the learning rate of this update, and what is kept in mind for the next ones."""

from .explanation import Explanation, Formula
from .reading import Reading


def schedule(reading: Reading) -> Explanation:
    return Explanation("the learning rate by its schedule", (Formula(f"${reading.op.typst}$", reading.op.label),))
