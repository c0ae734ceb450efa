"""Follows one watch through a run: what it measures now, and whether that is trouble."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.training.history import History

from .watch import Measured, Scene, Side, Watch


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of a layer, or of the whole, and held against one of the thresholds. `streak` is for how many
    iterations in a row it has been beyond; `trouble` whether that is long enough."""

    measured: Measured
    streak: int
    trouble: bool


class Observer:
    """`readings` are those of the last observation, the worst first; `trouble` is whether any of them is. Whoever
    observes each iteration sees what lasts for several; after a gap that begins anew. NumPy's warnings are to be off
    while it observes, as they are while training."""

    def __init__(self, watch: Watch, levels: tuple[float, ...], machine: Machine, history: History) -> None:
        self.watch = watch
        self.levels = levels
        self._readings: tuple[Reading, ...] | None = ()
        self._scene = Scene(machine, history)
        self._at = -1
        self._followed = 0
        self._streaks: dict[tuple[int, str | None], int] = {}
        self._noted: tuple[int, Any] = (-1, None)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """After a quick look they are measured when they are asked for, if the machine still stands there."""
        if self._readings is None:
            here = self._scene.machine
            if not (here.at_boundary and here.iterations == self._at):
                return ()
            self._readings = self._measure(new=False)
        return self._readings

    @property
    def seen(self) -> int:
        """How many iterations had run when it observed last."""
        return self._at

    @property
    def doubtful(self) -> Reading | None:
        """One that has been beyond for as long as it was looked at, which is not long enough to tell."""
        for reading in self.readings:
            running = self.watch.thresholds[reading.measured.threshold].running
            if not reading.trouble and reading.streak == self._followed < running:
                return reading
        return None

    @property
    def trouble(self) -> bool:
        return any(reading.trouble for reading in self.readings)

    @property
    def worst(self) -> Reading | None:
        return self.readings[0] if self.readings else None

    def worst_by(self, threshold: int) -> Reading | None:
        """The worst of what is held against this threshold."""
        return next((reading for reading in self.readings if reading.measured.threshold == threshold), None)

    def note(self) -> None:
        """The update comes next."""
        machine = self._scene.machine
        self._noted = machine.iterations, self.watch.note(machine)

    def observe(self) -> bool:
        """Measure; whether it is trouble."""
        now = self._scene.machine.iterations
        new, self._at = now != self._at, now
        if new:
            self._follow(now)
        if self._scene.machine.at_boundary and now and self.watch.sound(self._scene, self.levels):
            self._readings = None
            self._streaks.clear()
            return False
        self._readings = self._measure(new=new)
        return self.trouble

    def _measure(self, *, new: bool) -> tuple[Reading, ...]:
        with np.errstate(all="ignore"):
            readings = [self._held_against(measured, new) for measured in self.watch.measure(self._scene)]
        return tuple(sorted(readings, key=self._severity))

    def _follow(self, now: int) -> None:
        """To another iteration: what was remembered counts if it is the next one, and what was noted if it was then."""
        if self._scene.seen != now - 1:
            self._scene.memory.clear()
            self._streaks.clear()
            self._followed = 0
        self._followed += 1
        self._scene.seen = now
        at, noted = self._noted
        self._scene.noted = noted if at == now - 1 else None

    def _held_against(self, measured: Measured, new: bool) -> Reading:
        threshold = self.watch.thresholds[measured.threshold]
        beyond = threshold.beyond(measured.value, self.levels[measured.threshold])
        key = measured.threshold, measured.slot
        before = self._streaks.get(key, 0)
        streak = self._streaks[key] = (before + new) * beyond
        return Reading(measured, streak, streak >= threshold.running)

    def _severity(self, reading: Reading) -> tuple[bool, bool, float]:
        """What to sort by: trouble first, then what is beyond, then what is nearest to it."""
        measured = reading.measured
        below = self.watch.thresholds[measured.threshold].side is Side.BELOW
        return not reading.trouble, not reading.streak, measured.value if below else -measured.value
