"""What is remembered of each epoch, for the plots and the report.

Entry 0 is the untrained network; entry n is after epoch n. All of it is measured with the parameters as they stand at
the end of the epoch, over all rows of the part, so training and validation can be compared.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One epoch: cost and metric of the training and validation rows (NaN without such rows), and ‖dW‖ by layer."""

    epoch: int
    train_cost: float
    validation_cost: float
    train_metric: float
    validation_metric: float
    gradient_norms: tuple[float, ...]


@dataclass(slots=True)
class History:
    """The records, one list a series, so that a plot can take them as they are."""

    epochs: list[int] = field(default_factory=list)
    train_cost: list[float] = field(default_factory=list)
    validation_cost: list[float] = field(default_factory=list)
    train_metric: list[float] = field(default_factory=list)
    validation_metric: list[float] = field(default_factory=list)
    gradient_norms: list[list[float]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.epochs)

    def add(self, record: EpochRecord) -> None:
        """Add a record; records of this epoch and later ones go, for a run that went back writes them anew."""
        self.forget_from(record.epoch)
        self.epochs.append(record.epoch)
        self.train_cost.append(record.train_cost)
        self.validation_cost.append(record.validation_cost)
        self.train_metric.append(record.train_metric)
        self.validation_metric.append(record.validation_metric)
        if not self.gradient_norms:
            self.gradient_norms.extend([] for _ in record.gradient_norms)
        for series, norm in zip(self.gradient_norms, record.gradient_norms, strict=True):
            series.append(norm)

    def forget_from(self, epoch: int) -> None:
        """Drop the records of `epoch` and later ones."""
        kept = bisect_left(self.epochs, epoch)
        if kept < len(self.epochs):
            for series in (*self._series, *self.gradient_norms):
                del series[kept:]

    def clear(self) -> None:
        for series in self._series:
            series.clear()
        self.gradient_norms.clear()

    @property
    def _series(self) -> tuple[list[Any], ...]:
        return self.epochs, self.train_cost, self.validation_cost, self.train_metric, self.validation_metric
