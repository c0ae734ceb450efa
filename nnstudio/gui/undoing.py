"""Commands of the undo stack that outlive their window: a project keeps what can be undone, and has it again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand, QUndoStack

if TYPE_CHECKING:
    from nnstudio.project import Side

    from .document import Content
    from .project.kept_documents import KeptDocument


class Command(QUndoCommand):
    """`before` and `after` tell all that it takes to make this command again: as JSON, or as what will be put into it.
    One that is `asleep` is put on the stack, or moved past, without being carried out."""

    asleep = False

    def undo(self) -> None:
        if not self.asleep:
            self.unmake()

    def redo(self) -> None:
        if not self.asleep:
            self.make()

    def make(self) -> None:
        raise NotImplementedError

    def unmake(self) -> None:
        raise NotImplementedError

    @property
    def sides(self) -> "tuple[Content, Content] | tuple[KeptDocument, KeptDocument] | None":
        """The documents before and after this command; None for one that changes none."""
        return None

    @property
    def before(self) -> "Side":
        raise NotImplementedError

    @property
    def after(self) -> "Side":
        raise NotImplementedError


def fill(stack: QUndoStack, commands: Sequence[Command], done: int) -> None:
    """Have these commands on an empty stack, of which the first `done` have been carried out already."""
    for command in commands:
        command.asleep = True
        stack.push(command)
    move_to(stack, done)


def move_to(stack: QUndoStack, index: int) -> None:
    """Be there, with nothing on the way carried out."""
    commands = commands_of(stack)
    for command in commands:
        command.asleep = True
    stack.setIndex(index)
    for command in commands:
        command.asleep = False


def commands_of(stack: QUndoStack) -> list[Command]:
    """Those on a stack, in order."""
    found = [stack.command(number) for number in range(stack.count())]
    return [one for one in found if isinstance(one, Command)]
