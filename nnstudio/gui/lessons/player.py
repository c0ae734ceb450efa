"""Where a person stands in a lesson, and what they have answered. The lesson's experiment is open for that time."""

from collections.abc import Callable, Iterable
from enum import Enum
from functools import partial
from hashlib import sha256

from PySide6.QtCore import QObject, Signal

from nnstudio.gui.context import Context
from nnstudio.gui.document import Content
from nnstudio.lessons.checking import answer, holds, is_right
from nnstudio.lessons.library import own
from nnstudio.lessons.progress import Progress, read_progress, written
from nnstudio.lessons.spec import Act, ChoiceTask, Lesson, NumberTask, Reset, StateTask, Step, Task

from .performer import Performer


class Verdict(Enum):
    """How the task of the step stands."""

    OPEN = "open"
    WRONG = "wrong"
    UNKNOWN = "the machine has not computed the answer"
    RIGHT = "right"
    SHOWN = "shown"


class Player(QObject):
    """`lesson` is the one that is open, at `step`; `changed` says that either, or the verdict, is another."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._performer = Performer(context, self)
        self.lesson: Lesson | None = None
        self.step = 0
        self.verdict = Verdict.OPEN
        self.right: float | None = None
        """What is right where a number is asked for, once the machine has computed it."""
        context.interlude.changed.connect(self._interlude_changed)
        context.session.refreshed.connect(self._look)

    @property
    def at_hand(self) -> Step:
        assert self.lesson is not None
        return self.lesson.steps[self.step]

    @property
    def task(self) -> Task | None:
        return self.at_hand.task if self.lesson is not None else None

    @property
    def done(self) -> bool:
        """Whether the task is fulfilled, or has been shown."""
        return self.verdict in (Verdict.RIGHT, Verdict.SHOWN)

    @property
    def at_work(self) -> bool:
        """Whether the lesson is doing something."""
        return self._performer.at_work

    def progress(self, lesson: Lesson) -> Progress:
        return read_progress(self._context.settings.value(_key(lesson), ""))

    def start(self, lesson: Lesson) -> None:
        """Open a lesson where it was left, from the beginning where it is done; what is open now is put aside.
        One of REFUSALS says why its experiment cannot be opened."""
        content = Content.load(lesson.experiment, lesson.folder)
        progress, steps = self.progress(lesson), len(lesson.steps)
        self._context.interlude.begin(content)
        self.lesson, self._performer.experiment = lesson, content.experiment
        begin = progress.step if progress.count(steps) < steps and progress.step < steps else 0
        self.go_to(begin)

    def go_to(self, step: int) -> None:
        """To a step in any other way than on from the one before: all before it is done on a run begun anew."""
        assert self.lesson is not None
        self._enter(step, (Reset(), *self.lesson.way_to(step)))

    def back(self) -> None:
        if self.step:
            self.go_to(self.step - 1)

    def go_on(self) -> None:
        """To the next step; from the last one out of the lesson."""
        assert self.lesson is not None
        if self.task is None:
            self._note_done()
        if self.step + 1 < len(self.lesson.steps):
            self._enter(self.step + 1, ())
        else:
            self.leave()

    def leave(self) -> None:
        """Put back what was open."""
        self._context.interlude.end()

    def say_number(self, said: float) -> None:
        """Answer with a number: now the machine computes what is right, if that was waiting for it."""
        assert isinstance(self.task, NumberTask)
        if self.right is None:
            self._perform(self.task.after, partial(self._judge_number, said))
        else:
            self._judge_number(said)

    def choose(self, option: int) -> None:
        """Answer with one of the options."""
        assert isinstance(self.task, ChoiceTask)
        self._end_task(Verdict.RIGHT if option == self.task.right else Verdict.WRONG)

    def show_me(self) -> None:
        """Do the task in place of the person."""
        match self.task:
            case NumberTask() as task:
                self._perform(() if self.right is not None else task.after, self._show_number)
            case StateTask() as task:
                self._perform(task.solution, partial(self._end_task, Verdict.SHOWN))
            case ChoiceTask():
                self._end_task(Verdict.SHOWN)

    def _enter(self, step: int, before: Iterable[Act]) -> None:
        assert self.lesson is not None
        self.step, self.verdict, self.right = step, Verdict.OPEN, None
        self._remember(self.progress(self.lesson).at(step))
        self._perform((*before, *self.at_hand.acts), self._arrive)

    def _perform(self, acts: Iterable[Act], then: Callable[[], object]) -> None:
        self._performer.perform(acts, then)
        self.changed.emit()

    def _judge_number(self, said: float) -> None:
        if self._know_number():
            assert isinstance(self.task, NumberTask)
            assert self.right is not None
            self._end_task(Verdict.RIGHT if is_right(self.task, said, self.right) else Verdict.WRONG)

    def _show_number(self) -> None:
        if self._know_number():
            self._end_task(Verdict.SHOWN)

    def _know_number(self) -> bool:
        """Once the machine has computed what is right it stays so, whatever is done to the run."""
        assert isinstance(self.task, NumberTask)
        if self.right is None:
            self.right = answer(self.task, self._context.session.run)
        if self.right is None:
            self._end_task(Verdict.UNKNOWN)
        return self.right is not None

    def _arrive(self) -> None:
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        """Whether the machine has come to where the task wants it."""
        task = self.task
        if not isinstance(task, StateTask) or self.done or self._performer.at_work:
            return
        if holds(task, self._context.session.run):
            self._end_task(Verdict.RIGHT)

    def _end_task(self, verdict: Verdict) -> None:
        self.verdict = verdict
        if self.done:
            self._note_done()
        self.changed.emit()

    def _note_done(self) -> None:
        if self.lesson is not None:
            self._remember(self.progress(self.lesson).with_done(self.step))

    def _remember(self, progress: Progress) -> None:
        assert self.lesson is not None
        self._context.settings.set_value(_key(self.lesson), written(progress))

    def _interlude_changed(self) -> None:
        """Whoever ended it, the lesson is over."""
        self._performer.stop()
        self.lesson = None
        self.changed.emit()


def _key(lesson: Lesson) -> str:
    """Under which name the progress is remembered: of lessons in other folders than the program's by all of their path,
    for a teacher's may be called like one of them."""
    if lesson.folder.parent == own():
        return f"lessons/{lesson.name}"
    return f"lessons/{sha256(bytes(lesson.folder.resolve())).hexdigest()[:16]}"
