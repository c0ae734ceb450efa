"""A mutation: one function of the engine with a few characters changed, and the proof that must notice."""

import inspect
import sys
from collections.abc import Callable
from textwrap import dedent
from typing import NamedTuple

import pytest


class Mutation(NamedTuple):
    """In the source of `function`, `before` becomes `after`; then `proof` must fail."""

    what: str
    function: Callable[..., object]
    before: str
    after: str
    proof: Callable[[], object]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the changed function in the place of the right one, until the test ends."""
        function = self.function
        source = dedent(inspect.getsource(function))
        assert source.count(self.before) == 1, f"{self.before!r} is not once in its source: write this mutation anew"
        module = sys.modules[function.__module__]
        made: dict[str, Callable[..., object]] = {}
        exec(source.replace(self.before, self.after), vars(module), made)
        owner = function.__qualname__.rpartition(".")[0]
        monkeypatch.setattr(getattr(module, owner) if owner else module, function.__name__, made[function.__name__])
