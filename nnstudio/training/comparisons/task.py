"""A task for a crew: said in the window, worked on elsewhere, and reported a stretch at a time."""

from dataclasses import dataclass
from typing import Protocol

from nnstudio.data.dataset import Dataset
from nnstudio.data.preparation import PreparedData
from nnstudio.experiment.document import Experiment
from nnstudio.training.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """An experiment with its data, loaded and prepared once for all tasks."""

    experiment: Experiment
    dataset: Dataset
    data: PreparedData

    def run(self, experiment: Experiment) -> Run:
        """A run of another experiment on the same data, at its initial weights."""
        return Run(experiment, self.dataset, self.data)


class Report(Protocol):
    """What has come of a task since the last report of it."""

    @property
    def finished(self) -> bool:
        """Whether this is the last one."""


class Work(Protocol):
    """A task under way."""

    def advance(self, seconds: float) -> Report:
        """Go on for about this long, at least an iteration."""


class Task(Protocol):
    """What to do; it is sent to another process, so it is small and plain."""

    def begin(self, materials: Materials) -> Work: ...
