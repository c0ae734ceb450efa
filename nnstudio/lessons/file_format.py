"""How `lesson.json` spells the steps of a lesson, `nnstudio-lesson/1`. Unknown keys are refused with their place."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.file import refuse_repeated_keys
from nnstudio.experiment.malformed import malformed
from nnstudio.experiment.misfits import located

from .errors import LessonError
from .spec import (
    DEPTHS,
    Act,
    Advance,
    ChoiceTask,
    Choose,
    ChooseSample,
    Element,
    Light,
    NumberTask,
    Open,
    Reset,
    RunTo,
    SetValue,
    ShowDepth,
    StateTask,
    Stride,
    Task,
)
from .text import Block, blocks

FORMAT = "nnstudio-lesson/1"
_ELEMENT = re.compile(r"\s*([A-Za-zΔ]+\d*)\s*(?:\[\s*(\d+(?:\s*,\s*\d+)*)\s*\])?\s*")
_MOST_TIMES = 1000
_TOLERANCE = 0.005


class _Do(msgspec.Struct, forbid_unknown_fields=True):
    """One act: one of these keys, `times` with `step` and `value` with `set`."""

    choose: str | None = None
    light: str | None = None
    sample: int | None = None
    step: Stride | None = None
    run_to: str | None = None
    reset: bool | None = None
    set: str | None = None
    open: str | None = None
    depth: str | None = None
    times: int | None = None
    value: float | None = None


class _Number(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="number"):
    ask: str
    answer: str
    tolerance: float = _TOLERANCE
    after: list[_Do] = []
    hint: str = ""
    well_done: str = ""


class _State(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="state"):
    ask: str
    condition: str
    solution: list[_Do]
    hint: str = ""
    well_done: str = ""


class _Choice(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="choice"):
    ask: str
    options: list[str]
    right: int
    hint: str = ""
    why: str = ""


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    heading: str
    do: list[_Do] = []
    task: _Number | _State | _Choice | None = None


class _Lesson(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal["nnstudio-lesson/1"]
    steps: list[_Step]


class Outline(msgspec.Struct, frozen=True):
    """What `lesson.json` says of a step; `place` is where, for whoever finds more wrong with it."""

    heading: str
    acts: tuple[Act, ...]
    task: Task | None
    place: str


def read_outline(text: bytes, file: str = "lesson.json") -> tuple[Outline, ...]:
    """The steps. LessonError says what is wrong at which key."""
    try:
        decoded = msgspec.json.decode(text)
        refuse_repeated_keys(text)
        raw = msgspec.convert(decoded, _Lesson)
    except msgspec.ValidationError as error:
        raise LessonError(_told(str(error)), file) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LessonError(malformed(text, error), file) from None
    except ExperimentError as error:
        raise LessonError(str(error), file) from None
    except RecursionError:
        raise LessonError("its lists are nested too deeply for a lesson; is it the right file?", file) from None
    return tuple(_outline(step, f"{file}, $.steps[{number}]") for number, step in enumerate(raw.steps))


def element(text: str, place: str = "") -> Element:
    """`W1[0, 0]` or `W1`."""
    found = _ELEMENT.fullmatch(text)
    if found is None:
        raise LessonError(f"“{text}” is no slot or number; write it as W1 or W1[0, 0], counted from 0", place)
    return Element(found[1], tuple(map(int, found[2].split(","))) if found[2] else None)


def _told(message: str) -> str:
    if "$.format" in message:
        return f'$.format: a lesson begins {{"format": "{FORMAT}", …; a newer one needs a newer NN Studio'
    return located(message)


def _outline(raw: _Step, place: str) -> Outline:
    return Outline(raw.heading.strip(), _acts(raw.do, f"{place}.do"), _task(raw.task, f"{place}.task"), place)


def _task(raw: _Number | _State | _Choice | None, place: str) -> Task | None:
    match raw:
        case _Number():
            return _number(raw, place)
        case _State():
            if not raw.solution:
                raise LessonError("it is empty; say what fulfils the condition", f"{place}.solution")
            solution = _acts(raw.solution, f"{place}.solution")
            return StateTask(_ask(raw.ask, place), raw.condition, solution, *_remarks(raw.hint, raw.well_done, place))
        case _Choice():
            return _choice(raw, place)
    return None


def _number(raw: _Number, place: str) -> NumberTask:
    if not raw.tolerance >= 0:
        raise LessonError(f"{raw.tolerance} is negative; say how far an answer may be off", f"{place}.tolerance")
    after = _acts(raw.after, f"{place}.after")
    remarks = _remarks(raw.hint, raw.well_done, place)
    return NumberTask(_ask(raw.ask, place), raw.answer, raw.tolerance, after, *remarks)


def _choice(raw: _Choice, place: str) -> ChoiceTask:
    if len(raw.options) < 2:
        raise LessonError("there is nothing to choose from; give at least two", f"{place}.options")
    if not 0 <= raw.right < len(raw.options):
        raise LessonError(f"there is no option {raw.right}; they count from 0", f"{place}.right")
    options = tuple(_ask(option, f"{place}.options[{number}]", "") for number, option in enumerate(raw.options))
    return ChoiceTask(_ask(raw.ask, place), options, raw.right, *_remarks(raw.hint, raw.why, place))


def _ask(text: str, place: str, key: str = ".ask") -> tuple[Block, ...]:
    if not text.strip():
        raise LessonError("it is empty; say what is asked", f"{place}{key}")
    return blocks(text, f"{place}{key}")


def _remarks(hint: str, well_done: str, place: str) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    return blocks(hint, f"{place}.hint"), blocks(well_done, f"{place}.well_done")


def _acts(raw: Iterable[_Do], place: str) -> tuple[Act, ...]:
    return tuple(act for number, one in enumerate(raw) for act in _act(one, f"{place}[{number}]"))


_EXTRAS = {"times": "step", "value": "set"}


def _act(raw: _Do, place: str) -> tuple[Act, ...]:
    given = {key: value for key in raw.__struct_fields__ if (value := getattr(raw, key)) is not None}
    keys = [key for key in given if key not in _EXTRAS]
    if len(keys) != 1:
        raise LessonError(f"it has to say one thing: {', '.join(_ACTS)}", place)
    for extra, key in _EXTRAS.items():
        if extra in given and keys != [key]:
            raise LessonError(f"{extra!r} goes with {key!r} alone; take it out", place)
    return _ACTS[keys[0]](raw, f"{place}.{keys[0]}")


def _advance(raw: _Do, place: str) -> tuple[Act, ...]:
    times = 1 if raw.times is None else raw.times
    if not 1 <= times <= _MOST_TIMES:
        raise LessonError(f"{times} times is not from 1 to {_MOST_TIMES}", place)
    return (Advance(Stride(raw.step or Stride.OPERATION), times),)


def _set(raw: _Do, place: str) -> tuple[Act, ...]:
    if raw.value is None:
        raise LessonError("a 'value' is missing beside it", place)
    return (SetValue(element(raw.set or "", place), raw.value),)


def _reset(raw: _Do, place: str) -> tuple[Act, ...]:
    if not raw.reset:
        raise LessonError("it can only be true; take it out where nothing is to be reset", place)
    return (Reset(),)


def _depth(raw: _Do, place: str) -> tuple[Act, ...]:
    if raw.depth not in DEPTHS:
        raise LessonError(f"{raw.depth!r} is no depth; there are {', '.join(DEPTHS)}", place)
    return (ShowDepth(raw.depth),)


def _sample(raw: _Do, place: str) -> tuple[Act, ...]:
    if raw.sample is None or raw.sample < 0:
        raise LessonError("samples count from 0", place)
    return (ChooseSample(raw.sample),)


_ACTS: dict[str, Callable[[Any, str], tuple[Act, ...]]] = {
    "choose": lambda raw, place: (Choose(element(raw.choose, place)),),
    "light": lambda raw, place: (Light(element(raw.light, place)),),
    "sample": _sample,
    "step": _advance,
    "run_to": lambda raw, _place: (RunTo(raw.run_to),),
    "reset": _reset,
    "set": _set,
    "open": lambda raw, _place: (Open(raw.open),),
    "depth": _depth,
}
