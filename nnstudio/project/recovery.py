"""What is left over from a crash: working copies whose owner is gone, to be listed, opened and discarded."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nnstudio.data.progress import Progress, silent

from .errors import NewerFormatError, ProjectError
from .file_print import FilePrint
from .guard import check_header
from .opening import Opened, open_project
from .owner import Owner
from .schema import SUFFIX
from .store import DamagedError, Store
from .working_copy import folder, remove


@dataclass(frozen=True, slots=True)
class Recoverable:
    """A working copy without an owner: what it is called, when it was put last, and of which file it was the copy, that
    was saved `saved` and `seen` then. `problem` says why it cannot be opened, empty if nothing is known to be wrong."""

    path: Path
    name: str
    put: datetime | None
    origin: Path | None
    saved: datetime | None
    unsaved: bool
    picture: bytes = b""
    problem: str = ""
    seen: FilePrint | None = None
    embed: bool | None = None
    """Whether the project is to have its data in it, None where that is not known: a working copy has them anyway."""

    @property
    def origin_is_as_saved(self) -> bool:
        """Whether the file is there, and nobody has written it since; where that is not known it is taken to be so."""
        if self.origin is None or not os.path.exists(self.origin):
            return False
        return self.seen is None or self.seen.fits(self.origin)

    def open(self, progress: Progress = silent, located: Path | None = None) -> Opened:
        """The project exactly as it was put last; this copy stays until it is discarded. ProjectError says why not:
        a DataMissingError if its data are neither in it nor where they were, until they have been `located`."""
        with tempfile.TemporaryDirectory(prefix="nnstudio-") as aside:
            copy = _settled(self.path, Path(aside))
            opened = open_project(copy, progress, lambda _path: True, located)  # it is the user's own
        if self.embed is None:
            return opened
        return replace(opened, project=replace(opened.project, embed=self.embed))

    def discard(self) -> None:
        """Remove it. ProjectError if that is not allowed."""
        try:
            remove(self.path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ProjectError(f"{self.path} cannot be removed: {reason}") from None


def recoverable() -> tuple[Recoverable, ...]:
    """All that a crash has left over, the last that was put first. Those of windows that are open are not among them,
    nor those that nothing was ever put into."""
    try:
        paths = sorted(folder().glob(f"*{SUFFIX}"))
    except OSError:
        return ()
    found = [one for path in paths if (one := _recoverable(path)) is not None]
    return tuple(sorted(found, key=lambda one: one.put.timestamp() if one.put else 0.0, reverse=True))


def about_copy(path: Path) -> dict[str, str]:
    """What a working copy says about itself. sqlite3.Error or ProjectError if it says nothing."""
    with closing(_readable(path)) as connection:
        return _about(connection)


def owner_of(path: Path) -> Owner | None:
    """Whose working copy this is; None where that cannot be told."""
    try:
        return Owner.decode(about_copy(path).get("owner", ""))
    except (sqlite3.Error, ProjectError):
        return None


def _recoverable(path: Path) -> Recoverable | None:
    try:
        with closing(_readable(path)) as connection:
            about = _about(connection)
            owner = Owner.decode(about.get("owner", ""))
            if owner is None or owner.alive or "saved" not in about:
                return None
            check_header(path)  # it may be of a later format
            return _described(path, about, _picture(connection))
    except (sqlite3.Error, ProjectError) as error:
        if _is_empty(path):  # nothing was ever put into it
            return None
        return Recoverable(path, path.stem, _modified(path), None, None, unsaved=True, problem=str(error))


def _described(path: Path, about: dict[str, str], picture: bytes) -> Recoverable:
    origin = about.get("origin", "")
    return Recoverable(
        path,
        about.get("name", path.stem),
        _time(about.get("saved", "")),
        Path(origin) if origin else None,
        _time(about.get("origin_saved", "")),
        about.get("unsaved") != "0",
        picture,
        seen=FilePrint.decode(about.get("origin_seen", "")),
        embed={"0": False, "1": True}.get(about.get("embed", "")),
    )


def _readable(path: Path) -> sqlite3.Connection:
    """With what is in its write-ahead log, and without writing it back: another program may do the same. Whose it is a
    later format says as well."""
    with suppress(NewerFormatError):
        check_header(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=1.0)


def _about(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, value FROM about")
    return {str(name): os.fsdecode(value) if isinstance(value, bytes) else str(value) for name, value in rows}


def _picture(connection: sqlite3.Connection) -> bytes:
    try:
        found, _ = Store(connection).arrays("window")
    except DamagedError:
        return b""
    return found["picture"].tobytes() if "picture" in found else b""


def _settled(path: Path, aside: Path) -> Path:
    """A copy of it as one file, with all that was in the write-ahead log."""
    copy = aside / path.name
    try:
        shutil.copyfile(path, copy)
        if (log := Path(f"{path}-wal")).exists():
            shutil.copyfile(log, f"{copy}-wal")
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except (OSError, sqlite3.Error) as error:
        raise ProjectError(f"the work kept in {path} cannot be read ({error}); look for what you saved last") from None
    return copy


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError:
        return None
