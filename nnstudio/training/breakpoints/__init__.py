"""Breakpoints: where and when a person wants the training to stop.

`kinds` are breakpoints as they are written down. `binding` finds what they mean in the program of a machine, and makes
of each a check (`checks`) that knows after which operations to look. `lines` are what log points print. The `watcher`
runs a machine past all of them: operation by operation only where one has to look, and not at all where none is set.
"""

from .kinds import (
    Breakpoint,
    ConditionBreakpoint,
    DataBreakpoint,
    Event,
    OpBreakpoint,
    WatchBreakpoint,
    at_operation,
    find_operation,
)
from .watcher import Hit, HitCount, LogEntry, Watcher

__all__ = [
    "Breakpoint",
    "ConditionBreakpoint",
    "DataBreakpoint",
    "Event",
    "Hit",
    "HitCount",
    "LogEntry",
    "OpBreakpoint",
    "WatchBreakpoint",
    "Watcher",
    "at_operation",
    "find_operation",
]
