"""Editing the run at hand: a number, the update that comes next, or the learning rate. The first two as commands that
can be undone.

Before anything has run a weight is the experiment's own initial value, and is edited there. Later it is an edit of this
run. A number that has been read in this iteration is set where it had not been: the run goes back there, and what
follows from it is computed anew. Undo goes back too: the run stands where it did, and every number is what it was, also
those that lay ahead when the edit was made in the past. Redo gives back what lay ahead with the edit.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from nnstudio.engine.spec import SpecError
from nnstudio.experiment.edits import set_hyperparameter, set_parameters
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import element_symbol, label_text
from nnstudio.training.ahead import Ahead
from nnstudio.training.keyframes import Moment
from nnstudio.training.timeline import AnyEdit, Edit, Scaling

from .moment_words import moment_words
from .ongoing import Life
from .undoing import Command

if TYPE_CHECKING:
    from nnstudio.training.branches import Fork

    from .session import Session


_NO_PART = "This edit is no part of the run any more; nothing was changed"


@dataclass(slots=True, eq=False)
class RunEdit:
    """An edit of which run, what it is called, and where the run stood before it. `other` is what lay ahead without it
    while it is made, and with it while it is undone. One out of a project has a `number` among the edits of its run
    until it is `known` which one that is."""

    life: Life
    known: Edit | Scaling | None
    end: Moment
    label: str
    other: Ahead | None = None
    number: int = -1

    @property
    def edit(self) -> Edit | Scaling:
        assert self.known is not None
        return self.known


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a run would have gone on to: where it was left by setting a value, and that value."""

    fork: "Fork"
    slot: str
    index: tuple[int, ...]
    value: float


