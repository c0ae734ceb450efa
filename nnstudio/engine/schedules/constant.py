"""No schedule: the learning rate stays as it was set, and nothing is computed for it."""

from dataclasses import dataclass

import numpy as np

from nnstudio.engine.optimizers import Link

from .base import Schedule, ScheduleMemory


@dataclass(frozen=True)
class Constant(Schedule):
    name = "constant"
    title = "Constant"
    summary = "The learning rate stays as it is set."
    formula = typst = "1"
    where = ""
    span = 1.0

    def chain(self, memory: ScheduleMemory) -> tuple[Link, ...]:
        return ()

    def factors(self, per_epoch: float, epochs: float) -> np.ndarray:
        return np.ones(round(per_epoch * epochs))
