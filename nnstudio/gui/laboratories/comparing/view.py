"""What all laboratories that compare do alike: they outlive edits, follow the theme, and end with their dock."""

from typing import ClassVar

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from nnstudio.experiment.edits import Change, changes
from nnstudio.gui.theme import Theme
from nnstudio.gui.tools.view import ToolView

from .comparing import Comparing

_PLURALS = {"process": "es", "thread": "s"}


class ComparisonView(ToolView):
    """`comparing` is who finds out. What is compared is another network than the one that trains: it is drawn when
    there is something new of it, and not at every frame of the run."""

    outdates: ClassVar[Change] = Change.COMPILED | Change.LEARNING_RATE
    """The edits after which what was found is about another experiment."""

    def compose(self) -> None:
        self.comparing = Comparing(self)
        self.touched = False
        """Whether a user has written settings of their own."""
        self._look: tuple[Theme, int] | None = None
        self.lay_out()
        self.comparing.frame_ended.connect(self.show_state)
        self.comparing.changed.connect(self.show_state)
        self.comparing.came.connect(self.take)

    def lay_out(self) -> None:
        """Make the widgets."""

    def offer(self) -> None:
        """Suggest settings that suit the experiment, unless a user has written others or something is known."""

    def take(self, number: int, report: object) -> None:
        """The report of a task has come."""

    def show_state(self) -> None:
        """Draw what is known."""

    def forget(self) -> None:
        """Nothing is known any more."""

    @property
    def knows(self) -> bool:
        """Whether there is anything to draw."""
        return False

    @property
    def outdated(self) -> bool:
        """Whether the experiment has changed since it was compared; an edit that is undone has not changed it."""
        compared = self.comparing.experiment
        if not self.knows or compared is None:
            return False
        return bool(changes(compared, self.context.document.experiment) & self.outdates)

    def rebuild(self) -> None:
        self.offer()

    def refresh(self) -> None:
        self.offer()
        look = (self.context.appearance.theme, self.context.settings.decimals)
        if look != self._look:
            self._look = look
            self.show_state()

    def document_changed(self, change: Change) -> None:
        if self._is_other(change):
            self.comparing.cancel()
            self.forget()
            self.touched = False
        self._look = None
        if self.isVisible() and self.context.session.paused:
            self.refresh()

    def close_tool(self) -> None:
        self.comparing.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        """Behind another tab it goes on; whoever closes the dock does not want to wait for it any longer."""
        super().hideEvent(event)
        self._look = None
        if _is_closed(self):
            self.comparing.cancel()

    def show_note(self, share: float) -> None:
        """How far it is and who is at work, or that it is about another experiment."""
        if (crew := self.comparing.crew) is not None:
            kind, count = "process" if crew.processes else "thread", crew.workers
            self.header.note.setText(f"{round(100 * share)} % · {count} {kind}{_PLURALS[kind] * (count != 1)}")
        else:
            self.header.note.setText("The experiment has changed since" if self.outdated else "")

    def note_touched(self) -> None:
        """A user has written settings."""
        self.touched = True

    def _is_other(self, change: Change) -> bool:
        """Whether another experiment was opened, or other data are learned."""
        return change == Change.ALL or bool(change & Change.DATA)


def _is_closed(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QDockWidget):
        parent = parent.parentWidget()
    return parent is not None and parent.isHidden()
