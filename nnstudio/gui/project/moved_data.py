"""Steps to undo in a project whose data are elsewhere than they were: moved with it, or located by a person. Their
documents name files by whole paths, and are to name those where they are now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec

from nnstudio.data.spec import FileSource
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.project import UndoStep


def moved(steps: Sequence[UndoStep], at_hand: str, now: Experiment) -> Sequence[UndoStep]:
    """The steps, if the document at hand is `now`, but for where its data are. Files that lay beside them are taken to
    have moved with them."""
    before, source = _source(at_hand), now.data.source
    if not isinstance(before, FileSource) or not isinstance(source, FileSource) or before.paths == source.paths:
        return steps
    places = dict(zip(before.paths, source.paths, strict=False))
    folders = {Path(old).parent: Path(new).parent for old, new in places.items()}

    def place(path: str) -> str:
        folder = folders.get(Path(path).parent)
        return places.get(path) or (path if folder is None else str(folder / Path(path).name))

    @cache
    def told(text: str) -> str:
        return _placed(text, place)

    return [UndoStep(step.label, *map(told, step.words)) for step in steps]


def _source(text: str) -> object:
    try:
        return file.decode(text).data.source
    except ExperimentError:
        return None


def _placed(text: str, place: Callable[[str], str]) -> str:
    """The document with its data where `place` says; anything else as it is."""
    try:
        experiment = file.decode(text)
    except ExperimentError:
        return text
    source = experiment.data.source
    if not isinstance(source, FileSource):
        return text
    data = msgspec.structs.replace(experiment.data, source=source.at(place))
    return file.encode(replace(experiment, data=data)).decode()
