"""The theme at hand: the system's choice, light or dark, put on the whole application."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from nnstudio.data.garbage import uncollected

from .stylesheet import stylesheet
from .theme import DARK, LIGHT, Mode, Theme


class Appearance(QObject):
    """The theme at hand. Whoever draws listens to `changed`."""

    changed = Signal()

    def __init__(self, mode: Mode = Mode.SYSTEM, parent: QObject | None = None) -> None:
        """The theme is known from here on; the application wears it once it is dressed."""
        super().__init__(parent)
        self._mode = mode
        self.theme = self._chosen()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark."""
        self._mode = mode
        self._apply()

    def dress(self) -> None:
        """Put palette and style sheet on the whole application.

        A window is dressed when it is whole: a style sheet that is there before is worked out anew for a widget
        whenever it gets another parent, which doubles the time the window takes to be made.
        """
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        with uncollected():  # Qt goes through all widgets, and must not find one destroyed under its hands
            app.setPalette(_palette(self.theme))
            app.setStyleSheet(stylesheet(self.theme))

    def _system_changed(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self.theme = self._chosen()
        self.dress()
        self.changed.emit()

    def _chosen(self) -> Theme:
        system_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if self._mode is Mode.DARK or (self._mode is Mode.SYSTEM and system_dark) else LIGHT


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.ground),
        (roles.WindowText, theme.text),
        (roles.Base, theme.panel),
        (roles.AlternateBase, theme.field),
        (roles.ToolTipBase, theme.panel),
        (roles.ToolTipText, theme.text),
        (roles.Text, theme.text),
        (roles.Button, theme.field),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.error),
        (roles.Link, theme.accent),
        (roles.Highlight, theme.chosen),
        (roles.HighlightedText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Mid, theme.line),
        (roles.Accent, theme.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.stale))
    return palette
