"""Steps on every rung of the ladder: term, neuron, operation, phase, mini-batch, epoch.

`level` says how far "next" goes. Below the operation it is where the debugger's cursor is, and the machine stands
still until the last neuron is passed; above it is what a user has chosen.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nnstudio.training import waypoints
from nnstudio.training.cursor import Cursor, Level

from .selection import Selection
from .session import Session
from .settings import Settings

if TYPE_CHECKING:
    from nnstudio.explain.opened import Opened


class Stepping(QObject):
    """Goes into operations, over what is on the level at hand, and out again; the selection follows the cursor and
    the cursor the selection. `level_changed` says that "next" goes another way now."""

    level_changed = Signal()

    def __init__(self, session: Session, selection: Selection, settings: Settings) -> None:
        super().__init__()
        self._session, self._selection, self._settings = session, selection, settings
        self._coarse = Level.OPERATION
        self._shown = Level.OPERATION
        self._opened: Opened | None = None
        self._key: tuple[object, ...] = ()
        self._following = False
        session.rebuilt.connect(self._announce)
        session.refreshed.connect(self._announce)
        session.state_changed.connect(self._announce)
        selection.changed.connect(self._follow)

    @property
    def level(self) -> Level:
        """How far one step goes."""
        cursor = self.cursor
        return self._coarse if cursor is None else cursor.level

    @property
    def cursor(self) -> Cursor | None:
        """Where a person looks below the operation, while paused."""
        return self._session.debugger.cursor if self._session.paused else None

    @property
    def opened(self) -> "Opened | None":
        """The operation that the cursor is in, None where it is in none."""
        if self.cursor is None:
            self._opened = None
            return None
        machine, sample = self._session.machine, self._selection.chosen.sample
        key = (machine, machine.iterations, machine.pc, sample, self._settings.decimals)
        if self._opened is None or key != self._key:
            from nnstudio.explain.opened import Opened  # as all that explains, not needed to start

            self._opened, self._key = Opened(machine, sample, self._settings.decimals), key
        return self._opened

    def into(self) -> None:
        """A level down, or on to the next term; behind the last one the operation is run. What cannot be looked into
        is run as a whole."""
        cursor, opened = self.cursor, self.opened
        if not self._session.paused:
            return
        if cursor is not None and opened is not None:
            self._go(cursor.into(opened))
        elif self._can_open():
            self._go(Cursor())
        else:
            self._session.message.emit("Nothing to go into: what comes in here is drawn as a whole")
            self._session.step_over()

    def over(self) -> None:
        """The next on this level."""
        cursor, opened, session = self.cursor, self.opened, self._session
        if cursor is not None and opened is not None:
            self._go(cursor.over(opened))
            return
        steps = {Level.PHASE: session.step_out, Level.BATCH: session.step_batch, Level.EPOCH: session.step_epoch}
        steps.get(self._coarse, session.step_over)()

    def back(self) -> None:
        """The previous one: below the operation on the level at hand, else the previous operation."""
        cursor, opened = self.cursor, self.opened
        if cursor is not None and opened is not None:
            self._point(cursor.back(opened))
        else:
            self._session.travel.back(waypoints.operation_before)

    def out(self) -> None:
        """A level up; from the operation to the end of the phase."""
        cursor = self.cursor
        if cursor is None:
            self._session.step_out()
        else:
            self._point(cursor.out())

    def choose(self, level: Level) -> None:
        """Step on this level from now on: below the operation by going there at once."""
        if not self._session.paused:
            self._announce(force=True)
        elif not level.below:
            self._coarse = level
            self._point(None)
        elif self.cursor is not None:
            self._point(self.cursor.at(level))
        elif self._can_open():
            self._point(Cursor().at(level))
        else:
            self._session.message.emit("Nothing to go into here: run this operation first")
            self._announce(force=True)

    def standing(self) -> str:
        """neuron 2 of 8 · term 3 of 5; nothing above that."""
        cursor, opened = self.cursor, self.opened
        return opened.standing(cursor.element, cursor.term) if cursor is not None and opened is not None else ""

    def _can_open(self) -> bool:
        """Whether there is anything to see inside the operation that comes next."""
        from nnstudio.explain.opened import can_open

        return can_open(self._session.machine.op)

    def _go(self, cursor: Cursor | None) -> None:
        """Point at what comes next; None is behind the last one, where the operation is run."""
        if cursor is None:
            self._session.step_over()
        else:
            self._point(cursor)

    def _point(self, cursor: Cursor | None) -> None:
        self._session.debugger.cursor = cursor
        if cursor is not None:
            self._coarse = Level.OPERATION
            self._choose_element(cursor)
        self._session.refreshed.emit()

    def _choose_element(self, cursor: Cursor) -> None:
        opened = self.opened
        if opened is not None:
            self._following = True
            self._selection.choose(*opened.place(cursor.element))
            self._following = False

    def _follow(self) -> None:
        """Another element of the operation is chosen, or another operation."""
        cursor, opened = self.cursor, self.opened
        if self._following or cursor is None or opened is None:
            return
        chosen = self._selection.chosen
        if chosen.op is not None:
            self._point(None)
            return
        element = opened.find(chosen.slot, chosen.index)
        if element is not None and element != cursor.element:
            self._point(Cursor(element, None if cursor.term is None else 0))

    def _announce(self, *_: object, force: bool = False) -> None:
        if force or self.level is not self._shown:
            self._shown = self.level
            self.level_changed.emit()
