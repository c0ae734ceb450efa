"""Asking the network about every row of its data."""

from nnstudio.engine.model import Model
from nnstudio.gui.asking import Asking
from nnstudio.training.run import Run
from nnstudio.training.verdicts import Verdicts, verdicts


def ask_of_all(asking: Asking, run: Run) -> None:
    """What the network of a run, as it stands, says of each row: the answer is `Verdicts`."""

    def question(model: Model) -> Verdicts:
        return verdicts(model, run.data)

    asking.ask(run.model, sum(len(run.data.part(part).X) for part in run.data.parts), question)
