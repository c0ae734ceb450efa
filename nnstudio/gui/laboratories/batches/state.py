"""What is known of the three ways to cut an epoch, without a widget."""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.experiment.document import Experiment
from nnstudio.training.comparisons.batches import Cut, CutsReport, Cutting, Portion, portions
from nnstudio.training.comparisons.contender import Contender, Record
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.directions import along, directions
from nnstudio.training.comparisons.task import Task

FIRST, SECOND = "direction 1", "direction 2"
"""The keys of the two directions of largest change."""
_MOST_OFFERED = 400


@dataclass(frozen=True, slots=True)
class Element:
    """A parameter: `place` is where it stands among all of them."""

    slot: str
    index: tuple[int, ...]
    place: int

    @property
    def key(self) -> str:
        return str(self.place)


@dataclass(slots=True, eq=False)
class BatchesState:
    """`courses` has one for each portion, `cuts` what an epoch looks like in it, from the full batch to the single
    sample."""

    rows: int = 0
    sizes: tuple[int, ...] = ()
    courses: tuple[Course, ...] = ()
    cuts: tuple[Cut, ...] = ()
    cost: float = float("nan")
    _directions: np.ndarray | None = None

    def begin(self, experiment: Experiment, rows: int, epochs: int) -> list[Task]:
        """Forget what was known, and say what is to be done: first the cuts, then a contender a portion."""
        self.rows, self.sizes = rows, tuple(portions(experiment, rows).values())
        self.courses = tuple(Course(Contender(epochs, batch_size=size, record=Record.PATH)) for size in self.sizes)
        self.cuts, self.cost, self._directions = (), float("nan"), None
        return [Cutting(self.sizes), *(course.contender for course in self.courses)]

    def take(self, number: int, report: object) -> None:
        """The report of a task, by its number in what `begin` returned."""
        if isinstance(report, CutsReport):
            self.cuts, self.cost = report.cuts, report.cost
        else:
            self.courses[number - 1].take(report)  # type: ignore[arg-type]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(Portion)

    @property
    def share(self) -> float:
        """How much is done."""
        return sum(course.share for course in self.courses) / max(len(self.courses), 1)

    def per_epoch(self, number: int) -> int:
        """How many updates an epoch has with a portion."""
        return -(-self.rows // self.sizes[number])

    def path(self, number: int, key: str) -> np.ndarray:
        """How far a contender has gone along an axis: a direction of largest change, or the value of a parameter."""
        path = self.courses[number].path
        if path is None:
            return np.empty(0)
        if key in (FIRST, SECOND):
            return np.empty(0) if self._directions is None else along(path, self._directions[int(key == SECOND)])
        column: np.ndarray = path[:, int(key)]
        return column

    def turn(self) -> None:
        """Find the directions of what there is now; the paths are drawn along these until it is asked again."""
        paths = [course.path for course in self.courses if course.path is not None]
        if paths:
            self._directions = directions(paths, self._directions)


def elements(slots: tuple[Slot, ...]) -> list[Element]:
    """The first parameters of a network, in the order in which they are laid out."""
    found: list[Element] = []
    place = 0
    for slot in slots:
        for index in np.ndindex(slot.shape):
            if place == _MOST_OFFERED:
                return found
            found.append(Element(slot.name, index, place))
            place += 1
    return found
