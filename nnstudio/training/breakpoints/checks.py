"""What has to be looked at for one breakpoint while one program runs, and where.

A *place* is a number of operations that have run, from 1 to all: a check looks when the machine arrives there. A data
breakpoint also takes note of the value just before the operation that writes it, so what it says depends on the run
alone, never on where a stretch of training began.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .kinds import DataBreakpoint, Event

if TYPE_CHECKING:
    from nnstudio.training.conditions import Expression


@dataclass(slots=True, eq=False)
class Tally:
    """What is remembered of a breakpoint: how often it was hit, and whether its condition held when last looked at.
    With `level` a condition counts wherever it holds, not only where it has become true. `memory` is what a check needs
    of the iterations before."""

    hits: int = 0
    held: bool = False
    level: bool = False
    memory: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Check(ABC):
    """`condition` has to hold besides, where there is one."""

    places: tuple[int, ...]
    condition: "Expression | None"
    tally: Tally

    @property
    def at_epoch_end(self) -> bool:
        """Whether to look when an epoch has been measured, and nowhere else."""
        return not self.places

    @property
    def noted_at(self) -> tuple[int, ...]:
        """The places where `note` has to be called."""
        return ()

    def note(self) -> None:  # noqa: B027  only some have anything to remember
        """The next operation may bring about what is waited for: remember how things stand."""

    @abstractmethod
    def happened(self) -> bool:
        """Whether what is waited for is so, at a place just arrived at."""

    @property
    def looks(self) -> Callable[[], bool]:
        """`happened`, made ready to be asked at every iteration."""
        return self.happened

    @property
    def notes(self) -> Callable[[], None]:
        """`note`, likewise."""
        return self.note

    @abstractmethod
    def why(self) -> str:
        """In words, what has just happened."""

    def holds(self) -> bool:
        return self.condition is None or bool(self.condition.value())


@dataclass(frozen=True, slots=True, eq=False)
class OpCheck(Check):
    """The machine stands at the operation."""

    label: str

    def happened(self) -> bool:
        return self.holds()

    def why(self) -> str:
        reason = f", where {self.condition.text} holds{_measured(self.condition)}" if self.condition else ""
        return f"before {self.label}{reason}"


@dataclass(frozen=True, slots=True, eq=False)
class ConditionCheck(Check):
    """The condition has become true: it holds, and did not when last looked at."""

    test: Callable[[], Any]

    def happened(self) -> bool:
        if not self.test():
            self.tally.held = False
            return False
        before, self.tally.held = self.tally.held, True
        return self.tally.level or not before

    def why(self) -> str:
        assert self.condition is not None
        return f"{self.condition.text} has become true{_measured(self.condition)}"


@dataclass(frozen=True, slots=True, eq=False)
class DataCheck(Check):
    """Something happened to a value between `note` and now."""

    breakpoint_: DataBreakpoint
    array: np.ndarray
    source: Callable[[], np.ndarray | None]
    """Where the value stood before: not always in `array`, for the smaller last mini-batch has arrays of its own.
    None before it was first computed."""
    before: list[np.ndarray | None]

    @property
    def noted_at(self) -> tuple[int, ...]:
        return tuple(place - 1 for place in self.places)

    def note(self) -> None:
        source = self.source()
        self.before[0] = None if source is None else source[self._part(source)].copy()

    def happened(self) -> bool:
        found = self._happened()
        return bool(np.count_nonzero(found) if isinstance(found, np.ndarray) else found) and self.holds()

    @property
    def looks(self) -> Callable[[], bool]:
        """Of a single number that may cross a level, with no more than two comparisons while it does not."""
        part, event = self._part(self.array), self.breakpoint_.event
        if part is ... or event not in (Event.CROSSES, Event.CHANGES_SIGN):
            return self.happened
        array, before, level = self.array, self.before, self._level

        def crossed() -> bool:
            was = before[0]
            return was is not None and (was < level) != (array[part] < level) and self.happened()

        return crossed

    @property
    def notes(self) -> Callable[[], None]:
        """A single number is copied by looking at it."""
        part = self._part(self.array)
        if part is ...:
            return self.note
        source, before = self.source, self.before

        def note() -> None:
            there = source()
            before[0] = None if there is None else there[part]

        return note

    @property
    def _level(self) -> float:
        return 0.0 if self.breakpoint_.event is Event.CHANGES_SIGN else self.breakpoint_.level

    def why(self) -> str:
        index, before, now = self._where()
        what = self.breakpoint_
        name = what.slot + (f"[{', '.join(map(str, index))}]" if index else "")
        was = "" if before is None else f"{before:.6g} → "
        return f"{name} {_PAST[what.event].format(level=what.level)}: {was}{now:.6g}"

    def _happened(self) -> Any:
        """Whether it happened to the element, or to which numbers of the slot. Both sides may have different numbers of
        rows: then those that both have are compared."""
        before, now = self.before[0], self.array[self._part(self.array)]
        event = self.breakpoint_.event
        if event is Event.NOT_FINITE:
            finite = np.isfinite(now)
            if _all(finite):
                return False
            if before is None or before.shape != now.shape:
                return np.logical_not(finite)
            return np.isfinite(before) > finite
        if before is None:
            return False
        if before.ndim and len(before) != len(now):
            rows = min(len(before), len(now))
            before, now = before[:rows], now[:rows]
        if event is Event.CHANGES:
            return before != now
        level = self._level
        was_below, is_below = before < level, now < level
        if _same(was_below, is_below):  # nearly always, and a third of the work
            return False
        return (was_below & (level <= now)) | (is_below & (level <= before))

    def _where(self) -> tuple[tuple[int, ...], float | None, float]:
        """The first element that it happened to, and its value before and now."""
        before, now = self.before[0], self.array[self._part(self.array)]
        inside = tuple(int(i) for i in np.argwhere(np.atleast_1d(self._happened()))[0][: now.ndim])
        was = None if before is None else float(before[inside])
        return (self.breakpoint_.index or ()) + inside, was, float(now[inside])

    def _part(self, array: np.ndarray) -> Any:
        """The element, as a scalar, or the whole slot."""
        return self.breakpoint_.index or (... if array.ndim else ())


_PAST = {
    Event.CHANGES: "has changed",
    Event.CROSSES: "has crossed {level:g}",
    Event.CHANGES_SIGN: "has changed its sign",
    Event.NOT_FINITE: "is not finite any more",
}


def _all(truths: Any) -> bool:
    """Of one number or of many, whether all are true."""
    return np.count_nonzero(truths) == truths.size if isinstance(truths, np.ndarray) else bool(truths)


def _same(some: Any, others: Any) -> bool:
    """Whether truths, of one number or of many, are the same."""
    return some.tobytes() == others.tobytes() if isinstance(some, np.ndarray) else bool(some == others)


def _measured(condition: "Expression") -> str:
    """The number that a condition compares, where it compares one."""
    sides = condition.sides()
    return f" ({sides[0]:.6g})" if sides else ""
