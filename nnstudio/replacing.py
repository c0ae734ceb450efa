"""Writing a file whole or not at all.

The new file is made beside the one it is to replace, and takes its place in one step once it is on the disk. Whoever
looks, at any moment and after any crash, finds the old file or the new one, never a part of either.
"""

import errno
import glob
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST_NAME = 200  # bytes
_LEFT_SECONDS = 3600
"""Nobody writes a file for longer than that."""
_WITHOUT_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}
"""What a file system says that cannot flush a folder; it has no need to, or no way."""
_ADVICE = {
    errno.ENOSPC: "save it in another folder, on a disk with more room, or make room on this one",
    errno.EDQUOT: "save it in another folder, on a disk with more room, or make room on this one",
    errno.EFBIG: "save it in another folder, on a disk that holds larger files",
    errno.EROFS: "save it in another folder, which can be written to",
    errno.EACCES: "save it in another folder, or under another name",
    errno.EPERM: "save it in another folder, or under another name",
    errno.EISDIR: "give it another name",
    errno.ENOENT: "save it in a folder that is there",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """The path of a new, empty file for the block to fill. Where the block ends, the file takes the place of `path`
    and its permissions; where `path` is a link, it stays one, and what it leads to is replaced. Another name of the
    same file (a hard link) goes on to be that of the old one. OSError says why it cannot be; then, and where the block
    fails, all is as it was."""
    target = Path(os.path.realpath(path))
    before = _status(target)
    temporary = _made_beside(target)
    try:
        yield temporary
        if before is not None:
            _take_over(temporary, target, before)
        flush(temporary)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    flush_folder(target.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by this content. OSError says why that cannot be; then the old one is as it was."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(content)


def advice(error: OSError) -> str:
    """What a person may do about a file that cannot be written."""
    return _ADVICE.get(error.errno or 0, "save it in another folder")


def flush(path: Path) -> None:
    """Return once the file is on the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Return once the names of the folder's files are on the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _WITHOUT_FLUSH:
            raise
    finally:
        os.close(descriptor)


def _status(target: Path) -> os.stat_result | None:
    """What is there already, None where nothing is; OSError where it is not to be replaced."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EISDIR, "it is not an ordinary file", str(target))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return status


def shortened(name: str, most: int) -> str:
    """A name of so many bytes at most, no character of which is cut."""
    while len(os.fsencode(name)) > most:
        name = name[:-1]
    return name


def _made_beside(target: Path) -> Path:
    name = f".{shortened(target.name, _LONGEST_NAME)}.{secrets.token_hex(4)}.tmp"
    temporary = target.parent / name
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    _sweep(temporary, target)
    return temporary


def _sweep(temporary: Path, target: Path) -> None:
    """Remove what a crash has left of earlier attempts: by the clock of the disk, which makes all of these files."""
    with suppress(OSError):
        now = temporary.stat().st_mtime
        for left in temporary.parent.glob(f".{glob.escape(shortened(target.name, _LONGEST_NAME))}.????????.tmp"):
            if now - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink()


def _take_over(temporary: Path, target: Path, before: os.stat_result) -> None:
    """Belong to whom the old file belongs, as far as that is allowed, and be as open to others as it is, with what it
    has beside its content: access lists are among these attributes."""
    now = temporary.stat()
    if hasattr(os, "chown") and (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        with suppress(PermissionError):
            os.chown(temporary, before.st_uid, before.st_gid)
    temporary.chmod(stat.S_IMODE(before.st_mode))
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # of a disk that has none, or not these
            for name in os.listxattr(target):
                with suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(target, name))
