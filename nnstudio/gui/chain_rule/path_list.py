"""The paths, a typeset row each. What is pointed at, or is reached by the arrow keys, is said."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nnstudio.explain.chain_rule import PathRow
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.speech import spoken
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.explanation.section import Section

INSET = 8
"""How far the formulas stand within the ground of a row."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}


class PathList(Section):
    """`pointed` carries the row under the pointer, else the current one while it has the keys; None for neither."""

    pointed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("chain_paths")
        self._appearance = appearance
        self.rows: tuple[PathRow, ...] = ()
        self.current = 0
        self._hovered: int | None = None
        self._said: PathRow | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Paths")
        self.setWhatsThis("Up and Down go from path to path and light each in the drawing.")
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(INSET, 4, INSET, 4)

    def show_rows(self, rows: Sequence[PathRow]) -> None:
        """Show these. A list that comes into sight may get the keys at once, so the rows come after their formulas."""
        known = len(self.formulas)
        self.show_explanation("", Explanation("", tuple(row.formula for row in rows)))
        self.rows = tuple(rows)
        self.current = min(self.current, max(len(rows) - 1, 0))
        for view in self.formulas[known:]:
            view.installEventFilter(self)
        self._say()

    def lit(self) -> int | None:
        """The row that is pointed at, or is current while the keys are here."""
        at = self._hovered if self._hovered is not None else self.current if self.hasFocus() else None
        return at if at is not None and at < len(self.rows) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Enter:
            self._hover(self._number(watched))
        elif event.type() is QEvent.Type.MouseButtonPress:
            self.current = self._number(watched)
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._say()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self.rows:
            super().keyPressEvent(event)
            return
        self._hovered = None
        self.current = min(max(self.current + step, 0), len(self.rows) - 1)
        self._say()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._say()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._say()

    def paintEvent(self, _event: QPaintEvent) -> None:
        at = self.lit()
        if at is None:
            return
        painter, theme = QPainter(self), self._appearance.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.backward)
        ground.setAlphaF(0.12)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(theme.backward), 1.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        place = QRectF(self.view_of(at).geometry()).adjusted(-INSET + 0.5, -3.5, INSET - 0.5, 3.5)
        painter.drawRoundedRect(place, 6, 6)

    def view_of(self, row: int) -> QWidget:
        return self.formulas[row]

    def _number(self, view: QObject) -> int:
        return next(number for number, one in enumerate(self.formulas) if one is view)

    def _hover(self, row: int | None) -> None:
        self._hovered = row
        self._say()

    def _say(self) -> None:
        """Tell which row is lit, if it is another one."""
        at = self.lit()
        row = self.rows[at] if at is not None else None
        self.update()
        if row != self._said:
            self._said = row
            self.setAccessibleDescription(f"{(at or 0) + 1} of {len(self.rows)}: {spoken(row.formula)}" if row else "")
            self.pointed.emit(at)
