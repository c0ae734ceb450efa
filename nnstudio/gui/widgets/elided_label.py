"""Text that is elided where there is no room for it; its tooltip then has the whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A label that is content with any width."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, right: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment((Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | _MIDDLE)
        self._whole, self._tip = "", ""
        self.show_text(text)

    @property
    def whole(self) -> str:
        """The text before it was elided."""
        return self._whole

    def show_text(self, text: str, tip: str = "") -> None:
        if (text, tip) == (self._whole, self._tip):
            return
        self._whole, self._tip = text, tip
        self.setAccessibleDescription(text)
        self._fit()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        text = self.fitted(self.width())
        if text != self.text():
            self.setText(text)
        self.setToolTip(self._tip or (self._whole if text != self._whole else ""))

    def fitted(self, width: int) -> str:
        """The text as it fits this width."""
        return self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, width)


class TupleLabel(ElidedLabel):
    """Numbers in parentheses, as many as there is room for: x = (0.12, −0.5, …)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._head = ""
        self._parts: tuple[str, ...] = ()
        super().__init__("", parent)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | _MIDDLE)

    def show_parts(self, head: str, parts: tuple[str, ...], tip: str) -> None:
        """`parts` may be the first few of many; then the last of them is '…'."""
        self._head, self._parts = head, parts
        self.show_text(self._joined(parts), tip)

    def fitted(self, width: int) -> str:
        if not self._head:
            return super().fitted(width)
        metrics = self.fontMetrics()
        for shown in range(len(self._parts), 0, -1):
            parts = self._parts[:shown]
            if shown < len(self._parts) and parts[-1] != "…":
                parts = (*parts, "…")
            text = self._joined(parts)
            if metrics.horizontalAdvance(text) <= width:
                return text
        return super().fitted(width)

    def _joined(self, parts: tuple[str, ...]) -> str:
        return f"{self._head}({', '.join(parts)})"


_MIDDLE = Qt.AlignmentFlag.AlignVCenter
