"""Menus with which breakpoints are set: at an operation, and on a value."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.gui.context import Context
from nnstudio.training.breakpoints import DataBreakpoint, Event, at_operation

from .breakpoint_set import BreakpointSet


def operation_menu(index: int, context: Context, parent: QWidget) -> QMenu:
    """What can be done at an operation of the program."""
    breakpoints, op = context.breakpoints, context.session.machine.program.ops[index]
    menu = QMenu(parent)
    menu.setObjectName("operation_menu")
    there = breakpoints.at_operation(index)
    if there is None:
        _add(menu, "Set breakpoint\tF9", "set_breakpoint", partial(breakpoints.toggle, index))
        new = at_operation(context.session.machine.program, index)
        _add(menu, "Set breakpoint with a condition…", "set_conditional", partial(breakpoints.edit, new))
        line = f"{op.writes[0]} in epoch {{epoch}}, mini-batch {{batch}}"
        _add(menu, "Print a line here…", "set_log_point", partial(breakpoints.edit, replace(new, log=line)))
    else:
        key = there.key
        _add(menu, "Edit breakpoint…", "edit_breakpoint", partial(breakpoints.edit, there))
        text = "Disable" if there.enabled else "Enable"
        _add(menu, f"{text} breakpoint", "enable_breakpoint", partial(breakpoints.enable, key, not there.enabled))
        _add(menu, "Remove breakpoint\tF9", "remove_breakpoint", partial(breakpoints.remove, key))
    if len(op.writes) <= 2:
        menu.addSeparator()
        for slot in op.writes:
            menu.addMenu(break_when_menu(slot, None, breakpoints, menu))
    menu.addSeparator()
    run_to = partial(context.session.run_to_operation, index)
    _add(menu, "Run to this operation", "run_here", run_to).setEnabled(context.session.paused)
    return menu


def break_when_menu(slot: str, index: tuple[int, ...] | None, breakpoints: BreakpointSet, parent: QWidget) -> QMenu:
    """Break when a slot, or the element at `index` of it, changes …; what needs a value opens the dialog for it."""
    what = DataBreakpoint(slot=slot, index=index, event=Event.CHANGES).what
    menu = QMenu(f"Break when {what}", parent)
    menu.setObjectName("break_when_menu")
    for event in Event:
        new = DataBreakpoint(slot=slot, index=index, event=event)
        there = breakpoints.find(new.key)
        if event is Event.CROSSES:
            _add(menu, "crosses a value…", event.name.lower(), partial(breakpoints.edit, new))
            continue
        action = _add(menu, event.value, event.name.lower(), partial(_toggle, breakpoints, new))
        action.setCheckable(True)
        action.setChecked(there is not None)
    return menu


def _toggle(breakpoints: BreakpointSet, one: DataBreakpoint) -> None:
    if breakpoints.find(one.key) is None:
        breakpoints.put(one)
    else:
        breakpoints.remove(one.key)


def _add(menu: QMenu, text: str, name: str, run: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(name)
    action.triggered.connect(lambda: run())  # without whether it is checked
    return action
