"""What the learning curve shows: Cost | Accuracy ▾ | Gradients ▾.

The second segment stands for whichever metric was chosen last, the third for what drives the updates: the gradients or
the learning rate.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.metrics import Metric

from .curve_state import Quantity

_COST, _METRIC, _DRIVE = range(3)
_DRIVES = (Quantity.GRADIENTS, Quantity.RATE)
_MEANING = {
    Quantity.COST: "Cost J over all rows of each part, at the end of each epoch",
    Quantity.RATE: "The learning rate α of the last update of each epoch",
    Quantity.GRADIENTS: "Length ‖∂J/∂W‖ of each layer's gradient, in the last mini-batch of each epoch",
}


class QuantityChoice(Segmented):
    """`quantity_chosen` carries what a user has chosen, and the metric that the second segment stands for."""

    quantity_chosen = Signal(Quantity, Metric)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([Quantity.COST, Metric.ACCURACY.heading, Quantity.GRADIENTS], "Shown", parent)
        self._of_segment = Metric.ACCURACY
        self._drive = Quantity.GRADIENTS
        self._metrics, self._drives = QMenu(self), QMenu(self)
        self._fill(self._drives, [(drive, drive.value, _MEANING[drive]) for drive in _DRIVES])
        for position, menu in ((_METRIC, self._metrics), (_DRIVE, self._drives)):
            menu.setToolTipsVisible(True)
            menu.triggered.connect(self._menu_chosen)
            self.offer(position, menu)
        self.chosen.connect(self._segment_chosen)

    def set_metrics(self, metrics: Sequence[Metric]) -> None:
        """The metrics that there are for the data at hand."""
        self._fill(self._metrics, [(metric, metric.heading, metric.meaning) for metric in metrics])

    def show_choice(self, quantity: Quantity, metric: Metric) -> None:
        """Show this as chosen, without saying so."""
        self._of_segment = metric
        self._drive = quantity if quantity in _DRIVES else self._drive
        blocked = self.blockSignals(True)
        self.rename(_METRIC, metric.heading)
        self.rename(_DRIVE, self._drive)
        shown = {Quantity.COST: _COST, Quantity.METRIC: _METRIC}.get(quantity, _DRIVE)
        self.choose_at(shown)
        self.blockSignals(blocked)
        self.setToolTip(_MEANING.get(quantity) or f"{metric.heading} of the rows of each part: {metric.meaning}")
        for menu, current in ((self._metrics, metric), (self._drives, self._drive)):
            for action in menu.actions():
                action.setChecked(action.data() == current.value)

    def _fill(self, menu: QMenu, options: Sequence[tuple[Quantity | Metric, str, str]]) -> None:
        """A menu of which one is on."""
        menu.clear()
        group = QActionGroup(menu)
        for value, text, meaning in options:
            action = menu.addAction(text)
            action.setData(value.value)
            action.setToolTip(meaning)
            action.setCheckable(True)
            group.addAction(action)

    def _segment_chosen(self, _text: str) -> None:
        quantities = {_COST: Quantity.COST, _METRIC: Quantity.METRIC, _DRIVE: self._drive}
        self._say(quantities[self.position], self._of_segment)

    def _menu_chosen(self, action: QAction) -> None:
        if action in self._metrics.actions():
            self._say(Quantity.METRIC, Metric(action.data()))
        else:
            self._say(Quantity(action.data()), self._of_segment)

    def _say(self, quantity: Quantity, metric: Metric) -> None:
        self.show_choice(quantity, metric)
        self.quantity_chosen.emit(quantity, metric)
