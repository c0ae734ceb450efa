"""The kinds of breakpoints, as they are written down.

There are three. One stands at an operation and stops before it runs, as in a debugger of code. One watches a slot or an
element, and stops behind the operation that made it change, cross a value, change its sign, or become NaN or infinite.
One waits for a condition to become true, wherever that happens. Each may have a condition besides, may let some hits
pass, and may print a line instead of stopping (a log point).

They speak of slots by name, so they outlive an edit of the network wherever the slot is still there.
"""

from dataclasses import dataclass
from enum import StrEnum

from nnstudio.engine.program import Program


class Event(StrEnum):
    """What a data breakpoint waits for."""

    CHANGES = "changes"
    CROSSES = "crosses"
    CHANGES_SIGN = "changes sign"
    NOT_FINITE = "becomes NaN or infinite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """What all kinds have: the first `ignore` hits pass, and of the others each `every`-th counts. `log` is the line to
    print instead of stopping, with expressions in braces: "J is {J} in epoch {epoch}"."""

    enabled: bool = True
    condition: str = ""
    ignore: int = 0
    every: int = 1
    log: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it this breakpoint and no other: there is one at a place."""
        raise NotImplementedError

    def lets_pass(self, hit: int) -> bool:
        """Whether hit number `hit`, from 1, is none to stop for."""
        return hit <= self.ignore or (hit - self.ignore - 1) % max(self.every, 1) != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpBreakpoint(Breakpoint):
    """Stops before an operation: the one that writes `slot` first, or where several do, the `nth` of these counted from
    the last (an optimizer's step comes last, whatever goes before it). `label` is how it read when this was set."""

    slot: str
    nth: int = 0
    label: str

    @property
    def key(self) -> tuple[object, ...]:
        return "operation", self.slot, self.nth

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class DataBreakpoint(Breakpoint):
    """Stops behind an operation that made the event happen to `slot`, or to the element at `index` (from 0). `level` is
    the value to cross."""

    slot: str
    event: Event
    index: tuple[int, ...] | None = None
    level: float = 0.0

    @property
    def key(self) -> tuple[object, ...]:
        return "data", self.slot, self.index, self.event, self.level if self.event is Event.CROSSES else None

    @property
    def what(self) -> str:
        """W1, or W1[2, 0]."""
        return self.slot + (f"[{', '.join(map(str, self.index))}]" if self.index else "")

    def __str__(self) -> str:
        level = f" {self.level:g}" if self.event is Event.CROSSES else ""
        return f"{self.what} {self.event.value}{level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionBreakpoint(Breakpoint):
    """Stops when its condition has become true: behind the operation that wrote the last of what it looks at."""

    @property
    def key(self) -> tuple[object, ...]:
        return "condition", self.condition

    def __str__(self) -> str:
        return self.condition


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBreakpoint(Breakpoint):
    """Stops when a ready-made watch has come true with its thresholds at `levels`; see `training.watches`."""

    watch: str
    title: str
    levels: tuple[float, ...]

    @property
    def key(self) -> tuple[object, ...]:
        return "watch", self.watch

    def __str__(self) -> str:
        return self.title


def at_operation(program: Program, index: int) -> OpBreakpoint:
    """A breakpoint at operation `index` of a program."""
    op = program.ops[index]
    slot = op.writes[0]
    later = sum(other.writes[0] == slot for other in program.ops[index + 1 :])
    return OpBreakpoint(slot=slot, nth=later, label=op.label)


def find_operation(program: Program, breakpoint_: OpBreakpoint) -> int | None:
    """The index of the operation that the breakpoint stands at, None where the program has none."""
    slot = breakpoint_.slot
    writers = [index for index, op in enumerate(program.ops) if op.writes[0] == slot]
    if not writers:  # J, where the output layer's activation and the cost have become one operation
        writers = [index for index, op in enumerate(program.ops) if slot in op.writes]
    return writers[-1 - breakpoint_.nth] if breakpoint_.nth < len(writers) else None
