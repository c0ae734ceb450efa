"""What more can be said of the column at hand: the order of its categories, how its dates are read, or that its cells
that are no numbers are gaps."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from nnstudio.data.dates import DateOrder, DatePart
from nnstudio.data.spec import ColumnSpec, ColumnType, Unreadable
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.form import Form
from nnstudio.gui.widgets.icon_button import IconButton

_LINES_SHOWN, _GAP = 5, 2
_AS_RECOGNIZED = "recognized"
_DATES = {
    _AS_RECOGNIZED: "as recognized",
    DateOrder.DAY_FIRST.value: "the day first: 25.11.2026",
    DateOrder.MONTH_FIRST.value: "the month first: 11/25/2026",
}


class ColumnForm(QWidget):
    """Nothing for a column of which nothing more can be said; `changed` carries what is to be said of it instead."""

    changed = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._name, self._said = "", ColumnSpec()
        self.order = _Order(appearance)
        self.dates = _Dates()
        self.as_gaps = QCheckBox("Its cells that are no numbers are gaps")
        self.as_gaps.setObjectName("mistakes_as_gaps")
        self.as_gaps.setToolTip("What is no number counts as missing, and is filled or dropped as gaps are")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        for part in (self.order, self.dates, self.as_gaps):
            column.addWidget(part)
        self.order.moved.connect(self._move)
        self.dates.changed.connect(self._change)
        self.as_gaps.clicked.connect(self._take_as_gaps)

    def show_column(self, name: str, said: ColumnSpec, mistaken: bool = False) -> None:
        """Show what is said of this column, which may have cells that are mistaken."""
        self._name, self._said = name, said
        ordered = said.type is ColumnType.ORDINAL and len(said.order) > 1
        dated = said.type is ColumnType.DATE
        if ordered:
            self.order.show_order(name, said.order)
        if dated:
            self.dates.show_dates(name, said)
        self.order.setVisible(ordered)
        self.dates.setVisible(dated)
        self.as_gaps.setVisible(mistaken)
        self.as_gaps.setChecked(said.unreadable is Unreadable.GAP)
        self.setVisible(ordered or dated or mistaken)

    def _take_as_gaps(self, taken: bool) -> None:
        self._change({"unreadable": Unreadable.GAP if taken else Unreadable.REFUSED})

    def _move(self, place: int, to: int) -> None:
        order = list(self._said.order)
        order.insert(to, order.pop(place))
        self._change({"order": tuple(order)})

    def _change(self, changed: dict[str, object]) -> None:
        self.changed.emit(self._name, structs.replace(self._said, **changed))


class _Order(QWidget):
    """The categories, the least first. `moved` carries where one stands and where it is to stand."""

    moved = Signal(int, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.title = ElidedLabel()
        self.title.setProperty("muted", True)
        self.list = QListWidget()
        self.list.setObjectName("category_order")
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(_GAP)
        self.up = IconButton("category_up", "mdi6.chevron-up", "Earlier: it is less", appearance)
        self.down = IconButton("category_down", "mdi6.chevron-down", "Later: it is more", appearance)
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        for button in (self.up, self.down):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(row)
        self.list.currentRowChanged.connect(self._offer)
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))

    def show_order(self, name: str, order: tuple[str, ...]) -> None:
        """Show an order; the category that is chosen stays chosen where it is still there."""
        self.title.show_text(f"The order of {name}, the least first: each counts as its place, from 0")
        self.list.setAccessibleName(f"The order of {name}, the least first")
        chosen = self.list.currentItem()
        text = "" if chosen is None else chosen.text()
        if order != tuple(self.list.item(row).text() for row in range(self.list.count())):
            self.list.clear()
            self.list.addItems(order)
            self.list.setCurrentRow(order.index(text) if text in order else 0)
        self.list.setFixedHeight(min(len(order), _LINES_SHOWN) * (self.list.sizeHintForRow(0) + 2 * _GAP) + 2 * _GAP)
        self._offer()

    def _offer(self) -> None:
        row = self.list.currentRow()
        self.up.set_possible(row > 0, "it is the least")
        self.down.set_possible(0 <= row < self.list.count() - 1, "it is the greatest")

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        self.moved.emit(row, row + by)


class _Dates(QWidget):
    """How dates are read, and which parts of them are columns of their own."""

    changed = Signal(object)  # a Signal(dict) would turn enums into text

    def __init__(self) -> None:
        super().__init__()
        self.first = Choice("dates_first", "What comes first in a date with its year last")
        self.first.set_options([Option(key, text) for key, text in _DATES.items()])
        form = Form()
        form.add("Dates have", self.first)
        self.parts = {part: QCheckBox(part.value) for part in DatePart}
        row = QHBoxLayout()
        row.setSpacing(16)
        for part, box in self.parts.items():
            box.setObjectName(f"date_{part.value}")
            box.setAccessibleName(f"The {part.value} as a column of its own")
            box.setToolTip(box.accessibleName())
            box.clicked.connect(self._parts_chosen)
            row.addWidget(box)
        row.addStretch(1)
        self.title = ElidedLabel()
        self.title.setProperty("muted", True)
        form.addWidget(self.title)
        form.addLayout(row)
        self.setLayout(form)
        self.first.chosen.connect(self._order_chosen)

    def show_dates(self, name: str, said: ColumnSpec) -> None:
        """Show how this column is read."""
        self.first.choose(_AS_RECOGNIZED if said.dates is None else said.dates.value)
        self.title.show_text(f"{name} counts as days since 1970; inputs besides:")
        for part, box in self.parts.items():
            box.setChecked(part in said.parts)

    def _order_chosen(self, key: str) -> None:
        self.changed.emit({"dates": None if key == _AS_RECOGNIZED else DateOrder(key)})

    def _parts_chosen(self) -> None:
        self.changed.emit({"parts": tuple(part for part, box in self.parts.items() if box.isChecked())})
