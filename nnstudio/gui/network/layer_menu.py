"""The menu of a layer: how its weights start, its biases, its place. What cannot be done says why."""

from functools import cache

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.engine.spec import LayerSpec
from nnstudio.gui.widgets.choice import Option

from .facts import Limits
from .options import initializers


class LayerMenu(QMenu):
    """Signals say what was chosen; the list of layers makes edits of it."""

    initializer_chosen = Signal(str)
    bias_chosen = Signal(bool)
    place_chosen = Signal(str)
    """One of up, down, before, after, remove."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._add_initializers(number)
        self._bias = self.addAction("Biases")
        self._bias.setObjectName(f"bias_{number}")
        self._bias.setCheckable(True)
        self._bias.setToolTip("Each unit adds a bias b to its weighted sum")
        self._bias.toggled.connect(self.bias_chosen)
        self.addSeparator()
        self._up = self._place("up", "Move up", f"move_up_{number}", "Alt+Up")
        self._down = self._place("down", "Move down", f"move_down_{number}", "Alt+Down")
        self.addSeparator()
        self._place("before", "Add layer before", f"add_before_{number}")
        self._after = self._place("after", "Add layer after", f"add_after_{number}")
        self.addSeparator()
        self._remove = self._place("remove", "Remove layer", f"remove_{number}")
        self.triggered.connect(self._triggered)

    def show_layer(self, layer: LayerSpec, limits: Limits) -> None:
        """Follow the document."""
        blocker = QSignalBlocker(self._bias)
        self._bias.setChecked(layer.bias)
        blocker.unblock()
        for action in self._starts.actions():
            action.setChecked(action.data() == layer.initializer)
        self._initial.setTitle(f"Initial weights: {_initializer_title(layer.initializer)}")
        _allow(self._up, limits.up)
        _allow(self._down, limits.down)
        _allow(self._after, limits.after)
        _allow(self._remove, limits.remove)

    def _add_initializers(self, number: int) -> None:
        self._initial = self.addMenu("Initial weights")
        self._initial.setObjectName(f"initializer_{number}")
        self._initial.setToolTipsVisible(True)
        self._starts = QActionGroup(self)
        for option in _initializers():
            action = self._starts.addAction(option.text)
            action.setData(option.key)
            action.setCheckable(True)
            self._initial.addAction(action)

    def _place(self, place: str, text: str, name: str, key: str = "") -> QAction:
        action = self.addAction(text)
        action.setObjectName(name)
        action.setData(place)
        if key:
            # The row listens to the key; here it is only shown, or two would answer.
            action.setText(f"{text}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}")
        return action

    def _triggered(self, action: QAction) -> None:
        if action.actionGroup() is self._starts:
            self.initializer_chosen.emit(action.data())
        elif action.data():
            self.place_chosen.emit(action.data())


def _allow(action: QAction, why_not: str) -> None:
    action.setEnabled(not why_not)
    text = action.text().partition("\t")[0]
    action.setToolTip(f"{text} — {why_not}" if why_not else text)


@cache
def _initializers() -> tuple[Option, ...]:
    return initializers()


def _initializer_title(name: str) -> str:
    return next((option.text for option in _initializers() if option.key == name), name)
