"""The gradient check: is what backpropagation computes the slope of J?

Each ∂J/∂θ is compared with what J really does when that one parameter is moved a little (`differences`), the
mini-batch and the masks being held fixed (`cost_function`). A small network is checked in every parameter, a large one
in a sample drawn from each slot. Then all parameters are moved at once along random directions d, where J must change
by the gradient's share in d, ∂J/∂θ · d: that misses no parameter, however many there are.

The error of an entry is |a − n| / max(|a|, |n|, floor), of backpropagation's a and the measured n. The floor,
max(1, |J|) / 100 000, is there since J is rounded: of smaller slopes central differences know the last digits no
better. It is higher where more cannot be known: so high that four times the uncertainty of n is the tolerance. The
slope of an activation may be rounded on purpose (hard_sigmoid's is, as in PyTorch); that is no fault either, and counts
as uncertainty, as a share of the whole gradient's length.
An error within the tolerance, 10⁻⁵, is agreement; a wrong sign has the error 2, a forgotten share of the gradient that
share. Where a kink (the corner of a ReLU, the tip of |w|) is too near for a slope to be measured, there is no error.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.engine.machine import Machine

from .cost_function import CostFunction
from .differences import Point, Slope, central, extrapolated, step

TOLERANCE = 1e-5
FLOOR = 1e-5
_SAFETY = 4.0
Index = tuple[int, ...]
Progress = Callable[[int, int], object]


class NotMeasurableError(ValueError):
    """There is no slope to be measured: J itself is not a finite number."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is checked: every parameter of a network with at most `whole` of them, else `sample` of each slot, and
    so many random directions. `seed` draws both."""

    whole: int = 5_000
    sample: int = 64
    directions: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One slope that was measured: of an element of a parameter slot, or along direction `index` (slot "")."""

    slot: str
    index: Index
    analytic: float
    numeric: float
    relative: float


@dataclass(frozen=True, slots=True, eq=False)
class SlotCheck:
    """The gradient of one parameter slot; all arrays have the slot's shape.

    `analytic` is what backpropagation computes and `numeric` what was measured, NaN where nothing was: outside of what
    was `checked`, and at `kinks`. `absolute` and `relative` are the errors, NaN likewise. `uncertainty` says how far a
    slope that was measured with great care may be from the true one; the others agreed at once, and have 0.
    """

    slot: str
    analytic: np.ndarray
    numeric: np.ndarray
    uncertainty: np.ndarray
    absolute: np.ndarray
    relative: np.ndarray
    checked: np.ndarray
    kinks: np.ndarray

    @property
    def worst(self) -> Entry | None:
        """The entry with the largest relative error; None where nothing could be measured."""
        if not (self.checked & ~self.kinks).any():
            return None
        index = tuple(int(i) for i in np.unravel_index(np.nanargmax(self.relative), self.relative.shape))
        return self.entry(index)

    def entry(self, index: Index) -> Entry:
        """What was found at an element; NaN for what was not measured there."""
        analytic, numeric, relative = (float(of[index]) for of in (self.analytic, self.numeric, self.relative))
        return Entry(self.slot, index, analytic, numeric, relative)


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """What a check has found, for the mini-batch `batch` (from 1) of `epoch` with so many `rows`, where J is `cost`."""

    slots: tuple[SlotCheck, ...]
    """Layer by layer."""
    directions: tuple[Entry, ...]
    """Those of all `directions_tried` that met no kink."""
    directions_tried: int
    tolerance: float
    cost: float
    epoch: int
    batch: int
    rows: int

    @property
    def agrees(self) -> bool:
        """Whether no error is beyond the tolerance."""
        return all(entry.relative <= self.tolerance for entry in self._worst_of_each())

    @property
    def worst(self) -> Entry | None:
        """The largest relative error: that of a direction only where no single entry is beyond the tolerance and a
        direction is. None where nothing could be measured."""
        single = max(self._worst_of_slots(), key=_relative, default=None)
        along = max(self.directions, key=_relative, default=None)
        within = single is None or single.relative <= self.tolerance
        return along if within and along is not None and along.relative > self.tolerance else single

    @property
    def parameters(self) -> int:
        return sum(slot.analytic.size for slot in self.slots)

    @property
    def checked(self) -> int:
        """How many parameters were checked one by one."""
        return sum(int(slot.checked.sum()) for slot in self.slots)

    @property
    def kinks(self) -> int:
        """At how many of them a kink was too near."""
        return sum(int(slot.kinks.sum()) for slot in self.slots)

    def _worst_of_slots(self) -> Iterator[Entry]:
        return (worst for slot in self.slots if (worst := slot.worst) is not None)

    def _worst_of_each(self) -> Iterator[Entry]:
        yield from self._worst_of_slots()
        yield from self.directions


def check_gradients(
    at: Machine | CostFunction,
    *,
    tolerance: float = TOLERANCE,
    extent: Extent = Extent(),
    progress: Progress = lambda done, total: None,
) -> GradientCheck:
    """Check the gradient of the mini-batch at hand (between two iterations: of the next), with the parameters as they
    stand; the machine stays byte for byte as it was.

    `progress` is called with how many slopes of how many are measured; what it raises ends the check.
    NotMeasurableError if J is not finite.
    """
    J = at if isinstance(at, CostFunction) else CostFunction(at)
    with np.errstate(all="ignore"):
        return _Check(J, tolerance, extent, progress).run()


