"""By what a file is known again: when it was written and how long it is, and what is in it unless it is long."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 16_000_000
"""What is read in an instant."""


@dataclass(frozen=True, slots=True)
class FilePrint:
    """`size` is −1 where there is no file."""

    written: int
    size: int
    digest: str = ""

    @property
    def is_there(self) -> bool:
        return self.size >= 0

    @classmethod
    def of(cls, path: Path) -> "FilePrint":
        written, size = _status(path)
        return cls(written, size, _digest(path, size))

    def encode(self) -> str:
        return f"{self.written} {self.size} {self.digest}".strip()

    @classmethod
    def decode(cls, text: str) -> "FilePrint | None":
        """None where the text tells of none."""
        written, _, rest = text.partition(" ")
        size, _, digest = rest.partition(" ")
        try:
            return cls(int(written), int(size), digest)
        except ValueError:
            return None

    def fits(self, path: Path) -> bool:
        """Whether it is still the same file; one that was written anew with the same content is."""
        written, size = _status(path)
        if (written, size) == (self.written, self.size):
            return True
        return size == self.size and self.digest != "" and _digest(path, size) == self.digest


def _status(path: Path) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size


def _digest(path: Path, size: int) -> str:
    """Empty where it is not looked at."""
    if not 0 <= size <= _LONGEST:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
