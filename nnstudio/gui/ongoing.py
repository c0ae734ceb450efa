"""A run with all that belongs to it: what is put aside while another one goes on, to be put back as it was."""

from dataclasses import dataclass
from itertools import count

from nnstudio.training.debugger import Debugger

from .document import Content

_NUMBERS = count(1)


class Life:
    """What the edits of a run are known by: it ends when the run is built anew or reset, and goes on when that is
    undone. A project tells lives apart by their numbers."""

    def __init__(self) -> None:
        self.number = next(_NUMBERS)


@dataclass(frozen=True, slots=True, eq=False)
class Ongoing:
    """`life` is None for a run that has had none."""

    debugger: Debugger
    content: Content
    life: Life | None = None
