"""Lessons are read from their folders, and what is wrong with one is told with its place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnstudio.lessons.errors import LessonError
from nnstudio.lessons.library import Broken, lessons
from nnstudio.lessons.progress import Progress, read_progress, written
from nnstudio.lessons.reading import read_lesson
from nnstudio.lessons.spec import Advance, Element, Lesson, Light, NumberTask, Reset, RunTo, SetValue, StateTask, Stride
from nnstudio.lessons.text import Display, Prose, read_text

from .conftest import EXPERIMENT, OUTLINE, TEXT, WriteLesson

Spoil = Callable[[Any], None]


def test_a_lesson_is_its_text_with_what_is_done_and_asked(write_lesson: WriteLesson) -> None:
    lesson = read_lesson(write_lesson())
    assert (lesson.title, lesson.summary, lesson.experiment.name) == ("Weights", "What a weight does.", "One weight")
    look, set_it = lesson.steps
    assert [type(block) for block in look.blocks] == [Prose, Display]
    assert look.blocks[0].plain.strip() == "The sum is z = w₁x₁."
    assert look.acts == (Light(Element("W1", (0, 0))), Advance(Stride.PHASE, 2))
    assert isinstance(look.task, NumberTask)
    assert look.task.after == (RunTo("dW1"),)
    assert isinstance(set_it.task, StateTask)


def test_the_way_to_a_step_is_all_that_moves_the_machine_before_it(write_lesson: WriteLesson) -> None:
    lesson = read_lesson(write_lesson())
    assert lesson.way_to(0) == ()
    assert lesson.way_to(1) == (Advance(Stride.PHASE, 2), RunTo("dW1"))
    assert lesson.way_to(2)[-2:] == (Reset(), SetValue(Element("W1", (0, 0)), 2))


def spoilt(path: str, value: object) -> Any:
    """The outline with one thing in it replaced: `steps.0.task.answer`."""
    outline = copy.deepcopy(OUTLINE)
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    at: Any = outline
    for part in way:
        at = at[part]
    at[last] = value
    return outline


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("format", "nnstudio-lesson/2", "lesson.json: $.format: a lesson begins"),
        ("stepps", [], "lesson.json: $.stepps is an unknown key"),
        ("steps.1.task.tolerance", 1, "lesson.json: $.steps[1].task.tolerance is an unknown key"),
        ("steps.0.task.kind", "essay", "lesson.json: $.steps[0].task.kind: "),
        ("steps.0.heading", "See", "$.steps[0].heading: the heading is “See”, but in lesson.md, line 5 it is “Look”"),
        ("steps.0.task.answer", "dW3", "$.steps[0].task.answer: column 1: there is no slot 'dW3'"),
        ("steps.0.task.answer", "dW1 > 0", "is not one number"),
        ("steps.0.task.ask", "What is $\\foo$?", "$.steps[0].task.ask: in the formula $\\foo$ \\foo is not known"),
        ("steps.0.task.tolerance", -1, "$.steps[0].task.tolerance: -1.0 is negative"),
        ("steps.0.task.after", [{"run_to": "W7"}], "no operation of this experiment writes “W7”"),
        ("steps.1.task.condition", "W1[0, 0]", "$.steps[1].task.condition: column 1: this is a number; compare it"),
        ("steps.1.task.solution", [], "$.steps[1].task.solution: it is empty"),
        ("steps.1.do", [{"choose": "W1[3, 0]"}], "W1 has no element [3, 0]; it is 1 × 1"),
        ("steps.1.do", [{"choose": "w1"}], "this experiment has no “w1”; did you mean W1"),
        ("steps.1.do", [{"choose": "W1[-1]"}], "$.steps[1].do[0].choose: “W1[-1]” is no slot or number"),
        ("steps.1.do", [{"set": "W1[0, 0]"}], "$.steps[1].do[0].set: a 'value' is missing"),
        ("steps.1.do", [{"set": "W1", "value": 1}, {}], "$.steps[1].do[1]: it has to say one thing: choose, light"),
        ("steps.1.do", [{"reset": True, "times": 3}], "$.steps[1].do[0]: 'times' goes with 'step' alone"),
        ("steps.1.do", [{"set": "J", "value": 1}], "$.steps[1]: J cannot be set: "),
        ("steps.1.do", [{"step": "phase", "times": 0}], "0 times is not from 1"),
        ("steps.1.do", [{"step": "year"}], "$.steps[1].do[0].step: "),
        ("steps.1.do", [{"open": "perceptrons"}], "there is no tool or panel “perceptrons”; there are perceptron"),
        ("steps.1.do", [{"sample": 2}], "there is no sample 2; a mini-batch has 2"),
        ("steps", [OUTLINE["steps"][0]], "lesson.json, $.steps: there are 1 steps, but 2 in lesson.md"),
    ],
)
def test_what_is_wrong_with_the_steps_is_told_with_its_key(
    write_lesson: WriteLesson, path: str, value: object, told: str
) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(write_lesson(outline=spoilt(path, value)), ("perceptron",))
    assert told in str(caught.value)
    assert str(caught.value).startswith("lesson.json")


@pytest.mark.parametrize(
    ("outline", "told"),
    [
        ("{", "lesson.json: not a complete JSON document: it ends too early"),
        ('{"steps": [{"heading": "a"\n "do": []}]}', "lesson.json: not a JSON document: "),
        ('{"steps":\n [NaN]}', "lesson.json: line 2, column 3: NaN is no number in JSON"),
        ('{"format": "a", "format": "b"}', "lesson.json: the key 'format' stands twice in the same object"),
        ("[" * 100_000, "lesson.json: its lists are nested too deeply"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(write_lesson: WriteLesson, outline: str, told: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(write_lesson(outline=outline))
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("# Weights", "Weights", "lesson.md, line 1: the text begins with its title"),
        ("What a weight does.", "", "lesson.md, line 1: a paragraph below the title"),
        ("## Set it", "# Set it", "lesson.md, line 10: there is one title"),
        ("Now you.", "", "lesson.md, line 10: a step has a heading, and a text"),
        ("Now you.", "Now\n<b>you</b>.", "lesson.md, line 12: HTML is not read"),
        ("Now you.", "It costs 5 $.", "lesson.md, line 11: a $ has no other"),
        ("Now you.", "![me](me.png)", "lesson.md, line 11: pictures cannot be shown"),
        ("Now you.", "\n\nNow $\\you$.", "lesson.md, line 13: in the formula $\\you$ \\you is not known"),
    ],
)
def test_what_is_wrong_with_the_text_is_told_with_its_line(
    write_lesson: WriteLesson, old: str, new: str, told: str
) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(write_lesson(text=TEXT.replace(old, new)))
    assert str(caught.value).startswith(told)


def test_dollars_in_code_and_behind_a_backslash_are_dollars() -> None:
    text = read_text("# A\nB\n## C\n`$x$` for 5 \\$\n```\n## $y$ <b>\n```\n")
    assert text.sections[0].blocks[0].plain == "`$x$` for 5 $\n```\n## $y$ <b>\n```"


@pytest.mark.parametrize("missing", ["text", "outline", "experiment"])
def test_a_missing_file_is_named(write_lesson: WriteLesson, missing: str) -> None:
    with pytest.raises(LessonError, match=r"^(lesson\.md|lesson\.json|experiment\.nns\.json): .*(is missing|no file)"):
        read_lesson(write_lesson(**{missing: None}))


def test_a_broken_experiment_is_told_with_its_place(write_lesson: WriteLesson) -> None:
    folder = write_lesson(experiment={**EXPERIMENT, "sed": 3})
    with pytest.raises(LessonError, match=r"^experiment\.nns\.json: \$\.sed is an unknown key; did you mean 'seed'"):
        read_lesson(folder)


def test_lessons_come_in_the_order_of_their_names_and_broken_ones_say_why(
    write_lesson: WriteLesson, tmp_path: Path
) -> None:
    write_lesson(name="02-b")
    write_lesson(name="01-a", outline="{")
    (tmp_path / "empty").mkdir()
    broken, whole = lessons(tmp_path)
    assert isinstance(broken, Broken)
    assert broken.name == "01-a"
    assert broken.problem.startswith("lesson.json: not a complete JSON document")
    assert isinstance(whole, Lesson)
    assert lessons(tmp_path / "02-b")[0].name == "02-b"
    with pytest.raises(LessonError, match="there is no lesson in it"):
        lessons(tmp_path / "empty")
    with pytest.raises(LessonError, match="cannot be read: no such file"):
        lessons(tmp_path / "gone")


def test_progress_is_remembered_as_text() -> None:
    progress = Progress(2).with_done(0).with_done(1)
    assert read_progress(written(progress)) == progress
    assert read_progress("") == read_progress("x: 1") == read_progress("1: a") == Progress()