class _Check:
    """One check at work."""

    def __init__(self, J: CostFunction, tolerance: float, extent: Extent, progress: Progress) -> None:
        self._J, self._tolerance, self._extent, self._progress = J, tolerance, extent, progress
        self._rng = np.random.default_rng(extent.seed)
        self._cost = J.value()
        if not np.isfinite(self._cost):
            raise NotMeasurableError(f"J is {self._cost:g}, and what is not a finite number has no slope")
        self._gradient = J.gradient()
        self._floor = FLOOR * max(1.0, abs(self._cost))
        self._rounding = float(np.linalg.norm(self._gradient)) * sum(
            activation.slope_rounding for activation in J.machine.model.activations
        )
        self._at_kink = np.zeros(self._gradient.size, bool)
        self._done, self._total = 0, 0

    def run(self) -> GradientCheck:
        drawn = {slot: self._draw(slot) for slot in self._J.slots}
        self._total = sum(map(len, drawn.values())) + self._extent.directions
        found, start = {}, 0
        for slot, places in drawn.items():
            found[slot] = self._check_slot(slot, start, places)
            start += int(np.prod(slot.shape))
        directions = [entry for n in range(self._extent.directions) if (entry := self._check_direction(n))]
        batches = self._J.machine.batches
        return GradientCheck(
            tuple(found[slot] for slot in sorted(found, key=_layer)),
            tuple(directions),
            self._extent.directions,
            self._tolerance,
            self._cost,
            batches.epoch,
            batches.number,
            len(batches.rows),
        )

    def _draw(self, slot: Slot) -> np.ndarray:
        """Which elements of a slot are checked, by their place in it."""
        size = int(np.prod(slot.shape))
        if len(self._J.parameters) <= self._extent.whole or size <= self._extent.sample:
            return np.arange(size)
        return np.sort(self._rng.choice(size, self._extent.sample, replace=False))

    def _check_slot(self, slot: Slot, start: int, places: np.ndarray) -> SlotCheck:
        analytic = self._gradient[start : start + int(np.prod(slot.shape))]
        numeric, uncertainty, relative = np.full((3, analytic.size), np.nan)
        checked, kinks = np.zeros((2, analytic.size), bool)
        checked[places] = True
        for place in places.tolist():
            measured = self._slope_of(start + place)
            if measured is None:
                kinks[place] = self._at_kink[start + place] = True
            else:
                numeric[place], uncertainty[place] = measured.value, measured.uncertainty
                relative[place] = self._error(float(analytic[place]), measured)
            self._advance()
        parts = (analytic, numeric, uncertainty, np.abs(analytic - numeric), relative, checked, kinks)
        return SlotCheck(slot.name, *(part.reshape(slot.shape) for part in parts))

    def _slope_of(self, place: int) -> Slope | None:
        """∂J/∂θ of one parameter, measured."""
        parameters, kept = self._J.parameters, self._J.parameters[place].item()

        def J(distance: float) -> float:
            parameters[place] = kept + distance
            return self._J.value()

        slope = self._measured(J, step(kept), self._gradient[place].item())
        parameters[place] = kept
        return slope

    def _check_direction(self, number: int) -> Entry | None:
        """The slope along a random direction of length 1 against the gradient's share in it; None at a kink. It leaves
        the parameters where they are that were found to be at kinks."""
        parameters, kept = self._J.parameters, self._J.parameters.copy()
        direction = self._rng.normal(size=kept.shape)
        direction[self._at_kink] = 0
        direction /= max(float(np.linalg.norm(direction)), 1e-300)

        def J(distance: float) -> float:
            np.multiply(direction, distance, parameters)
            np.add(parameters, kept, parameters)
            return self._J.value()

        analytic = float(self._gradient @ direction)
        measured = self._measured(J, step(1.0), analytic)
        parameters[...] = kept
        self._advance()
        if measured is None:
            return None
        return Entry("", (number,), analytic, measured.value, self._error(analytic, measured))

    def _measured(self, J: Callable[[float], float], h: float, analytic: float) -> Slope | None:
        """The plain central difference where it agrees; else the best that can be measured, None at a kink."""
        plain = Slope(central(J, h), 0.0)
        if self._error(analytic, plain) <= self._tolerance:
            return plain
        return extrapolated(lambda distance: Point(J(distance), self._J.branches()), h)

    def _error(self, analytic: float, measured: Slope) -> float:
        """|a − n| / max(|a|, |n|, floor); infinite where one of the two is no finite number."""
        floor = max(self._floor, _SAFETY * (measured.uncertainty + self._rounding) / self._tolerance)
        error = abs(analytic - measured.value) / max(abs(analytic), abs(measured.value), floor)
        return error if np.isfinite(error) else float("inf")

    def _advance(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)


def _layer(slot: Slot) -> int:
    return slot.layer or 0


def _relative(entry: Entry) -> float:
    return entry.relative
