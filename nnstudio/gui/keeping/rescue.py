"""A program that must end and has no room in its own folder: its last resort is a project elsewhere, of a new name."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from nnstudio.experiment.open import PROJECT_SUFFIX
from nnstudio.gui.files import file_name
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import ProjectError, save

_log = logging.getLogger(__name__)


def rescue(window: MainWindow) -> bool:
    """Save what is open where there is room, and say where: in the folder of its file, at home, or in that for what is
    temporary. False, which is said as well, if there is none. The machine must be the window's."""
    document, project = window.context.document, window.projects.take()
    reason = ""
    for folder in _folders(document.folder):
        path = next(name for name in _names(folder, document.experiment.name) if not os.path.exists(name))
        try:
            save(project, path)
        except ProjectError as error:
            reason = str(error)
            continue
        window.context.settings.remember(path)
        _tell(f"there was no room to keep unsaved work for the next start; it is saved in {path}")
        return True
    _tell(f"unsaved work could not be kept, nor saved elsewhere: {reason}")
    return False


def _folders(own: Path | None) -> Iterator[Path]:
    if own is not None:
        yield own
    with suppress(RuntimeError):  # nobody's home
        yield Path.home()
    with suppress(OSError):
        yield Path(tempfile.gettempdir())


def _names(folder: Path, name: str) -> Iterator[Path]:
    stem = f"{file_name(name)} (rescued"
    yield folder / f"{stem}){PROJECT_SUFFIX}"
    yield from (folder / f"{stem} {number}){PROJECT_SUFFIX}" for number in count(2))


def _tell(text: str) -> None:
    """Nobody looks at a window any more."""
    _log.warning(text)
    if sys.stderr is not None:  # as in a program without a terminal
        print(f"nnstudio: {text}", file=sys.stderr)
