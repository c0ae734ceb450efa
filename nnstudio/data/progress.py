"""How long work says how far it has come, and how it is stopped.

Whoever asks for the work passes a `Progress`. It is called now and then with the share that is done, None where nobody
can tell, on the thread of the work; it may raise `Cancelled`, which ends the work and leaves nothing behind.
"""

from collections.abc import Callable

Progress = Callable[[float | None], None]


class Cancelled(Exception):  # noqa: N818  it is no error
    """The work is not wanted any more."""


def silent(share: float | None) -> None:
    """The progress of work that nobody watches."""


def between(progress: Progress, begin: float, end: float) -> Progress:
    """The progress of a part of the work, which goes from the share `begin` to the share `end` of the whole."""

    def part(share: float | None) -> None:
        progress(None if share is None else begin + (end - begin) * share)

    return part
