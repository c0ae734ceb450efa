"""A dock as a quiet card: a title, controls beside it, a body. It refreshes only while it can be seen."""

import time
from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.experiment.edits import Change
from nnstudio.gui.context import Context
from nnstudio.gui.widgets.steady_label import SteadyLabel

_HEADER_HEIGHT = 40


class Panel(QDockWidget):
    """Base of all docks. A subclass fills `self.body` (a QVBoxLayout) and overrides what it needs of:

    - `rebuild()`: there is another run; forget what was known of the old one,
    - `refresh()`: numbers may have changed, or the selection, or the theme: show them. Called at most once a frame,
      never while hidden, and only while the window owns the machine,
    - `document_changed(change)`: an edit, undo or redo.
    """

    READABLE: ClassVar[float] = 0.2
    """Seconds between refreshes of what a person reads while training: more often than that, figures only flicker."""

    interval: ClassVar[float] = 0.0
    """The least time between two refreshes while training, in seconds."""

    def __init__(self, context: Context, name: str, title: str) -> None:
        super().__init__(title)
        self.context = context
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.header = Header(title)
        self.setTitleBarWidget(self.header)
        frame = QFrame()
        frame.setObjectName("panel_body")
        self.body = QVBoxLayout(frame)
        self.body.setContentsMargins(16, 4, 16, 12)
        self.body.setSpacing(8)
        self.setWidget(frame)
        self._rebuild_pending = True
        self._refreshed_at = 0.0
        self._in_sight = False
        self.visibilityChanged.connect(self._sight_changed)
        context.session.rebuilt.connect(self._session_rebuilt)
        context.session.refreshed.connect(self._session_refreshed)
        context.selection.changed.connect(self._selection_changed)
        context.shown.changed.connect(self._selection_changed)
        context.appearance.changed.connect(self._request_theme)
        context.settings.changed.connect(self._setting_changed)
        context.document.changed.connect(self._document_changed)

    @property
    def in_sight(self) -> bool:
        """Whether it is open, and not behind another tab."""
        return self._in_sight

    def rebuild(self) -> None:
        """There is another run."""

    def refresh(self) -> None:
        """Show the numbers of the moment."""

    def document_changed(self, change: Change) -> None:
        """The experiment changed in these parts."""

    def _sight_changed(self, in_sight: bool) -> None:
        """It came into sight or left it; behind other tabs Qt calls a dock visible, but it cannot be seen."""
        self._in_sight = in_sight
        self._request_when_paused()

    def _session_rebuilt(self) -> None:
        self._rebuild_pending = True

    def _session_refreshed(self) -> None:
        now = time.monotonic()
        if self.context.session.paused or self._rebuild_pending or now - self._refreshed_at >= self.interval:
            self._refreshed_at = now
            self._request_refresh()

    def _request_refresh(self) -> None:
        if not (self._in_sight and self.isVisible()):
            return
        if self._rebuild_pending:
            self._rebuild_pending = False
            self.rebuild()
        self.refresh()

    def _request_when_paused(self) -> None:
        """While training, the next frame shows it anyway; the machine is not ours to read now."""
        if self.context.session.paused:
            self._request_refresh()

    def _selection_changed(self) -> None:
        self._request_when_paused()

    def _request_theme(self) -> None:
        self._request_when_paused()

    def _setting_changed(self, _name: str) -> None:
        self._request_when_paused()

    def _document_changed(self, change: Change) -> None:
        self.document_changed(change)


class Header(QFrame):
    """The title bar: title, a muted note beside it, and room for controls at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("panel_header")
        self.title = QLabel(title)
        self.title.setObjectName("panel_title")
        self.note = SteadyLabel()
        self.note.setProperty("muted", True)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 6, 16, 2)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.title)
        self._layout.addStretch(1)
        self._layout.addWidget(self.note)
        self._spare: list[QWidget] = []

    def sizeHint(self) -> QSize:
        """A dock gives its title bar the height it hints at, whatever its fixed height is."""
        return QSize(super().sizeHint().width(), _HEADER_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._needed() - sum(map(self._taken, self._spare)), _HEADER_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for widget in self._spare:
            widget.setVisible(self._needed() <= event.size().width())

    def add(self, widget: QWidget, *, spare: bool = False) -> None:
        """A control at the right end; a spare one is hidden while there is no room for it."""
        self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        if spare:
            self._spare.append(widget)

    def spare_note(self) -> None:
        """Let the note be hidden while there is no room for it."""
        self._spare.append(self.note)

    def _needed(self) -> int:
        """The width that all controls need, hidden ones too."""
        return self._layout.minimumSize().width() + sum(self._taken(w) for w in self._spare if w.isHidden())

    def _taken(self, widget: QWidget) -> int:
        return max(widget.minimumSizeHint().width(), widget.minimumWidth()) + self._layout.spacing()
