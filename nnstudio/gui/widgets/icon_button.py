"""A small button with an icon of the one set, in the colours of the theme."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from nnstudio.gui import icons
from nnstudio.gui.appearance import Appearance


class IconButton(QToolButton):
    """`tip` is what it does; it is also its accessible name."""

    def __init__(self, name: str, icon: str, tip: str, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tip)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("compact", True)
        self.setIconSize(QSize(16, 16))
        self.setMinimumHeight(20)  # even while a hundred rows wait for their room; an icon of no height cannot be drawn
        self._icon = icon
        self._tip = tip
        self._appearance = appearance
        appearance.changed.connect(self._colour)
        self._colour()

    def set_possible(self, possible: bool, why_not: str = "") -> None:
        """Enable it, or say why it cannot be used."""
        self.setEnabled(possible)
        self.setToolTip(self._tip if possible else f"{self._tip} — {why_not}")

    def _colour(self) -> None:
        theme = self._appearance.theme
        icons.show(self, self._icon, color=theme.muted, color_active=theme.text, color_disabled=theme.stale)
