"""The lessons that come with the program tell the numbers that the machine computes."""

import re

import pytest

from nnstudio.lessons.checking import answer, holds
from nnstudio.lessons.library import lessons, own
from nnstudio.lessons.spec import Act, Advance, Lesson, NumberTask, Reset, RunTo, SetValue, StateTask, Stride
from nnstudio.lessons.text import Block
from nnstudio.training.debugger import Debugger
from nnstudio.training.goals import Goal
from nnstudio.training.run import build

_NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


@pytest.fixture(params=lessons(own()), ids=lambda lesson: lesson.name)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    assert isinstance(request.param, Lesson), request.param.problem
    return request.param


def test_the_numbers_said_of_a_right_answer_tell_it(lesson: Lesson) -> None:
    debugger = Debugger(build(lesson.experiment, lesson.folder))
    for step in lesson.steps:
        if Reset() in step.acts:  # a rate that was set stays otherwise
            debugger = Debugger(build(lesson.experiment, lesson.folder))
        perform(debugger, step.acts)
        match step.task:
            case NumberTask() as task:
                perform(debugger, task.after)
                right, said = answer(task, debugger.run), numbers(task.well_done)
                assert right is not None, step.heading
                assert not said or right in [pytest.approx(one, abs=task.tolerance) for one in said], step.heading
            case StateTask() as task:
                assert not holds(task, debugger.run), step.heading
                perform(debugger, task.solution)
                assert holds(task, debugger.run), step.heading


def numbers(blocks: tuple[Block, ...]) -> list[float]:
    """All numbers in a text."""
    return [float(found.replace("−", "-")) for block in blocks for found in _NUMBER.findall(block.plain)]


def perform(debugger: Debugger, acts: tuple[Act, ...]) -> None:
    """What moves the machine, without a window."""
    for act in acts:
        match act:
            case Reset():
                debugger.reset()
            case RunTo():
                writer = debugger.machine.next_program.writer[act.slot]
                if debugger.machine.pc <= writer:
                    debugger.run_to_operation((writer + 1) % len(debugger.machine.next_program.ops))
            case SetValue():
                set_value(debugger, act)
            case Advance():
                for _ in range(act.times):
                    advance(debugger, act.stride)


def set_value(debugger: Debugger, act: SetValue) -> None:
    if act.element.slot == debugger.run.model.rate_setting:
        debugger.set_learning_rate(act.value)
        return
    edit = debugger.setting(act.element.slot, act.element.index or (), act.value)
    if edit.moment != debugger.timeline.here:
        debugger.go_to(edit.moment)
    debugger.make(edit)


def advance(debugger: Debugger, stride: Stride) -> None:
    match stride:
        case Stride.OPERATION:
            debugger.step_over()
        case Stride.PHASE:
            debugger.step_out()
        case Stride.BATCH:
            debugger.step_batch()
        case Stride.EPOCH:
            debugger.train(Goal.EPOCH)
