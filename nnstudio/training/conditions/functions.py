"""What an expression can ask of numbers: functions of each number, and reductions of many numbers to one.

dead(A1) and saturated(A1) ask about a layer. A ReLU is dead when it puts out 0 whatever it is given, for then its slope
is 0 and it never learns again; here: for every row of the mini-batch. A sigmoid or tanh is saturated when its input
lies so far out that its slope is all but 0 (the limits are those of Amazon SageMaker Debugger's built-in rules).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

Function: TypeAlias = Callable[..., Any]

ELEMENTWISE: Mapping[str, Function] = {"abs": np.abs, "sqrt": np.sqrt, "log": np.log, "exp": np.exp}
"""Of each number, a number."""
TESTS: Mapping[str, Function] = {"isnan": np.isnan, "isinf": np.isinf}
"""Of each number, whether."""
PAIRWISE: Mapping[str, Function] = {"min": np.minimum, "max": np.maximum}
"""Of two numbers, the one or the other."""


def least(numbers: np.ndarray) -> Any:
    """By its place: a third of the time that NumPy's reduction takes for a small array. A NaN comes first."""
    flat = numbers.ravel()
    return flat[flat.argmin()]


def greatest(numbers: np.ndarray) -> Any:
    flat = numbers.ravel()
    return flat[flat.argmax()]


def total(numbers: np.ndarray) -> Any:
    """Of trues and falses, how many are true."""
    return np.add.reduce(numbers, None, np.float64)


def mean(numbers: np.ndarray) -> Any:
    """Of trues and falses, the share that is true."""
    return np.add.reduce(numbers, None, np.float64) / numbers.size


def deviation(numbers: np.ndarray) -> Any:
    """The standard deviation of these numbers as a population."""
    return np.std(numbers, dtype=np.float64)


def norm(numbers: np.ndarray) -> Any:
    """√Σx², the Euclidean length (for a matrix Frobenius' norm)."""
    flat = numbers.ravel()
    return np.sqrt(np.dot(flat, flat))


def any_true(truths: np.ndarray) -> Any:
    return np.count_nonzero(truths) > 0


def all_true(truths: np.ndarray) -> Any:
    return np.count_nonzero(truths) == truths.size


REDUCTIONS: Mapping[str, Function] = {
    "min": least,
    "max": greatest,
    "sum": total,
    "mean": mean,
    "std": deviation,
    "norm": norm,
}
"""Of many numbers, one."""
VERDICTS: Mapping[str, Function] = {"any": any_true, "all": all_true}
"""Of many trues and falses, one."""
COUNTING = ("sum", "mean")
"""Reductions that trues and falses can be given too."""

SATURATED_OUTSIDE: Mapping[str, tuple[float, float]] = {"sigmoid": (-23.0, 17.0), "tanh": (-9.5, 9.5)}
"""Inputs outside of which an activation hardly answers any more."""


def dead_share(rows: int) -> Function:
    """Of outputs (rows × units), the share of units that are 0 in every row."""
    ones = np.ones(rows)

    def share(outputs: np.ndarray) -> Any:
        sums = np.dot(ones, np.abs(outputs))  # half as long as asking each column whether any is not 0
        return np.float64(1 - np.count_nonzero(sums) / sums.size)

    return share


def share_outside(least: float, most: float) -> Function:
    """Of inputs, the share outside [least, most]."""
    low, high = np.array(least), np.array(most)

    def share(inputs: np.ndarray) -> Any:
        outside = np.count_nonzero(np.less(inputs, low)) + np.count_nonzero(np.greater(inputs, high))
        return np.float64(outside / inputs.size)

    return share


LAYER_FUNCTIONS = ("dead", "saturated")
"""Of a layer, the share of it that is so; they are given the layer's outputs by name."""
NAMES = tuple(sorted({*ELEMENTWISE, *TESTS, *REDUCTIONS, *VERDICTS, *LAYER_FUNCTIONS}))
METHODS = tuple(sorted({*REDUCTIONS, *VERDICTS}))
"""What can be asked behind a dot as well: `dW2.max()`."""
