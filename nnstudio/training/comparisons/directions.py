"""Paths through the space of all parameters, drawn in a plane.

The plane is spanned by two parameters, or by the two directions in which the paths together extend farthest from where
they begin (the first two right singular vectors of all θ − θ₀). What is seen is the shadow of the paths in it.
"""

from collections.abc import Sequence

import numpy as np

_MOST_FOR_DIRECTIONS = 150
"""So many points find the directions."""


def directions(paths: Sequence[np.ndarray], before: np.ndarray | None = None) -> np.ndarray:
    """The two directions (2 × parameters), of length 1 and at right angles. Which way they point is arbitrary: as
    `before`, if there are directions already, and else towards where the paths end."""
    moved = np.concatenate([path - path[0] for path in paths])
    stride = -(-len(moved) // _MOST_FOR_DIRECTIONS)
    found: np.ndarray = np.linalg.svd(moved[::stride], full_matrices=False)[2][:2]
    if len(found) < 2:
        found = np.concatenate((found, np.zeros((2 - len(found), moved.shape[1]))))
    ends = np.array([path[-1] - path[0] for path in paths]).sum(axis=0)
    towards = found @ ends if before is None else (found * before).sum(axis=1)
    turned: np.ndarray = found * np.where(towards < 0, -1.0, 1.0)[:, None]
    return turned


def along(path: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """How far each point (points × parameters) has gone in a direction since the first one."""
    gone: np.ndarray = (path - path[0]) @ direction
    return gone
