"""One stroke of the brush or the eraser, from where it is set down to where it is lifted."""

from math import ceil, hypot

from nnstudio.data.drawn import Sheet

from .brush import Brush


class Stroke:
    """`sheet` is the drawing with the stroke so far; `label` the class or value that is drawn, None for the eraser."""

    def __init__(self, sheet: Sheet, brush: Brush, label: str | float | None) -> None:
        self.sheet = sheet
        self.label = label
        self._brush = brush
        self._at: tuple[float, float] | None = None

    @property
    def words(self) -> str:
        """What it is called in the Undo menu."""
        if self.label is None:
            return "Erase points"
        return f"Draw {self.label}" if isinstance(self.label, str) else f"Draw {self.label:g}"

    def move(self, x: float, y: float) -> None:
        """Go on to a place, touching the plane on the way as often as the brush does."""
        if self._at is None:
            self._touch(x, y)
            return
        (from_x, from_y), sheet = self._at, self.sheet
        way = hypot((x - from_x) / (sheet.x[1] - sheet.x[0]), (y - from_y) / (sheet.y[1] - sheet.y[0]))
        if way < self._brush.step:
            return
        steps = ceil(way / self._brush.step)
        for n in range(1, steps + 1):
            self._touch(from_x + (x - from_x) * n / steps, from_y + (y - from_y) * n / steps)

    def _touch(self, x: float, y: float) -> None:
        self._at = x, y
        if self.label is None:
            self.sheet = self.sheet.erased(x, y, self._brush.eraser)
        else:
            self.sheet = self.sheet.drawn(self._brush.dab(self.sheet, x, y), self.label)
