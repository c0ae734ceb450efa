"""A run with all that belongs to it: what is put aside while another one goes on, to be put back as it was."""

from dataclasses import dataclass

from nnstudio.training.debugger import Debugger

from .document import Content


@dataclass(frozen=True, slots=True, eq=False)
class Ongoing:
    """`life` is what the edits of this run are known by; None for one that has had none."""

    debugger: Debugger
    content: Content
    life: object | None = None
