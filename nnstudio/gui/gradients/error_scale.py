"""The colours of relative errors, on a logarithmic scale from 10⁻¹² to 1.

What is within the tolerance is shades of grey, and beyond it of red: one look says whether all is well.
"""

from math import log10

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import Theme

LEAST, MOST = -12, 0
"""The ends of the scale, as powers of ten."""
_STEPS = 64
_PALE_RED = {False: "#f2b8b5", True: "#7a3a36"}


class ErrorScale:
    """The colours of one theme and one tolerance."""

    def __init__(self, theme: Theme, tolerance: float) -> None:
        self.theme = theme
        self.tolerance = tolerance
        self.limit = position(tolerance)
        """Where on the scale the tolerance lies, from 0 to 1."""
        steps = [step / _STEPS for step in range(_STEPS + 1)]
        within = [_between(theme.field, theme.stale, at) for at in steps]
        beyond = [_between(_PALE_RED[theme.dark], theme.error, at) for at in steps]
        self._colours = within + beyond
        self._table = np.array([colour.rgb() for colour in self._colours], np.uint32)

    def pixels(self, errors: np.ndarray) -> np.ndarray:
        """0xAARRGGBB for each error; nothing (transparent) for NaN."""
        unknown = np.isnan(errors)
        pixels: np.ndarray = self._table[self._steps(np.where(unknown, 0.0, errors))]
        pixels[unknown] = 0
        return pixels

    def colour(self, error: float) -> QColor:
        return self._colours[int(self._steps(np.array(error)))]

    def _steps(self, errors: np.ndarray) -> np.ndarray:
        """The place of each error in the table: first the shades within the tolerance, then those beyond."""
        with np.errstate(divide="ignore"):
            at = np.clip((np.log10(errors) - LEAST) / (MOST - LEAST), 0, 1)
        beyond = errors > self.tolerance
        share = np.where(beyond, (at - self.limit) / (1 - self.limit), at / self.limit)
        steps: np.ndarray = np.rint(share * _STEPS).astype(np.intp) + beyond * (_STEPS + 1)
        return steps


def position(error: float) -> float:
    """Where an error lies on the scale, from 0 to 1."""
    return min(max((log10(error) - LEAST) / (MOST - LEAST), 0.0), 1.0) if error > 0 else 0.0


def _between(first: str, last: str, share: float) -> QColor:
    one, other = QColor(first), QColor(last)
    pairs = ((one.redF(), other.redF()), (one.greenF(), other.greenF()), (one.blueF(), other.blueF()))
    return QColor.fromRgbF(*(low + (high - low) * share for low, high in pairs))
