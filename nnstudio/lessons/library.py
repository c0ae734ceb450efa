"""The lessons there are: those that come with the program, or those in a folder of one's own."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nnstudio import resources

from .errors import LessonError
from .reading import EXPERIMENT, OUTLINE, TEXT, read_lesson
from .spec import Lesson


@dataclass(frozen=True, slots=True)
class Broken:
    """A folder that is no lesson yet, and why."""

    folder: Path
    problem: str

    @property
    def name(self) -> str:
        return self.folder.name


def own() -> Path:
    """The folder of the lessons that come with the program."""
    return resources.path("lessons")


def lessons(folder: Path, openable: Collection[str] | None = None) -> tuple[Lesson | Broken, ...]:
    """Those in the folders of a folder in the order of their names, or the one that the folder itself is. LessonError
    if there is none."""
    found = [folder] if _looks_like_one(folder) else _folders(folder)
    if not found:
        raise LessonError(
            f"there is no lesson in it; a lesson is a folder with {TEXT}, {OUTLINE}, {EXPERIMENT}", f"{folder}"
        )
    return tuple(_read(one, openable) for one in found)


def _read(folder: Path, openable: Collection[str] | None) -> Lesson | Broken:
    try:
        return read_lesson(folder, openable)
    except LessonError as error:
        return Broken(folder, str(error))


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir() and _looks_like_one(one))
    except OSError as error:
        raise LessonError(f"it cannot be read: {(error.strerror or str(error)).lower()}", f"{folder}") from None


def _looks_like_one(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (TEXT, OUTLINE))
