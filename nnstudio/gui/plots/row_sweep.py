"""Predictions on rows of the data: as many as a frame can spare at once, the others while the window is idle."""

import numpy as np

from nnstudio.engine.model import Model

from .inference import Sweep, rows_within

_SECONDS = 0.005
_LEAST = 64


class RowSweep:
    """Predictions for `X`, whose rows are in random order, so that the first ones stand for all."""

    def __init__(self, model: Model, X: np.ndarray) -> None:
        self._model, self._X = model, X
        self._sweep = Sweep(model, X)

    @property
    def outputs(self) -> np.ndarray:
        """NaN where nothing has been predicted yet."""
        return self._sweep.outputs

    @property
    def done(self) -> int:
        return self._sweep.done

    @property
    def finished(self) -> bool:
        return self._sweep.finished

    def begin(self) -> None:
        """The network has changed: predict the first rows anew."""
        self._sweep = Sweep(self._model, self._X)
        least = rows_within(self._model, _SECONDS, _LEAST, len(self._X))
        while not self._sweep.finished and self._sweep.done < least:
            self._sweep.advance(_SECONDS)

    def advance(self, seconds: float) -> bool:
        """Go on; whether there is more to do."""
        if not self.finished:
            self._sweep.advance(seconds)
        return not self.finished
