"""The breakpoints of the window. They belong to no run: each run that is built gets them, and those whose place is not
in its network wait for one that has it."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from nnstudio.gui.session import Session
from nnstudio.training.breakpoints import Breakpoint, OpBreakpoint, Watcher, at_operation

from .words import words

Key = tuple[object, ...]


class BreakpointSet(QObject):
    """In the order they were set; `changed` says that it is another set, not that one was hit. It works while the run
    is trained, too: from the next mini-batch on."""

    changed = Signal()
    added = Signal(object)
    """One that was not there before."""
    edit_wanted = Signal(object)
    """Someone wants to edit this breakpoint, which may not be set yet."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.all: tuple[Breakpoint, ...] = ()
        self._lost: frozenset[Key] = frozenset()
        session.rebuilt.connect(self._follow)

    @property
    def watcher(self) -> Watcher:
        """The watcher of the run at hand, which knows hits and problems."""
        return self._session.debugger.watcher

    def find(self, key: Key) -> Breakpoint | None:
        return next((one for one in self.all if one.key == key), None)

    def at_operation(self, index: int) -> OpBreakpoint | None:
        """The breakpoint at an operation of the program at hand, if there is one."""
        found = self.find(at_operation(self._session.machine.program, index).key)
        return found if isinstance(found, OpBreakpoint) else None

    def toggle(self, index: int) -> None:
        """Set a breakpoint at an operation of the program at hand, or take away the one that is there."""
        there = self.at_operation(index)
        if there is not None:
            self.remove(there.key)
        else:
            self.put(at_operation(self._session.machine.program, index))

    def edit(self, breakpoint_: Breakpoint) -> None:
        """Let a person edit a breakpoint, or one that is to be set."""
        self.edit_wanted.emit(breakpoint_)

    def put(self, breakpoint_: Breakpoint, instead_of: Key | None = None) -> None:
        """Add a breakpoint, in the place of the one it is an edit of, or of the one that stands there already."""
        keys = [one.key for one in self.all]
        old = instead_of if instead_of in keys else breakpoint_.key
        if old not in keys:
            self._set((*self.all, breakpoint_))
            self.added.emit(breakpoint_)
            return
        others = (one for one in self.all if one.key == old or one.key != breakpoint_.key)
        self._set(breakpoint_ if one.key == old else one for one in others)

    def remove(self, key: Key) -> None:
        self._set(one for one in self.all if one.key != key)

    def clear(self) -> None:
        self._set(())

    def put_back(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Have these again, and no others."""
        self._set(breakpoints)

    def enable(self, key: Key, enabled: bool) -> None:
        self._set(replace(one, enabled=enabled) if one.key == key else one for one in self.all)

    def enable_all(self, enabled: bool) -> None:
        self._set(replace(one, enabled=enabled) for one in self.all)

    def _set(self, breakpoints: Iterable[Breakpoint]) -> None:
        self.all = tuple(breakpoints)
        self.watcher.watch(self.all)
        self._lost = frozenset(self.watcher.problems)
        self.changed.emit()

    def _follow(self) -> None:
        """Another run: say which breakpoints have no place in it."""
        before = self._lost
        self.watcher.watch(self.all)
        self._lost = frozenset(self.watcher.problems)
        lost = [words(one) for one in self.all if one.key in self._lost - before]
        if lost:
            some = "; ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
            self._session.message.emit(f"No place in this network for the breakpoint{'s' * (len(lost) > 1)} {some}")
        self.changed.emit()
