"""What is seldom set for a layer, for all layers one below the other: how its weights start, its normalization, its
dropout, its biases."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnstudio.engine.spec import LayerSpec, Normalization
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_layer
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.number_field import NumberField

from .group import Group
from .options import initializers, normalizations
from .setting_rows import check

_NUMBER, _DROPOUT = 12, 44
_SPACING = 5
_DROPOUT_TIP = "Dropout: the part of the outputs that each iteration of the training leaves out at random; 0 is off"
_NO_DROPOUT = "Dropout in the output layer would drop the predictions themselves"


class LayerDetails(Group):
    name, title = "details", "Details"

    def fill(self) -> None:
        self._rows: list[_LayerBlock] = []

    def show_settings(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        self._match_rows(len(layers))
        for row, layer in zip(self._rows, layers, strict=True):
            row.show_layer(layer, output=layer is layers[-1])

    def summary(self, experiment: Experiment) -> str:
        return ""  # each layer has its own, in its row

    def fields(self) -> list[QWidget]:
        return [control for row in self._rows for control in row.fields()]

    def go_to(self, position: int) -> None:
        """Open the details of a layer, with the keyboard in them."""
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
            row = _LayerBlock(position + 1, self.guide)
            row.wanted.connect(partial(self._set, position))
            row.rejected.connect(self.problem.show_problem)
            self._rows.append(row)
            self.form.insertWidget(position, row)
        self.opened.emit()

    def _set(self, position: int, what: str, value: object) -> None:
        self.attempt(set_layer(self.document.experiment, position, **{what: value}))


class _LayerBlock(QWidget):
    """Two lines. `wanted` carries which part of the layer is to become what, `rejected` why something cannot be
    entered."""

    wanted = Signal(str, object)
    rejected = Signal(str)

    def __init__(self, number: int, guide: Guide) -> None:
        super().__init__()
        self.initializer = Choice(f"initializer_{number}", f"Initial weights of layer {number}")
        self.initializer.set_options(initializers())
        self.initializer.chosen.connect(partial(self.wanted.emit, "initializer"))
        self.normalization = Choice(f"normalization_{number}", f"Normalization of layer {number}")
        self.normalization.set_options(normalizations())
        self.normalization.chosen.connect(self._normalize)
        for choice in (self.initializer, self.normalization):
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            choice.setProperty("tight", True)
            guide.watch(choice)
        self.dropout = NumberField(f"dropout_{number}", f"Dropout of layer {number}")
        self.dropout.setFixedWidth(_DROPOUT)
        self.dropout.entered.connect(partial(self.wanted.emit, "dropout"))
        self.dropout.rejected.connect(self.rejected)
        self.bias = QCheckBox("bias")
        self.bias.setObjectName(f"bias_{number}")
        self.bias.setAccessibleName(f"Biases of layer {number}")
        self.bias.setToolTip("Each unit adds a bias b to its weighted sum")
        self.bias.toggled.connect(partial(self.wanted.emit, "bias"))
        self._lay_out(number)

    def fields(self) -> list[QWidget]:
        """What the keyboard reaches, line by line."""
        return [self.initializer, self.bias, self.normalization, self.dropout]

    def show_layer(self, layer: LayerSpec, *, output: bool) -> None:
        """Follow the document. The output layer has no dropout."""
        self.initializer.choose(layer.initializer)
        self.normalization.choose(layer.normalization)
        self.dropout.show_value(layer.dropout)
        self.dropout.setEnabled(not output or bool(layer.dropout))
        self.dropout.setToolTip(_NO_DROPOUT if output else _DROPOUT_TIP)
        check(self.bias, layer.bias)

    def _lay_out(self, number: int) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 5)
        grid.setHorizontalSpacing(_SPACING)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        label = _quiet(str(number))
        label.setFixedWidth(_NUMBER)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.initializer, 0, 1)
        grid.addWidget(self.bias, 0, 2)
        grid.addWidget(self.normalization, 1, 1)
        drop = QHBoxLayout()
        drop.setSpacing(_SPACING)
        drop.addWidget(_quiet("drop"))
        drop.addWidget(self.dropout)
        grid.addLayout(drop, 1, 2)

    def _normalize(self, name: str) -> None:
        self.wanted.emit("normalization", Normalization(name))


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    return label
