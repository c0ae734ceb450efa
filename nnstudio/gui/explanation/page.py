"""A column of explanations that scrolls: their formulas are typeset in its width, in the colours of the theme.

A refresh begins the formulas; their pictures are taken when the other panels have been brought up to date too. What is
typeset is what the sections show, so another width or another theme never needs to look at a machine that is training.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal

from nnstudio.gui.context import Context
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.panel_scroll import PanelScroll

from .section import FormulaView, Section

_NARROWEST = 160
_AROUND = 28


class FormulaPage(PanelScroll):
    """`sections` stand below each other; whoever has filled them calls `typeset`. `margin` is as in PanelScroll;
    where formulas stand within a ground of their own, `inset` is how far, at each side."""

    woke = Signal()
    """It has been painted: from now on it typesets. Whoever fills it may have waited for that."""
    _begun = Signal()

    def __init__(self, context: Context, *sections: Section, margin: int = 16, inset: int = 0) -> None:
        super().__init__(margin)
        self._typesetter, self._appearance = context.typesetter, context.appearance
        self.sections = sections
        self._inset = inset
        self.ready = False
        self._painted = False
        self.column.setSpacing(16)
        for section in sections:
            self.column.addWidget(section)
        self.column.addStretch(1)
        self.viewport().installEventFilter(self)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self.typeset)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._look_at_focus)
        self._begun.connect(self._take_pictures, Qt.ConnectionType.QueuedConnection)

    def typeset(self) -> None:
        """Begin with the formulas; the pictures are taken when the other panels have been brought up to date too."""
        if self.ready:
            self._typesetter.begin(*self._wanted())
            self._begun.emit()
            self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.viewport():
            if event.type() is QEvent.Type.Paint and not self._painted:
                self._painted = True  # the first picture of the window does not wait for typst
                QTimer.singleShot(0, self, self._wake)
            elif event.type() is QEvent.Type.Resize and self.ready:
                self._settle.start()
        return super().eventFilter(watched, event)

    def _wake(self) -> None:
        self.ready = True
        self.woke.emit()
        self.typeset()

    def _take_pictures(self) -> None:
        views = self._views()
        for view, picture in zip(views, self._typesetter.pictures(*self._wanted()), strict=True):
            view.show_picture(picture)
        self._make_room()
        self._look.start()

    def _make_room(self) -> None:
        """Give the column the height of what it shows now, from the inside out: the window may be painted before Qt
        comes to that, and would show parts over each other."""
        for widget in (*self._views(), *self.sections, self.content, self.viewport()):
            QCoreApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)

    def _look_at_focus(self) -> None:
        """Scroll to the row at hand of a long sum, now that its picture has its place."""
        for view in self._views():
            if view.focus is not None:
                height = view.picture.pixmap().deviceIndependentSize().height()
                below = view.picture.mapTo(self.viewport(), QPoint(0, round(view.focus * height))).y()
                self.ensureVisible(0, below + self.verticalScrollBar().value(), 0, _AROUND)

    def _wanted(self) -> tuple[list[str], int, Theme, float]:
        """Which formulas, in which width, theme and pixel ratio."""
        margins = self.column.contentsMargins()
        width = max(self.viewport().width() - margins.left() - margins.right() - 2 * self._inset, _NARROWEST)
        sources = [view.source for view in self._views()]
        return sources, width, self._appearance.theme, self.devicePixelRatioF()

    def _views(self) -> list[FormulaView]:
        return [view for section in self.sections for view in section.formulas if view.source]
