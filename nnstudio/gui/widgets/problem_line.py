"""Why the last change was refused, said where it was tried; it goes with the next change that works."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy

from nnstudio.experiment.edits import Edit
from nnstudio.gui.document import Document
from nnstudio.gui.wording import plain

from .panel_scroll import bring_into_view


class ProblemLine(QLabel):
    """`attempt` makes an edit; `show_problem` says what could not be entered."""

    def __init__(self, name: str, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setObjectName(name)
        self.setAccessibleName("Problem")
        self.setProperty("error", True)
        self.setProperty("small", True)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()
        document.changed.connect(self._clear)

    def attempt(self, edit: Edit, gesture: object | None = None) -> bool:
        """Make the edit, as part of a gesture, or say here why it cannot be made."""
        reason = self._document.attempt(edit, gesture)
        self.show_problem(reason or "")
        return reason is None

    def show_problem(self, reason: str) -> None:
        """Say it; nothing where there is nothing to say."""
        text = plain(reason)
        self.setText(text)
        self.setVisible(bool(text))
        if text:
            QTimer.singleShot(0, self, self._come_into_view)

    def _clear(self) -> None:
        self.show_problem("")

    def _come_into_view(self) -> None:
        """A short panel scrolls to it."""
        bring_into_view(self)
