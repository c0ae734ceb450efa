"""A fork: a moment of a run, kept whole, from which any number of runs may go on."""

from dataclasses import dataclass

from nnstudio.data.dataset import Dataset
from nnstudio.data.preparation import PreparedData
from nnstudio.engine.machine import MachineState
from nnstudio.experiment.document import Experiment
from nnstudio.training.history import History
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """The state at the moment, the experiment and data it belongs to, and the history up to there."""

    experiment: Experiment
    dataset: Dataset
    data: PreparedData
    state: MachineState
    history: History
    per_epoch: int

    @classmethod
    def of(cls, run: Run) -> "Fork":
        """Where the run stands; it goes on as if nothing had been asked."""
        machine, history = run.machine, run.history.copy()
        history.forget_from(machine.epochs + 1)
        return cls(run.experiment, run.dataset, run.data, machine.state(), history, machine.batches.per_epoch)

    @property
    def moment(self) -> Moment:
        return Moment(self.state.iterations, self.state.pc)
