"""Watches of the slots: numbers that stand still, are all 0, or are none."""

from collections.abc import Iterator
from math import inf, isfinite

import numpy as np

from .watch import SAGEMAKER, SLACK, Measured, Scene, Side, Threshold, Watch

_RTOL, _ATOL = 1e-5, 1e-8
_LASTING = ("W", "b", "dW", "db")
_LOOKED_AT = ("W", "A", "dZ", "dW")


class ZeroOrNan(Watch):
    """Of the weights, outputs and gradients of a layer, how much of a slot is 0, and how many numbers are none."""

    name = "zero_or_nan"
    title = "All-zero or NaN slot"
    explanation = (
        "All numbers of a layer's weights, outputs or gradients are 0, so nothing flows through it, or one of them is "
        "NaN or infinite and spreads from there. Look at what the operation that wrote the slot was given."
    )
    source = f"{SAGEMAKER.format('AllZero')} and ExplodingTensor"
    thresholds = (
        Threshold("zeros", "zeros of a slot", Side.AT_LEAST, 100.0, "%", 0.0, 100.0),
        Threshold("nan", "NaN or infinite", Side.AT_LEAST, 1.0, "numbers", 1.0),
    )

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        """What has a length is neither all 0 nor not finite."""
        zeros, _ = levels
        slots = [slot for letter in _LOOKED_AT for slot in scene.names(letter)]
        return zeros >= self.thresholds[0].most and all(0 < scene.length(slot) < inf for slot in slots)

    def measure(self, scene: Scene) -> Iterator[Measured]:
        for layer in scene.layers:
            for slot in (f"{letter}{layer}" for letter in _LOOKED_AT):
                if scene.knows(slot):
                    values = scene.value(slot)
                    yield Measured(0, 100.0 * float(1 - np.count_nonzero(values) / values.size), layer, slot)
                    yield Measured(1, float(values.size - np.count_nonzero(np.isfinite(values))), layer, slot)


class Unchanged(Watch):
    """For how many iterations in a row each of a layer's weights, biases and their gradients has been equal to what it
    was an iteration before, within rtol 1e-5 and atol 1e-8."""

    name = "unchanged"
    title = "Unchanged slot"
    explanation = (
        "The weights or biases of a layer, or their gradients, have been the same for several mini-batches in a row: "
        "the layer has stopped learning. Its learning rate, its activation or a vanishing gradient may be why."
    )
    source = SAGEMAKER.format("UnchangedTensor")
    thresholds = (Threshold("iterations", "iterations unchanged", Side.AT_LEAST, 3.0, "iterations", 1.0),)
    remembers = 4

    def sound(self, scene: Scene, levels: tuple[float, ...]) -> bool:
        """One number that has moved is enough to tell of its slot; the one that did last time most likely has again."""
        before: _Before | None = scene.memory.get("before")
        if before is None or not all(map(before.has_moved, before.now)):
            return False
        before.take(scene.seen, moved=True)
        return True

    def measure(self, scene: Scene) -> Iterator[Measured]:
        before: _Before | None = scene.memory.get("before")
        if before is None:
            if scene.machine.iterations:
                scene.memory["before"] = _Before(scene)
            return
        for layer in scene.layers:
            for slot in (f"{letter}{layer}" for letter in _LASTING):
                if slot in before.now:
                    yield Measured(0, float(before.count(slot, scene.seen)), layer, slot)
        before.take(scene.seen)


class _Before:
    """Weights, biases and gradients as they were an iteration before, and for how many iterations each slot has been
    `equal` to that."""

    def __init__(self, scene: Scene) -> None:
        store = scene.machine.model.store
        families = [store.family("parameters"), store.family("gradients")]
        self._families = [(family, family.copy()) for family in families]
        self.now: dict[str, np.ndarray] = {}
        self._was: dict[str, np.ndarray] = {}
        for (_, copied), prefix in zip(self._families, ("", "d"), strict=True):
            start = 0
            for name in store.parameters:
                slot, size = f"{prefix}{name}", store[name].size
                if slot.rstrip("0123456789") in _LASTING:
                    self.now[slot], self._was[slot] = scene.flat(slot), copied[start : start + size]
                start += size
        self._equal = dict.fromkeys(self.now, 0)
        self._place = dict.fromkeys(self.now, 0)
        self._taken = -1

    def has_moved(self, slot: str) -> bool:
        """Whether some number of it surely is beyond the tolerance; a NaN is not sure."""
        now, was, place = self.now[slot], self._was[slot], self._place[slot]
        if _beyond(now.item(place), was.item(place)):
            return True
        place = self._place[slot] = int(np.abs(now - was).argmax())
        return _beyond(now.item(place), was.item(place))

    def count(self, slot: str, iteration: int) -> int:
        """For how many iterations it has been equal, up to this one."""
        if iteration != self._taken:
            same = _close(self.now[slot], self._was[slot])
            self._equal[slot] = self._equal[slot] + 1 if same else 0
        return self._equal[slot]

    def take(self, iteration: int, *, moved: bool = False) -> None:
        """All of them as they are now; `moved` says that none is equal to what it was."""
        for now, copied in self._families:
            np.copyto(copied, now)
        if moved:
            self._equal = dict.fromkeys(self.now, 0)
        self._taken = iteration


def _close(now: np.ndarray, was: np.ndarray) -> bool:
    """As np.allclose, in a fraction of the time where all numbers are finite."""
    close = np.abs(now - was) <= _ATOL + _RTOL * np.abs(was)
    return bool(close.all()) or (not isfinite(now.dot(now)) and np.allclose(now, was, _RTOL, _ATOL))


def _beyond(now: float, was: float) -> bool:
    return abs(now - was) > SLACK * (_ATOL + _RTOL * abs(was))
