"""The directions along which the landscape is looked at, through where the network stands.

- One or two parameters: what everybody can imagine, of as many dimensions as there are parameters
- Random directions, filter by filter as long as the network's own weights (Li et al. 2018, Visualizing the Loss
  Landscape of Neural Nets): a network whose weights are twice as large and whose next layer's are half as large does
  the same, so only in such units are steep and flat comparable. Biases, scales and shifts stay
- The gradient and a random direction at right angles to it: the way down, and one to the side
- The way of the descent: the two directions at right angles in which it went farthest (its principal directions). In
  thousands of dimensions any other plane sees next to nothing of it
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.engine.arena import Role, Slot

from .ground import Ground

_AROUND, _LEAST = 1.2, 0.25
"""Beyond the farthest point of the way, and to the side of a straight one."""


class Sight(StrEnum):
    """What a plane is spanned by."""

    PARAMETERS = "Two parameters"
    RANDOM = "Random directions"
    GRADIENT = "Gradient and across"
    WAY = "The way so far"


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A direction. Along it J is looked at from `-reach` to `reach`; `offset` is what its scale shows where the network
    stands: a parameter's own value, else 0."""

    name: str
    direction: np.ndarray
    offset: float
    reach: float


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """One axis or two, through `origin`."""

    origin: np.ndarray
    axes: tuple[Axis, ...]

    def point(self, *distances: float) -> np.ndarray:
        """The parameters at distances from the origin."""
        at = self.origin.copy()
        for axis, distance in zip(self.axes, distances, strict=True):
            at += distance * axis.direction
        return at

    def project(self, positions: np.ndarray) -> np.ndarray:
        """How far positions (n × parameters) lie along each axis (n × axes): their nearest points, by least squares;
        NaN where the directions are no numbers."""
        D = np.stack([axis.direction for axis in self.axes])
        if not np.isfinite(D).all():
            return np.full((len(positions), len(D)), np.nan)
        with np.errstate(all="ignore"):
            projected: np.ndarray = (np.linalg.pinv(D @ D.T) @ (D @ (positions - self.origin).T)).T
        return projected

    def shown(self, distances: np.ndarray) -> np.ndarray:
        """Distances (n × axes) as the scales show them."""
        shown: np.ndarray = distances + np.array([axis.offset for axis in self.axes])
        return shown

    def ranges(self) -> tuple[tuple[float, float], ...]:
        """From where to where each scale goes."""
        return tuple((axis.offset - axis.reach, axis.offset + axis.reach) for axis in self.axes)


def along_parameters(ground: Ground, places: tuple[int, ...], names: tuple[str, ...], zoom: float = 1.0) -> Axes:
    """Along single parameters, by their places in the flat vectors: far enough to see the way to where it lands."""
    axes = []
    for place, name in zip(places, names, strict=True):
        direction = np.zeros_like(ground.here)
        direction[place] = 1.0
        value, landing = ground.here[place].item(), ground.landing[place].item()
        reach = max(1.0, abs(value), _finite(1.5 * abs(landing - value)))
        axes.append(Axis(name, direction, value, reach / zoom))
    return Axes(ground.here, tuple(axes))


def random_directions(ground: Ground, seed: int, zoom: float = 1.0) -> Axes:
    """Two random directions, each filter of them as long as the network's."""
    rng = np.random.default_rng(seed)
    names = ("first random direction", "second random direction")
    axes = (Axis(name, filter_normalized(rng, ground.slots, ground.here), 0.0, 1.0 / zoom) for name in names)
    return Axes(ground.here, tuple(axes))


def gradient_directions(ground: Ground, seed: int, zoom: float = 1.0) -> Axes:
    """Up the gradient of the mini-batch, and across; both of length 1. Where there is no gradient, two that cross."""
    rng = np.random.default_rng(seed)
    up = ground.gradient if np.isfinite(ground.gradient).all() else np.zeros_like(ground.here)
    if not up.any():
        up = rng.normal(size=up.shape)
    up = up / np.linalg.norm(up)
    across = rng.normal(size=up.shape)
    across -= (across @ up) * up
    across /= max(float(np.linalg.norm(across)), 1e-300)
    step = _finite(float(np.linalg.norm(ground.landing - ground.here)))
    reach = max(0.5 * float(np.linalg.norm(ground.here)), 3 * step, 0.1) / zoom
    axes = Axis("along the gradient", up, 0.0, reach), Axis("across", across, 0.0, reach)
    return Axes(ground.here, axes if len(up) > 1 else axes[:1])


def way_directions(ground: Ground, positions: np.ndarray, zoom: float = 1.0) -> Axes:
    """The principal directions of the way from positions (n × parameters) to where the network stands, each of length
    1, far enough to see all of it. Where there was no way yet, those of the gradient."""
    way = positions - ground.here
    if not (np.isfinite(way).all() and way.any()):
        return gradient_directions(ground, 0, zoom)
    first, second = _principal(way)
    axes = []
    for name, direction in (("along the way", first), ("across", second)):
        reach = max(_AROUND * float(np.abs(way @ direction).max()), _LEAST * float(np.linalg.norm(way, axis=1).max()))
        axes.append(Axis(name, direction, 0.0, reach / zoom))
    return Axes(ground.here, tuple(axes))


def _principal(way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first two right singular vectors; the second is any at right angles where the way is straight."""
    directions = np.linalg.svd(way, full_matrices=False)[2]
    first = directions[0] if directions[0] @ way[0] >= 0 else -directions[0]
    if len(directions) > 1:
        return first, directions[1]
    across = np.zeros_like(first)
    across[int(np.argmin(np.abs(first)))] = 1.0
    across -= (across @ first) * first
    return first, across / np.linalg.norm(across)


def filter_normalized(rng: np.random.Generator, slots: tuple[Slot, ...], parameters: np.ndarray) -> np.ndarray:
    """A random direction, whose weights into each neuron have the length of the network's own; 0 for what is no
    weight."""
    direction, start = np.zeros_like(parameters), 0
    for slot in slots:
        stop = start + int(np.prod(slot.shape))
        if slot.role is Role.WEIGHT:
            own = parameters[start:stop].reshape(slot.shape)
            drawn = rng.normal(size=slot.shape)
            lengths = np.linalg.norm(own, axis=1, keepdims=True)
            direction[start:stop] = (drawn * lengths / np.linalg.norm(drawn, axis=1, keepdims=True)).ravel()
        start = stop
    return direction


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 0.0
