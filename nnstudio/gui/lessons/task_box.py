"""What a step asks: the question, where it is answered, and what is said of the answer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.explain.numbers import parse, short
from nnstudio.gui.context import Context
from nnstudio.gui.widgets.panel_scroll import bring_into_view
from nnstudio.lessons.spec import ChoiceTask, NumberTask, StateTask, Task
from nnstudio.lessons.text import Block

from .player import Player, Verdict
from .rich_text import RichText

_WRONG = "Not quite. Try again, or let yourself be shown."
_WRONG_CHOICE = "No, that is not it. Try another."
_UNKNOWN = "The machine has not computed this number: it stands somewhere else now. Back and Next begin the step again."
_NO_NUMBER = "“{}” is no number; write one, such as −0.15"
_WAITING = "Do it in the window. It is noticed by itself."
_RIGHT, _SHOWN = "Right.", "This is it."


class TaskBox(QFrame):
    """Shows the task of the step that `player` stands at."""

    def __init__(self, context: Context, player: Player) -> None:
        super().__init__()
        self._context, self._player = context, player
        self._task: Task | None = None
        self.setObjectName("lesson_task")
        self.ask = RichText("task_ask", "Task", context)
        self.number = QLineEdit()
        self.number.setObjectName("task_number")
        self.number.setAccessibleName("Your answer")
        self.number.setPlaceholderText("a number")
        self.number.setMaximumWidth(160)
        self.check = _button("task_check", "Check")
        self.options = Options(context)
        self.says = QLabel()
        self.says.setObjectName("task_says")
        self.says.setAccessibleName("What is said of the answer")
        self.says.setWordWrap(True)
        self.remark = RichText("task_remark", "Remark", context)
        self.hint_link = _button("task_hint", "Hint", link=True)
        self.show_link = _button("task_show", "Show me", link=True)
        self._lay_out()
        self.number.returnPressed.connect(self._check)
        self.check.clicked.connect(self._check)
        self.options.chosen.connect(player.choose)
        self.hint_link.clicked.connect(self._give_hint)
        self.show_link.clicked.connect(player.show_me)

    @property
    def said(self) -> QWidget:
        """The last of what is said of the answer."""
        return self.remark if self.remark.isVisibleTo(self) else self.says

    def begin(self) -> None:
        """Give the keys to where the answer is written, or to the first of what can be chosen."""
        if self.number.isVisible():
            self.number.setFocus()
        elif self.options.isVisible():
            self.options.buttons[0].setFocus()

    def refresh(self) -> None:
        """Show how the task stands."""
        task = self._player.task
        self.setVisible(task is not None)
        if task is None:
            self._task = None
            return
        if task is not self._task or self._player.verdict is Verdict.OPEN:
            self._begin(task)
        self._show_verdict(task)
        for text in (self.ask, self.remark, *self.options.texts):
            text.refresh()

    def _begin(self, task: Task) -> None:
        new = task is not self._task
        self._task = task
        if new:
            self.number.clear()
            self.ask.show_blocks(task.ask)
            self.options.show_options(task.options if isinstance(task, ChoiceTask) else ())
            self.remark.show_blocks(())
        self._row.setVisible(isinstance(task, NumberTask))

    def _show_verdict(self, task: Task) -> None:
        verdict, done, free = self._player.verdict, self._player.done, not self._player.at_work
        self.number.setEnabled(free and not done)
        self.check.setEnabled(free and not done)
        self.options.setEnabled(free and not done)
        self.hint_link.setVisible(bool(task.hint) and not done)
        self.show_link.setVisible(not done)
        self.show_link.setEnabled(free)
        self._say(_words(task, verdict), error=verdict in (Verdict.WRONG, Verdict.UNKNOWN), good=done)
        if done:
            self._show_answer(task)
            self.remark.show_blocks(task.well_done)

    def _show_answer(self, task: Task) -> None:
        if isinstance(task, ChoiceTask):
            self.options.mark(task.right)
        elif isinstance(task, NumberTask) and self._player.verdict is Verdict.SHOWN and self._player.right is not None:
            self.number.setText(short(self._player.right))

    def _check(self) -> None:
        text = self.number.text().strip()
        said = parse(text)
        if said is None:
            self._say(_NO_NUMBER.format(text), error=True)
        else:
            self._player.say_number(said)

    def _give_hint(self) -> None:
        if self._task is not None:
            self.remark.show_blocks(self._task.hint)
            QTimer.singleShot(0, self, partial(bring_into_view, self.remark))

    def _say(self, words: str, *, error: bool = False, good: bool = False) -> None:
        if (error, good) != (self.says.property("error"), self.says.property("good")):
            self.says.setProperty("error", error)
            self.says.setProperty("good", good)
            self.says.setProperty("muted", not (error or good))
            self.says.style().polish(self.says)
        self.says.setText(words)
        self.says.setVisible(bool(words))

    def _lay_out(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.number)
        row.addWidget(self.check)
        row.addStretch(1)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.hint_link)
        links.addWidget(self.show_link)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (self.ask, self._row, self.options, self.says, self.remark):
            column.addWidget(widget)
        column.addLayout(links)


class Options(QWidget):
    """One of several, each a radio button with a text that may hold formulas. `chosen` carries which."""

    chosen = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.buttons: list[QRadioButton] = []
        self.texts: list[OptionText] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._rows: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)

    def show_options(self, options: Sequence[Sequence[Block]]) -> None:
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        for button in self.buttons:
            self._group.removeButton(button)
        self._rows, self.buttons, self.texts = [], [], []
        for number, option in enumerate(options):
            self._add(number, option)
        self.setVisible(bool(options))

    def mark(self, number: int) -> None:
        """Show which one it is, saying nothing."""
        self.buttons[number].setChecked(True)

    def _add(self, number: int, option: Sequence[Block]) -> None:
        row, button = QWidget(), QRadioButton()
        text = OptionText(f"task_option_text_{number}", context=self._context, button=button)
        button.setObjectName(f"task_option_{number}")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(text, 1)
        text.show_blocks(option)
        button.setAccessibleName(text.shown)
        self._group.addButton(button, number)
        self._column.addWidget(row)
        self._rows.append(row)
        self.buttons.append(button)
        self.texts.append(text)


class OptionText(RichText):
    """The text beside a radio button: a click on it is one on the button."""

    def __init__(self, name: str, context: Context, button: QRadioButton) -> None:
        super().__init__(name, "Option", context)
        self._button = button
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._button.isEnabled():
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
            self._button.click()


def _words(task: Task, verdict: Verdict) -> str:
    match verdict:
        case Verdict.WRONG:
            return _WRONG_CHOICE if isinstance(task, ChoiceTask) else _WRONG
        case Verdict.UNKNOWN:
            return _UNKNOWN
        case Verdict.RIGHT:
            return f"✓ {_RIGHT}"
        case Verdict.SHOWN:
            return _SHOWN
    return _WAITING if isinstance(task, StateTask) else ""


def _button(name: str, text: str, *, link: bool = False) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    made.setProperty("link", link)
    return made
