"""What each neuron puts out over the plane, for networks that learn from two columns: one small picture a neuron.

A fixed grid over the range of the data goes through the network once, and every layer is coloured with one look-up in
a table. The pictures share their memory with what is written, so showing the next moment makes nothing new.
"""

from collections.abc import Callable
from math import isfinite

import numpy as np
from PySide6.QtGui import QBrush, QColor, QImage, QTransform

from nnstudio.engine.activations import Activation
from nnstudio.engine.model import Model
from nnstudio.gui.plots.inference import ParameterWatch
from nnstudio.gui.theme import Theme

from .layout import Layout

_SIDE = 24
_SIDE_OF_LARGE = 14
_LARGE = 20_000
_STEPS = 127
_PADDING = 0.1


class Plane:
    """The pictures of all drawn neurons. `X` (n × 2) gives the range; `inputs` makes of places what the network sees,
    where it does not see the places themselves."""

    def __init__(
        self, model: Model, layout: Layout, X: np.ndarray, inputs: Callable[[np.ndarray], np.ndarray] | None = None
    ) -> None:
        self._model = model
        self._side = _SIDE if model.spec.network.parameters <= _LARGE else _SIDE_OF_LARGE
        places = grid(X, self._side)
        self._grid = (inputs(places) if inputs else places).astype(model.dtype)
        self._layers = [_Pictures(column.drawn, column.units, self._side) for column in layout.columns]
        self._inputs = self._layers[0].drawn_of(self._grid)
        self._scale = np.maximum(np.abs(self._inputs).max(axis=0), 1e-300)
        self._table = np.zeros(2 * _STEPS + 2, np.uint32)
        self._theme: Theme | None = None
        self._watch = ParameterWatch(model)
        self.version = 0
        """Another number whenever the pictures are others."""

    def update(self, theme: Theme) -> None:
        """Show the network as it stands."""
        if theme is not self._theme:
            self._theme, self._table = theme, _colour_table(theme)
            self._watch.forget()
        if not self._watch.look():
            return
        self.version += 1
        program = self._model.predicting_program(len(self._grid))
        arena = program.arena
        arena["X"][...] = self._grid
        with np.errstate(all="ignore"):
            program.run()
            self._layers[0].show(self._inputs, _STEPS / self._scale, 0.0, self._table)
            for layer, (pictures, sigma) in enumerate(zip(self._layers[1:], self._model.activations, strict=True), 1):
                outputs = pictures.drawn_of(arena[f"A{layer}"])
                pictures.show(outputs, *_stretch(outputs, sigma), self._table)

    def brush(self, layer: int, place: int, left: float, top: float, size: float) -> QBrush:
        """The picture of a drawn neuron, to fill a square of this place and size with."""
        brush = self._layers[layer].brushes[place]
        inner = self._side - 1  # half a pixel less at each side, or the smoothing wraps around
        scale = size / inner
        brush.setTransform(QTransform(scale, 0, 0, scale, left - scale / 2, top - scale / 2))
        return brush


class _Pictures:
    """The pictures of one layer, in one block of memory."""

    def __init__(self, drawn: tuple[int, ...], units: int, side: int) -> None:
        self._pick = list(drawn) if len(drawn) < units else None
        self._pixels = np.zeros((len(drawn), side * side), np.uint32)
        self._images = [
            QImage(row.data, side, side, side * 4, QImage.Format.Format_ARGB32_Premultiplied) for row in self._pixels
        ]
        self.brushes = [QBrush(image) for image in self._images]

    def drawn_of(self, outputs: np.ndarray) -> np.ndarray:
        return outputs if self._pick is None else outputs[:, self._pick]

    def show(self, outputs: np.ndarray, factor: "np.ndarray | float", middle: float, table: np.ndarray) -> None:
        """Colour outputs (grid points × units): `middle` is neutral, and `factor` steps of the table make one."""
        steps = outputs - middle
        steps *= factor
        np.clip(steps, -_STEPS, _STEPS, out=steps)
        steps += _STEPS + 0.5
        np.copyto(steps, 2 * _STEPS + 1, where=np.isnan(steps))
        np.take(table, steps.T.astype(np.intp), out=self._pixels, mode="clip")


def grid(X: np.ndarray, side: int) -> np.ndarray:
    """side² points over the padded range of X, row by row from the top left: the second input rises upwards."""
    low, high = X.min(axis=0), X.max(axis=0)
    span = np.where(high > low, high - low, 2.0)
    middle = (low + high) / 2
    reach = span * (0.5 + _PADDING)
    across = np.linspace(middle[0] - reach[0], middle[0] + reach[0], side)
    down = np.linspace(middle[1] + reach[1], middle[1] - reach[1], side)
    points: np.ndarray = np.column_stack([np.tile(across, side), np.repeat(down, side)])
    return points


def _stretch(outputs: np.ndarray, sigma: Activation) -> tuple[float, float]:
    """Steps of the table a unit of output, and the neutral output; as `reading.shaded` draws single values."""
    low, high = sigma.range
    if isfinite(low) and isfinite(high):
        middle = (low + high) / 2 if high - low <= 1 else 0.0
        return _STEPS / max(high - middle, middle - low), middle
    largest = max(float(outputs.max()), -float(outputs.min()))
    return (_STEPS / largest if isfinite(largest) and largest > 0 else 1.0), 0.0


def _colour_table(theme: Theme) -> np.ndarray:
    """The diverging map from −1 to 1 in equal steps, and last the colour of what is not a number."""
    rgba = theme.diverging(np.linspace(-1.0, 1.0, 2 * _STEPS + 1)).astype(np.uint32)
    colours = 0xFF000000 | rgba[:, 0] << 16 | rgba[:, 1] << 8 | rgba[:, 2]
    return np.append(colours, QColor(theme.error).rgb()).astype(np.uint32)
