"""The ground of a cell by its value: blue for positive, orange for negative, as strong as its number can be read on."""

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import Theme

STEPS = 64
_CONTRAST = 4.6
_STRONGEST = 0.8
_FADED = 0.16


class Tints:
    """Colours from −1 (index 0) over 0 (index STEPS) to 1 (index 2 · STEPS); `faded` ones for values that are stale."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.text = QColor(theme.text)
        self.faded_text = QColor(theme.muted)
        negative, positive = strength(theme, -1, theme.text), strength(theme, 1, theme.text)
        self.grounds = _ramp(theme, negative, positive)
        faded = [min(_FADED, strength(theme, sign, theme.muted)) for sign in (-1, 1)]
        self.faded_grounds = _ramp(theme, *faded)

    @staticmethod
    def step(value: float, scale: float) -> int:
        """The index of a value's colour, where `scale` is the largest magnitude."""
        if not scale or value != value:
            return STEPS
        return STEPS + round(STEPS * max(-1.0, min(1.0, value / scale)))


def strength(theme: Theme, sign: int, text: str) -> float:
    """How far towards full colour a ground may go with `text` still readable on it at 4.5:1."""
    strengths = np.linspace(_STRONGEST, 0, 101)
    for value, rgba in zip(strengths, theme.diverging(sign * strengths), strict=True):
        if contrast(QColor(*(int(part) for part in rgba)), QColor(text)) >= _CONTRAST:
            return float(value)
    return 0.0


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ramp(theme: Theme, negative: float, positive: float) -> list[QColor]:
    values = np.concatenate([np.linspace(-negative, 0, STEPS + 1), np.linspace(0, positive, STEPS + 1)[1:]])
    return [QColor(*(int(part) for part in rgba)) for rgba in theme.diverging(values)]
