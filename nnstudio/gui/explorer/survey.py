"""What the explorer knows of the data at hand, found when first asked for."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.exploring import (
    NO_GROUP,
    Grouping,
    Histogram,
    NumberSummary,
    Summary,
    correlations,
    dates_histogram_of,
    dates_summary_of,
    grouping_of,
    histogram_of,
    summary_of,
)
from nnstudio.data.preparation import PreparedData
from nnstudio.data.progress import Progress, silent
from nnstudio.data.spec import ColumnType
from nnstudio.gui.plots.ranges import Range, padded

MOST_POINTS = 2_000
MOST_CORRELATED = 200
MOST_PAIRED = 6
_FEW_CELLS = 500_000
"""So many are looked at whenever they are asked for."""


class Survey:
    """One table, and the data that are learned from it. `targets` are the names of its target columns."""

    def __init__(self, dataset: Dataset, data: PreparedData, targets: Sequence[str]) -> None:
        self.dataset = dataset
        self.data = data
        self.targets = tuple(targets)
        self._days = {
            entry.name: entry.column.values for entry in data.fitted.columns if entry.spec.type is ColumnType.DATE
        }
        self._summaries: dict[str, Summary] = {}
        self._histograms: dict[str, Histogram] = {}

    @property
    def large(self) -> bool:
        """Whether to look at all columns in the background first."""
        return self.dataset.rows * len(self.dataset.columns) > _FEW_CELLS

    def look(self, progress: Progress = silent) -> None:
        """Find all that takes long. Nobody else may ask meanwhile."""
        names = self.dataset.names
        for number, name in enumerate(names):
            progress(number / (len(names) + 1))
            self.summary(name)
            self.histogram(name)
        progress(len(names) / (len(names) + 1))
        if self.correlated:
            self.most_related()
        assert self.groups

    @cached_property
    def grouping(self) -> Grouping | None:
        """The classes to tell apart by colour, where there are few enough."""
        return grouping_of(self.dataset.column(self.targets[0])) if len(self.targets) == 1 else None

    @cached_property
    def numbers(self) -> tuple[Column, ...]:
        """The columns of numbers, inputs and targets first, as they stand in the table."""
        used = {*self.data.features, *self.targets}
        return tuple(sorted(self.dataset.numeric_columns, key=lambda column: column.name not in used))

    @cached_property
    def paired(self) -> tuple[Column, ...]:
        """The columns of the matrix of pairs: the first few."""
        return self.numbers[:MOST_PAIRED]

    @cached_property
    def correlated(self) -> tuple[Column, ...]:
        """The columns whose correlations are shown."""
        return self.numbers[:MOST_CORRELATED]

    @cached_property
    def correlations(self) -> NDArray[np.float64]:
        """r of each pair of `correlated`."""
        return correlations(self.correlated)

    @cached_property
    def drawn(self) -> NDArray[np.int64]:
        """The rows that are drawn as points: all, or as many as can be drawn, always the same ones."""
        return np.random.default_rng(0).permutation(self.dataset.rows)[:MOST_POINTS]

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], ...]:
        """The drawn rows of each group, those of no group last; all in one where there are no groups."""
        if self.grouping is None:
            return (self.drawn,)
        of = self.grouping.of[self.drawn]
        return tuple(self.drawn[of == group] for group in (*range(len(self.grouping.names)), NO_GROUP))

    def summary(self, name: str) -> Summary:
        """The column in a few numbers."""
        if name not in self._summaries:
            days = self._days.get(name)
            self._summaries[name] = summary_of(self.dataset.column(name)) if days is None else dates_summary_of(days)
        return self._summaries[name]

    def histogram(self, name: str) -> Histogram:
        """The column as bars, split by class."""
        if name not in self._histograms:
            grouping = self.grouping if name not in self.targets else None
            days = self._days.get(name)
            self._histograms[name] = (
                histogram_of(self.dataset.column(name), grouping)
                if days is None
                else dates_histogram_of(days, grouping)
            )
        return self._histograms[name]

    def holds(self, name: str) -> str:
        """What the column holds, in a word."""
        if name in self._days:
            return "dates"
        return "text" if self.dataset.column(name).kind is ColumnKind.TEXT else "numbers"

    def role(self, name: str) -> str:
        """What the column is used as, in a word."""
        if name in self.targets:
            return "target"
        return "input" if name in self.data.features else "left out"

    def range_of(self, column: Column) -> Range:
        """The stretch of an axis that shows all of a column of numbers."""
        found = self.summary(column.name)
        if isinstance(found, NumberSummary) and found.count:
            return padded(found.least, found.most, 0.05)
        return 0.0, 1.0

    def most_related(self) -> tuple[str, str] | None:
        """The two different columns to look at first: the inputs with the strongest correlation, or the first two."""
        names = [column.name for column in self.correlated]
        if len(names) < 2:
            return None
        inputs = [number for number, name in enumerate(names) if name in self.data.features]
        if len(inputs) > 2:
            strength = np.abs(np.nan_to_num(self.correlations[np.ix_(inputs, inputs)]))
            np.fill_diagonal(strength, -1.0)
            one, other = np.unravel_index(int(strength.argmax()), strength.shape)
            return names[inputs[int(min(one, other))]], names[inputs[int(max(one, other))]]
        return names[0], names[1]
