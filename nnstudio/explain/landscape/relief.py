"""The landscape as a body in space, seen from the side: where each point and each face of it lies in the picture.

It is turned about its upright axis and looked at from an elevation, without perspective, so that equal heights stay
equal. Faces are in the order in which they are painted: the farthest first, and what is nearer covers it.
"""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

HEIGHT = 1.1
"""Of the highest point, where the plane goes from −1 to 1."""
_MOST_CELLS = 32
_LIGHT = np.array([-0.5, -0.6, 0.8])


@dataclass(frozen=True, slots=True)
class Eye:
    """From where it is looked at, in radians."""

    turn: float = -0.6
    elevation: float = 0.6

    def turned(self, turn: float, elevation: float) -> "Eye":
        """Turned further; never from below, and never from straight above, where heights are lost."""
        return Eye((self.turn + turn + pi) % (2 * pi) - pi, min(max(self.elevation + elevation, 0.1), 1.4))

    def seen(self, points: np.ndarray) -> np.ndarray:
        """Points (… × x, y, height) as (… × right, up, away)."""
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        across = x * cos(self.turn) - y * sin(self.turn)
        away = x * sin(self.turn) + y * cos(self.turn)
        up = z * cos(self.elevation) + away * sin(self.elevation)
        return np.stack((across, up, away * cos(self.elevation) - z * sin(self.elevation)), axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """`corners` (n × 4 × right, up) of the faces, `heights` (n) from 0 to 1, and how much `light` (n) falls on each."""

    corners: np.ndarray
    heights: np.ndarray
    light: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """`heights` (side × side) are from 0 to 1, NaN where J is unknown; the first axis is x."""

    heights: np.ndarray

    def faces(self, eye: Eye) -> Faces:
        """All whose corners are known, from the farthest to the nearest."""
        stride = -(-(len(self.heights) - 1) // _MOST_CELLS)
        points = self._points()[::stride, ::stride]
        around = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
        corners = np.stack(around, axis=2).reshape(-1, 4, 3)
        corners = corners[np.isfinite(corners).all(axis=(1, 2))]
        seen = eye.seen(corners)
        order = np.argsort(-seen[..., 2].mean(axis=1), kind="stable")
        normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        light = normals @ _LIGHT / (np.linalg.norm(normals, axis=1) * np.linalg.norm(_LIGHT))
        return Faces(seen[order, :, :2], corners[order, :, 2].mean(axis=1) / HEIGHT, np.clip(light[order], 0, 1))

    def places(self, shares: np.ndarray, eye: Eye) -> np.ndarray:
        """Places of the plane (n × 2, each from 0 to 1 across it) on the surface, as (n × right, up); NaN outside."""
        side = len(self.heights) - 1
        at = shares * side
        low = np.clip(np.floor(np.nan_to_num(at)), 0, side - 1).astype(int)
        part = at - low
        x, y = low.T
        h = self.heights
        height = (
            h[x, y] * (1 - part[:, 0]) * (1 - part[:, 1])
            + h[x + 1, y] * part[:, 0] * (1 - part[:, 1])
            + h[x, y + 1] * (1 - part[:, 0]) * part[:, 1]
            + h[x + 1, y + 1] * part[:, 0] * part[:, 1]
        )
        outside = ~((shares >= 0) & (shares <= 1)).all(axis=1)
        points = np.column_stack((2 * shares - 1, HEIGHT * height))
        points[outside] = np.nan
        return eye.seen(points)[:, :2]

    def _points(self) -> np.ndarray:
        along = np.linspace(-1, 1, len(self.heights))
        x, y = np.meshgrid(along, along, indexing="ij")
        return np.stack((x, y, HEIGHT * self.heights), axis=-1)
