"""From a folder to a lesson. Whatever is wrong with it is told with the file, the place in it and how to mend it."""

import codecs
from collections.abc import Collection
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.engine.spec import SpecError
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.errors import ExperimentError
from nnstudio.training.run import Run, build

from .checking import check
from .errors import LessonError
from .file_format import Outline, read_outline
from .spec import Lesson, Step
from .text import Text, read_text

TEXT, OUTLINE, EXPERIMENT = "lesson.md", "lesson.json", "experiment.nns.json"
_LARGEST = 1_000_000


def read_lesson(folder: Path, openable: Collection[str] | None = None) -> Lesson:
    """The lesson in a folder, held against its experiment. `openable` are the names of tools and panels there are; None
    where that is not known."""
    text = read_text(_decoded(folder / TEXT))
    outlines = read_outline(_bytes(folder / OUTLINE).removeprefix(codecs.BOM_UTF8))
    _match(text, outlines)
    experiment, run = _experiment(folder / EXPERIMENT)
    check(outlines, run, openable)
    steps = tuple(
        Step(section.heading, section.blocks, outline.acts, outline.task)
        for section, outline in zip(text.sections, outlines, strict=True)
    )
    return Lesson(folder.name, folder, text.title, text.summary, experiment, steps)


def _match(text: Text, outlines: tuple[Outline, ...]) -> None:
    """Both files tell of the same steps."""
    for section, outline in zip(text.sections, outlines, strict=False):
        if section.heading != outline.heading:
            raise LessonError(
                f"the heading is “{outline.heading}”, but in {TEXT}, line {section.line} it is “{section.heading}”; "
                "let them be the same",
                f"{outline.place}.heading",
            )
    if len(text.sections) != len(outlines):
        raise LessonError(
            f"there are {len(outlines)} steps, but {len(text.sections)} in {TEXT}; each heading there has one here",
            f"{OUTLINE}, $.steps",
        )


def _experiment(path: Path) -> tuple[Experiment, Run]:
    try:
        experiment = file.load(path)
        return experiment, build(experiment, path.parent)
    except (DataError, SpecError, ExperimentError) as error:
        raise LessonError(str(error).removeprefix(f"{path.name}: "), path.name) from None


def _decoded(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(f"byte {error.start + 1} is not UTF-8; save the text as UTF-8", path.name) from None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise LessonError("it is larger than 1 MB, which no lesson is; is it the right file?", path.name)
        return path.read_bytes()
    except FileNotFoundError:
        raise LessonError(f"it is missing in {path.parent}; see README.md of the lessons", path.name) from None
    except OSError as error:
        raise LessonError(f"it cannot be read: {(error.strerror or str(error)).lower()}", path.name) from None
