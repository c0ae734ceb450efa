"""Saving a project: a consistent copy of all of it, written beside the target, flushed, and then put in its place.

Until that is done the old file stands untouched, and whoever called has not been told that anything is saved. A file of
an older format is kept beside the new one, as a backup.
"""

import errno
import filecmp
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from nnstudio.replacing import advice, replacing

from .contents import write_project
from .errors import ProjectError
from .guard import version_of
from .project import Project
from .schema import PAGE_SIZE, VERSION, create
from .seals import write_seals
from .store import Store

_FULL = {"database or disk is full": errno.ENOSPC}


def save(project: Project, path: Path) -> str:
    """Write the file whole or not at all. A ProjectError says why it cannot be written; then all is as it was. What it
    says is worth telling: that the data are kept in the project against its own wish."""
    try:
        keep_older(path)
        with replacing(path) as temporary:
            return _write(project, temporary, path.absolute().parent)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be written: {reason}; {advice(error)}") from None
    except sqlite3.Error as error:
        known = OSError(_FULL.get(str(error), errno.EIO), str(error))
        raise ProjectError(f"{path} cannot be written: {error}; {advice(known)}") from None
    except MemoryError:
        raise ProjectError(f"{path} cannot be written: there is not enough memory; close other programs") from None


def keep_older(path: Path) -> Path | None:
    """A copy of a file of an older format, made before it is replaced; None where there is nothing to keep."""
    version = version_of(path) if path.is_file() else None
    if version is None or version >= VERSION:
        return None
    backup = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
    number = 1
    while backup.exists():
        if filecmp.cmp(path, backup, shallow=False):
            return backup
        number += 1
        backup = path.with_name(f"{path.stem}.version-{version} ({number}){path.suffix}")
    with replacing(backup) as temporary:
        shutil.copyfile(path, temporary)
    return backup


def _write(project: Project, temporary: Path, folder: Path) -> str:
    with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = OFF")  # a file that is not finished is thrown away
        connection.execute("PRAGMA synchronous = OFF")  # it is flushed as a whole, before it gets its name
        connection.execute("BEGIN")
        create(connection)
        store = Store(connection)
        said = write_project(store, project, folder)
        write_seals(store)
        connection.execute("COMMIT")
    return said
