"""Row by row, what the network says and how far it is off.

For **classes** the prediction is the class of the largest output (of a single one, whether it is at least ½); the
*confidence* is that output, or for a single one its distance from the other class, 1 − a below ½; the *error* is
1 − the output of the true class. For **values** the error is the distance |y − a| in the table's units, over several
targets the root of the mean of the squares, and there is no confidence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preparation import PreparedData
from nnstudio.engine.model import Model
from nnstudio.experiment.outputs import Nature, nature

from .metrics import classes
from .places import Places, places_of

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """Of n rows, part by part. `targets` and `outputs` (n × K) are in the table's units; `true` and `predicted` (n,)
    are numbers of classes, and `confidence` (n,) goes with them: all three are empty for values."""

    places: Places
    table_rows: NDArray[np.int64]
    targets: Array
    outputs: Array
    error: Array
    true: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: Array

    def __len__(self) -> int:
        return len(self.places)

    @property
    def by_class(self) -> bool:
        return len(self.true) > 0

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which rows are mistakes; none of values is, they are only more or less off."""
        return self.true != self.predicted if self.by_class else np.zeros(len(self), dtype=np.bool_)


def verdicts(model: Model, data: PreparedData) -> Verdicts:
    """What the model says of every row that has a target."""
    parts = [(name, data.part(name)) for name in data.parts]
    with np.errstate(all="ignore"):
        outputs = np.concatenate([model.predict(part.X) for _, part in parts]).astype(np.float64)
    Y = np.concatenate([part.Y for _, part in parts])
    by_class = nature(data) is not Nature.VALUES
    true, predicted = (classes(Y), classes(outputs)) if by_class else _NO_CLASSES
    targets, told = data.original_targets(Y), data.original_targets(outputs)
    with np.errstate(all="ignore"):
        error = _error(Y, outputs) if by_class else np.sqrt(np.mean((targets - told) ** 2, axis=1))
    return Verdicts(
        places=places_of(data),
        table_rows=np.concatenate([part.rows for _, part in parts]),
        targets=targets,
        outputs=told,
        error=error,
        true=true,
        predicted=predicted,
        confidence=_confidence(outputs) if by_class else np.empty(0),
    )


_NO_CLASSES = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def _error(Y: Array, outputs: Array) -> Array:
    if Y.shape[1] == 1:
        return np.abs(Y - outputs)[:, 0]
    own: Array = 1 - np.take_along_axis(outputs, Y.argmax(axis=1)[:, None], axis=1)[:, 0]
    return own


def _confidence(outputs: Array) -> Array:
    if outputs.shape[1] == 1:
        return np.maximum(outputs, 1 - outputs)[:, 0]
    largest: Array = outputs.max(axis=1)
    return largest