class RunEdits:
    """The edits of one session's runs. A run's `life` ends when it is built anew or reset."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._life = Life()
        self.left: Left | None = None
        """What lay ahead when the run at hand was last edited in its past, None where it can be computed no more."""

    @property
    def life(self) -> Life:
        """What the edits of the run at hand are known by."""
        return self._life

    def begin(self, life: Life | None = None) -> None:
        """There is another run: the edits of the one before are over, unless a run comes back with its `life`."""
        self._life, self.left = life or Life(), None

    def set_value(self, slot: str, index: tuple[int, ...], value: float) -> bool:
        """Set one number; false, with the reason said, if it can't be. The learning rate is the experiment's."""
        label = f"Set {element_symbol(slot, index)} to {value:.6g}"
        debugger = self._session.debugger
        if self._session.paused and debugger.at_start and slot in debugger.run.model.parameters:
            return self._attempt(partial(self._set_initial, slot, index, value, label))
        if slot == debugger.run.model.rate_setting:
            return self._attempt(partial(self._set_rate, value))
        return self._attempt(lambda: self._begin(debugger.setting(slot, index, value), label))

    def scale_update(self, factor: float) -> bool:
        """Let the update that comes next, or is under way, move the parameters so many times as far: 0 skips it, 1
        lets it be; false, with the reason said, if it can't be."""
        debugger = self._session.debugger
        return self._attempt(lambda: self._begin(debugger.scaling(factor), _scaling_words(factor)))

    def set_learning_rate(self, rate: float) -> None:
        """From the next update on."""
        debugger = self._session.debugger
        here = debugger.timeline.here
        lost = self._ahead_of(here)
        left = self._leave(Edit(here, debugger.run.model.rate_setting, (), rate)) if lost else None
        debugger.set_learning_rate(rate)
        if lost:
            self.left = left
            self._session.message.emit(self._branch_words(f"{lost}, is dropped"))

    def is_over(self, made: RunEdit) -> bool:
        """Whether its run is gone: there is nothing to undo or to make again."""
        return made.life is not self._life

    def make(self, made: RunEdit) -> None:
        """Make it, at its moment: where the run stands elsewhere, it goes there first."""
        if self._says_over(made) or not self._know(made):
            return
        session = self._session
        session.take()
        timeline = session.debugger.timeline
        if timeline.here == made.edit.moment:
            self._make_here(made)
        elif made.edit.moment <= timeline.furthest:
            session.travel.go_to(made.edit.moment, partial(self._make_here, made))
        else:
            session.message.emit(f"The run has not come to where this is done: {self._where(made.edit.moment)}")

    def unmake(self, made: RunEdit) -> None:
        """As if it had not been made; who has gone back to before it stays there."""
        if self._says_over(made) or not self._know(made):
            return
        session = self._session
        session.take()
        if made.edit not in session.debugger.timeline.edits:
            session.message.emit(_NO_PART)
            return
        way, made.other = session.debugger.take_back(made.edit, made.end, made.other)
        self.left = None
        says = f"Back to {self._where(way.target)}"
        if made.other is not None and made.other.furthest > way.target:
            says += f"; Redo brings back the run with the edit, up to {self._where(made.other.furthest)}"
        session.travel.set_out(way, partial(self._unmade, says))

    def told(self, made: RunEdit) -> dict[str, object]:
        """For a project: one that its run has by its number, any other by what to do; and of which run, but for the one
        at hand."""
        whose = {} if made.life is self._life else {"life": made.life.number}
        if made.known is None:
            return {"run": {"number": made.number}, **whose}
        edit = made.known
        if (number := next((n for n, one in enumerate(self._edits_of(made.life)) if one is edit), None)) is not None:
            return {"run": {"number": number}, **whose}
        if isinstance(edit, Scaling):
            return {"run": {"moment": edit.moment, "factor": edit.factor}, **whose}
        return {"run": {"moment": edit.moment, "slot": edit.slot, "index": edit.index, "value": edit.value}, **whose}

    def kept(self, before: str, after: str, label: str, lives: Mapping[int, Life]) -> Command | None:
        """The command that a project tells of; None where the text tells of none."""
        try:
            end, told = json.loads(before)["run"], json.loads(after)
            if end is None or told["run"] is None:
                return _Command(self, RunEdit(Life(), Scaling(Moment(0), 1.0), Moment(0), label))
            life = lives[told["life"]] if "life" in told else self._life
            made = RunEdit(life, None, msgspec.convert(end, Moment), label)
            if isinstance(number := told["run"].get("number"), int):
                made.number = number
            else:
                made.known = _edit_of(told["run"])
            self._find(made)
            return _Command(self, made)
        except (AttributeError, KeyError, TypeError, ValueError, msgspec.ValidationError):
            return None

    def _edits_of(self, life: Life) -> Sequence[AnyEdit]:
        """The edits of the run at hand, or of one that was left; none where it is gone."""
        session = self._session
        return session.debugger.timeline.edits if life is self._life else session.left.edits_of(life)

    def _know(self, made: RunEdit) -> bool:
        """Whether it is known which one of the run it is; where it is none, that is said."""
        self._find(made)
        if made.known is None:
            self._session.message.emit(_NO_PART)
        return made.known is not None

    def _find(self, made: RunEdit) -> None:
        """By its number, if it is one of the run at hand."""
        edits = self._session.debugger.timeline.edits
        if made.life is self._life and made.known is None and 0 <= made.number < len(edits):
            edit = edits[made.number]
            made.known = edit if isinstance(edit, Edit | Scaling) else None

    def _attempt(self, begin: Callable[[], bool]) -> bool:
        session = self._session
        if not session.paused:
            session.document.refused.emit("pause first; values can be edited only while paused")
            return False
        try:
            return begin()
        except SpecError as error:
            session.document.refused.emit(label_text(str(error)))
            return False

    def _begin(self, edit: Edit | Scaling, label: str) -> bool:
        """Go to where it is made, in the background if that takes long, and make it an undoable command there."""
        session = self._session
        here = session.debugger.timeline.here
        push = partial(session.document.undo_stack.push, _Command(self, RunEdit(self._life, edit, here, label)))
        if edit.moment == here:
            push()
        else:
            session.travel.go_to(edit.moment, push)
        return True

    def _make_here(self, made: RunEdit) -> None:
        debugger = self._session.debugger
        lost = self._ahead_of(made.end)
        left = self._leave(made.edit) if lost else None
        made.other = debugger.make(made.edit, made.other)
        if lost:
            self.left = left if self._has_rate_on_screen else None  # else it is two things that differ
        says = made.label if isinstance(made.edit, Edit) else _scaled_words(made.edit.factor)
        if made.edit.moment != made.end:
            op = label_text(self._session.machine.next_program.ops[made.edit.moment.pc].label)
            says += f"; went back to {op}, what follows from it is computed anew"
        self._take_rate_on_screen()  # another run has another one
        self._show(f"{says}. {self._branch_words(f'Undo brings back {lost}')}" if lost else says)

    def _unmade(self, says: str) -> None:
        if not self._session.debugger.timeline.in_past:
            self._take_rate_on_screen()  # it was set after the edit, or what lay ahead then is not known any more
        self._show(says)

    def _take_rate_on_screen(self) -> None:
        if not self._has_rate_on_screen:
            self._session.debugger.set_learning_rate(self._session.document.experiment.optimizer.learning_rate)

    def _show(self, says: str) -> None:
        self._session.refreshed.emit()
        self._session.message.emit(says)

    @property
    def _has_rate_on_screen(self) -> bool:
        rate, model = self._session.document.experiment.optimizer.learning_rate, self._session.run.model
        return bool(model.store[model.rate_setting] == model.dtype.type(rate))

    def _leave(self, edit: Edit | Scaling) -> Left | None:
        """What lies ahead of here can be computed again, unless it was edited further on."""
        from nnstudio.training.branches import Fork  # not needed to start

        debugger = self._session.debugger
        if debugger.timeline.edits_ahead or not isinstance(edit, Edit) or not debugger.machine.slot(edit.slot).lasting:
            return None
        return Left(Fork.of(debugger.run), edit.slot, edit.index, edit.value)

    def _branch_words(self, ahead: str) -> str:
        compare = "; Tools › Branches compares the two" if self.left is not None else ""
        return f"Another run branches off here; {ahead}{compare}"

    def _says_over(self, made: RunEdit) -> bool:
        """Whether its run is gone, which it says: the initial weights belong to the experiment, and must not be reached
        by an undone edit of a run."""
        if self.is_over(made):
            self._session.message.emit("The run that this was edited in is gone; nothing was changed")
        return self.is_over(made)

    def _ahead_of(self, moment: Moment) -> str:
        """What is lost where the run ends at a moment; nothing if it had come no further."""
        furthest = self._session.debugger.timeline.furthest
        return f"what lay ahead, up to {self._where(furthest)}" if furthest > moment else ""

    def _where(self, moment: Moment) -> str:
        return moment_words(moment, self._session.machine.batches.per_epoch)

    def _set_rate(self, rate: float) -> bool:
        document = self._session.document
        return document.apply(set_hyperparameter(document.experiment, "learning_rate", rate))

    def _set_initial(self, slot: str, index: tuple[int, ...], value: float, label: str) -> bool:
        session = self._session
        machine = session.machine
        parameters = {name: machine.value(name).copy() for name in session.run.model.parameters}
        machine.check_value(slot, value)
        parameters[slot][index] = value
        written = {name: values.tolist() for name, values in parameters.items()}
        return session.document.apply(set_parameters(session.document.experiment, written, label))


