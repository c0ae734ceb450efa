"""Setting one value of the run at hand, as a command that can be undone.

The initial weights belong to the experiment and are edited there; this is for a run that has begun.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from nnstudio.training.keyframes import Moment

if TYPE_CHECKING:
    from .session import Session


@dataclass(frozen=True, slots=True)
class ValueEdit:
    """One value, before and after, and the moment of which run it was set at."""

    life: object
    moment: Moment
    slot: str
    index: tuple[int, ...]
    before: float
    after: float


class SetValue(QUndoCommand):
    """Undone where it was made, or later, it sets the value that was there before. Undone in the past, from where it
    lies ahead, it is not made at all."""

    def __init__(self, session: "Session", edit: ValueEdit, label: str) -> None:
        super().__init__(label)
        self._session, self._edit = session, edit

    def undo(self) -> None:
        session, edit = self._session, self._edit
        if session.is_alive(edit.life):
            if session.debugger.timeline.here < edit.moment:
                session.forget_ahead()
            else:
                session.write(edit.slot, edit.index, edit.before)

    def redo(self) -> None:
        if self._session.is_alive(self._edit.life):
            self._session.write(self._edit.slot, self._edit.index, self._edit.after)
