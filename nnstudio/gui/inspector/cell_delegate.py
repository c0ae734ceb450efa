"""Draws one cell: a ground by its value, the number right-aligned, a frame round the chosen one. Edits it as full text.

It is called for every cell in sight at every frame, so it makes no brushes and no fonts.
"""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.theme import Theme

from .block import symbol
from .cell_text import PADDING, Fit, Measure, cell_text, signed
from .flash import Flash
from .tints import Tints
from .value_table import ValueTable

GAP = 6
EDITOR_WIDTH = 200
_WASH = 0.7
_BAR = 3
_Index = QModelIndex | QPersistentModelIndex
_END = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)


class CellEditor(QLineEdit):
    """The full text of a number, and whether anything else has been typed."""

    _original = ""

    @property
    def touched(self) -> bool:
        return self.text() != self._original

    def begin(self, text: str) -> None:
        self._original = text
        self.setText(text)
        self.selectAll()

    def leave(self) -> None:
        """Forget what was typed."""
        self.setText(self._original)


class CellDelegate(QStyledItemDelegate):
    def __init__(self, table: ValueTable, flash: Flash, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._flash = flash
        self.scale = 0.0
        self.width = 0
        self.plus = False
        self.chosen: tuple[int, int] | None = None
        self.faded = False
        self.editor: CellEditor | None = None
        self.fit = Fit(64, 4, False)
        self.set_font(parent.font())
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._tints = Tints(theme)
        self._frame = QPen(QColor(theme.accent), 2)
        self._mark = QPen(QColor(theme.accent), 1)
        self._wash, self._bar = QColor(theme.panel), QColor(theme.accent)

    def set_font(self, font: QFont) -> None:
        """Body and small size of the view's font."""
        self._body, self._small = QFont(font), QFont(font)
        self._body.setPixelSize(13)
        self._small.setPixelSize(11)
        self.body_measure = Measure(QFontMetricsF(self._body).horizontalAdvance)
        self.small_measure = Measure(QFontMetricsF(self._small).horizontalAdvance)

    def prepare(self, scale: float, faded: bool) -> None:
        """What holds for all cells of the table at hand: the largest magnitude, whether its values are stale."""
        block = self._table.block
        self.scale, self.faded = scale, faded
        self.width, self.plus = block.width, signed(block.slot.role)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        rect = rect.adjusted(1 + GAP if column >= self.width else 1, 1, -1, -1)
        value = self._table.at(row, column)
        tints, step = self._tints, Tints.step(value or 0.0, self.scale)
        painter.fillRect(rect, (tints.faded_grounds if self.faded else tints.grounds)[step])
        if level := self._flash.of(row, column):
            self._draw_flash(painter, rect, level)
        fit = self.fit
        measure, font = (self.small_measure, self._small) if fit.small else (self.body_measure, self._body)
        painter.setFont(font)
        painter.setPen(tints.faded_text if self.faded or value is None else tints.text)
        text = cell_text(value, fit.decimals, self.plus, rect.width() - PADDING, measure)
        painter.drawText(rect.adjusted(0, 0, -PADDING, 0), _MIDDLE if value is None else _END, text)
        if (row, column) == self.chosen:
            self._draw_frame(painter, rect, self._frame)
        elif option.state & QStyle.StateFlag.State_Selected:
            self._draw_frame(painter, rect, self._mark)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = CellEditor(parent)
        editor.setObjectName("inspector_cell_editor")
        name = symbol(*self._table.block.element(index.row(), index.column()))
        editor.setAccessibleName(f"New value of {name}")
        self.editor = editor
        return editor

    def destroyEditor(self, editor: QWidget, index: _Index) -> None:
        self.editor = None
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        if isinstance(editor, CellEditor) and not editor.touched:  # a refresh must not undo what is being typed
            editor.begin(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, CellEditor) and editor.touched:
            text = editor.text()
            editor.leave()
            model.setData(index, text, Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Wide enough for all digits, and inside the table."""
        rect: QRect = option.rect
        viewport = editor.parentWidget()
        room = viewport.width() if viewport else rect.right()
        width = min(max(rect.width(), EDITOR_WIDTH), room)
        height = max(rect.height(), editor.sizeHint().height())
        below = viewport.height() - height if viewport else rect.top()
        top = min(max(rect.center().y() - height // 2, 0), max(below, 0))
        editor.setGeometry(min(rect.left(), room - width), top, width, height)

    def leave(self) -> None:
        """Close an open editor and forget what was typed: the value cannot be set any more."""
        if self.editor is not None:
            self.editor.leave()
            self.closeEditor.emit(self.editor, QStyledItemDelegate.EndEditHint.RevertModelCache)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter commits; whoever goes elsewhere leaves the value as it was."""
        if event.type() == QEvent.Type.FocusOut and isinstance(editor, CellEditor):
            editor.leave()
        return super().eventFilter(editor, event)

    def _draw_flash(self, painter: QPainter, rect: QRect, level: float) -> None:
        """The value's colour comes back from blank over a fading bar; another wash could be taken for a sign."""
        self._wash.setAlphaF(_WASH * level)
        self._bar.setAlphaF(level)
        painter.fillRect(rect, self._wash)
        painter.fillRect(rect.left(), rect.bottom() - _BAR + 1, rect.width(), _BAR, self._bar)

    def _draw_frame(self, painter: QPainter, rect: QRect, pen: QPen) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect), 3, 3)
        painter.restore()
