"""Which operations of a program have a breakpoint in their gutter: those it stands before, and those that write the
slot it watches."""

from collections.abc import Iterable, Mapping

from nnstudio.engine.program import Program
from nnstudio.training.breakpoints import Breakpoint, DataBreakpoint, OpBreakpoint, Watcher, find_operation

from .marker import Marker, marker_of


def markers(breakpoints: Iterable[Breakpoint], watcher: Watcher, program: Program) -> Mapping[int, Marker]:
    """By the index of the operation; a breakpoint at it goes before one on data. `watcher` knows their problems."""
    breakpoints, problems = tuple(breakpoints), watcher.problems
    found: dict[int, Marker] = {}
    for one in breakpoints:
        if isinstance(one, DataBreakpoint):
            for index, op in enumerate(program.ops):
                if one.slot in op.writes:
                    found.setdefault(index, marker_of(one, problems.get(one.key)))
    for one in breakpoints:
        at = find_operation(program, one) if isinstance(one, OpBreakpoint) else None
        if at is not None:
            found[at] = marker_of(one, problems.get(one.key))
    return found
