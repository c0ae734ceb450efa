"""The sample at hand: which one, its inputs, its target and the prediction; two buttons go to its neighbours, in the
mini-batch or, where a row is shown by itself, in the data."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from nnstudio.experiment.outputs import Nature
from nnstudio.gui.actions import SAMPLES, with_key
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.elided_label import ElidedLabel, TupleLabel
from nnstudio.gui.widgets.form import heading
from nnstudio.gui.widgets.icon_button import IconButton
from nnstudio.gui.widgets.steady_label import SteadyLabel

from .reading import NOTHING, Reading


class SampleBlock(QFrame):
    """`stepped` carries −1 or 1: the sample before or after this one was asked for; `left` says that the mini-batch
    was."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.position = SteadyLabel()
        self.position.setProperty("muted", True)
        self.position.setObjectName("sample_position")
        self.inputs = TupleLabel()
        self.inputs.setObjectName("sample_inputs")
        self.inputs.setAccessibleName("Inputs of the sample")
        self.previous = IconButton("previous_sample", "mdi6.chevron-left", with_key(SAMPLES["previous"]), appearance)
        self.next = IconButton("next_sample", "mdi6.chevron-right", with_key(SAMPLES["next"]), appearance)
        for button in (self.previous, self.next):
            button.setProperty("filled", True)
        self.previous.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        self.back = QPushButton("Back to the mini-batch")
        self.back.setObjectName("back_to_batch")
        self.back.setProperty("link", True)
        self.back.setToolTip("This row is shown by itself; show the samples of the mini-batch at hand again")
        self.back.clicked.connect(self.left)
        self.back.hide()
        self._words, self._values = {}, {}
        for name in ("target", "prediction", "difference"):
            self._words[name], self._values[name] = _pair(name)
        self._values["prediction"].setProperty("heading", True)
        self._lay_out()

    def arrange(self, nature: Nature) -> None:
        """A line each, so that target − prediction = difference reads like a sum; 0 and 1 are short enough for one."""
        for name in self._words:
            self._grid.removeWidget(self._words[name])
            self._grid.removeWidget(self._values[name])
        narrow = nature is Nature.BINARY
        middle = Qt.AlignmentFlag.AlignVCenter
        side = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight
        self._values["target"].setAlignment(side | middle)
        cells = {"target": (0, 0), "prediction": (0, 2) if narrow else (1, 0), "difference": (2, 0)}
        for name, (row, column) in cells.items():
            self._grid.addWidget(self._words[name], row, column)
            self._grid.addWidget(self._values[name], row, column + 1, 1, 1 if narrow else 3)
        for part in (self._words, self._values):
            part["difference"].setVisible(nature is Nature.VALUES)

    def show_reading(self, reading: Reading | None) -> None:
        """Show the sample, or that there is none yet."""
        if reading is None:
            self._show_nothing()
            return
        self.position.setText(reading.position)
        self.position.setToolTip(reading.where)
        self.inputs.show_parts("x = ", reading.inputs, reading.inputs_tip)
        self._values["target"].show_text(reading.target)
        tip = "" if reading.prediction != NOTHING else "The forward phase of this mini-batch has yet to compute it"
        self._values["prediction"].show_text(reading.prediction, tip)
        self._values["difference"].show_text(reading.difference, tip or "target − prediction")
        self.previous.set_possible(reading.place > 0, "this is the first")
        self.next.set_possible(reading.place < reading.size - 1, "this is the last")
        self.back.setVisible(reading.alone)

    def _show_nothing(self) -> None:
        self.position.setText("")
        self.inputs.show_parts("", (), "")
        self.inputs.show_text("F10 loads the next", "The next operations load a mini-batch")
        for value in self._values.values():
            value.show_text(NOTHING)
        for button in (self.previous, self.next):
            button.set_possible(False, "no mini-batch has been loaded yet")
        self.back.hide()

    def _lay_out(self) -> None:
        head, walk, self._grid = QHBoxLayout(), QHBoxLayout(), QGridLayout()
        head.addWidget(heading("Sample"), 1)
        head.addWidget(self.position)
        walk.setSpacing(4)
        walk.addWidget(self.previous)
        walk.addWidget(self.inputs, 1)
        walk.addWidget(self.next)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 4)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(walk)
        column.addLayout(self._grid)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)

    def _go_back(self) -> None:
        self.stepped.emit(-1)

    def _go_on(self) -> None:
        self.stepped.emit(1)


def _pair(name: str) -> tuple[QLabel, ElidedLabel]:
    word, value = QLabel(name), ElidedLabel(right=True)
    word.setProperty("muted", True)
    value.setObjectName(f"sample_{name}")
    value.setAccessibleName(name.capitalize())
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return word, value
