"""What a lesson consists of: steps, each with a text, what is done when a person comes to it, and a task."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nnstudio.experiment.document import Experiment

from .text import Block


@dataclass(frozen=True, slots=True)
class Element:
    """A slot, or one number of it (counted from 0)."""

    slot: str
    index: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    element: Element


@dataclass(frozen=True, slots=True)
class Light:
    """Choose it, and bring the drawing to the front."""

    element: Element


@dataclass(frozen=True, slots=True)
class ChooseSample:
    row: int


class Stride(StrEnum):
    OPERATION = "operation"
    PHASE = "phase"
    BATCH = "mini-batch"
    EPOCH = "epoch"


@dataclass(frozen=True, slots=True)
class Advance:
    """So many steps of this length."""

    stride: Stride
    times: int = 1


@dataclass(frozen=True, slots=True)
class RunTo:
    """Run until the operation that writes this slot has run; nothing where it has in this iteration."""

    slot: str


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the experiment of the lesson and its initial weights."""


@dataclass(frozen=True, slots=True)
class SetValue:
    element: Element
    value: float


@dataclass(frozen=True, slots=True)
class Open:
    """A tool or a panel, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class ShowDepth:
    """How deep the explanation goes."""

    depth: str


Act = Choose | Light | ChooseSample | Advance | RunTo | Reset | SetValue | Open | ShowDepth
DEPTHS = ("Idea", "Matrix", "Scalar")


@dataclass(frozen=True, slots=True)
class NumberTask:
    """Type a number. `after` is carried out when it has been typed: then the machine knows the answer."""

    ask: tuple[Block, ...]
    answer: str
    tolerance: float
    after: tuple[Act, ...] = ()
    hint: tuple[Block, ...] = ()
    well_done: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class StateTask:
    """Bring the machine to where a condition holds. `solution` does."""

    ask: tuple[Block, ...]
    condition: str
    solution: tuple[Act, ...]
    hint: tuple[Block, ...] = ()
    well_done: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceTask:
    """Choose one of several; `right` counts from 0."""

    ask: tuple[Block, ...]
    options: tuple[tuple[Block, ...], ...]
    right: int
    hint: tuple[Block, ...] = ()
    well_done: tuple[Block, ...] = ()


Task = NumberTask | StateTask | ChoiceTask


@dataclass(frozen=True, slots=True)
class Step:
    heading: str
    blocks: tuple[Block, ...]
    acts: tuple[Act, ...] = ()
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """`name` is that of its folder."""

    name: str
    folder: Path
    title: str
    summary: str
    experiment: Experiment
    steps: tuple[Step, ...]

    def way_to(self, step: int) -> tuple[Act, ...]:
        """What brings a new run to the beginning of a step: all that is done in those before, and their tasks."""
        acts: list[Act] = []
        for one in self.steps[:step]:
            acts += [*one.acts, *_done_by(one.task)]
        return tuple(act for act in acts if isinstance(act, _MOVING))


_MOVING = (Advance, RunTo, Reset, SetValue)


def _done_by(task: Task | None) -> tuple[Act, ...]:
    match task:
        case NumberTask():
            return task.after
        case StateTask():
            return task.solution
    return ()
