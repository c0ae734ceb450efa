"""The dialog for one breakpoint: what it waits for, under which condition, after how many hits, and what it prints.
What cannot be read is said beneath its field while it is typed."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from nnstudio.explain.numbers import parse
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import Form, FormRow
from nnstudio.gui.wording import plain
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint, DataBreakpoint, Event, OpBreakpoint
from nnstudio.training.conditions import functions
from nnstudio.training.conditions.limits import LENGTH

from .words import words

_MOST_HITS = 1_000_000_000
_EXAMPLE_LINE = "J is {J} in epoch {epoch}, mini-batch {batch}"
_EARLY_LINE = "epoch {epoch}, mini-batch {batch}: the lowest J so far is {best_J}"
"""Where J of the mini-batch is not computed yet."""
_EVENTS = tuple(Option(event.name, event.value) for event in Event)
_HELP = (
    "Slots by their names: J, W1, dW2[3, 1] (indices count from 0); epoch, batch, iteration, best_J; "
    f"+ − * / % **, comparisons, and, or, not; {', '.join(functions.NAMES)}."
)
Problem = Callable[[Breakpoint], str | None]
"""Why a breakpoint cannot work in the network at hand."""


class BreakpointEditor(QDialog):
    """`taken` carries the breakpoint as it was edited; the dialog closes by itself."""

    taken = Signal(object)

    def __init__(self, breakpoint_: Breakpoint, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breakpoint_editor")
        self.setWindowTitle("Breakpoint")
        self.setProperty("card", True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._edited, self._problem = breakpoint_, problem
        self.condition = _field("breakpoint_condition", "Condition", "always, or such as J > 1.05 * best_J")
        self.condition.setMaxLength(LENGTH + 1)
        self.condition_problem = _problem_line("condition_problem", "Problem of the condition")
        self.event_ = Choice("breakpoint_event", "What happens to it")
        self.level = _field("breakpoint_level", "Value to cross", "0.5")
        self.ignore = CountField("breakpoint_ignore", "Hits that pass first", 0, _MOST_HITS)
        self.every = CountField("breakpoint_every", "Of the others, stop at every", 1, _MOST_HITS)
        self.prints = QCheckBox("Print a line instead of stopping")
        self.prints.setObjectName("breakpoint_prints")
        self.line = _field("breakpoint_line", "Line to print", _EXAMPLE_LINE)
        self.line_problem = _problem_line("line_problem", "Problem of the line")
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._buttons.button(buttons.Ok).setProperty("primary", True)
        self._lay_out()
        self._show(breakpoint_)
        self._listen()
        self._check()
        self.resize(460, self.sizeHint().height())

    def draft(self) -> Breakpoint | None:
        """The breakpoint as the fields say it; None while its value to cross is no number."""
        one = replace(
            self._edited,
            condition=self.condition.text().strip(),
            ignore=self.ignore.value(),
            every=self.every.value(),
            log=self.line.text() if self.prints.isChecked() else None,
        )
        if isinstance(one, DataBreakpoint):
            event, level = Event[self.event_.key], parse(self.level.text())
            if event is Event.CROSSES and level is None:
                return None
            return replace(one, event=event, level=level if event is Event.CROSSES and level is not None else 0.0)
        return one

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._title())
        form = Form()
        form.setSpacing(8)
        if isinstance(self._edited, DataBreakpoint):
            form.add("Stop when it", self.event_)
            self._level_row: FormRow | None = form.add("Value", self.level)
        alone = isinstance(self._edited, ConditionBreakpoint)
        form.add("Stop when" if alone else "Only if", self.condition, fill=True)
        form.addWidget(self.condition_problem)
        form.addWidget(self._help())
        form.add("Let the first hits pass", self.ignore)
        form.add("Then stop at every so many", self.every)
        form.addWidget(self.prints)
        form.addWidget(self.line)
        form.addWidget(self.line_problem)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self._buttons)
        for number in (self.ignore, self.every):
            number.setFixedWidth(96)

    def _title(self) -> QLabel:
        one = self._edited
        if isinstance(one, OpBreakpoint):
            text = f"Stop {words(one)}"
        else:
            text = f"Watch {one.what}" if isinstance(one, DataBreakpoint) else "Stop when a condition becomes true"
        title = QLabel(text)
        title.setProperty("heading", True)
        title.setWordWrap(True)
        return title

    def _help(self) -> QLabel:
        label = QLabel(_HELP)
        label.setProperty("muted", True)
        label.setProperty("small", True)
        label.setWordWrap(True)
        return label

    def _show(self, one: Breakpoint) -> None:
        self.condition.setText(one.condition)
        self.ignore.show_value(one.ignore)
        self.every.show_value(one.every)
        self.prints.setChecked(one.log is not None)
        self.line.setText(one.log or "")
        if isinstance(one, DataBreakpoint):
            self.event_.set_options(_EVENTS)
            self.event_.choose(one.event.name)
            self.level.setText(f"{one.level:g}")

    def _listen(self) -> None:
        for field in (self.condition, self.line, self.level):
            field.textChanged.connect(self._check)
        self.prints.toggled.connect(self._print_toggled)
        self.event_.chosen.connect(self._check)
        self._buttons.accepted.connect(self._take)
        self._buttons.rejected.connect(self.reject)

    def _print_toggled(self, on: bool) -> None:
        if on and not self.line.text():
            probe = replace(self._edited, condition="J > 0", log=None)
            early = isinstance(probe, OpBreakpoint) and self._problem(probe)
            self.line.setText(_EARLY_LINE if early else _EXAMPLE_LINE)
        self._check()

    def _check(self) -> None:
        """Say what is wrong with what is typed, where it is typed."""
        crossing = self.event_.key == Event.CROSSES.name
        if isinstance(self._edited, DataBreakpoint) and self._level_row is not None:
            self._level_row.setVisible(crossing)
        self.line.setVisible(self.prints.isChecked())
        one = self.draft()
        problem = "write a number to cross, such as 0.5" if one is None else self._problem(one) or ""
        about_line = problem.startswith(_LINE)
        _say(self.line_problem, problem.removeprefix(_LINE) if about_line else "")
        untouched = isinstance(self._edited, ConditionBreakpoint) and not self.condition.text().strip()
        _say(self.condition_problem, "" if about_line or untouched else problem.removeprefix(_CONDITION))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    def _take(self) -> None:
        one = self.draft()
        if one is not None:
            self.taken.emit(one)
            self.accept()


_LINE = "in the line to print, "
_CONDITION = "in the condition, "


def _field(name: str, what: str, example: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(what)
    field.setPlaceholderText(example)
    return field


def _problem_line(name: str, what: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(what)
    label.setProperty("error", True)
    label.setProperty("small", True)
    label.setWordWrap(True)
    label.hide()
    return label


def _say(label: QLabel, problem: str) -> None:
    label.setText(plain(problem) if problem else "")
    label.setVisible(bool(problem))
