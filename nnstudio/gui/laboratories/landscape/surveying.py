"""Surveys the landscape in the background, level by level, on copies of the machine: the run is free to go on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock
from typing import Any
from weakref import ref

import numpy as np
from PySide6.QtCore import QObject, Signal

from nnstudio.engine.machine import Machine
from nnstudio.explain.landscape.axes import (
    Axes,
    Sight,
    along_parameters,
    gradient_directions,
    random_directions,
    way_directions,
)
from nnstudio.explain.landscape.ground import Ground, Rows, ground_of
from nnstudio.explain.landscape.path import Path, Retracing, known_path, retrace
from nnstudio.explain.landscape.survey import Level, levels_of, measure
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.background import BackgroundTask
from nnstudio.gui.session import Session

_log = logging.getLogger(__name__)
Parameter = tuple[str, tuple[int, ...]]
"""A slot and an element of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is looked at: whose J, along one parameter or over a plane (`sight`), from how near. `seed` draws random
    directions."""

    rows: Rows
    sight: Sight | None
    parameters: tuple[Parameter, ...]
    seed: int = 0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is known of where the network stands: J there, its slope along the first axis, where the next update lands
    (in distances along the axes), J at that place of the axes, and J with all parameters moved."""

    cost: float
    slope: float
    landing: np.ndarray
    landing_on_axes: float
    landing_cost: float


class Surveying(QObject):
    """`look` begins a survey, unless that one is there already. `level` is the finest so far, `facts` and `path` are
    what is known besides; None before. `problem` says why there is nothing to see."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._stop = Event()
        self._walking = Lock()
        """Held by whoever walks about on the ground: a survey that was given up may not have noticed yet."""
        self._tasks: list[BackgroundTask] = []
        self._moment: _Moment | None = None
        self._clear()

    def _clear(self) -> None:
        self.request: Request | None = None
        self.ground: Ground | None = None
        self.axes: Axes | None = None
        self.level: Level | None = None
        self.facts: Facts | None = None
        self.path: Path | None = None
        self._whole_way = False
        """Whether the path is retraced, too."""
        self.iterations = 0
        self.problem = ""

    @property
    def at_work(self) -> bool:
        return bool(self._tasks)

    @property
    def outdated(self) -> bool:
        """Whether the run no longer stands where it was surveyed."""
        return self._moment is not None and not self._moment.is_now(self._session.machine)

    def look(self, request: Request) -> None:
        """Survey from where the run stands; it must be paused."""
        if not self._session.paused:
            return
        machine, moved = self._session.machine, self._moment is None or self.outdated
        if not moved and request == self.request:
            return
        self.cancel()
        if moved or self.ground is None or self.request is None or self.request.rows is not request.rows:
            self.ground = ground_of(machine, request.rows)
        if moved:
            self._moment, self.iterations = _Moment.of(machine), machine.iterations
            self.path, self._whole_way = None, False
        self.request, self.axes, self.level, self.facts, self.problem = request, None, None, None, ""
        if request.sight is not None and not self._whole_way:
            timeline = self._session.debugger.timeline
            self.path = self.path or known_path(timeline)
            self._begin(partial(retrace, Retracing.of(timeline), self._stop.is_set), self._retraced)
        if request.sight is not Sight.WAY or self._whole_way:
            self._survey(self.ground, request)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; what has been found stays."""
        self._stop.set()
        self._stop = Event()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            self._tasks = []
            self.changed.emit()

    def forget(self) -> None:
        """There is another run."""
        self.cancel()
        self._moment = None
        self._clear()

    def _alone(self, work: Callable[[], object]) -> object:
        """On the thread of the background."""
        with self._walking:
            return work()

    def _begin(self, work: Callable[[], object], found: Callable[[Any], None]) -> None:
        task = BackgroundTask(work)
        task.done.connect(partial(self._ended, task, found))
        task.failed.connect(partial(self._failed, task))
        self._tasks.append(task)
        task.start()

    def _ended(self, task: BackgroundTask, found: Callable[[Any], None], result: object) -> None:
        self._tasks.remove(task)
        found(result)
        self.changed.emit()

    def _failed(self, task: BackgroundTask, error: Exception) -> None:
        self._tasks.remove(task)
        _log.error("the survey of the landscape failed", exc_info=error)
        self.problem = (
            f"The survey was stopped by an error in the program ({type(error).__name__}); "
            "Help › Open the log has the details."
        )
        self.changed.emit()

    def _known(self, facts: Facts) -> None:
        self.facts = facts
        if not np.isfinite(facts.cost):
            self.problem = (
                "J is no finite number where the network stands, so there is nothing to see around it. "
                "Try a smaller learning rate, then Reset."
            )
            return
        self._measure_next(None)

    def _measure_next(self, level: Level | None) -> None:
        assert self.ground is not None
        assert self.axes is not None
        sides = levels_of(self.axes)
        finer = [side for side in sides if level is None or side > level.side]
        if finer:
            work = partial(measure, self.ground, self.axes, finer[0], level, self._stop.is_set)
            self._begin(partial(self._alone, work), self._measured)

    def _measured(self, level: Level) -> None:
        self.level = level
        self._measure_next(level)

    def _retraced(self, path: Path) -> None:
        self.path, self._whole_way = path, True
        if self.axes is None and self.ground is not None and self.request is not None:
            self._survey(self.ground, self.request)

    def _survey(self, ground: Ground, request: Request) -> None:
        self.axes = _axes(ground, request, self.path)
        self._begin(partial(self._alone, partial(_facts, ground, self.axes)), self._known)


def _axes(ground: Ground, request: Request, path: Path | None) -> Axes:
    if request.sight is Sight.WAY and path is not None:
        return way_directions(ground, path.positions, request.zoom)
    if request.sight is Sight.RANDOM:
        return random_directions(ground, request.seed, request.zoom)
    if request.sight is Sight.GRADIENT:
        return gradient_directions(ground, request.seed, request.zoom)
    places = tuple(ground.place(*parameter) for parameter in request.parameters)
    names = tuple(element_symbol(*parameter) for parameter in request.parameters)
    return along_parameters(ground, places, names, request.zoom)


def _facts(ground: Ground, axes: Axes) -> Facts:
    landing = axes.project(ground.landing[None])[0]
    return Facts(
        ground.value(ground.here),
        ground.slope(axes.axes[0].direction),
        landing,
        ground.value(axes.point(*landing)),
        ground.value(ground.landing),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """Where a run stands: an edited weight or another learning rate makes another moment."""

    machine: ref[Machine]
    place: tuple[int, int]
    parameters: np.ndarray
    rate: float

    @classmethod
    def of(cls, machine: Machine) -> "_Moment":
        store = machine.model.store
        rate = store[machine.model.rate_setting].item()
        return cls(ref(machine), (machine.iterations, machine.pc), store.family("parameters").copy(), rate)

    def is_now(self, machine: Machine) -> bool:
        store = machine.model.store
        return (
            self.machine() is machine
            and (machine.iterations, machine.pc) == self.place
            and store[machine.model.rate_setting].item() == self.rate
            and np.array_equal(store.family("parameters"), self.parameters)
        )
