"""What of somebody's work no experiment file holds, and is worth a question before it goes."""

from typing import TYPE_CHECKING

from nnstudio.explain.numbers import count

if TYPE_CHECKING:
    from nnstudio.training.branches import BranchSet

_WORTH_SECONDS = 60
"""A training that took less is soon run again."""


def needs_project(notes: str, branches: "BranchSet | None", edits: int, seconds: float) -> str:
    """The notes, the branches, the values set by hand and 3 minutes of training; empty where there is nothing of the
    kind."""
    kinds = (("the notes", notes), ("the branches", branches), ("what was set by hand in the run", edits))
    found = [name for name, there in kinds if there]
    if seconds >= _WORTH_SECONDS:
        minutes = int(seconds // 60)
        found.append("a minute of training" if minutes == 1 else f"{count(minutes)} minutes of training")
    *rest, last = found or [""]
    return f"{', '.join(rest)} and {last}" if rest else last
