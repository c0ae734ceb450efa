"""Editing the table of an experiment: what is typed, pasted, added and deleted, each as an edit of the document.

What cannot be entered is kept as a draft with the reason, in the cell where it was typed, until it is put right.
"""

import csv
from collections.abc import Callable, Collection
from dataclasses import dataclass

from nnstudio.data.errors import DataError
from nnstudio.data.inline import MOST_CELLS, entered
from nnstudio.data.readers.pasted import block_of
from nnstudio.data.spec import InlineCell, InlineSource
from nnstudio.experiment import table_edits
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Edit
from nnstudio.experiment.errors import ExperimentError
from nnstudio.explain.numbers import count, parse
from nnstudio.gui.document import Document
from nnstudio.gui.wording import plain

Place = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a cell, and why it cannot stand there."""

    text: str
    reason: str


class TableEditing:
    """`drafts` are the cells whose text the document has refused. A method that changes the document returns why it
    could not, or nothing."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.drafts: dict[Place, Draft] = {}

    @property
    def possible(self) -> bool:
        """Whether the table stands in the experiment itself."""
        return isinstance(self._document.experiment.data.source, InlineSource)

    @property
    def obstacle(self) -> str:
        """Why the table cannot be copied into the experiment; empty if it can."""
        dataset = self._document.dataset
        cells = dataset.rows * len(dataset.columns)
        if cells <= MOST_CELLS:
            return ""
        return f"{count(cells)} cells are more than the {count(MOST_CELLS)} that an experiment holds"

    def text(self, row: int, column: int) -> str:
        """What is edited: the draft, or the cell to its last digit."""
        if (row, column) in self.drafts:
            return self.drafts[row, column].text
        source = self._document.experiment.data.source
        cell = source.rows[row][column] if isinstance(source, InlineSource) else None
        if cell is None:
            return ""
        return cell if isinstance(cell, str) else repr(cell).removesuffix(".0")

    @property
    def unfinished(self) -> Place | None:
        """The first cell that is still to be put right."""
        return min(self.drafts, default=None)

    def enter(self, row: int, column: int, text: str) -> str:
        """Write what was typed into a cell, or keep it as a draft."""
        if text == self.text(row, column):
            return self.drafts[row, column].reason if (row, column) in self.drafts else ""
        reason = self._attempt(lambda: self._set_cell(row, column, text))
        self.drafts.pop((row, column), None)
        if reason:
            self.drafts[row, column] = Draft(text, reason)
        return reason

    def paste(self, row: int, column: int, text: str) -> str:
        """Write a block that was copied from a spreadsheet: lines of cells with tabs between."""
        try:
            lines = block_of(text)
        except csv.Error as error:
            return f"Nothing was pasted: the clipboard holds no block of cells ({error})"
        if not lines:
            return "There is nothing to paste: the clipboard has no text"
        reason = self._attempt(lambda: self._set_block(row, column, lines))
        return f"Nothing was pasted. {reason}" if reason else ""

    def clear(self, cells: Collection[Place]) -> str:
        """Make these cells missing values, as one step."""
        return self._attempt(lambda: table_edits.clear_cells(self._experiment, cells))

    def copy_in(self) -> str:
        """Let the table stand in the experiment itself, to be edited."""
        return self._attempt(lambda: table_edits.copy_in(self._experiment, self._document.dataset))

    def add_row(self, row: int) -> str:
        """Add a row after this one, and like it."""
        return self._attempt(lambda: table_edits.add_row(self._experiment, row))

    def remove_rows(self, rows: Collection[int]) -> str:
        return self._attempt(lambda: table_edits.remove_rows(self._experiment, rows))

    def add_column(self, position: int) -> str:
        return self._attempt(lambda: table_edits.add_column(self._experiment, position))

    def remove_column(self, name: str) -> str:
        return self._attempt(lambda: table_edits.remove_column(self._experiment, name))

    def rename_column(self, old: str, new: str) -> str:
        return self._attempt(lambda: table_edits.rename_column(self._experiment, old, new))

    @property
    def _experiment(self) -> Experiment:
        return self._document.experiment

    def _attempt(self, make: Callable[[], Edit]) -> str:
        try:
            return plain(self._document.attempt(make()) or "")
        except (DataError, ExperimentError) as error:
            return plain(str(error))

    def _set_cell(self, row: int, column: int, text: str) -> Edit:
        return table_edits.set_cells(self._experiment, row, column, ((self._cell(column, text),),))

    def _set_block(self, row: int, column: int, lines: list[list[str]]) -> Edit:
        block = [
            [self._pasted(row + down, column + right, cell) for right, cell in enumerate(line)]
            for down, line in enumerate(lines)
        ]
        return table_edits.set_cells(self._experiment, row, column, block)

    def _cell(self, column: int, text: str) -> InlineCell:
        return entered(text, self._document.dataset.columns[column], parse(text))

    def _pasted(self, row: int, column: int, text: str) -> InlineCell:
        columns = self._document.dataset.columns
        if column >= len(columns):
            raise DataError(f"the block reaches beyond the last column '{columns[-1].name}'; add columns first")
        try:
            return self._cell(column, text)
        except DataError as error:
            raise DataError(f"row {row + 1}: {error}") from None
