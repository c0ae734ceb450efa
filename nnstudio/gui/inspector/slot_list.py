"""The list of slots: symbol, shape, and how each value stands. Only states that changed are drawn again."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.engine.arena import Slot
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.explain.symbols import slot_symbol
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.steady_list import SteadyListView

from .reading_order import Group, belongs, in_reading_order
from .words import describe, shape_text, state_word

ROW_HEIGHT = 24
_INSET = 8
_NARROW = 330
_Index = QModelIndex | QPersistentModelIndex
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_END = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_PALE = (Freshness.STALE, Freshness.UNKNOWN)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """What one row shows."""

    slot: Slot
    symbol: str
    words: str
    freshness: Freshness

    @property
    def state(self) -> str:
        return state_word(self.slot, self.freshness)


class SlotList(QAbstractListModel):
    """All slots in reading order, with their freshness."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[SlotRow] = []
        self._places: dict[str, int] = {}

    def show(self, machine: Machine, families: Mapping[str, str]) -> None:
        """The slots of this machine's program; the rows stay where only shapes and states differ."""
        depth = machine.model.depth
        slots = in_reading_order(machine.slots(), machine.program.writer)
        rows = [
            SlotRow(slot, slot_symbol(slot.name), describe(slot, depth, families), machine.freshness(slot.name))
            for slot in slots
        ]
        if [row.slot.name for row in rows] == [row.slot.name for row in self.rows]:
            self._replace(rows)
            return
        self.beginResetModel()
        self.rows = rows
        self._places = {row.slot.name: place for place, row in enumerate(rows)}
        self.endResetModel()

    def update_states(self, machine: Machine) -> None:
        """Draw again the rows whose state is another."""
        freshness = machine.freshness
        self._replace(
            [
                row
                if (now := freshness(row.slot.name)) is row.freshness
                else SlotRow(row.slot, row.symbol, row.words, now)
                for row in self.rows
            ]
        )

    def place(self, name: str) -> int | None:
        """The row of a slot."""
        return self._places.get(name)

    def slots(self) -> dict[str, Slot]:
        return {row.slot.name: row.slot for row in self.rows}

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.symbol
        if role == Qt.ItemDataRole.UserRole:
            return row.slot.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.symbol} {row.words}, {shape_text(row.slot.shape)}, {row.state}"
        return None

    def _replace(self, rows: list[SlotRow]) -> None:
        changed = [place for place, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old != new]
        self.rows = rows
        for _, run in groupby(enumerate(changed), lambda pair: pair[1] - pair[0]):
            places = [place for _, place in run]
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))


class SlotDelegate(QStyledItemDelegate):
    """Draws a row: symbol in the colour of its kind, shape, state; greyed where the value is not of this iteration."""

    def __init__(self, model: SlotList, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = self._model.rows[index.row()], self._appearance.theme
        rect = QRectF(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if chosen else theme.field))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 5, 5)
        pale = row.freshness in _PALE
        words = rect.adjusted(_INSET, 0, -_INSET, 0)
        font = QFont(option.font)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted if chosen else theme.stale) if pale else QColor(theme.muted))
        painter.drawText(words, _END, row.state)
        narrow = words.width() < _NARROW
        painter.drawText(
            words.adjusted(words.width() * (0.36 if narrow else 0.5), 0, 0, 0), _LINE, shape_text(row.slot.shape)
        )
        painter.setPen(QColor(theme.stale) if pale and not chosen else theme.role(row.slot.role))
        if chosen:
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
        painter.drawText(words, _LINE, row.symbol)


class SlotListView(SteadyListView):
    """One row is chosen; a group can be shown alone."""

    def __init__(self, model: SlotList, appearance: Appearance) -> None:
        super().__init__()
        self._model = model
        self._group = Group.ALL
        self.setObjectName("inspector_slots")
        self.setAccessibleName("Slots of the machine")
        self.setModel(model)
        self.setItemDelegate(SlotDelegate(model, appearance, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        self.setAutoScroll(False)  # a row that is chosen elsewhere comes to the middle, see `choose`
        self.setMinimumHeight(2 * ROW_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(240, 7 * ROW_HEIGHT)

    @property
    def group(self) -> Group:
        return self._group

    def narrow(self, group: Group) -> None:
        """Show the slots of one group."""
        self._group = group
        for place, row in enumerate(self._model.rows):
            self.setRowHidden(place, not belongs(row.slot, group))

    def choose(self, name: str) -> None:
        """Make this the current row, in sight."""
        place = self._model.place(name)
        if place is None or place == self.currentIndex().row():
            return
        index = self._model.index(place)
        self.setCurrentIndex(index)
        if not self.viewport().rect().contains(self.visualRect(index)):
            self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
