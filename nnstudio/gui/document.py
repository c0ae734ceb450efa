"""The experiment that is open, and every edit of it as a command that can be undone.

An edit is checked before it is made: one that cannot work is refused with the reason, and nothing changes. Commands
know the document and never a widget; panels refresh by what changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from nnstudio.data import sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.spec import FileSource
from nnstudio.engine.spec import SpecError
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Change, Edit, changes
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import fit
from nnstudio.experiment.places import anchored, beside, within
from nnstudio.training.run import validate

from .undoing import Command

_IN_GESTURE = 1
REFUSALS = (DataError, SpecError, ExperimentError)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Content:
    """An experiment with its data, loaded and prepared. Two that are alike can have runs of their own."""

    experiment: Experiment
    dataset: Dataset
    data: PreparedData

    @property
    def text(self) -> str:
        """The experiment as a project has it."""
        return file.encode(self.experiment).decode()

    @classmethod
    def load(cls, experiment: Experiment, folder: Path | None) -> "Content":
        """Raise one of `REFUSALS` if this experiment cannot run."""
        experiment = anchored(experiment, folder)
        dataset = sources.load(experiment.data.source, None)
        data = prepare(dataset, experiment.data, experiment.seed)
        validate(experiment, data)
        return cls(experiment, dataset, data)


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """What a document is besides its content: the file it belongs to, the experiment that is in there, and all that can
    be undone."""

    path: Path | None
    folder: Path | None
    saved: Experiment | None
    undo_stack: QUndoStack
    work: object


class Document(QObject):
    """The open experiment. `changed` says what an edit, an undo or a redo changed."""

    changed = Signal(Change)
    refused = Signal(str)
    """An edit that cannot work, and why."""
    data_elsewhere = Signal(str, object)
    """Data that a project names are outside its folder: where, and what goes on once a person has agreed to read them.
    """
    title_changed = Signal()

    def __init__(self, content: Content, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.path = path
        self.folder: Path | None = path.parent if path else None
        self.undo_group = QUndoGroup(self)
        """Its actions undo and redo in the stack at hand."""
        self.undo_stack = QUndoStack(self.undo_group)
        self.undo_group.setActiveStack(self.undo_stack)
        self._saved: Experiment | None = content.experiment
        self._moved = False
        self._read = set(_paths(content))
        self.refused_at: int | None = None
        """Where in its stack the document stands while steps from there on turn out to be impossible."""
        self.work = object()
        """Another one for each thing that was opened or put in its place: a file that is still being written belongs to
        what was open when that began."""

    @property
    def experiment(self) -> Experiment:
        return self.content.experiment

    @property
    def dataset(self) -> Dataset:
        return self.content.dataset

    @property
    def data(self) -> PreparedData:
        return self.content.data

    @property
    def modified(self) -> bool:
        """Whether there is something to save: an experiment that is in no file, or what a project alone can hold."""
        return self._moved or self._saved != self.experiment

    def note_no_file_has_it(self) -> None:
        """It is to be saved, though nothing was edited: its file is gone, or is another now."""
        self._saved = None
        self.title_changed.emit()

    def note_moved(self, moved: bool) -> None:
        """Whether the run of a project stands elsewhere than in its file, or other notes are kept beside it."""
        if moved is not self._moved:
            self._moved = moved
            self.title_changed.emit()

    def may_read(self, paths: Iterable[str]) -> bool:
        """Whether what a project says need not be asked about: these files have been read, or are in its folder."""
        return all(path in self._read or within(path, self.folder) for path in paths)

    def allow(self, paths: Iterable[str]) -> None:
        """A person has agreed to read these files."""
        self._read.update(paths)

    def apply(self, edit: Edit) -> bool:
        """Make the edit, or refuse it and say why; nothing happens where nothing would change."""
        reason = self.attempt(edit)
        if reason is not None:
            self.refused.emit(reason)
        return reason is None

    def attempt(self, edit: Edit, gesture: object | None = None) -> str | None:
        """Make the edit, or return why it cannot be made, for whoever says so where it was tried. All edits of one
        gesture, such as a drag, are one step to undo."""
        if edit.experiment == self.experiment:
            return None
        try:
            content = self.content_of(edit.experiment)
        except REFUSALS as error:
            return str(error)
        self.undo_stack.push(_Replace(self, self.content, content, edit.label, gesture))
        return None

    def replace(self, content: Content, path: Path | None, folder: Path | None = None) -> None:
        """Open another experiment; there is nothing to undo in it yet."""
        self.content = content
        self.allow(_paths(content))
        self.path = path
        self.folder = path.parent if path else folder
        self.undo_stack.clear()
        self.work = object()
        self._saved = content.experiment
        self.changed.emit(Change.ALL)
        self.title_changed.emit()

    def begin_anew(self, content: Content, folder: Path, label: str) -> None:
        """Another experiment in place of the one at hand, as one step to undo. It is in no file yet, and undone the
        document belongs to its file again."""
        self.undo_stack.push(_BeginAnew(self, content, folder, label))

    def take_up(self, content: Content, label: str) -> None:
        """Another content in place of the one at hand, as one step to undo: one that can run, and perhaps has a run."""
        self.undo_stack.push(_Replace(self, self.content, content, label, None))

    def put_aside(self) -> Papers:
        """Be nobody's for a while: there is no file and nothing to undo. `take_back` ends it."""
        papers = Papers(self.path, self.folder, self._saved, self.undo_stack, self.work)
        self._take(Papers(None, None, self.experiment, QUndoStack(self.undo_group), object()))
        return papers

    def take_back(self, papers: Papers) -> None:
        """Belong to the file again that was put aside, with all that can be undone."""
        between = self.undo_stack
        self._take(papers)
        self.undo_group.removeStack(between)
        between.deleteLater()

    def save(self, path: Path) -> None:
        """Write the file; a data file beside it is named relative to it. ExperimentError says why it can't be."""
        self.export(path)
        self.note_saved(path)

    def export(self, path: Path) -> None:
        """Write the experiment into a file that the document does not belong to."""
        file.save(beside(self.experiment, path.parent), path)

    def note_saved(self, path: Path, saved: Experiment | None = None) -> None:
        """This experiment, or the one at hand, has been saved to `path`."""
        self.path, self.folder = path, path.parent
        self._saved = saved or self.experiment
        self.title_changed.emit()

    def belong_to(self, path: Path | None, folder: Path | None, work: object) -> None:
        """Be in this file from now on, or in none, and other work."""
        self.path, self.folder, self.work = path, folder, work
        self.title_changed.emit()

    def show(self, content: Content) -> None:
        """Put `content` in place of the one at hand and say what differs."""
        what = changes(self.experiment, content.experiment)
        self.content = content
        self.allow(_paths(content))
        self.changed.emit(what)
        self.title_changed.emit()

    def content_of(self, experiment: Experiment) -> Content:
        """The experiment with its data, reusing what is loaded already; the output layer follows the data. One of
        `REFUSALS` says why it cannot run."""
        what = changes(self.experiment, experiment)
        dataset, data = self.dataset, self.data
        if Change.SOURCE in what:
            dataset = sources.load(experiment.data.source, None)
        if what & Change.DATA or (Change.SEED in what and experiment.data.is_drawn):
            data = prepare(dataset, experiment.data, experiment.seed)
        if what & Change.DATA:
            experiment = fit(experiment, data)
        validate(experiment, data)
        return Content(experiment, dataset, data)

    def _take(self, papers: Papers) -> None:
        self.path, self.folder, self.undo_stack = papers.path, papers.folder, papers.undo_stack
        self._saved, self.work = papers.saved, papers.work
        self.undo_group.setActiveStack(self.undo_stack)
        self.title_changed.emit()


