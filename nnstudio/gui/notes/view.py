"""The notes: plain text."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from nnstudio.gui.tools.view import ToolView

_INVITATION = "What you tried, what you saw, what to try next. Notes are saved with the project."


class NotesView(ToolView):
    """It shows what is kept, and keeps what is typed."""

    def compose(self) -> None:
        self._keepsakes = self.context.keepsakes
        self.text = QPlainTextEdit(self._keepsakes.notes)
        self.text.setObjectName("notes")
        self.text.setAccessibleName("Notes")
        self.text.setPlaceholderText(_INVITATION)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setTabChangesFocus(True)
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.text.textChanged.connect(self._typed)
        self._keepsakes.opened.connect(self._show)

    def sizeHint(self) -> QSize:
        return QSize(360, 280)

    def _typed(self) -> None:
        self._keepsakes.set_notes(self.text.toPlainText())

    def _show(self) -> None:
        """Those of another project."""
        self.text.setPlainText(self._keepsakes.notes)