class _Command(Command):
    """It leaves the stack when it is undone or made again after its run is gone."""

    def __init__(self, edits: RunEdits, edit: RunEdit) -> None:
        super().__init__(edit.label)
        self._edits, self._edit = edits, edit

    def unmake(self) -> None:
        self._edits.unmake(self._edit)
        self.setObsolete(self._edits.is_over(self._edit))

    def make(self) -> None:
        self._edits.make(self._edit)
        self.setObsolete(self._edits.is_over(self._edit))

    @property
    def before(self) -> str:
        """Where the run stood."""
        return json.dumps({"run": self._edit.end})

    @property
    def after(self) -> str:
        """Which of the run's edits it is, what to do again, or nothing for an edit of a run that is gone."""
        return json.dumps(self._edits.told(self._edit))


def _edit_of(told: dict[str, object]) -> Edit | Scaling:
    return msgspec.convert(told, Scaling) if "factor" in told else msgspec.convert(told, Edit)


def _scaled_words(factor: float) -> str:
    if factor == 1:
        return "The update that comes next is made as it is"
    return f"The update that comes next goes {short(factor)} times as far" if factor else "The next update is skipped"


def _scaling_words(factor: float) -> str:
    if factor == 1:
        return "Make the next update as it is"
    return f"Scale the next update by {short(factor)}" if factor else "Skip the next update"
