"""Rows of a quiet form: a muted name at the left, its control at the right edge."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.widgets.elided_label import ElidedLabel

CONTROL_WIDTH = 96
_LABEL_WIDTH = 110


class FormRow(QWidget):
    """One row; it is hidden and shown as a whole."""

    def __init__(self, name: str, *controls: QWidget, fill: bool = False) -> None:
        super().__init__()
        self.label = ElidedLabel(name)
        self.label.setProperty("muted", True)
        natural = self.label.sizeHint().width()
        self.label.setMinimumWidth(min(natural, _LABEL_WIDTH))
        if fill:
            self.label.setFixedWidth(natural)
            self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        if controls[-1].focusPolicy() != Qt.FocusPolicy.NoFocus:
            self.label.setBuddy(controls[-1])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.label, 0 if fill else 1)
        for control in controls:
            layout.addWidget(control, 1 if fill and control is controls[0] else 0)
        self.setMinimumHeight(26)


class Form(QVBoxLayout):
    """Rows one under the other, 4 pixels apart."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(4)

    def add(self, name: str, *controls: QWidget, fill: bool = False) -> FormRow:
        row = FormRow(name, *controls, fill=fill)
        self.addWidget(row)
        return row


def heading(text: str) -> QLabel:
    """The title of a group."""
    label = QLabel(text)
    label.setProperty("heading", True)
    return label
