"""A value that changed flashes once: its cell is marked, and the mark fades within a third of a second."""

import numpy as np
from PySide6.QtCore import QVariantAnimation, Signal
from PySide6.QtWidgets import QWidget

MILLISECONDS = 320


class Flash(QVariantAnimation):
    """Compares what is in sight with what was there when it was last looked at, and remembers which cells changed."""

    faded = Signal()
    """The mark is a little paler: draw again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDuration(MILLISECONDS)
        self.setStartValue(1.0)
        self.setEndValue(0.0)
        self.valueChanged.connect(self._fade)
        self.level = 0.0
        self._corner = (0, 0)
        self._values: np.ndarray | None = None
        self._changed: np.ndarray | None = None

    def forget(self) -> None:
        """What follows is another table; nothing in it has changed."""
        self.stop()
        self.level = 0.0
        self._values = self._changed = None

    def look(self, corner: tuple[int, int], values: np.ndarray | None, motion: bool) -> None:
        """Take in the values whose first is at `corner`; with `motion`, begin to flash those that changed."""
        changed = self._differing(corner, values)
        self._corner, self._values = corner, values
        if motion and changed is not None and changed.any():
            self._changed = changed
            self.level = 1.0
            self.stop()
            self.start()

    def of(self, row: int, column: int) -> float:
        """How strong the mark on a cell is, from 0 to 1."""
        changed = self._changed
        if not self.level or changed is None:
            return 0.0
        row, column = row - self._corner[0], column - self._corner[1]
        inside = 0 <= row < changed.shape[0] and 0 <= column < changed.shape[1]
        return self.level if inside and changed[row, column] else 0.0

    def _differing(self, corner: tuple[int, int], values: np.ndarray | None) -> np.ndarray | None:
        """Which of `values` differ from what was seen of the same cells; what was not seen has not changed."""
        seen, at = self._values, self._corner
        if seen is None or values is None:
            return None
        changed = np.zeros(values.shape, bool)
        top, left = max(corner[0], at[0]), max(corner[1], at[1])
        bottom = min(corner[0] + values.shape[0], at[0] + seen.shape[0])
        right = min(corner[1] + values.shape[1], at[1] + seen.shape[1])
        if bottom > top and right > left:
            new = values[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
            old = seen[top - at[0] : bottom - at[0], left - at[1] : right - at[1]]
            part = changed[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
            part[...] = (new != old) & ~(np.isnan(new) & np.isnan(old))
        return changed

    def _fade(self, level: object) -> None:
        self.level = float(level)  # type: ignore[arg-type]
        self.faded.emit()
