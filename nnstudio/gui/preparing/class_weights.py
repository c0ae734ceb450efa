"""How much the rows of each class count: a field for each class."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.gui.widgets.form import CONTROL_WIDTH, FormRow
from nnstudio.gui.widgets.number_field import NumberField

MOST_WEIGHED = 50
_INSET = 24


class ClassWeightFields(QWidget):
    """`entered` carries a class and its new weight; `rejected` why what was typed is none."""

    entered = Signal(str, float)
    rejected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, NumberField] = {}
        self._rows: list[FormRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_INSET, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_weights(self, classes: tuple[str, ...], given: dict[str, float] | None) -> None:
        """The weights of these classes, 1 for one that is not named; nothing where classes have none of their own."""
        self.setVisible(given is not None)
        if given is None:
            return
        listed = classes[:MOST_WEIGHED]
        if listed != tuple(self.fields):
            self._list(listed)
        for name, field in self.fields.items():
            field.show_value(given.get(name, 1.0))

    def _list(self, classes: tuple[str, ...]) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.fields, self._rows = {}, []
        for name in classes:
            field = NumberField("class_weight", f"The weight of {name}")
            field.setFixedWidth(CONTROL_WIDTH)
            field.entered.connect(partial(self.entered.emit, name))
            field.rejected.connect(self.rejected)
            self.fields[name] = field
            self._rows.append(FormRow(name, field))
            self._column.addWidget(self._rows[-1])
