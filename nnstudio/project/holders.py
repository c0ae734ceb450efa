"""Who has a file open: its working copy tells whose it is, and since when.

Of two that open a file in the same moment, the one whose working copy was there first has it. Working copies are in a
folder of this computer: those who open a file over the network from another one are not known here.
"""

import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .errors import ProjectError
from .owner import Owner
from .recovery import about_copy
from .schema import SUFFIX
from .working_copy import folder


@dataclass(frozen=True, slots=True)
class Holder:
    """A window, by its process, and when it opened the file: by the clock on the wall, and by one that nobody sets."""

    owner: Owner
    since: datetime
    began: float


def holder_of(path: Path, mine: Path | None = None) -> Holder | None:
    """Another that had the file before the working copy `mine` did; None if there is none."""
    before = None if mine is None else _holder(mine, path)
    found = [(holder.began, str(copy), holder) for copy, holder in _others(path, mine)]
    if not found:
        return None
    began, copy, holder = min(found, key=lambda one: one[:2])
    return None if before is not None and (before.began, str(mine)) < (began, copy) else holder


def _others(path: Path, mine: Path | None) -> list[tuple[Path, Holder]]:
    try:
        copies = [copy for copy in folder().glob(f"*{SUFFIX}") if copy != mine]
    except OSError:
        return []
    found = [(copy, _holder(copy, path)) for copy in copies]
    return [(copy, holder) for copy, holder in found if holder is not None and holder.owner.alive]


def _holder(copy: Path, path: Path) -> Holder | None:
    """Whose working copy this is, if it is one of that file."""
    try:
        about = about_copy(copy)
        owner, since = Owner.decode(about.get("owner", "")), datetime.fromisoformat(about.get("since", ""))
        began = float(about.get("began", 0.0))
    except (sqlite3.Error, ProjectError, ValueError):
        return None
    of = about.get("origin", "")
    return Holder(owner, since, began) if owner is not None and of and _same(of, path) else None


def _same(one: str, other: Path) -> bool:
    """Whether both are the same file, which may have several names."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
