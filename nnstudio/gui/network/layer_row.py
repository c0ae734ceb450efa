"""One layer in a line: its number, what it is, its units, its activation, and a menu for the rest. Below it stands in
small what of the layer is not as usual."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nnstudio.engine.spec import LayerSpec
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.icon_button import IconButton

from .facts import Limits, badges
from .layer_menu import LayerMenu
from .options import activations

MOST_UNITS = 100_000
_UNITS_WIDTH = 44
_ACTIVATIONS = activations()


class LayerRow(QWidget):
    """It shows the layer at its place, and says which place was asked for by key."""

    place_chosen = Signal(str)

    def __init__(self, number: int, appearance: Appearance) -> None:
        super().__init__()
        self.number = QLabel(str(number))
        self.number.setProperty("muted", True)
        self.number.setMinimumWidth(12)
        self.name = QLabel()
        self.name.setMinimumWidth(self.fontMetrics().horizontalAdvance("Output") + 2)
        self.units = CountField(f"units_{number}", f"Units of layer {number}", 1, MOST_UNITS)
        self.units.lineEdit().setTextMargins(4, 0, 4, 0)
        self.activation = Choice(f"activation_{number}", f"Activation of layer {number}")
        self.activation.set_options(_ACTIVATIONS)
        self.activation.setProperty("tight", True)
        self.activation.setMinimumWidth(78)
        self.activation.setMaximumWidth(104)
        self.activation.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = IconButton(
            f"layer_menu_{number}", "mdi6.dots-vertical", f"More about layer {number}", appearance, self
        )
        self.button.setFixedWidth(16)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = LayerMenu(number, self)
        self.button.setMenu(self.menu)
        self.menu.place_chosen.connect(self.place_chosen)
        self.badges = ElidedLabel()
        self.badges.setObjectName(f"badges_{number}")
        self.badges.setProperty("muted", True)
        self.badges.setProperty("small", True)
        self._lay_out()
        self._listen_to_keys()

    def show_layer(self, layer: LayerSpec, limits: Limits, output_reason: str) -> None:
        """Follow the document; `output_reason` says why an output layer has its units, and is empty for others."""
        output = bool(output_reason)
        self.name.setText("Output" if output else "Hidden")
        self.units.show_value(layer.units, MOST_UNITS)
        self.units.setFixedWidth(max(_UNITS_WIDTH, self.fontMetrics().horizontalAdvance(self.units.text()) + 20))
        self.units.setEnabled(not output)
        self.units.setToolTip(output_reason[:1].upper() + output_reason[1:] if output else "Units of this layer")
        self.activation.choose(layer.activation)
        self.menu.show_limits(limits)
        self.badges.show_text(badges(layer))
        self.badges.setVisible(bool(self.badges.whole))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        layout = QHBoxLayout()
        layout.setSpacing(5)
        column.addLayout(layout)
        column.addWidget(self.badges)
        self.badges.setContentsMargins(self.number.minimumWidth() + layout.spacing(), 0, 0, 2)
        layout.addWidget(self.number)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.units)
        layout.addWidget(self.activation, 2)
        layout.addWidget(self.button)

    def _listen_to_keys(self) -> None:
        for key, slot in (("Alt+Up", self._up), ("Alt+Down", self._down)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _up(self) -> None:
        self.place_chosen.emit("up")

    def _down(self) -> None:
        self.place_chosen.emit("down")
