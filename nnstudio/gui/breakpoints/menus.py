"""Menus with which breakpoints are set: at an operation, and on a value."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.engine.ops import OpKind
from nnstudio.gui.context import Context
from nnstudio.gui.update_edits import add_update_edits
from nnstudio.gui.wording import plain
from nnstudio.training.breakpoints import Breakpoint, DataBreakpoint, Event, at_operation

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
        _fill(menu, there, breakpoints, "\tF9")
    if len(op.writes) <= 2:
        menu.addSeparator()
        for slot in op.writes:
            menu.addMenu(break_when_menu(slot, None, breakpoints, menu))
    menu.addSeparator()
    if op.kind is OpKind.UPDATE:
        add_update_edits(menu, context.session, parent)
        menu.addSeparator()
    run_to = partial(context.session.run_to_operation, index)
    _add(menu, "Run to this operation", "run_here", run_to).setEnabled(context.session.paused)
    return menu


def breakpoint_menu(breakpoint_: Breakpoint, breakpoints: BreakpointSet, parent: QWidget) -> QMenu:
    """What can be done with a breakpoint that is set."""
    menu = QMenu(parent)
    menu.setObjectName("breakpoint_menu")
    _fill(menu, breakpoint_, breakpoints, "\tDel")
    return menu


def _fill(menu: QMenu, one: Breakpoint, breakpoints: BreakpointSet, key: str) -> None:
    """`key` is the one that removes it."""
    _add(menu, "Edit breakpoint…", "edit_breakpoint", partial(breakpoints.edit, one))
    text = "Disable" if one.enabled else "Enable"
    _add(menu, f"{text} breakpoint", "enable_breakpoint", partial(breakpoints.enable, one.key, not one.enabled))
    _add(menu, f"Remove breakpoint{key}", "remove_breakpoint", partial(breakpoints.remove, one.key))


def break_when_menu(slot: str, index: tuple[int, ...] | None, breakpoints: BreakpointSet, parent: QWidget) -> QMenu:
    """Break when a slot, or the element at `index` of it, changes …; what needs a value opens the dialog for it."""
    what = DataBreakpoint(slot=slot, index=index, event=Event.CHANGES).what
    menu = QMenu(f"Break when {what}", parent)
    menu.setObjectName("break_when_menu")
    menu.setToolTipsVisible(True)
    for event in Event:
        new = DataBreakpoint(slot=slot, index=index, event=event)
        if event is Event.CROSSES:
            action = _add(menu, "crosses a value…", event.name.lower(), partial(breakpoints.edit, new))
        else:
            action = _add(menu, event.value, event.name.lower(), partial(_toggle, breakpoints, new))
            action.setCheckable(True)
            action.setChecked(breakpoints.find(new.key) is not None)
        problem = breakpoints.watcher.problem(new)
        action.setEnabled(problem is None)
        action.setToolTip(plain(problem) if problem else "")
    return menu


def add_break_when(menu: QMenu, slot: str, index: tuple[int, ...] | None, context: Context) -> None:
    """Break when a value or its gradient …, in the menu of that value."""
    arena = context.session.machine.program.arena
    for name in (slot, f"d{slot}"):
        if name in arena and arena.slot(name).shape == arena.slot(slot).shape:
            menu.addMenu(break_when_menu(name, index, context.breakpoints, menu))


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
