"""How much rows count in the cost, and which weights have a meaning there.

J = 1/m Σᵢ wᵢ ℓᵢ: a row of weight 2 is learned from as if it were in the mini-batch twice, one of weight 0 as if it were
not, but for m, which counts each row once.
"""

import numpy as np

from nnstudio.data.preparation import PreparedData
from nnstudio.experiment.errors import ExperimentError


def validate_weights(data: PreparedData, dtype: np.dtype) -> None:
    """Raise an ExperimentError that names the first row whose weight cannot count, or the part in which none does."""
    most = float(np.finfo(dtype).max)
    for name in data.parts:
        part = data.part(name)
        if part.weights is None:
            continue
        wrong = np.flatnonzero(~((part.weights >= 0) & (part.weights <= most)))
        if len(wrong):
            raise ExperimentError(
                f"the weight of row {part.rows[wrong[0]] + 1} is {part.weights[wrong[0]]:g}; it must be a finite "
                f"number in {dtype} and at least 0: correct it, or leave the row out"
            )
        if not part.weights.any():
            raise ExperimentError(
                f"all {len(part.weights):,} {name} rows, from row {part.rows[0] + 1} on, have the weight 0, so none of "
                "them counts; give one of them a weight above 0, or use no weights"
            )
