"""Projects of older formats, brought to the present one.

A migration turns the tables of one version into those of the next. It works on a copy: the file itself stays as it is
until it is saved over, and then a backup of it is kept beside it (`saving.keep_older`).
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .errors import ProjectError
from .guard import check_header, guarded, version_of
from .schema import VERSION
from .seals import drop_seals
from .store import Store

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: dict[int, Migration] = {}
"""What brings a version to the next one, by the version. The first format is 1; there is none before it."""


@contextmanager
def migrated(path: Path) -> Iterator[Path]:
    """A file with the same project in the present format: itself, or a copy that is gone afterwards."""
    check_header(path)
    version = version_of(path)
    if version is None or version == VERSION:
        yield path
        return
    if missing := [step for step in range(version, VERSION) if step not in MIGRATIONS]:
        raise ProjectError(f"{path.name} has the format nnstudio-project/{missing[0]}, which there never was")
    with guarded(path):
        pass  # its schema is one that cannot do anything
    with tempfile.TemporaryDirectory(prefix="nnstudio-") as folder:
        copy = Path(folder) / "project.nnstudio"
        shutil.copyfile(path, copy)
        _migrate(copy, version)
        yield copy


def _migrate(copy: Path, version: int) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("BEGIN")
        drop_seals(Store(connection))
        for step in range(version, VERSION):
            MIGRATIONS[step](connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
