"""Marks on the curves: a dot where a single epoch makes no line, a ring where the validation cost was lowest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg

from nnstudio.data.preparation import PartName
from nnstudio.gui.theme import Theme

from .curve_keys import best_look, key_of
from .curve_state import CurveState, Line
from .series import HistoryBuffer, Measured

_DOT, _RING = 7, 9


class Marks(pg.ScatterPlotItem):  # type: ignore[misc]
    """All marks of a plot, above its lines."""

    def __init__(self) -> None:
        super().__init__(pxMode=True, antialias=True)
        self.setZValue(2)

    def show_marks(self, state: CurveState, buffer: HistoryBuffer, lines: Sequence[Line], theme: Theme) -> None:
        spots: list[dict[str, Any]] = [
            {"pos": (line.x[0], line.y[0]), "size": _DOT, "brush": key_of(line.name, theme).colour, "pen": None}
            for line in lines
            if len(line.x) == 1 and np.isfinite(line.y[0])
        ]
        best, look = state.best(buffer), best_look(theme)
        pen = pg.mkPen(look.edge, width=look.edge_width)
        for line in lines:
            if best is not None and isinstance(line.name, Measured) and line.name.part is PartName.VALIDATION:
                y = state.y_of(float(buffer.values(line.name)[best]))
                if np.isfinite(y):  # a cost of 0 has no place on a logarithmic axis
                    spots.append({"pos": (buffer.epochs[best], y), "size": _RING, "brush": look.fill, "pen": pen})
        self.setVisible(bool(spots))
        self.setData(spots)
