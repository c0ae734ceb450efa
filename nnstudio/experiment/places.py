"""Where an experiment's data file is: named relative to the experiment's own file on the disk, by its whole path while
it is open."""

from dataclasses import replace
from pathlib import Path

import msgspec

from nnstudio.data.spec import FileSource

from .document import Experiment


def anchored(experiment: Experiment, folder: Path | None) -> Experiment:
    """While it is open, a data file is named by its whole path: wherever the experiment is saved in between, what is
    undone or redone then still means the same file."""
    source = experiment.data.source
    if not isinstance(source, FileSource) or not source.path:
        return experiment
    return _from_file(experiment, source.at(lambda path: str(((folder or Path()) / path).absolute())))


def moved(experiment: Experiment, new: Path) -> Experiment:
    """The same with its data file in another place, and what was beside that file beside it again."""
    source = experiment.data.source
    if not isinstance(source, FileSource):
        return experiment
    old = source.path
    return _from_file(experiment, source.at(lambda path: str(new if path == old else new.parent / Path(path).name)))


def beside(experiment: Experiment, new: Path) -> Experiment:
    """A data file is named relative to the experiment's own file where it lies in the same folder or below."""
    source = experiment.data.source
    if not isinstance(source, FileSource):
        return experiment

    def named(path: str) -> str:
        absolute = Path(path)
        return str(absolute.relative_to(new.absolute()) if absolute.is_relative_to(new.absolute()) else absolute)

    return _from_file(experiment, source.at(named))


def within(path: str, folder: Path | None) -> bool:
    """Whether a file lies in this folder or below, wherever links lead."""
    return folder is not None and Path(path).resolve().is_relative_to(folder.resolve())


def _from_file(experiment: Experiment, source: FileSource) -> Experiment:
    return replace(experiment, data=msgspec.structs.replace(experiment.data, source=source))
