"""Going on as a branch: it becomes the run of the window and its experiment the document. Undone, what was there before
goes on as it stood."""

from nnstudio.data.spec import DataSpec
from nnstudio.gui.document import Content
from nnstudio.gui.ongoing import Ongoing
from nnstudio.gui.session import Session
from nnstudio.training.branches import Branch


def obstacle(branch: Branch) -> str:
    """Why the window cannot go on as this branch; nothing if it can."""
    difference = branch.difference
    if difference is not None and difference.reseeded and _is_split(branch.run.experiment.data):
        return (
            "another seed would also split the rows anew into training and validation, so this branch is no run of an "
            "experiment of its own"
        )
    return ""


def go_on_as(branch: Branch, session: Session, label: str) -> None:
    """Let the window go on as a branch, which itself stays as it is."""
    run = branch.run
    session.go_on_as(Ongoing(branch.go_on(), Content(run.experiment, run.dataset, run.data)), label)


def _is_split(data: DataSpec) -> bool:
    return bool(data.split.validation or data.split.test)
