"""The diverging colours in steps too fine to see, made once a theme: looking one up costs nothing while painting."""

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import Theme

STEPS = 32


class Shades:
    """Colours from −1 to 1. `palest` keeps small values off the ground they are drawn on; `faint` lets them fade."""

    def __init__(self, theme: Theme, *, palest: float = 0.0, faint: bool = False) -> None:
        share = np.linspace(-1.0, 1.0, 2 * STEPS + 1)
        rgba = theme.diverging(np.sign(share) * (palest + (1 - palest) * np.abs(share)))
        if palest:
            rgba[STEPS] = QColor(theme.line).getRgb()
        self.colours = [QColor(*(int(part) for part in colour)) for colour in rgba]
        """By step: the most negative, …, zero, …, the most positive, and last what is not a number."""
        if faint:
            for colour, strength in zip(self.colours, np.abs(share).tolist(), strict=True):
                colour.setAlphaF(0.06 + 0.94 * strength**2)
        self.colours.append(QColor(theme.error))

    def colour(self, shade: float) -> QColor:
        return self.colours[step_of(shade)]


def steps_of(shades: np.ndarray) -> np.ndarray:
    """The step of each shade."""
    finite = np.isfinite(shades)
    steps: np.ndarray = np.rint(np.clip(np.where(finite, shades, 0.0), -1.0, 1.0) * STEPS).astype(np.int16) + STEPS
    steps[~finite] = 2 * STEPS + 1
    return steps


def step_of(shade: float) -> int:
    if shade != shade:
        return 2 * STEPS + 1
    return round(min(max(shade, -1.0), 1.0) * STEPS) + STEPS
