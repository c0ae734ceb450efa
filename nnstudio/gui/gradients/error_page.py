"""The errors of one slot: the map, its legend, and the entry under the mouse in full."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnstudio.explain.gradcheck import Entry, GradientCheck, SlotCheck
from nnstudio.explain.numbers import count
from nnstudio.explain.symbols import slot_symbol
from nnstudio.gui.theme import Theme

from .error_grid import Cell, ErrorGrid, of_directions, of_slot
from .error_legend import ErrorLegend
from .error_map import ErrorMap
from .error_scale import ErrorScale
from .readout import Readout


class ErrorPage(QWidget):
    """`cell_chosen` carries the cell that was clicked."""

    cell_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setProperty("heading", True)
        self.map = ErrorMap()
        self.legend = ErrorLegend()
        self.readout = Readout()
        self._slot: SlotCheck | None = None
        self._grid: ErrorGrid | None = None
        self._chosen: Cell | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.map, 1)
        column.addWidget(self.legend)
        column.addWidget(self.readout)
        column.addStretch(0)
        self.map.cell_chosen.connect(self._clicked)
        self.map.pointed.connect(self._pointed)
        self.clear()

    def show_slot(self, slot: SlotCheck | None, check: GradientCheck, theme: Theme) -> None:
        """The errors of a slot of the check; None stands for its directions."""
        scale = ErrorScale(theme, check.tolerance)
        if slot is not self._slot or self._grid is None or slot is None:
            self._slot, self._chosen = slot, None
            self._grid = of_slot(slot) if slot is not None else of_directions(check)
        self._title.setText(_title(slot, check))
        for part in (self.map, self.legend, self.readout):
            part.show()
        self.map.show_errors(self._grid, scale)
        self.legend.show_scale(scale, self._grid)
        self._pointed(None)

    def clear(self) -> None:
        """There is nothing to show."""
        self._slot = self._grid = self._chosen = None
        self._title.clear()
        for part in (self.map, self.legend, self.readout):
            part.hide()

    def entry(self, cell: Cell) -> Entry | None:
        """What was found in a cell."""
        return self._grid.entry(cell) if self._grid is not None else None

    def choose(self, cell: Cell | None) -> None:
        """Frame a cell and say what was found there."""
        self._chosen = cell
        self.map.choose(cell)
        self._pointed(None)

    def follow(self, slot: str, index: tuple[int, ...] | None) -> None:
        """Frame the element that is chosen elsewhere, if it is of the slot at hand."""
        shown = self._slot
        if shown is None or shown.slot != slot or index is None or len(index) != shown.relative.ndim:
            return
        row, column = (*index, 0)[:2]
        if self._grid is not None and row < self._grid.rows and column < self._grid.columns:
            self.choose((row, column))

    def _clicked(self, row: int, column: int) -> None:
        self.cell_chosen.emit((row, column))

    def _pointed(self, cell: Cell | None) -> None:
        """Say what was found under the mouse, else in the chosen cell, else where the error is largest."""
        grid = self._grid
        if grid is None:
            return
        cell = cell or self._chosen or grid.worst
        if cell is None:
            self.readout.show_entry(None)
            return
        self.readout.show_entry(grid.entry(cell), _note(grid, cell))
        self.map.setAccessibleDescription(self.readout.title.text())


def _title(slot: SlotCheck | None, check: GradientCheck) -> str:
    if slot is None:
        return f"All {count(check.parameters)} parameters at once, along random directions"
    shape = " × ".join(count(size) for size in slot.analytic.shape)
    return f"Errors of ∂J/∂{slot_symbol(slot.slot)}, {shape}"


def _note(grid: ErrorGrid, cell: Cell) -> str:
    if grid.kinks[cell]:
        return "at a kink: J has no slope here"
    if not grid.checked[cell]:
        return "not drawn"
    return "the largest error" if cell == grid.worst else ""
