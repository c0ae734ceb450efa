"""What a user does with breakpoints from anywhere in the window: the actions, and the dialog that edits one."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from nnstudio.gui.context import Context
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint, DataBreakpoint, Event, WatchBreakpoint


class BreakpointCommands(QObject):
    """Carries out what is chosen; one dialog at a time."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        context.breakpoints.edit_wanted.connect(self.edit)

    def toggle(self) -> None:
        """Set a breakpoint at the chosen operation or take it away; while none is chosen, at the one that runs next."""
        session, chosen = self._context.session, self._context.selection.chosen.op
        if chosen is not None:
            self._context.breakpoints.toggle(chosen)
        elif session.paused:
            self._context.breakpoints.toggle(session.machine.pc)
        else:
            session.message.emit("Choose an operation in the program first, by a click on it")

    def stop_when(self) -> None:
        """Ask for a condition to stop at."""
        self.edit(ConditionBreakpoint())

    def break_on_value(self) -> None:
        """Ask what is to happen to the chosen value."""
        chosen = self._context.selection.chosen
        self.edit(DataBreakpoint(slot=chosen.slot, index=chosen.index, event=Event.CHANGES))

    def edit(self, breakpoint_: Breakpoint) -> None:
        if isinstance(breakpoint_, WatchBreakpoint):  # its threshold stands beside what is measured
            self._context.tools.open("watches")
            return
        from .editor import BreakpointEditor  # a dialog is not needed to start

        breakpoints = self._context.breakpoints
        dialog = BreakpointEditor(breakpoint_, self._problem, self._window)
        dialog.taken.connect(partial(breakpoints.put, instead_of=breakpoint_.key))
        dialog.open()

    def _problem(self, breakpoint_: Breakpoint) -> str | None:
        return self._context.breakpoints.watcher.problem(breakpoint_)
