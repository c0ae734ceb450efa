"""Edits of a table that stands in the experiment itself: cells, rows and columns. Another source is copied in first."""

from collections.abc import Collection
from dataclasses import replace

from msgspec import structs

from nnstudio.data import inline, sources
from nnstudio.data.dataset import Dataset
from nnstudio.data.spec import InlineSource

from .column_names import with_column_named, without_column
from .document import Experiment
from .edits import PASTED, Edit, named_after_data, set_data
from .errors import ExperimentError
from .open import usual_data


def copy_in(experiment: Experiment, dataset: Dataset) -> Edit:
    """Let the table stand in the experiment itself, whatever it came from. A DataError says that it is too large."""
    source = inline.inline_of(dataset)
    return set_data(experiment, structs.replace(experiment.data, source=source), "Copy the data into the experiment")


def paste_table(experiment: Experiment, table: Dataset) -> Edit:
    """Learn from a table that was pasted, prepared as one that is opened would be. An experiment that is called after
    its data, or as it came with the program, is renamed."""
    source = inline.inline_of(table)
    spec, _ = usual_data(source, sources.load(source, None))
    title = named_after_data(experiment, PASTED)
    return Edit("Paste data", replace(experiment, name=title, data=spec, parameters=None))


def set_cells(experiment: Experiment, row: int, column: int, block: inline.Block) -> Edit:
    """Write a block of cells, the first of them at a place."""
    source = inline.with_block(_inline(experiment), row, column, block)
    if len(block) == 1 and len(block[0]) == 1:
        label = f"Row {row + 1}, {source.columns[column]}: {_written(block[0][0])}"
    else:
        label = f"Paste {len(block)} × {max(map(len, block))} cells"
    return _with(experiment, source, label)


def clear_cells(experiment: Experiment, cells: Collection[tuple[int, int]]) -> Edit:
    """Make cells (row, column) missing values."""
    source = inline.without_cells(_inline(experiment), cells)
    return _with(experiment, source, "Clear a cell" if len(cells) == 1 else f"Clear {len(cells)} cells")


def add_row(experiment: Experiment, row: int) -> Edit:
    """A row after this one, and like it."""
    return _with(experiment, inline.with_copy_of_row(_inline(experiment), row), f"Add row {row + 2}")


def remove_rows(experiment: Experiment, rows: Collection[int]) -> Edit:
    what = f"row {min(rows) + 1}" if len(rows) == 1 else f"{len(rows)} rows"
    return _with(experiment, inline.without_rows(_inline(experiment), rows), f"Delete {what}")


def add_column(experiment: Experiment, position: int) -> Edit:
    """A column of zeros; it is neither input nor target where these are named."""
    source, name = inline.with_column(_inline(experiment), position)
    return _with(experiment, source, f"Add {name}")


def remove_column(experiment: Experiment, name: str) -> Edit:
    """Without a column, whatever it was used for. Initial weights that were given for other inputs go."""
    source = inline.without_column(_inline(experiment), name)
    data = without_column(structs.replace(experiment.data, source=source), name)
    parameters = experiment.parameters if data.inputs == experiment.data.inputs else None
    return Edit(f"Delete column {name}", replace(experiment, data=data, parameters=parameters))


def rename_column(experiment: Experiment, old: str, new: str) -> Edit:
    """Another name for a column, which stays what it is used for."""
    source = inline.with_name(_inline(experiment), old, new)
    data = with_column_named(structs.replace(experiment.data, source=source), old, new)
    return set_data(experiment, data, f"Rename {old} to {new}")


def _inline(experiment: Experiment) -> InlineSource:
    source = experiment.data.source
    if not isinstance(source, InlineSource):
        raise ExperimentError(
            "only a table in the experiment itself is edited; copy the data into the experiment first"
        )
    return source


def _with(experiment: Experiment, source: InlineSource, label: str) -> Edit:
    return set_data(experiment, structs.replace(experiment.data, source=source), label)


def _written(cell: object) -> str:
    if cell is None:
        return "missing"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
