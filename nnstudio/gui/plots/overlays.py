"""Other runs beside the run at hand, drawn over the learning curve: thin, in a look of their own, named in the legend.

Whoever has such runs (the tool of the branches) shows their lines here; the learning curve draws them while the run
that they belong to is in the window. They are copies, so they can be drawn whoever owns the machines.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from nnstudio.gui.theme import Theme
from nnstudio.training.run import Run

from .legend import Key
from .series import SeriesName


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One of them. `dress` gives its name and look; `series` are what is known of it, each against `epochs`."""

    dress: Callable[[Theme], Key]
    epochs: np.ndarray
    series: Mapping[SeriesName, np.ndarray]


class Overlays(QObject):
    """`changed` says that others are shown, or that they have grown."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Overlay, ...] = ()
        self._runs: tuple[Run, ...] = ()

    def show(self, overlays: tuple[Overlay, ...], runs: Collection[Run]) -> None:
        """Lay these over the curve of each of those runs."""
        if overlays or self._shown:
            self._shown, self._runs = overlays, tuple(runs)
            self.changed.emit()

    def over(self, run: Run) -> tuple[Overlay, ...]:
        """Those that lie over the curve of a run."""
        return self._shown if any(run is one for one in self._runs) else ()
