"""The table of numbers as a view: uniform columns that fit the panel, headers with symbols, one chosen cell."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from nnstudio.gui.appearance import Appearance

from .cell_delegate import GAP, CellDelegate
from .cell_text import Fit, fit
from .flash import Flash
from .value_table import ValueTable

ROW_HEIGHT = 24
_HEADER_HEIGHT = 20
_Trigger = QAbstractItemView.EditTrigger


class Labels(QHeaderView):
    """Symbols in the small size, the chosen row's or column's in full colour with a mark."""

    def __init__(self, orientation: Qt.Orientation, table: ValueTable, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self._table = table
        self._appearance = appearance
        self.chosen = -1
        self._font = QFont(parent.font())
        self._font.setPixelSize(11)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(8)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def choose(self, section: int) -> None:
        if section != self.chosen:
            self.chosen = section
            self.viewport().update()

    def widest(self, labels: list[str]) -> int:
        return max((QFontMetrics(self._font).horizontalAdvance(label) for label in labels), default=0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, horizontal = self._appearance.theme, self.orientation() is Qt.Orientation.Horizontal
        chosen = section == self.chosen
        painter.fillRect(rect, QColor(theme.panel))
        font = QFont(self._font)
        if chosen:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        if horizontal:
            left = GAP if section >= self._table.block.width else 0
            painter.drawText(
                rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, self._table.block.column_symbol(section)
            )
            return
        label = self._table.row_label(section)
        if chosen and self._table.block.sampled:
            label = f"▸{label}"
        painter.drawText(rect.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, label)


class TableView(QTableView):
    """`cell_chosen` when a user goes to a cell. `adjust` fits the columns to the room."""

    cell_chosen = Signal(int, int)
    edit_refused = Signal()
    """A cell that cannot be edited now was double-clicked."""

    def __init__(self, table: ValueTable, appearance: Appearance) -> None:
        super().__init__()
        self._table = table
        self._following = False
        self._fit_key: tuple[object, ...] = ()
        self._gap_column = -1
        self.setObjectName("inspector_table")
        self.setAccessibleName("Values of the chosen slot")
        self.setModel(table)
        self.flash = Flash(self)
        self.flash.faded.connect(self.viewport().update)
        self.cells = CellDelegate(table, self.flash, appearance.theme, self)
        self.setItemDelegate(self.cells)
        self.columns = Labels(Qt.Orientation.Horizontal, table, appearance, self)
        self.row_labels = Labels(Qt.Orientation.Vertical, table, appearance, self)
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.row_labels)
        self.columns.setFixedHeight(_HEADER_HEIGHT)
        self.row_labels.setDefaultSectionSize(ROW_HEIGHT)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setCornerWidget(QWidget())
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(_Trigger.DoubleClicked | _Trigger.EditKeyPressed | _Trigger.AnyKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._double_clicked)
        self.setMinimumHeight(_HEADER_HEIGHT + ROW_HEIGHT)
        self._appearance = appearance
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it is drawn at each frame

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEADER_HEIGHT + ROW_HEIGHT)

    def follow(self, cell: tuple[int, int] | None) -> None:
        """Frame the chosen cell and bring it into sight; nothing is reported back."""
        if cell == self.cells.chosen and (cell is None or self.currentIndex().row() >= 0):
            return
        self.cells.chosen = cell
        self._following = True
        if cell is None:
            self.selectionModel().clear()
        else:
            index = self._table.index(*cell)
            if index != self.currentIndex():
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        self._following = False
        self.viewport().update()

    def adjust(self, decimals: int, scale: float, keep_wide: bool) -> None:
        """Uniform columns for numbers up to `scale`; with `keep_wide` they only grow: a running table must not jump."""
        columns = self._table.columnCount()
        if not columns:
            return
        self.row_labels.setFixedWidth(self._label_width())
        gap = GAP * (self._table.block.beside is not None)
        room = self.width() - self.row_labels.width() - gap - 1 - self._bar_width()
        found = fit(columns, room, scale, decimals, self.cells.body_measure, self.cells.small_measure)
        key = (self._table.block.slot.name, columns, room, decimals)
        if keep_wide and key == self._fit_key and found.width <= self.cells.fit.width:
            return
        if key == self._fit_key and found == self.cells.fit:
            return
        self._fit_key = key
        self._set(found, gap)

    def in_sight(self) -> tuple[int, int, int, int]:
        """The first and last row and the first and last column that can be seen."""
        area = self.viewport().rect()
        rows, columns = self._table.rowCount() - 1, self._table.columnCount() - 1
        bottom, right = self.rowAt(area.bottom()), self.columnAt(area.right())
        top, left = max(self.rowAt(0), 0), max(self.columnAt(0), 0)
        return top, rows if bottom < 0 else bottom, left, columns if right < 0 else right

    def show_changes(self) -> None:
        """The numbers in sight may be others."""
        top, bottom, left, right = self.in_sight()
        if bottom >= top and right >= left:
            self._table.dataChanged.emit(self._table.index(top, left), self._table.index(bottom, right))

    def copy(self) -> None:
        """The selected numbers in full precision, tab-separated, to the clipboard."""
        selection = self.selectionModel().selection()
        if selection.isEmpty():
            return
        part = selection.first()
        lines = (
            "\t".join(self._exact(row, column) for column in range(part.left(), part.right() + 1))
            for row in range(part.top(), part.bottom() + 1)
        )
        QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._appearance.theme.panel))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.adjust(self._table.decimals, self.cells.scale, keep_wide=False)

    def _set(self, found: Fit, gap: int) -> None:
        self.cells.fit = found
        if 0 <= self._gap_column < self._table.columnCount():
            self.columns.resizeSection(self._gap_column, found.width)
        self.columns.setDefaultSectionSize(found.width)
        self._gap_column = self._table.columnCount() - 1 if gap else -1
        if gap:
            self.columns.resizeSection(self._gap_column, found.width + gap)
        self.viewport().update()

    def _label_width(self) -> int:
        """Room for the longest row label; the last has the most digits, and samples any."""
        rows = self._table.rowCount()
        sampled = self._table.block.sampled
        labels = (
            self._table.samples or ["—"] if self._table.block.numbered else [self._table.row_label(max(rows - 1, 0))]
        )
        longest = max(labels, key=len)
        return self.row_labels.widest([longest]) + (18 if sampled else 7) if longest else 2

    def _bar_width(self) -> int:
        rows = self._table.rowCount() * ROW_HEIGHT + _HEADER_HEIGHT
        return self.verticalScrollBar().sizeHint().width() if rows > self.height() else 0

    def _exact(self, row: int, column: int) -> str:
        value = self._table.at(row, column)
        return "" if value is None else repr(value)

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.cells.chosen = (current.row(), current.column())
            self.viewport().update()
            self.cell_chosen.emit(current.row(), current.column())

    def _double_clicked(self, _index: QModelIndex) -> None:
        if not self._table.editable:
            self.edit_refused.emit()
