"""What is seldom set for a layer, in a table of all layers: how its weights start, its dropout, its biases."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_layer
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.number_field import NumberField

from .group import Group
from .options import initializers
from .setting_rows import check

_NUMBER, _DROPOUT, _BIAS = 12, 46, 26
_SPACING = 5
_DROPOUT_TIP = "The part of the outputs that is left out, at random, in each iteration of the training; 0 is off"


class LayerDetails(Group):
    name, title = "details", "Details"

    def fill(self) -> None:
        self._rows: list[_DetailRow] = []
        self.form.addWidget(_Captions())

    def show_settings(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        self._match_rows(len(layers))
        for row, layer in zip(self._rows, layers, strict=True):
            row.show_layer(layer, output=layer is layers[-1])

    def summary(self, experiment: Experiment) -> str:
        return ""  # each layer has its own, in its row

    def fields(self) -> list[QWidget]:
        return [control for row in self._rows for control in (row.initializer, row.dropout, row.bias)]

    def go_to(self, position: int) -> None:
        """Open the table at a layer, with the keyboard in its row."""
        self.header.setChecked(True)
        self._rows[position].initializer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _match_rows(self, count: int) -> None:
        if len(self._rows) == count:
            return
        while len(self._rows) > count:
            row = self._rows.pop()
            self.form.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < count:
            position = len(self._rows)
            row = _DetailRow(position + 1, self.guide)
            row.wanted.connect(partial(self._set, position))
            row.rejected.connect(self.problem.show_problem)
            self._rows.append(row)
            self.form.insertWidget(position + 1, row)
        self.opened.emit()

    def _set(self, position: int, what: str, value: object) -> None:
        self.attempt(set_layer(self.document.experiment, position, **{what: value}))


class _DetailRow(QWidget):
    """`wanted` carries which part of the layer is to become what, `rejected` why something cannot be entered."""

    wanted = Signal(str, object)
    rejected = Signal(str)

    def __init__(self, number: int, guide: Guide) -> None:
        super().__init__()
        label = QLabel(str(number))
        label.setProperty("muted", True)
        label.setFixedWidth(_NUMBER)
        self.initializer = Choice(f"initializer_{number}", f"Initial weights of layer {number}")
        self.initializer.set_options(initializers())
        self.initializer.setProperty("tight", True)
        self.initializer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.initializer.chosen.connect(partial(self.wanted.emit, "initializer"))
        guide.watch(self.initializer)
        self.dropout = NumberField(f"dropout_{number}", f"Dropout of layer {number}")
        self.dropout.setFixedWidth(_DROPOUT)
        self.dropout.setTextMargins(-3, 0, -3, 0)
        self.dropout.entered.connect(partial(self.wanted.emit, "dropout"))
        self.dropout.rejected.connect(self.rejected)
        self.bias = QCheckBox()
        self.bias.setObjectName(f"bias_{number}")
        self.bias.setAccessibleName(f"Biases of layer {number}")
        self.bias.setToolTip("Each unit adds a bias b to its weighted sum")
        self.bias.toggled.connect(partial(self.wanted.emit, "bias"))
        layout = _columns(self)
        layout.addWidget(label)
        layout.addWidget(self.initializer, 1)
        layout.addWidget(self.dropout)
        layout.addWidget(_centred(self.bias))

    def show_layer(self, layer: LayerSpec, *, output: bool) -> None:
        """Follow the document. The output layer has no dropout."""
        self.initializer.choose(layer.initializer)
        self.dropout.show_value(layer.dropout)
        self.dropout.setEnabled(not output or bool(layer.dropout))
        reason = "not in the output layer, where it would drop the predictions themselves"
        self.dropout.setToolTip(f"{_DROPOUT_TIP} — {reason}" if output else _DROPOUT_TIP)
        check(self.bias, layer.bias)


class _Captions(QWidget):
    """The names of the columns."""

    def __init__(self) -> None:
        super().__init__()
        layout = _columns(self)
        layout.addSpacing(_NUMBER + _SPACING)
        for text, width in (("Initial weights", 0), ("Dropout", _DROPOUT), ("Bias", _BIAS)):
            label = QLabel(text)
            label.setProperty("muted", True)
            label.setProperty("small", True)
            if width:
                label.setFixedWidth(width)
            layout.addWidget(label, 0 if width else 1)


def _columns(row: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(_SPACING)
    return layout


def _centred(box: QCheckBox) -> QWidget:
    """A check box in the middle of its column."""
    place = QWidget()
    place.setFixedWidth(_BIAS)
    layout = QHBoxLayout(place)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
    return place
