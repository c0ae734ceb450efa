"""Editing the run at hand: one value, or the learning rate. Values as commands that can be undone.

Before anything has run a weight is the experiment's own initial value, and is edited there. Later it is an edit of this
run; made in the past, another run branches off with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from nnstudio.engine.spec import SpecError
from nnstudio.experiment.edits import set_parameters
from nnstudio.explain.symbols import element_symbol
from nnstudio.training.keyframes import Moment

from .moment_words import moment_words

if TYPE_CHECKING:
    from nnstudio.training.branches import Fork

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


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a run would have gone on to: where it was left by setting a value, and that value."""

    fork: "Fork"
    slot: str
    index: tuple[int, ...]
    value: float


Place = tuple[str, tuple[int, ...], float]
"""An element of a slot, and what it is set to."""


class RunEdits:
    """The edits of one session's runs. A run's `life` ends when it is built anew or reset."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._life = object()
        self.left: Left | None = None
        """What lay ahead when the run at hand was last edited in its past, None where it can be computed no more."""

    @property
    def life(self) -> object:
        """What the edits of the run at hand are known by."""
        return self._life

    def begin(self, life: object | None = None) -> None:
        """There is another run: the edits of the one before are over, unless a run comes back with its `life`."""
        self._life, self.left = life or object(), None

    def set_value(self, slot: str, index: tuple[int, ...], value: float) -> bool:
        """Set one weight or bias; false, with the reason said, if it can't be."""
        session = self._session
        document, debugger = session.document, session.debugger
        if not session.paused:
            document.refused.emit("pause first; values can be edited only while paused")
            return False
        label = f"Set {element_symbol(slot, index)} to {value:.6g}"
        try:
            if debugger.at_start:
                return self._set_initial(slot, index, value, label)
            debugger.machine.check_write(slot, value)
        except SpecError as error:
            document.refused.emit(str(error))
            return False
        before = float(debugger.machine.value(slot)[index])
        edit = ValueEdit(self._life, debugger.timeline.here, slot, index, before, value)
        document.undo_stack.push(_SetValue(self, edit, label))
        return True

    def set_learning_rate(self, rate: float) -> None:
        """From the next update on."""
        debugger = self._session.debugger
        self._branch(partial(debugger.set_learning_rate, rate), (debugger.run.model.rate_setting, (), rate))

    def make(self, edit: ValueEdit) -> None:
        """Set the value, here."""
        set_to = edit.slot, edit.index, edit.after
        self._change(edit, partial(self._session.debugger.write, *set_to), set_to)

    def unmake(self, edit: ValueEdit) -> None:
        """Set the value that was there before. In the past, from where the edit lies ahead, it is not made at all."""
        self._change(edit, partial(self._unmake, edit), None)

    def _change(self, edit: ValueEdit, change: Callable[[], None], set_to: Place | None) -> None:
        """Unless its run is gone: the initial weights belong to the experiment, and must not be reached by an undone
        edit of a run."""
        if edit.life is not self._life:
            self._session.message.emit("The run that this weight was edited in is gone; nothing was changed")
            return
        self._session.take()
        self._branch(change, set_to)
        self._session.refreshed.emit()

    def _unmake(self, edit: ValueEdit) -> None:
        debugger = self._session.debugger
        if debugger.timeline.here < edit.moment:
            debugger.forget_ahead()
        else:
            debugger.write(edit.slot, edit.index, edit.before)

    def _branch(self, change: Callable[[], None], set_to: Place | None) -> None:
        """Make a change. In the past another run branches off with it, which is said, and has the learning rate that is
        on screen."""
        session, debugger = self._session, self._session.debugger
        lost = debugger.timeline.furthest if debugger.timeline.in_past else None
        left = self._leave(set_to) if lost is not None and set_to is not None else None
        change()
        if lost is not None:
            rate, model = session.document.experiment.optimizer.learning_rate, debugger.run.model
            if model.store[model.rate_setting] != model.dtype.type(rate):
                debugger.set_learning_rate(rate)
                left = None  # then it is two things that differ
            self.left = left
            where = moment_words(lost, debugger.machine.batches.per_epoch)
            compare = "; Tools › Branches can still compare the two" if left is not None else ""
            session.message.emit(f"Another run branches off here; what lay ahead, up to {where}, is dropped{compare}")

    def _leave(self, set_to: Place) -> Left | None:
        """What lies ahead can be computed again from here, unless it was edited further on."""
        from nnstudio.training.branches import Fork  # not needed to start

        debugger = self._session.debugger
        return None if debugger.timeline.edits_ahead else Left(Fork.of(debugger.run), *set_to)

    def _set_initial(self, slot: str, index: tuple[int, ...], value: float, label: str) -> bool:
        session = self._session
        machine = session.machine
        parameters = {name: machine.value(name).copy() for name in session.run.model.parameters}
        if slot not in parameters:
            raise SpecError(f"{slot} is computed; only weights and biases can be edited")
        machine.check_value(slot, value)
        parameters[slot][index] = value
        written = {name: values.tolist() for name, values in parameters.items()}
        return session.document.apply(set_parameters(session.document.experiment, written, label))


class _SetValue(QUndoCommand):
    def __init__(self, edits: RunEdits, edit: ValueEdit, label: str) -> None:
        super().__init__(label)
        self._edits, self._edit = edits, edit

    def undo(self) -> None:
        self._edits.unmake(self._edit)

    def redo(self) -> None:
        self._edits.make(self._edit)
