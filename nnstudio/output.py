"""The files that commands write: found to be writable before the work, written as JSON after it."""

import json
from math import isfinite
from pathlib import Path
from typing import Any

from nnstudio.experiment.errors import ExperimentError


def check_writable(path: Path | None, experiment: Path) -> None:
    """Find out before the work, not after it, that its result cannot be written."""
    if path is None:
        return
    try:
        if path.is_dir():
            raise ExperimentError(f"{path} is a folder; name a file in it")
        if not path.absolute().parent.is_dir():
            raise ExperimentError(
                f"{path} cannot be written: there is no folder {path.absolute().parent}; make it first"
            )
        if path.exists() and experiment.exists() and path.samefile(experiment):
            raise ExperimentError(f"{path} is the experiment itself and would be lost; name another file")
        _touch(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def write_json(path: Path, document: dict[str, Any]) -> None:
    """ExperimentError says why it cannot be."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_with_nulls(document), ensure_ascii=False)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None


def _touch(path: Path) -> None:
    """Open a file for writing and leave it as it was; a device or a pipe is left alone."""
    if not path.exists():
        path.open("xb").close()
        path.unlink()
    elif path.is_file():
        path.open("ab").close()


def _with_nulls(value: Any) -> Any:
    """The same document with null for each NaN and infinity, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _with_nulls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_nulls(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _unwritable(path: Path, error: OSError) -> Exception:
    reason = (error.strerror or str(error)).lower()
    return ExperimentError(f"{path} cannot be written: {reason}; name a file in another folder")
