"""The trail as a line of links, J › ∂J/∂a³₁ › W³₁₂, with a button back and one forward."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnstudio.gui.appearance import Appearance
from nnstudio.gui.inspector.block import symbol
from nnstudio.gui.widgets.icon_button import IconButton

from .trail import Trail

_BETWEEN = "  ›  "


class Crumbs(QWidget):
    """`asked` carries the number of a stop of the trail."""

    asked = Signal(int)

    def __init__(self, trail: Trail, appearance: Appearance) -> None:
        super().__init__()
        self._trail, self._appearance = trail, appearance
        self.back = IconButton("why_back", "mdi6.arrow-left", "Back to the number before (Alt+Left)", appearance)
        self.forward = IconButton("why_forward", "mdi6.arrow-right", "Forward again (Alt+Right)", appearance)
        self.line = _Line()
        self.line.linkActivated.connect(self._link_activated)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addWidget(self.line, 1)

    def refresh(self) -> None:
        """The trail, or the theme, may have changed."""
        trail, theme = self._trail, self._appearance.theme
        self.back.setEnabled(trail.can_go_back)
        self.forward.setEnabled(trail.can_go_forward)
        names = [symbol(stop.slot, stop.index) for stop in trail.stops]
        self.line.show_stops(names, trail.at, theme.accent, theme.muted)

    def _link_activated(self, link: str) -> None:
        self.asked.emit(int(link))


class _Line(QLabel):
    """As many stops around the one at hand as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("why_trail")
        self.setAccessibleName("Trail")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._names: list[str] = []
        self._at = -1
        self._link, self._quiet = "", ""

    def show_stops(self, names: list[str], at: int, link: str, quiet: str) -> None:
        shown = (names, at, link, quiet)
        if shown != (self._names, self._at, self._link, self._quiet):
            self._names, self._at, self._link, self._quiet = shown
            self._write()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        first, end = self._in_sight()
        pieces = ["…"] * (first > 0) + [self._piece(n) for n in range(first, end)] + ["…"] * (end < len(self._names))
        between = f'<span style="color:{self._quiet}">{_BETWEEN.replace(" ", "&nbsp;")}</span>'
        text = between.join(pieces)
        if text != self.text():
            self.setText(text)
            self.setAccessibleDescription(" › ".join(self._names))

    def _piece(self, n: int) -> str:
        if n == self._at:
            return self._names[n]
        return f'<a href="{n}" style="color:{self._link}; text-decoration:none">{self._names[n]}</a>'

    def _in_sight(self) -> tuple[int, int]:
        """From the stop at hand outward, first to those before it."""
        metrics = QFontMetrics(self.font())
        widths = [metrics.horizontalAdvance(name + _BETWEEN) for name in self._names]
        room = self.width() - 2 * metrics.horizontalAdvance("…" + _BETWEEN)
        first, end = max(self._at, 0), self._at + 1
        while first > 0 and sum(widths[first - 1 : end]) <= room:
            first -= 1
        while end < len(widths) and sum(widths[first : end + 1]) <= room:
            end += 1
        return first, end
