"""What can be undone, into a project and out of it again.

Some commands cannot be kept, such as the one that let another run go on: what was done before them stands on what is
gone then. So the history is kept from the last such command on.
"""

from PySide6.QtGui import QUndoCommand, QUndoStack

from nnstudio.gui.document import Document, KeptReplace
from nnstudio.gui.run_edits import RunEdits
from nnstudio.gui.undoing import Command, fill
from nnstudio.project import UndoHistory, UndoStep

_OF_A_RUN = '{"run": '


def kept(stack: QUndoStack) -> UndoHistory:
    """The part of what is on a stack that a project can keep."""
    steps = [_step(stack.command(number)) for number in range(stack.count())]
    made, undone = steps[: stack.index()], steps[stack.index() :]
    begin = 1 + max((number for number, step in enumerate(made) if step is None), default=-1)
    end = next((number for number, step in enumerate(undone) if step is None), len(undone))
    whole = [step for step in (*made[begin:], *undone[:end]) if step is not None]
    return UndoHistory(tuple(whole), len(made) - begin)


def put_back(history: UndoHistory, document: Document, edits: RunEdits) -> None:
    """Have it on the document's stack again, as far as this program knows its steps."""
    commands: list[Command] = []
    for step in history.steps:
        command = _command(step, document, edits)
        if command is None:
            return
        commands.append(command)
    fill(document.undo_stack, commands, history.done)


def _step(command: QUndoCommand) -> UndoStep | None:
    found = command if isinstance(command, Command) else _only_child(command)
    return None if found is None else UndoStep(command.text(), found.before, found.after)


def _only_child(command: QUndoCommand) -> Command | None:
    """Of several that are one step to undo, the one that all others follow from."""
    children = [command.child(number) for number in range(command.childCount())]
    found = [child for child in children if isinstance(child, Command)]
    return found[0] if len(found) == 1 else None


def _command(step: UndoStep, document: Document, edits: RunEdits) -> Command | None:
    if step.after.startswith(_OF_A_RUN):
        return edits.kept(step.before, step.after, step.label)
    return KeptReplace(document, step.before, step.after, step.label)
