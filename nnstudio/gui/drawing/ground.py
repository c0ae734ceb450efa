"""What the network says over the plane of a drawing, as colours: its points are drawn on it."""

from functools import lru_cache
from math import isqrt

import numpy as np

from nnstudio.data.drawn import Sheet
from nnstudio.experiment.outputs import Nature, nature
from nnstudio.gui.plots.inference import predict, rows_within
from nnstudio.gui.plots.plane import STRENGTH, Scale, class_colours, diverging_colours
from nnstudio.gui.theme import Theme
from nnstudio.training.run import Run

_LEAST, _MOST = 12, 80
_SECONDS = 0.003
NOTHING = np.zeros(1, dtype=np.uint32)
"""No colours: there is no network for this plane."""


def ground(run: Run, sheet: Sheet, theme: Theme) -> np.ndarray:
    """Colours (side²) as 0xAARRGGBB, row by row from the top left; none where other columns are learned from."""
    if not run.data.axes or run.data.features != sheet.inputs:
        return NOTHING
    side = isqrt(rows_within(run.model, _SECONDS, _LEAST**2, _MOST**2))
    outputs = predict(run.model, run.data.inputs_of(_places(sheet.x, sheet.y, side)))
    kind = nature(run.data)
    if kind is Nature.CLASSES:
        return class_colours(outputs, theme)
    if kind is Nature.BINARY:
        return diverging_colours(STRENGTH * np.clip(2 * outputs[:, 0] - 1, -1, 1), theme)
    values = run.data.original_targets(outputs)[:, 0]
    return diverging_colours(Scale.of(np.append(sheet.values, (-1.0, 1.0))).positions(values), theme)


@lru_cache(maxsize=4)
def _places(x: tuple[float, float], y: tuple[float, float], side: int) -> np.ndarray:
    steps = (np.arange(side) + 0.5) / side
    across, down = x[0] + steps * (x[1] - x[0]), y[1] - steps * (y[1] - y[0])
    return np.column_stack((np.tile(across, side), np.repeat(down, side)))
