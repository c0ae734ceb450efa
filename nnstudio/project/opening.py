"""Opening a project: its run stands where it stood, and goes on from there as if it had never been closed.

What is damaged is left out and told by `problems`, and what is sound is there. Such a project opens read-only, so that
nobody saves over what another tool, or a backup, may still put right.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nnstudio.data import sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.progress import Progress, silent
from nnstudio.data.spec import FileSource
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.places import anchored, moved, within
from nnstudio.training.debugger import Debugger
from nnstudio.training.run import Run

from . import data as kept_data
from .branches import read_branches
from .contents import read_bytes, read_experiment, read_text, read_undo, read_watch_list
from .data import EMBEDDED, REFERENCED, check_file, fingerprint_of, read_embedded
from .errors import DataElsewhereError, ProjectError
from .guard import damage, guarded
from .migrating import migrated
from .project import Project
from .runs import read_standing
from .seals import check_seals
from .store import DamagedError, Store


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A project, its prepared data, and a debugger that stands where its run stood. `problems` says what was damaged
    and left out, `notes` what else is worth knowing. Data that have `moved` are not yet where it says."""

    project: Project
    data: PreparedData
    debugger: Debugger
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    moved: bool = False

    @property
    def read_only(self) -> bool:
        """Whether saving over it would lose what is damaged."""
        return bool(self.problems)


def nowhere_else(_path: Path) -> bool:
    """No file outside the project's own folder is read."""
    return False


def open_project(
    path: Path,
    progress: Progress = silent,
    follow: Callable[[Path], bool] = nowhere_else,
    located: Path | None = None,
) -> Opened:
    """The project in a file. Referenced data outside its folder are read only where `follow` says so of their path,
    else that is a DataElsewhereError. If they are not where they were, that is a DataMissingError, until they have been
    `located`. ProjectError, DataError or SpecError say why it cannot be opened at all."""
    with migrated(path) as readable, guarded(readable) as connection:
        store = Store(connection)
        if (found := damage(connection)) is not None:
            store.problems.append(f"the file is damaged ({found}); what can be read of it is there")
        folder = path.absolute().parent
        experiment = anchored(read_experiment(store), folder)
        if located is None:
            return _opened(store, experiment, folder, progress, follow)
        opened = _opened(store, moved(experiment, located), folder, progress, lambda _path: True)
        return replace(opened, moved=opened.project.experiment != experiment)


def _opened(
    store: Store, experiment: Experiment, folder: Path, progress: Progress, follow: Callable[[Path], bool]
) -> Opened:
    notes: list[str] = []
    dataset, embed = _dataset(store, experiment, folder, progress, follow, notes)
    data = prepare(dataset, experiment.data, experiment.seed)
    debugger = Debugger(Run(experiment, dataset, data))
    standing = read_standing(store, debugger)
    debugger.resume(standing)
    project = Project(
        experiment=experiment,
        dataset=dataset,
        standing=standing,
        embed=embed,
        watch_list=read_watch_list(store),
        notes=read_text(store, "notes", ""),
        settings=read_text(store, "settings", "{}"),
        undo=read_undo(store),
        branches=read_branches(store, dataset, folder),
        **read_bytes(store),
    )
    check_seals(store)
    return Opened(project, data, debugger, tuple(store.problems), tuple(notes))


def _dataset(
    store: Store,
    experiment: Experiment,
    folder: Path,
    progress: Progress,
    follow: Callable[[Path], bool],
    notes: list[str],
) -> tuple[Dataset, bool]:
    """The table that the run learns from, and whether it is embedded."""
    try:
        row = kept_data.read_row(store)
        if row.keeping == EMBEDDED:
            return read_embedded(store, row), True
    except DamagedError as error:
        raise ProjectError(f"{error}; open a backup of the project") from None
    source = experiment.data.source
    if row.keeping == REFERENCED and isinstance(source, FileSource):
        for path in source.paths:
            if not within(path, folder) and not follow(Path(path)):
                raise DataElsewhereError(
                    f"the project's data are outside its folder, in {path}; put them beside the project", path
                )
        check_file(Path(source.path), row)
    elif row.keeping == REFERENCED or isinstance(source, FileSource):
        raise ProjectError("the project's data are missing; open a backup of the project")
    dataset = sources.load(source, None, progress)
    if fingerprint_of(dataset) != row.fingerprint:
        notes.append("The data are not quite those that the run has learned from: this version reads them otherwise")
    return dataset, False
