"""What can become of a disk, each for as long as a block lasts, for `spoil_disk.py`."""

import contextlib
import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

DISK = 2048 * 1024


class LastYear(datetime):
    """A clock that is set back."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime.now(tz) - timedelta(days=365)


@contextlib.contextmanager
def limited(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def unchangeable(path: Path) -> Iterator[None]:
    """Nobody may change the file: for root too where the file system can forbid that."""
    path.chmod(0o444)
    forbidden = subprocess.run(["chattr", "+i", str(path)], capture_output=True).returncode == 0
    try:
        yield
    finally:
        if forbidden:
            subprocess.run(["chattr", "-i", str(path)], check=True)
        path.chmod(0o644)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another connection writes to the file."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextlib.contextmanager
def deleted(path: Path) -> Iterator[None]:
    path.unlink()
    yield


@contextlib.contextmanager
def gone(folder: Path) -> Iterator[None]:
    """The folder is elsewhere, as on a stick that was pulled."""
    away = folder.rename(folder.with_name("away"))
    yield
    away.rename(folder)


@contextlib.contextmanager
def mounted(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@contextlib.contextmanager
def full(disk: Path, room: int) -> Iterator[None]:
    """No more than so many bytes are free."""
    filling = disk / "filling"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filling.write_bytes(bytes(max(free - room, 0)))
    try:
        yield
    finally:
        filling.unlink()


@contextlib.contextmanager
def only_readable(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