def _paths(content: Content) -> tuple[str, ...]:
    source = content.experiment.data.source
    return source.paths if isinstance(source, FileSource) else ()


class _Replace(Command):
    def __init__(self, document: Document, before: Content, after: Content, label: str, gesture: object | None) -> None:
        super().__init__(label)
        self._document, self._before, self._after = document, before, after
        self._gesture = gesture

    def id(self) -> int:
        """Qt asks commands of like number, −1 for none, whether they merge."""
        return -1 if self._gesture is None else _IN_GESTURE

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Replace) or other._gesture is not self._gesture:
            return False
        self._after = other._after
        self.setText(other.text())
        self.setObsolete(self._before.experiment == self._after.experiment)
        return True

    def unmake(self) -> None:
        self._document.show(self._before)

    def make(self) -> None:
        self._document.show(self._after)

    @property
    def sides(self) -> tuple[Content, Content]:
        return self._before, self._after

    @property
    def before(self) -> Content:
        return self._before

    @property
    def after(self) -> Content:
        return self._after


class _BeginAnew(_Replace):
    """The file of the document is put aside with what was in it."""

    def __init__(self, document: Document, content: Content, folder: Path, label: str) -> None:
        super().__init__(document, document.content, content, label, None)
        self._elsewhere: tuple[Path | None, Path | None, object] = None, folder, object()

    def unmake(self) -> None:
        super().unmake()
        self._change_places()

    def make(self) -> None:
        super().make()
        self._change_places()

    def _change_places(self) -> None:
        document = self._document
        place, self._elsewhere = self._elsewhere, (document.path, document.folder, document.work)
        document.belong_to(*place)
