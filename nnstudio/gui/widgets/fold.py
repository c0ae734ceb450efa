"""A group of settings that folds away: a line with its title, and in short what is set in it while it is closed."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

_HEIGHT = 26
_CHEVRON = 4
_BESIDE = 8


class FoldButton(QAbstractButton):
    """The line. It is checked while the group is open; Space, Return and a click turn it, Right opens, Left closes."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._summary = ""
        self.toggled.connect(self._tell)

    @property
    def summary(self) -> str:
        return self._summary

    def show_summary(self, summary: str) -> None:
        """What differs from what is usual; nothing where nothing does."""
        if summary != self._summary:
            self._summary = summary
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._title_width() + _BESIDE + self.fontMetrics().horizontalAdvance(self._summary), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._title_width(), _HEIGHT - 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() in (keys.Key_Left, keys.Key_Right):
            self.setChecked(event.key() == keys.Key_Right)
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.hasFocus() or self.underMouse()
        roles = QPalette.ColorRole
        muted = self.palette().color(roles.PlaceholderText)
        painter.setPen(self.palette().color(roles.Accent if lit else roles.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())
        self._paint_chevron(painter, painter.pen().color() if lit else muted)
        if self._summary and not self.isChecked():
            painter.setPen(muted)
            room = self._summary_room()
            text = self.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def _paint_chevron(self, painter: QPainter, colour: QColor) -> None:
        """It points to the right, and down while the group is open."""
        x, y = self._title_width() - 1.5 * _CHEVRON, self.height() / 2
        points = [(-1, -1), (0, 0), (-1, 1)] if not self.isChecked() else [(-1, -0.5), (0, 0.5), (1, -0.5)]
        painter.setPen(QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([QPointF(x + _CHEVRON * right, y + _CHEVRON * down) for right, down in points]))

    def _summary_room(self) -> QRect:
        return self.rect().adjusted(self._title_width() + _BESIDE, 0, 0, 0)

    def _title_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.text()) + _BESIDE + 2 * _CHEVRON

    def _tell(self) -> None:
        """A screen reader hears what is not to be seen by the eye alone."""
        state = "open" if self.isChecked() else "closed"
        self.setAccessibleDescription(f"{state}: {self._summary}" if self._summary else state)
        self.setToolTip(self._summary if not self.isChecked() else "")
