"""The scale of the edges: a bar from the most negative to the most positive, and what it is scaled to."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from nnstudio.gui.theme import LIGHT, Theme

_CHOICES = {"layer": "Scale edges to each layer", "network": "Scale edges to the whole network"}


class Legend(QWidget):
    """`chosen` carries "layer" or "network"."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.bar = _Bar()
        self.button = QToolButton()
        self.button.setObjectName("canvas_scale")
        self.button.setAccessibleName("Scale of the edges")
        self.button.setToolTip("What the widest edge stands for: the largest of its layer, or of the whole network")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setProperty("muted", True)
        self.button.setMenu(self._menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.bar)
        layout.addWidget(self.button)

    def show_scale(self, text: str, *, whole: bool) -> None:
        """`|w| ≤ 1.37`, or `per layer` where each layer has its own."""
        text, action = f"{text} ▾", self._actions["network" if whole else "layer"]
        if text == self.button.text():
            return
        if not action.isChecked():
            self.button.setMinimumWidth(0)
            action.setChecked(True)
        self.button.setText(text)
        # It only grows, so that nothing beside it trembles with the digits of a scale that changes while training.
        self.button.setMinimumWidth(max(self.button.minimumWidth(), self.button.sizeHint().width()))

    def set_theme(self, theme: Theme) -> None:
        self.bar.set_theme(theme)

    def _menu(self) -> QMenu:
        menu, group = QMenu(self.button), QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for key, text in _CHOICES.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(key)
            group.addAction(action)
            self._actions[key] = action
        group.triggered.connect(self._triggered)
        return menu

    def _triggered(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))


class _Bar(QWidget):
    """− to +, thick at the ends and thin between, as the edges are."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.setFixedSize(self.sizeHint())
        self.setToolTip("Orange is negative, blue is positive; the wider, the larger")

    def sizeHint(self) -> QSize:
        return QSize(64, 16)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right, middle = 12.0, self.width() - 12.0, self.height() / 2
        colours = QLinearGradient(left, 0, right, 0)
        colours.setColorAt(0, QColor(self._theme.negative))
        colours.setColorAt(0.5, QColor(self._theme.line))
        colours.setColorAt(1, QColor(self._theme.positive))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours)
        centre = (left + right) / 2
        painter.drawPolygon(
            [
                QPointF(left, middle - 3),
                QPointF(centre, middle - 0.5),
                QPointF(right, middle - 3),
                QPointF(right, middle + 3),
                QPointF(centre, middle + 0.5),
                QPointF(left, middle + 3),
            ]
        )
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QRectF(0, 0, 10, self.height()), Qt.AlignmentFlag.AlignCenter, "−")
        painter.drawText(QRectF(self.width() - 10, 0, 10, self.height()), Qt.AlignmentFlag.AlignCenter, "+")
