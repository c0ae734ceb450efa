"""What a crash has left over, in words: what there is to offer, since when it is there, and what was saved last."""

import os
from contextlib import suppress
from datetime import datetime

from nnstudio.project import ProjectError, Recoverable, recoverable


def offered() -> tuple[Recoverable, ...]:
    """All that is worth opening. Copies of what was saved since, to files that are as they were written then, are
    cleared away."""
    worth = []
    for found in recoverable():
        if found.unsaved or not found.origin_is_as_saved:
            worth.append(found)
            continue
        with suppress(ProjectError):  # it costs some room, no more
            found.discard()
    return tuple(worth)


def kept_words(found: Recoverable) -> str:
    return "Kept at an unknown time" if found.put is None else f"Kept {when(found.put)}"


def saved_words(found: Recoverable) -> str:
    """The file that it was to be saved to, as it was saved last."""
    if found.origin is None:
        return "Never saved to a file"
    time = "" if found.saved is None else f" {when(found.saved)},"
    if os.path.exists(found.origin) and not found.origin_is_as_saved:
        return f"Changed by another program since it was saved{time} as {found.origin.name}"
    gone = "" if os.path.exists(found.origin) else "; that file is not there any more"
    return f"Last saved{time} as {found.origin.name}{gone}"


def when(time: datetime, now: datetime | None = None) -> str:
    """A time as told by a clock on the wall."""
    time = time.astimezone()
    now = now or datetime.now().astimezone()
    day = "today" if time.date() == now.date() else f"on {time.day} {time:%B %Y}"
    return f"{day} at {time:%H:%M:%S}"
