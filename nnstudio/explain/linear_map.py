"""A deep linear network as one linear map: W = W³ W² W¹ with the matrices themselves, and what they make."""

from collections.abc import Sequence

import numpy as np

from .explanation import Formula
from .symbols import superscript
from .writing import Math, number

MOST_COLUMNS, MOST_ROWS = 12, 6
_MOST_OF_FACTORS = 60
_FEW_DECIMALS = 2


def can_be_shown(W: np.ndarray) -> bool:
    """Whether a matrix is small enough to be read."""
    rows, columns = W.shape
    return bool(rows <= MOST_ROWS and columns <= MOST_COLUMNS)


def product(layers: Sequence[np.ndarray], W: np.ndarray, b: np.ndarray, decimals: int) -> Formula:
    """The product of the weights of all layers (the first first), with their numbers where they are few, and the bias
    that comes of all biases."""
    count = len(layers)
    symbols = Math(
        " ".join(f"parameter(W^{layer})" for layer in range(count, 0, -1)),
        "".join(f"W{superscript(layer)}" for layer in range(count, 0, -1)),
    )
    sides = [Math("W", "W"), symbols]
    few = sum(layer.size for layer in layers) <= _MOST_OF_FACTORS and count > 1
    if few:
        factors = [matrix(layer, _FEW_DECIMALS) for layer in reversed(layers)]
        sides.append(Math(" ".join(f.typst for f in factors), " ".join(f.plain for f in factors)))
    sides.append(matrix(W, decimals))
    return _statement((sides, [Math("b", "b"), matrix(b[:, None], decimals)]))


def fitted(W: np.ndarray, b: np.ndarray, decimals: int) -> Formula:
    """The map that least squares find."""
    return _statement(([Math("hat(W)", "Ŵ"), matrix(W, decimals)], [Math("hat(b)", "b̂"), matrix(b[:, None], decimals)]))


def matrix(values: np.ndarray, decimals: int) -> Math:
    """A matrix in brackets; in plain text its rows are parted by semicolons."""
    rows = [[number(value, decimals) for value in row] for row in values.tolist()]
    typst = "; ".join(", ".join(cell.typst for cell in row) for row in rows)
    plain = "; ".join(" ".join(cell.plain for cell in row) for row in rows)
    return Math(f'mat(delim: "[", {typst})', f"[{plain}]")


def _statement(equations: Sequence[Sequence[Math]]) -> Formula:
    """Equations beside each other; a line breaks before an equals sign alone."""
    boxes = [
        f"#box[$display({'= ' * (place > 0)}{side.typst})$]" + " #h(16pt)" * (place == len(sides) - 1)
        for sides in equations
        for place, side in enumerate(sides)
    ]
    plain = ", ".join(" = ".join(side.plain for side in sides) for sides in equations)
    return Formula(f"#small[{' '.join(boxes)}]", plain)
