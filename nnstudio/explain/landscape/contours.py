"""Lines of equal height over a grid, by marching squares: within a cell a line is straight, from edge to edge.

Levels lie closer together near the lowest value, where the descent goes to: their heights above it grow as the squares.
"""

import numpy as np

_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}
"""For each set of corners above the level, the pairs of edges that a line joins. Edge k lies between corner k and the
next."""


def heights(values: np.ndarray, count: int = 12) -> np.ndarray:
    """So many levels between the lowest and the highest finite value; none where all are equal."""
    known = values[np.isfinite(values)]
    if not len(known) or known.min() == known.max():
        return np.empty(0)
    low, high = float(known.min()), float(known.max())
    levels: np.ndarray = low + (high - low) * (np.arange(1, count + 1) / (count + 1)) ** 2
    return levels


def contour(values: np.ndarray, level: float) -> np.ndarray:
    """The line of one level over values (rows × columns), as segments (n × 2 ends × (row, column)) in units of the
    grid. Cells with a corner that is not finite have none."""
    corners = np.stack([values[r : len(values) - 1 + r, c : values.shape[1] - 1 + c] for r, c in _CORNERS])
    known = np.isfinite(corners).all(axis=0)
    with np.errstate(invalid="ignore"):
        above = (corners > level) * np.array([1, 2, 4, 8]).reshape(4, 1, 1)
    cases = np.where(known, above.sum(axis=0), 0)
    found = []
    for case, edges in _SEGMENTS.items():
        rows, columns = np.nonzero(cases == case)
        if len(rows):
            at = corners[:, rows, columns]
            for pair in edges:
                ends = [_crossing(at, edge, level) + np.stack((rows, columns), axis=1) for edge in pair]
                found.append(np.stack(ends, axis=1))
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _crossing(corners: np.ndarray, edge: int, level: float) -> np.ndarray:
    """Where the level crosses an edge of cells (n × (row, column)), by linear interpolation."""
    begin, end = corners[edge], corners[(edge + 1) % 4]
    share = ((level - begin) / (end - begin))[:, None]
    first, second = (np.array(_CORNERS[one], np.float64) for one in (edge, (edge + 1) % 4))
    crossing: np.ndarray = first + share * (second - first)
    return crossing
