"""What is chosen beside the landscape: whose J, over which directions, which parameters; and what is known of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from nnstudio.engine.arena import Slot
from nnstudio.explain.landscape.axes import Sight
from nnstudio.explain.landscape.ground import Rows
from nnstudio.gui.laboratories.readings import Readings
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.form import Form

from .parameters import key_of, options
from .surveying import Parameter

_WIDTH = 256
_ROWS = {
    Rows.BATCH: "J of the mini-batch at hand, as the machine computes it; between two of them, of the next one",
    Rows.TRAINING: "J of all training rows, as it is measured at the end of an epoch",
}
_SIGHTS = {
    Sight.PARAMETERS: "Two parameters; the others stay as they are",
    Sight.RANDOM: "Two random directions, each filter as long as the network's own (Li et al. 2018)",
    Sight.GRADIENT: "The gradient of the mini-batch, and a random direction at right angles to it",
    Sight.WAY: "The two directions in which the descent went farthest, its principal directions",
}


class Controls(QWidget):
    """`rows` and `sights` are choices, `first` and `second` parameters; `others` asks for other directions, `stop` ends
    the survey. What they do is up to the view."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = Choice("landscape_rows", "Whose cost")
        self.rows.set_options(Option(rows.value, rows.value, tip) for rows, tip in _ROWS.items())
        self.rows.choose(Rows.BATCH.value)
        self.sights = Choice("landscape_sight", "Directions of the map")
        self.sights.set_options(Option(sight.value, sight.value, tip) for sight, tip in _SIGHTS.items())
        self.sights.choose(Sight.PARAMETERS.value)
        self.first = Choice("landscape_first", "Parameter")
        self.second = Choice("landscape_second", "Second parameter")
        self.others = _link("landscape_others", "Other directions")
        self.readings = Readings("landscape_readings", "The cost here and after the update")
        self.note = QLabel()
        self.note.setObjectName("landscape_note")
        self.note.setWordWrap(True)
        self.note.setProperty("muted", True)
        self.stop = _link("landscape_stop", "Stop")
        self.stop.setAccessibleName("Stop the survey")
        self.setFixedWidth(_WIDTH)
        self._arrange()

    def show_parameters(self, slots: tuple[Slot, ...], first: Parameter, second: Parameter) -> None:
        """Offer the parameters of the network, these two chosen."""
        for choice, chosen in ((self.first, first), (self.second, second)):
            choice.set_options(options(slots, chosen))
            choice.choose(key_of(chosen))

    def show_sight(self, sight: Sight | None) -> None:
        """What there is to choose for a plane, or for the curve of one parameter."""
        self._sight_row.setVisible(sight is not None)
        self._first_row.setVisible(sight in (None, Sight.PARAMETERS))
        self._second_row.setVisible(sight is Sight.PARAMETERS)
        self.others.setVisible(sight in (Sight.RANDOM, Sight.GRADIENT))

    def say(self, text: str, *, at_work: bool) -> None:
        """How far the survey is; while it is at work it can be stopped."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.stop.setVisible(at_work)

    def _arrange(self) -> None:
        form = Form()
        form.add("J of", self.rows)
        self._sight_row = form.add("over", self.sights)
        self._first_row = form.add("parameter", self.first)
        self._second_row = form.add("and", self.second)
        form.addWidget(self.others, 0, Qt.AlignmentFlag.AlignLeft)
        form.addSpacing(8)
        form.addWidget(self.readings)
        form.addSpacing(4)
        form.addWidget(self.note)
        form.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        form.addStretch(1)
        self.setLayout(form)


def _link(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("link", True)
    return button
