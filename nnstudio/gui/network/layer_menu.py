"""The menu of a layer: its details, its place. What cannot be done says why."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from .facts import Limits


class LayerMenu(QMenu):
    """Signals say what was chosen; the list of layers makes edits of it."""

    details_chosen = Signal()
    place_chosen = Signal(str)
    """One of up, down, before, after, remove."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        details = self.addAction("Details…")
        details.setObjectName(f"details_{number}")
        details.setToolTip("Initial weights, normalization, dropout, biases")
        details.triggered.connect(self.details_chosen)
        self.addSeparator()
        self._up = self._place("up", "Move up", f"move_up_{number}", "Alt+Up")
        self._down = self._place("down", "Move down", f"move_down_{number}", "Alt+Down")
        self.addSeparator()
        self._place("before", "Add layer before", f"add_before_{number}")
        self._after = self._place("after", "Add layer after", f"add_after_{number}")
        self.addSeparator()
        self._remove = self._place("remove", "Remove layer", f"remove_{number}")
        self.triggered.connect(self._triggered)

    def show_limits(self, limits: Limits) -> None:
        """Follow the document."""
        _allow(self._up, limits.up)
        _allow(self._down, limits.down)
        _allow(self._after, limits.after)
        _allow(self._remove, limits.remove)

    def _place(self, place: str, text: str, name: str, key: str = "") -> QAction:
        action = self.addAction(text)
        action.setObjectName(name)
        action.setData(place)
        if key:
            # The row listens to the key; here it is only shown, or two would answer.
            action.setText(f"{text}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}")
        return action

    def _triggered(self, action: QAction) -> None:
        if action.data():
            self.place_chosen.emit(action.data())


def _allow(action: QAction, why_not: str) -> None:
    action.setEnabled(not why_not)
    text = action.text().partition("\t")[0]
    action.setToolTip(f"{text} — {why_not}" if why_not else text)
