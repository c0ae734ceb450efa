"""What a watch is: something that can be measured of a run, layer by layer, and thresholds to hold it against."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt
from typing import Any, ClassVar

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.program import Program
from nnstudio.engine.standing import Freshness
from nnstudio.training.history import History

SAGEMAKER = "Amazon SageMaker Debugger, built-in rule {}"
SLACK = 1.001
"""By so much a quick look is stricter, for it rounds otherwise."""
COCKPIT = "Cockpit (Schneider, Dangel, Hennig 2021)"
UMLAUT = "UMLAUT (Schoop, Huang, Hartmann 2021)"


class When(StrEnum):
    """When it is measured."""

    ITERATION = "at the end of each mini-batch"
    EPOCH = "at the end of each epoch"
    ONCE = "once, for it does not change while training"


class Side(StrEnum):
    """On which side of a threshold the trouble lies; the value is its sign."""

    ABOVE = ">"
    AT_LEAST = "≥"
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`what` is measured, in `unit`, and the trouble lies on that `side` of `first`, which a person may change within
    `least` and `most`. It has to be so for as many observations `running`."""

    key: str
    what: str
    side: Side
    first: float
    unit: str = ""
    least: float = 0.0
    most: float = 1e300
    running: int = 1

    @property
    def sign(self) -> str:
        """The unit as it follows a number."""
        return self.unit if self.unit in ("", "×") else f"\N{NO-BREAK SPACE}{self.unit}"

    def beyond(self, value: float, level: float) -> bool:
        """Whether it is trouble where the threshold has been set to `level`. What is not a number is none."""
        if self.side is Side.ABOVE:
            return value > level
        return value >= level if self.side is Side.AT_LEAST else value < level

    def problem(self, level: float) -> str | None:
        """Why it cannot be set to this level."""
        if self.least <= level <= self.most:
            return None
        domain = f"between {self.least:g} and {self.most:g}" if self.most < 1e300 else f"at least {self.least:g}"
        return f"the threshold of {self.what} must be {domain}"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number to hold against the threshold of this index; `slot` is where to look, of `layer` if it is of one."""

    threshold: int
    value: float
    layer: int | None = None
    slot: str | None = None


@dataclass(slots=True, eq=False)
class Scene:
    """What a watch is given: the machine and its history, at the end of an iteration or epoch, and a memory of its own.
    `noted` is what it noted before this iteration's update, None where that was not seen."""

    machine: Machine
    history: History
    memory: dict[str, Any] = field(default_factory=dict)
    noted: Any = None
    seen: int = -1
    """The number of iterations when it was last observed."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What never changes for this machine."""
    _flat: dict[tuple[Program, str], np.ndarray] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=dict)

    def flat(self, slot: str) -> np.ndarray:
        """The slot's array as a vector, by a view that is taken once."""
        key = self.machine.program, slot
        found = self._flat.get(key)
        if found is None:
            found = self._flat[key] = self.value(slot).reshape(-1)
        return found

    def length(self, slot: str) -> float:
        """√Σx² of a slot, in a tenth of the time that NumPy's norm takes; 0 or infinite where squares are."""
        flat = self.flat(slot)
        return sqrt(flat.dot(flat))

    def value(self, slot: str) -> np.ndarray:
        """The slot's array as it stands; only to be read."""
        return self.machine.program.arena[slot]

    def knows(self, slot: str) -> bool:
        """Whether there is such a slot, and a number has been written to it."""
        return slot in self.machine.program.arena and self.machine.freshness(slot) is not Freshness.UNKNOWN

    def names(self, letter: str) -> list[str]:
        """The slots of this letter that there are, layer by layer."""
        found = self._names.get(letter)
        if found is None:
            names = [f"{letter}{layer}" for layer in self.layers]
            found = self._names[letter] = [name for name in names if name in self.machine.program.arena]
        return found

    def layers_knowing(self, letter: str) -> list[int]:
        """The layers whose slot of this letter holds a number."""
        return [layer for layer in self.layers if self.knows(f"{letter}{layer}")]

    @property
    def layers(self) -> range:
        return range(1, self.machine.model.depth + 1)


@dataclass(frozen=True, slots=True)
class Watch(ABC):
    """`explanation` says in two sentences what goes wrong and what helps; `source` is where it is from."""

    name: ClassVar[str]
    title: ClassVar[str]
    explanation: ClassVar[str]
    source: ClassVar[str]
    thresholds: ClassVar[tuple[Threshold, ...]]
    when: ClassVar[When] = When.ITERATION
    remembers: ClassVar[int] = 1
    """How many iterations have to be seen for all that is measured to be known."""

    @property
    def levels(self) -> tuple[float, ...]:
        """Where the thresholds stand to begin with."""
        return tuple(threshold.first for threshold in self.thresholds)

    def problem(self, machine: Machine, history: History) -> str | None:
        """Why it says nothing about this network."""
        return None

    def multiplications(self, machine: Machine) -> int:
        """About how many measuring takes, for a watch that predicts rows of its own."""
        return 0

    def note(self, machine: Machine) -> Any:
        """What to remember of the moment before the update, if anything."""
        return None

    @property
    def notes(self) -> bool:
        """Whether it has to see the moment before the update."""
        return type(self).note is not Watch.note

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        """A quick look at the end of an iteration: true only if nothing that `measure` would give is beyond `levels`.
        Most iterations are sound, and whoever trains under all watches is not to wait for numbers nobody asks for."""
        return False

    @abstractmethod
    def measure(self, scene: Scene) -> Iterator[Measured]:
        """The numbers of the moment. Nothing of the run is written, and no random number is drawn."""


def layers_with(machine: Machine, has: Callable[[str], bool]) -> list[int]:
    """The layers whose activation is such a one, from 1."""
    return [n for n, layer in enumerate(machine.model.spec.network.layers, 1) if has(layer.activation)]
