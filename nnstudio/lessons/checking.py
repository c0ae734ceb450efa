"""Whether a lesson fits its experiment, and what its tasks ask of the machine."""

from collections.abc import Callable, Collection, Iterable
from functools import partial

import numpy as np

from nnstudio.engine.spec import SpecError
from nnstudio.training.conditions import Expression, ExpressionError, Scope, read_condition, read_expression
from nnstudio.training.run import Run

from .errors import LessonError
from .file_format import Outline
from .spec import (
    Act,
    Choose,
    ChooseSample,
    Element,
    Light,
    NumberTask,
    Open,
    RunTo,
    SetValue,
    StateTask,
    Task,
)


def answer(task: NumberTask, run: Run) -> float | None:
    """What is right, as the machine stands; None while it has not computed it."""
    try:
        expression = _number(task.answer, run)
    except ExpressionError:  # the network has been changed, and what is asked about is gone
        return None
    with np.errstate(all="ignore"):
        value = expression.known_value(run.machine)
    return None if value is None else float(value)


def is_right(task: NumberTask, said: float, right: float) -> bool:
    """Whether a number is within the tolerance of what is right; a hair more, for the tolerance is a decimal number."""
    return abs(said - right) <= task.tolerance * (1 + 1e-9)


def holds(task: StateTask, run: Run) -> bool:
    """Whether the machine stands where the task is fulfilled."""
    try:
        expression = read_condition(task.condition, Scope(run.machine, run.history))
    except ExpressionError:  # the network has been changed, and what is asked about is gone
        return False
    with np.errstate(all="ignore"):
        return bool(expression.known_value(run.machine))


def check(outlines: Iterable[Outline], run: Run, openable: Collection[str] | None = None) -> None:
    """LessonError says what does not fit the experiment, and where. `openable` are the tools and panels there are."""
    for outline in outlines:
        for act in (*outline.acts, *_acts_of(outline.task)):
            _check_act(act, run, outline.place, openable)
        _check_task(outline.task, run, f"{outline.place}.task")


def _number(text: str, run: Run) -> Expression:
    expression = read_expression(text, Scope(run.machine, run.history))
    root = expression.root
    if root.truth or root.shape:
        raise ExpressionError(f"{text} is not one number; write one, such as W1[0, 0]")
    return expression


def _acts_of(task: Task | None) -> tuple[Act, ...]:
    match task:
        case NumberTask():
            return task.after
        case StateTask():
            return task.solution
    return ()


def _check_task(task: Task | None, run: Run, place: str) -> None:
    match task:
        case NumberTask():
            _told_at(f"{place}.answer", partial(_number, task.answer, run))
        case StateTask():
            scope = Scope(run.machine, run.history)
            _told_at(f"{place}.condition", partial(read_condition, task.condition, scope))


def _told_at(place: str, read: Callable[[], object]) -> None:
    try:
        read()
    except ExpressionError as error:
        raise LessonError(str(error), place) from None


def _check_act(act: Act, run: Run, place: str, openable: Collection[str] | None) -> None:
    machine = run.machine
    match act:
        case Choose() | Light() | SetValue():
            _check_element(act.element, run, place)
            if isinstance(act, SetValue):
                _check_setting(act, run, place)
        case RunTo():
            if act.slot not in machine.program.writer:
                raise LessonError(f"no operation of this experiment writes “{act.slot}”", place)
        case ChooseSample():
            if act.row >= machine.program.batch_size:
                raise LessonError(f"there is no sample {act.row}; a mini-batch has {machine.program.batch_size}", place)
        case Open():
            if openable is not None and act.name not in openable:
                raise LessonError(f"there is no tool or panel “{act.name}”; there are {', '.join(openable)}", place)


def _check_setting(act: SetValue, run: Run, place: str) -> None:
    slot = act.element.slot
    if act.element.index is None and run.machine.slot(slot).shape:
        raise LessonError(f"{slot} is many numbers; set one, such as W1[0, 0]", place)
    try:
        run.machine.check_write(slot, act.value)
    except SpecError as error:
        raise LessonError(f"{slot} cannot be set: {error}", place) from None


def _check_element(element: Element, run: Run, place: str) -> None:
    machine = run.machine
    if element.slot not in machine.program.arena:
        near = Scope(machine, run.history).near(element.slot)
        hint = f"did you mean {' or '.join(near)}?" if near else "the slots are listed in the inspector"
        raise LessonError(f"this experiment has no “{element.slot}”; {hint}", place)
    shape, index = machine.slot(element.slot).shape, element.index
    if index is not None and (len(index) != len(shape) or any(i >= n for i, n in zip(index, shape, strict=True))):
        size = " × ".join(map(str, shape)) or "1"
        raise LessonError(f"{element.slot} has no element [{', '.join(map(str, index))}]; it is {size}", place)
