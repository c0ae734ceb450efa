"""What can be undone, into a project and out of it again, with the runs that it brings back.

A command of a kind that is not known here cannot be kept: what was done before it stands on what is gone then. So the
history is kept from the last such command on.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QUndoCommand, QUndoStack

from nnstudio.gui.document import Content
from nnstudio.gui.left_runs import LeftRuns
from nnstudio.gui.ongoing import Life
from nnstudio.gui.session import Session
from nnstudio.gui.undoing import Command, fill
from nnstudio.project import LeftRun, UndoHistory, UndoStep

from .kept_documents import KeptDocument, KeptReplace
from .moved_data import moved

_OF_A_RUN = '{"run": '


def kept(stack: QUndoStack, left: LeftRuns) -> UndoHistory:
    """The part of what is on a stack that a project can keep."""
    commands = [_kept_command(stack.command(number)) for number in range(stack.count())]
    made, undone = commands[: stack.index()], commands[stack.index() :]
    begin = 1 + max((number for number, command in enumerate(made) if command is None), default=-1)
    end = next((number for number, command in enumerate(undone) if command is None), len(undone))
    whole = [(stack.text(begin + number), one) for number, one in enumerate([*made[begin:], *undone[:end]]) if one]
    steps = tuple(UndoStep(label, command.before, command.after) for label, command in whole)
    return UndoHistory(steps, len(made) - begin, _runs([command for _, command in whole], left))


def put_back(history: UndoHistory, session: Session) -> None:
    """Have it on the document's stack again, as far as this program knows its steps."""
    lives: defaultdict[int, Life] = defaultdict(Life)
    history = replace(history, steps=tuple(moved(history.steps, _at_hand(history), session.document.experiment)))
    documents = _documents(history, session, lives)
    commands: list[Command] = []
    for number, step in enumerate(history.steps):
        command: Command | None
        if number in documents:
            command = KeptReplace(session.document, documents[number], step.label)
        else:
            command = session.edits.kept(*step.words, step.label, lives)
        if command is None:
            return
        commands.append(command)
    fill(session.document.undo_stack, commands, history.done)


def _runs(commands: Sequence[Command], left: LeftRuns) -> tuple[tuple[int, LeftRun], ...]:
    """The runs of the documents that these commands show, by the number of commands that lead there."""
    found: dict[int, LeftRun] = {}
    for number, command in enumerate(commands):
        sides: tuple[Content | KeptDocument, ...] = command.sides or ()
        for place, shown in enumerate(sides, number):
            if (run := _run_of(shown, left)) is not None:
                found[place] = run
    return tuple(found.items())


def _run_of(shown: Content | KeptDocument, left: LeftRuns) -> LeftRun | None:
    if isinstance(shown, Content):
        return left.to_keep(shown)
    return shown.run if shown.content is None else left.to_keep(shown.content)


def _documents(
    history: UndoHistory, session: Session, lives: defaultdict[int, Life]
) -> dict[int, tuple[KeptDocument, KeptDocument]]:
    """The documents before and after each step that changes it. One that a step leads to is the one that the next step
    begins with, and they share its run; the one at hand is the document's."""
    found: dict[int, tuple[KeptDocument, KeptDocument]] = {}
    runs, last = dict(history.runs), None

    def kept(text: str, place: int) -> KeptDocument:
        run = runs.get(place)
        if run is None:
            return KeptDocument(text)
        life = lives[run.life]
        return KeptDocument(text, replace(run, life=life.number), partial(session.left.put_back, life))

    for number, step in enumerate(history.steps):
        before, after = step.words
        if not after.startswith(_OF_A_RUN):
            begun = last if last is not None and last.text == before else kept(before, number)
            last = kept(after, number + 1)
            found[number] = begun, last
    made = [after for number, (_, after) in found.items() if number < history.done]
    ahead = [before for number, (before, _) in found.items() if number >= history.done]
    for at_hand in (*made[-1:], *ahead[:1]):
        at_hand.content = session.document.content
    return found


def _at_hand(history: UndoHistory) -> str:
    """The document that the steps which are made lead to; empty if none tells of one."""
    made, ahead = history.steps[: history.done][::-1], history.steps[history.done :]
    documents = [*(step.words[1] for step in made), *(step.words[0] for step in ahead)]
    return next((text for text in documents if not text.startswith(_OF_A_RUN)), "")


def _kept_command(command: QUndoCommand) -> Command | None:
    """The command itself, or of several that are one step to undo the one that all others follow from."""
    if isinstance(command, Command):
        return command
    children = [command.child(number) for number in range(command.childCount())]
    found = [child for child in children if isinstance(child, Command)]
    return found[0] if len(found) == 1 else None
