"""Ways through time: what goes to another moment of the run, in stretches, says how far it has come, and can be given
up.

A journey knows where it goes. A quest looks for its goal on the way, and has something to say of what it found.
"""

from collections.abc import Callable
from typing import Protocol, runtime_checkable


class Way(Protocol):
    @property
    def total(self) -> int:
        """How many iterations are to be run again, at most."""
        ...

    @property
    def done(self) -> int:
        """How many of them have been."""
        ...

    def advance(self, interrupted: Callable[[], bool]) -> bool:
        """Go on until it is there, which is true, or until `interrupted` says so at the end of an iteration."""
        ...

    def give_up(self) -> None:
        """Back to where it began."""
        ...


@runtime_checkable
class Quest(Way, Protocol):
    @property
    def aim(self) -> str:
        """What it looks for."""
        ...

    @property
    def said(self) -> str:
        """What came of it."""
        ...
