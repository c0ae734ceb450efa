"""The columns of the table, a row each: name, what it is used as, and its bars in small."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.appearance import Appearance

from . import words
from .bars_chart import paint_bars
from .survey import Survey

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT, _SIDE, _BARS = 40, 8, 56


class ColumnList(QAbstractListModel):
    """The names of the columns; the survey knows the rest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.survey: Survey | None = None
        self._names: tuple[str, ...] = ()

    def show_survey(self, survey: Survey) -> None:
        """Another table, or the same with other roles."""
        same = self._names == survey.dataset.names
        if not same:
            self.beginResetModel()
        self.survey, self._names = survey, survey.dataset.names
        if not same:
            self.endResetModel()
        elif self._names:
            self.dataChanged.emit(self.index(0), self.index(len(self._names) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        name, survey = self._names[index.row()], self.survey
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if survey is None:
            return None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"{survey.role(name)}, {words.of_column(survey.summary(name))}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.of_column(survey.summary(name))
        return None


class ColumnDelegate(QStyledItemDelegate):
    """Draws a row."""

    def __init__(self, columns: ColumnList, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns, self._appearance = columns, appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        survey, theme = self._columns.survey, self._appearance.theme
        if survey is None:
            return
        name = str(index.data())
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.chosen if chosen else theme.field))
            painter.drawRoundedRect(rect, 5, 5)
        bars = QRectF(rect.right() - _SIDE - _BARS, rect.top() + 7, _BARS, rect.height() - 14)
        histogram = survey.histogram(name)
        paint_bars(painter, histogram, bars, max(float(histogram.totals.max(initial=0)), 1.0), theme)
        room = QRectF(rect.left() + _SIDE, rect.top() + 3, bars.left() - rect.left() - 2 * _SIDE, rect.height() - 6)
        self._paint_text(painter, room, name, f"{survey.role(name)} · {survey.holds(name)}")
        painter.restore()

    def _paint_text(self, painter: QPainter, room: QRectF, name: str, below: str) -> None:
        theme, flags = self._appearance.theme, Qt.AlignmentFlag
        painter.setPen(QColor(theme.text))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags.AlignLeft | flags.AlignTop, text)
        small = QFont(painter.font())
        small.setPixelSize(11)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        text = QFontMetricsF(small).elidedText(below, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags.AlignLeft | flags.AlignBottom, text)


class ColumnListView(QListView):
    """`chosen` carries the name of the column that the person goes to."""

    chosen = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explorer_columns")
        self.setAccessibleName("Columns of the table")
        self.columns = ColumnList(self)
        self.setModel(self.columns)
        self.setItemDelegate(ColumnDelegate(self.columns, appearance, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)

    @property
    def current(self) -> str:
        """The chosen column, none without a table."""
        return str(self.currentIndex().data() or "")

    def choose(self, name: str) -> None:
        """Go to the column of that name, where there is one."""
        survey = self.columns.survey
        if survey is not None and name in survey.dataset.names:
            self.setCurrentIndex(self.columns.index(survey.dataset.names.index(name)))

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(str(current.data()))
