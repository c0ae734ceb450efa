"""How deep an explanation goes: what an operation is for, all its numbers at once, or one neuron term by term."""

from enum import StrEnum


class Depth(StrEnum):
    IDEA = "Idea"
    MATRIX = "Matrix"
    SCALAR = "Scalar"


SETTING = "explanation_depth"
"""Under which name the choice is remembered."""


def depth_of(text: str) -> Depth:
    """The depth of this name, the deepest where it is none."""
    return Depth(text) if text in set(Depth) else Depth.SCALAR
