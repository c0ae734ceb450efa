"""The foot of the inspector: min, max, norm and mean of the slot in one line, as many as there is room for."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.explain.numbers import count, fixed
from nnstudio.gui.appearance import Appearance

from .cell_text import UNKNOWN
from .facts import Facts

_HEIGHT = 24
_BETWEEN = 16
_LEAST_BETWEEN = 8
_NOT_FINITE = "NaN, ∞"
_WORD_GAP = 3
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class FactsLine(QWidget):
    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._pairs: list[tuple[str, str]] = []
        self.setObjectName("inspector_facts")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, facts: Facts | None, decimals: int) -> None:
        """Show these; a dash where nothing is known."""
        pairs = _pairs(facts, decimals)
        if pairs == self._pairs:
            return
        self._pairs = pairs
        text = ", ".join(f"{word} {number}" for word, number in pairs)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._appearance.theme
        small, strong = QFont(self.font()), QFont(self.font())
        small.setPixelSize(11)
        strong.setPixelSize(11)
        strong.setWeight(QFont.Weight.Medium)
        measure, measure_strong = QFontMetricsF(small), QFontMetricsF(strong)
        widths = [
            (measure.horizontalAdvance(word) + _WORD_GAP, measure_strong.horizontalAdvance(number))
            for word, number in self._pairs
        ]
        spare = self.width() - sum(map(sum, widths)) - 1
        between = min(max(spare / max(len(widths) - 1, 1), _LEAST_BETWEEN), _BETWEEN)
        left = 0.0
        for (word, number), (width, number_width) in zip(self._pairs, widths, strict=True):
            if left and left + width + number_width > self.width():
                return
            painter.setFont(small)
            painter.setPen(QColor(theme.error if word == _NOT_FINITE else theme.muted))
            painter.drawText(QRectF(left, 0, width, self.height()), _LEFT, word)
            painter.setFont(strong)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(left + width, 0, number_width + 1, self.height()), _LEFT, number)
            left += width + number_width + between


def _pairs(facts: Facts | None, decimals: int) -> list[tuple[str, str]]:
    words = ("min", "max", "norm", "mean")
    if facts is None:
        return [(word, UNKNOWN) for word in words]
    numbers = (facts.least, facts.largest, facts.norm, facts.mean)
    pairs = [(word, fixed(number, decimals)) for word, number in zip(words, numbers, strict=True)]
    return [(_NOT_FINITE, count(facts.not_finite)), *pairs] if facts.not_finite else pairs
