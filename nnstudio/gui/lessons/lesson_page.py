"""The page of the lesson that is open: the text of the step, its task, and the way on."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.context import Context
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.panel_scroll import PanelScroll, bring_into_view

from .player import Player, Verdict
from .rich_text import RichText
from .task_box import TaskBox

_BAR, _BESIDE_BAR = 96, 8
"""The width of the progress, and the room between the text and a scroll bar."""
_SEEN = 80
"""So much of a task says that there is one."""


class LessonPage(QWidget):
    """Shows where `player` stands."""

    def __init__(self, context: Context, player: Player) -> None:
        super().__init__()
        self._player = player
        self._shown: object = None
        self._said = Verdict.OPEN
        self.title = ElidedLabel()
        self.title.setObjectName("lesson_title")
        self.title.setProperty("muted", True)
        self.bar = QProgressBar()
        self.bar.setObjectName("lesson_progress")
        self.bar.setAccessibleName("How far you are in the lesson")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR)
        self.heading = QLabel()
        self.heading.setObjectName("lesson_heading")
        self.heading.setProperty("big", True)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.text = RichText("lesson_text", "Text of the step", context)
        self.task = TaskBox(context, player)
        self.to_task = _button("lesson_to_task", "Task ↓", link=True)
        self.to_task.setAccessibleName("To the task")
        self.to_task.setToolTip("Scroll down to what this step asks")
        self.back = _button("lesson_back", "Back")
        self.next = _button("lesson_next", "Next")
        self.leave = _button("lesson_leave", "Leave the lesson", link=True)
        self.leave.setToolTip("Put back what was open before, as it was")
        self._lay_out()
        self.back.clicked.connect(player.back)
        self.next.clicked.connect(player.go_on)
        self.leave.clicked.connect(player.leave)
        self.to_task.clicked.connect(self._scroll_to_task)
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(self._point_to_task)
        bar.rangeChanged.connect(self._point_to_task)

    def refresh(self) -> None:
        player, lesson = self._player, self._player.lesson
        if lesson is None:
            self._shown = None
            return
        steps, step = len(lesson.steps), player.at_hand
        self.title.show_text(f"{player.step + 1} of {steps} · {lesson.title}")
        self.bar.setRange(0, steps)
        self.bar.setValue(player.step + 1)
        self.heading.setText(step.heading)
        if step is not self._shown:
            self._shown = step
            self.text.show_blocks(step.blocks)
            QTimer.singleShot(0, self, self._scroll_to_top)
        self.text.refresh()
        self.task.refresh()
        if player.verdict is not self._said:
            self._said = player.verdict
            QTimer.singleShot(0, self, self._scroll_to_verdict)
        self._point_to_task()
        free, last = not player.at_work, player.step + 1 == steps
        self.back.setEnabled(free and player.step > 0)
        self.next.setEnabled(free)
        self.next.setText("Finish" if last else "Next")
        ready = player.task is None or player.done
        if self.next.property("primary") is not ready:
            self.next.setProperty("primary", ready)
            self.next.style().polish(self.next)

    def _point_to_task(self) -> None:
        """The way down to the task, while it is wholly below what is seen."""
        seen = self._scroll.viewport().height() - self.task.mapTo(self._scroll.viewport(), QPoint()).y()
        self.to_task.setVisible(self._player.task is not None and not self._player.done and seen < _SEEN)

    def _scroll_to_task(self) -> None:
        bring_into_view(self.task)
        self.task.begin()

    def _scroll_to_verdict(self) -> None:
        """What is said of an answer is seen at once."""
        if self._player.verdict is not Verdict.OPEN:
            bring_into_view(self.task.said)

    def _scroll_to_top(self) -> None:
        self._scroll.verticalScrollBar().setValue(0)

    def _lay_out(self) -> None:
        self._scroll = PanelScroll(margin=0)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, _BESIDE_BAR, 0)
        inner.setSpacing(12)
        for widget in (self.heading, self.text, self.task):
            inner.addWidget(widget)
        self._scroll.column.addLayout(inner)
        self._scroll.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.to_task)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.title, 1)
        head.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        column.addLayout(buttons)


def _button(name: str, text: str, *, link: bool = False) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    made.setProperty("link", link)
    return made
