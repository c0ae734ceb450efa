"""The tool bar: training and stepping at the left, where the run stands at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from .actions import RUN, Actions
from .context import Context
from .standing import Standing


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
        train = self.widgetForAction(actions["train"])
        assert isinstance(train, QToolButton)
        train.setProperty("primary", True)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self.addWidget(Standing(context))


class Margin(QToolBar):
    """A strip of ground. Docks reach the edges of a main window; this keeps the cards off one of them."""

    def __init__(self, name: str, *, across: bool) -> None:
        super().__init__()
        self.setObjectName(f"margin_{name}")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setProperty("margin", True)
        self.setFixedHeight(8) if across else self.setFixedWidth(8)
