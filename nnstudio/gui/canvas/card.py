"""The card beside what is pointed at: its numbers, live, and a line to write another value into.

It paints its rows itself: names at the left, values at the right, aligned and in the colour of their kind.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from nnstudio.gui.theme import LIGHT, Theme

from .facts import Fact, Facts, Tone

_SHADOW = 12
_PADDING = 12
_ROW = 20
_BETWEEN = 24
_LEAST_WIDTH = 144
_EDITOR_WIDTH = 196
_AWAY = 14
_RADIUS = 8.0


class HoverCard(QWidget):
    """`committed` carries what was written; `left` says that the editing ended without."""

    committed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget, small: QFont) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_card")
        self.setAccessibleName("Values")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._small = small
        self._facts = Facts(())
        self._theme = LIGHT
        self._note = ""
        self._note_is_error = False
        self._anchor = QPoint()
        self.editor = _Editor(self)
        self.editor.hide()
        self.editor.returnPressed.connect(self._commit)
        self.editor.escaped.connect(self.leave)
        self.editor.textEdited.connect(self._edited)
        self.hide()

    @property
    def editing(self) -> bool:
        return not self.editor.isHidden()

    @property
    def facts(self) -> Facts:
        return self._facts

    @property
    def note(self) -> str:
        """The line under the rows: why a value cannot be edited, or what is wrong with what was written."""
        return self._note

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_facts(self, facts: Facts, note: str = "") -> None:
        """Show these rows; while editing, the note stays what the editing made it."""
        if facts == self._facts and (note == self._note or self.editing) and self.isVisible():
            return
        self._facts = facts
        self.setAccessibleDescription(facts.spoken())
        if not self.editing:
            self._note, self._note_is_error = note, False
        self._fit()
        self.show()
        self.update()

    def place(self, at: QPoint) -> None:
        """Beside a point of the parent, and inside it."""
        self._anchor = at
        self._fit()

    def edit(self) -> None:
        """Open the line on the editable row, with the whole value selected."""
        if self._facts.editable is None:
            return
        self._note = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        self.editor.setText(self._facts.full)
        self.editor.setAccessibleName(f"New value of {self._facts.rows[self._facts.editable].name}")
        self.editor.show()
        self._fit()
        self.editor.selectAll()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, reason: str) -> None:
        """Say what is wrong with what was written; it stays to be mended."""
        self._note, self._note_is_error = reason, True
        self._fit()
        self.update()

    def leave(self) -> None:
        """End the editing, keeping the value."""
        if not self.editing:
            return
        self.editor.hide()
        self._note, self._note_is_error = "", False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._fit()
        self.left.emit()

    def sizeHint(self) -> QSize:
        strong, plain = QFontMetrics(self._strong()), QFontMetrics(self.font())
        names = [(strong if fact.strong else plain).horizontalAdvance(fact.name) for fact in self._facts.rows]
        values = [(strong if fact.strong else plain).horizontalAdvance(fact.value) for fact in self._facts.rows]
        if self.editing and self._facts.editable is not None:
            values[self._facts.editable] = _EDITOR_WIDTH
        note = QFontMetrics(self._small).horizontalAdvance(self._note)
        inner = max(max(names, default=0) + _BETWEEN + max(values, default=0), note, _LEAST_WIDTH)
        rows = len(self._facts.rows) + bool(self._note)
        return QSize(inner + 2 * (_PADDING + _SHADOW), rows * _ROW + 2 * (_PADDING - 4 + _SHADOW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        for row, fact in enumerate(self._facts.rows):
            hidden = self.editing and row == self._facts.editable
            self._paint_fact(painter, self._row_rect(row), fact, value=not hidden)
        if self._note:
            painter.setFont(self._small)
            painter.setPen(QColor(self._theme.error if self._note_is_error else self._theme.muted))
            painter.drawText(self._row_rect(len(self._facts.rows)), Qt.AlignmentFlag.AlignVCenter, self._note)

    def _paint_ground(self, painter: QPainter) -> None:
        body = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 10 if self._theme.dark else 4))
        for spread in range(_SHADOW - 2, 0, -2):
            painter.drawRoundedRect(
                body.adjusted(-spread, -spread + 3, spread, spread + 3), _RADIUS + spread, _RADIUS + spread
            )
        painter.setBrush(QColor(self._theme.panel))
        painter.setPen(QPen(QColor(self._theme.line), 1.0))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _paint_fact(self, painter: QPainter, place: QRect, fact: Fact, *, value: bool) -> None:
        painter.setPen(self._colour(fact.tone))
        painter.setFont(self._strong() if fact.strong else self.font())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fact.name)
        if value:
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, fact.value)

    def _colour(self, tone: Tone) -> QColor:
        names = {Tone.PLAIN: "text", Tone.STALE: "stale"}
        return QColor(getattr(self._theme, names.get(tone, tone.value)))

    def _row_rect(self, row: int) -> QRect:
        left = _SHADOW + _PADDING
        return QRect(left, _SHADOW + _PADDING - 4 + row * _ROW, self.width() - 2 * left, _ROW)

    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _fit(self) -> None:
        """As large as its rows, near its anchor, inside the parent."""
        size = self.sizeHint()
        around = self.parentWidget()
        parent = around.rect() if around is not None else self.rect()
        x, y = self._anchor.x() + _AWAY - _SHADOW, self._anchor.y() + _AWAY - _SHADOW
        if x + size.width() > parent.right() + _SHADOW:
            x = self._anchor.x() - _AWAY + _SHADOW - size.width()
        if y + size.height() > parent.bottom() + _SHADOW:
            y = self._anchor.y() - _AWAY + _SHADOW - size.height()
        x = max(min(x, parent.right() + _SHADOW - size.width()), -_SHADOW)
        y = max(min(y, parent.bottom() + _SHADOW - size.height()), -_SHADOW)
        self.setGeometry(QRect(QPoint(x, y), size))
        if self.editing and self._facts.editable is not None:
            row = self._row_rect(self._facts.editable)
            self.editor.setGeometry(row.right() - _EDITOR_WIDTH + 9, row.top() - 3, _EDITOR_WIDTH, _ROW + 6)

    def _edited(self, _text: str) -> None:
        if self._note:
            self._note, self._note_is_error = "", False
            self._fit()
            self.update()

    def _commit(self) -> None:
        self.committed.emit(self.editor.text())


class _Editor(QLineEdit):
    """One line for a number; Esc leaves it, and so does pointing the keyboard elsewhere."""

    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_value_editor")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
            event.accept()  # or the view behind would open the line again
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.escaped.emit()
