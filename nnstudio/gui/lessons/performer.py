"""Carries out what a lesson does, one thing after the other: what runs in the background is waited for."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Edit
from nnstudio.gui.context import Context
from nnstudio.gui.explanation.depths import SETTING, Depth
from nnstudio.gui.tools.tools import SPECS
from nnstudio.lessons.spec import (
    Act,
    Advance,
    Choose,
    ChooseSample,
    Light,
    Open,
    Reset,
    RunTo,
    SetValue,
    ShowDepth,
    Stride,
)
from nnstudio.training.goals import Goal

_DRAWING = "canvas_panel"


class Performer(QObject):
    """It works on whatever is open; `experiment` is what Reset goes back to."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._acts: deque[Act] = deque()
        self._then: Callable[[], object] | None = None
        self.experiment: Experiment | None = None
        self._depth: str | None = None
        """How deep the explanation went before a lesson set that."""
        self._opened: list[str] = []
        """What was not open before a lesson opened it."""
        # queued: a session that has come to rest has more to do than to say so
        context.session.state_changed.connect(self._go_on, Qt.ConnectionType.QueuedConnection)

    @property
    def at_work(self) -> bool:
        return self._then is not None

    def perform(self, acts: Iterable[Act], then: Callable[[], object]) -> None:
        """Carry them out, stopping what runs, and do `then`. What was being carried out before is given up."""
        self._context.session.take()
        self._acts, self._then = deque(acts), then
        self._go_on()

    def stop(self) -> None:
        """Give up what is being carried out, close what it had opened, and let the explanation go as deep as
        before."""
        self._acts.clear()
        self._then = None
        if self._depth is not None:
            self._context.settings.set_value(SETTING, self._depth)
            self._depth = None
        while self._opened:
            self._context.tools.put_away(self._opened.pop())

    def _go_on(self) -> None:
        session = self._context.session
        while self._acts and session.paused:
            self._carry_out(self._acts.popleft())
        if self._then is not None and not self._acts and session.paused:
            then, self._then = self._then, None
            then()

    def _carry_out(self, act: Act) -> None:
        """As if a person did it."""
        selection, session = self._context.selection, self._context.session
        match act:
            case Choose() | Light():
                selection.choose(act.element.slot, act.element.index)
                if isinstance(act, Light):
                    self._context.tools.show_panel(_DRAWING)
            case ChooseSample():
                selection.choose_sample(act.row)
            case Advance():
                self._advance(act)
            case RunTo():
                self._run_to(act.slot)
            case Reset():
                self._reset()
            case SetValue():
                session.edit_value(act.element.slot, act.element.index or (), act.value)
            case Open():
                self._open(act.name)
            case ShowDepth():
                self._show_depth(act.depth)

    def _open(self, name: str) -> None:
        tools = self._context.tools
        if not tools.stands_open(name):
            self._opened.append(name)
        show = tools.open if name in SPECS else tools.show_panel
        show(name)

    def _show_depth(self, depth: str) -> None:
        settings = self._context.settings
        if self._depth is None:
            self._depth = settings.value(SETTING, Depth.SCALAR)
        settings.set_value(SETTING, depth)

    def _advance(self, act: Advance) -> None:
        session = self._context.session
        if act.stride is Stride.EPOCH:
            session.run_to(Goal.at(session.machine.epochs + act.times))
            return
        step = {Stride.OPERATION: session.step_over, Stride.PHASE: session.step_out, Stride.BATCH: session.step_batch}
        for _ in range(act.times):
            step[act.stride]()

    def _run_to(self, slot: str) -> None:
        machine = self._context.session.machine
        writer = machine.next_program.writer.get(slot)
        if writer is not None and machine.pc <= writer:
            self._context.session.run_to_operation((writer + 1) % len(machine.next_program.ops))

    def _reset(self) -> None:
        """To the experiment of the lesson, whatever has been made of it."""
        if self.experiment is not None:
            self._context.document.apply(Edit("Back to the lesson's experiment", self.experiment))
        self._context.session.reset()
