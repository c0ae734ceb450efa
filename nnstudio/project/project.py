"""What a project holds: an experiment with its data, how its run stands, and what the window keeps beside them."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from nnstudio.data.dataset import Dataset
from nnstudio.experiment.document import Experiment
from nnstudio.training.branches import BranchSet
from nnstudio.training.debugger import Standing


class Told(Protocol):
    """What is put into words where they are needed, which may be on another thread than the window's."""

    @property
    def text(self) -> str: ...


Side: TypeAlias = str | Told


@dataclass(frozen=True, slots=True)
class UndoStep:
    """An edit that can be undone: the document before and after it, in the window's own words (JSON) or as what will be
    put into words. Out of a project they are words."""

    label: str
    before: Side
    after: Side

    @property
    def words(self) -> tuple[str, str]:
        """Both sides in words."""
        return words(self.before), words(self.after)


def words(side: Side) -> str:
    return side if isinstance(side, str) else side.text


@dataclass(slots=True, eq=False)
class LeftRun:
    """A run that Undo or Redo brings back: how it stands, or the same `packed` as a project has it; neither for one
    that is as it began. `life` is its number among the runs of this history, which edits of it name.

    It has learned from `dataset`, whose SHA-256 is the `fingerprint`, once it has been written; and so are the `sha256`
    and `size` those of what is packed.
    """

    life: int
    dataset: Dataset | None = None
    standing: Standing | None = None
    packed: bytes = b""
    fingerprint: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def nbytes(self) -> int:
        """About how many there are to write."""
        if self.standing is None:
            return len(self.packed)
        timeline = self.standing.timeline
        return timeline.here.nbytes + sum(keyframe.nbytes for keyframe in timeline.keyframes)


@dataclass(frozen=True, slots=True)
class UndoHistory:
    """The edits in order. The first `done` of them are made, the others can be made again. `runs` are those of the
    documents that can be shown again, by the number of steps that lead there."""

    steps: tuple[UndoStep, ...] = ()
    done: int = 0
    runs: tuple[tuple[int, LeftRun], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Project:
    """It may be written down while the run goes on: nothing of it changes any more.

    A data file is embedded, or else referenced; a path is absolute, or relative to the project's folder. `settings` is
    JSON, `layout` bytes and `picture` a PNG of how it looks, all three the window's own; `notes` are a person's.
    """

    experiment: Experiment
    dataset: Dataset
    standing: Standing
    embed: bool = True
    watch_list: tuple[str, ...] = ()
    notes: str = ""
    settings: str = "{}"
    layout: bytes = b""
    picture: bytes = b""
    undo: UndoHistory = UndoHistory()
    branches: BranchSet | None = None
