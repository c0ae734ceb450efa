"""The tool bar: training and stepping at the left, where the run stands at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from .actions import RUN, Actions
from .context import Context
from .standing import Standing

_BY_ICON = (
    "slow_motion",
    "reset",
    "pause",
    "step_back",
    "step_into",
    "step_batch",
    "step_epoch",
    "step_out",
    "step_over",
)
"""The buttons that do without their text where there is no room for all, in this order."""
_WIDEST = {"train": "Continue", "step_over": "Next mini-batch", "step_out": "Finish backward"}
"""The longest text of the buttons whose text changes."""
_TEXT_GAP = 8


class RunToolBar(QToolBar):
    """The action a user most likely wants next, Train, has the accent."""

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__("Run")
        self.setObjectName("run_tool_bar")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for spec in RUN:
            if spec.begins_group:
                self.addSeparator()
            self.addAction(actions[spec.name])
        self._buttons = {spec.name: self._button(actions, spec.name) for spec in RUN}
        self._buttons["train"].setProperty("primary", True)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self.addWidget(Standing(context))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _button(self, actions: Actions, name: str) -> QToolButton:
        button = self.widgetForAction(actions[name])
        assert isinstance(button, QToolButton)
        return button

    def _fit(self) -> None:
        """Text beside the icons where there is room; a button whose text changes keeps its width."""
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        widths = {name: self._width(name) for name in self._buttons}
        now = {name: max(b.sizeHint().width(), b.minimumWidth()) for name, b in self._buttons.items()}
        needed = self.sizeHint().width() + sum(widths[name] - now[name] for name in widths)
        for name in ("train", *_BY_ICON):
            button = self._buttons[name]
            shorter = name in _BY_ICON and (needed > self.width() or name == "slow_motion")
            if shorter:
                needed -= self._text_width(name)
            button.setMinimumWidth(0 if shorter or name not in _WIDEST else widths[name])
            if button.toolButtonStyle() is not (alone if shorter else beside):
                button.setToolButtonStyle(alone if shorter else beside)

    def _width(self, name: str) -> int:
        """With its text beside the icon, the longest that it may have."""
        button = self._buttons[name]
        width = button.sizeHint().width()
        if button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
            return width + self._text_width(name)
        advance, text = button.fontMetrics().horizontalAdvance, button.text()
        return width + advance(_WIDEST.get(name, text)) - advance(text)

    def _text_width(self, name: str) -> int:
        button = self._buttons[name]
        return button.fontMetrics().horizontalAdvance(_WIDEST.get(name, button.text())) + _TEXT_GAP


class Margin(QToolBar):
    """A strip of ground. Docks reach the edges of a main window; this keeps the cards off one of them."""

    def __init__(self, name: str, *, across: bool) -> None:
        super().__init__()
        self.setObjectName(f"margin_{name}")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setProperty("margin", True)
        self.setFixedHeight(8) if across else self.setFixedWidth(8)
