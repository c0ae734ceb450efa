"""The dock of a tool: a panel that hands on what it is told to the tool's view."""

from PySide6.QtCore import QSize

from nnstudio.experiment.edits import Change
from nnstudio.gui.context import Context
from nnstudio.gui.panels.panel import Panel

from .catalogue import ToolSpec


class ToolDock(Panel):
    """Made with its view when the tool is first opened."""

    def __init__(self, context: Context, spec: ToolSpec) -> None:
        super().__init__(context, spec.dock, spec.title)
        self.spec = spec
        self.setWindowTitle(spec.tab or spec.title)
        self.view = spec.load()(context, self.header)
        self.interval = self.view.interval  # type: ignore[misc]
        self.body.addWidget(self.view, 1)

    def rebuild(self) -> None:
        self.view.rebuild()

    def refresh(self) -> None:
        self.view.refresh()

    def document_changed(self, change: Change) -> None:
        self.view.document_changed(change)

    def _sight_changed(self, in_sight: bool) -> None:
        super()._sight_changed(in_sight)
        if not in_sight:
            self.view.leave_sight()

    def sizeHint(self) -> QSize:
        return self.view.sizeHint()
