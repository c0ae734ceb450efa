"""Breakpoints and watches that are switched on, as rows: each kind by its name, with its settings as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields

import msgspec

from nnstudio.training.breakpoints import (
    Breakpoint,
    ConditionBreakpoint,
    DataBreakpoint,
    HitCount,
    OpBreakpoint,
    WatchBreakpoint,
)
from nnstudio.training.watches import BY_NAME

from .store import Store

KINDS: dict[str, type[Breakpoint]] = {
    "operation": OpBreakpoint,
    "data": DataBreakpoint,
    "condition": ConditionBreakpoint,
    "watch": WatchBreakpoint,
}


@dataclass(frozen=True, slots=True)
class _Row:
    position: int
    kind: str
    settings: str
    hits: int
    held: int


def write_breakpoints(store: Store, counts: Iterable[HitCount]) -> None:
    """Write these, in place of those that are there."""
    store.connection.execute("DELETE FROM breakpoints")
    names = {kind: name for name, kind in KINDS.items()}
    for position, one in enumerate(counts):
        settings = {f.name: getattr(one.breakpoint, f.name) for f in fields(one.breakpoint)}
        text = json.dumps(msgspec.to_builtins(settings), ensure_ascii=False)
        store.insert("breakpoints", _Row(position, names[type(one.breakpoint)], text, one.hits, int(one.held)))


def read_breakpoints(store: Store) -> tuple[HitCount, ...]:
    """Those that can be read; the others are among the problems."""
    found = []
    for row in store.rows("breakpoints", _Row, "position"):
        try:
            found.append(HitCount(_breakpoint(row), max(row.hits, 0), row.held == 1))
        except (KeyError, ValueError, msgspec.MsgspecError) as error:
            store.problems.append(f"a breakpoint is damaged and left out ({error})")
    return tuple(found)


def _breakpoint(row: _Row) -> Breakpoint:
    made = msgspec.json.decode(row.settings, type=KINDS[row.kind])
    if isinstance(made, WatchBreakpoint) and len(made.levels) != len(BY_NAME[made.watch].levels):
        raise ValueError("a watch with other thresholds")
    return made
