"""What is remembered of each epoch, for the plots and the report.

Entry 0 is the untrained network; entry n is after epoch n. All of it is measured with the parameters as they stand at
the end of the epoch, over all rows of the part, so the parts can be compared.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from math import inf

from nnstudio.data.preparation import PartName

from .metrics import Metric
from .series import Series, reals, wholes


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One epoch. `measured` has the cost J and the metrics of each part that has rows, NaN where one has no meaning;
    `penalty` is P, the same for all parts; `learning_rate` is α at its end; `gradient_norms` are ‖∂J/∂W‖ by layer."""

    epoch: int
    measured: Mapping[tuple[PartName, Metric], float]
    gradient_norms: tuple[float, ...] = ()
    penalty: float = 0.0
    learning_rate: float = float("nan")


@dataclass(slots=True)
class History:
    """The records, a series a quantity: a long run of a small network has millions, and copies share them."""

    epochs: Series[int] = field(default_factory=wholes)
    measured: dict[tuple[PartName, Metric], Series[float]] = field(default_factory=dict)
    gradient_norms: list[Series[float]] = field(default_factory=list)
    penalty: Series[float] = field(default_factory=reals)
    learning_rate: Series[float] = field(default_factory=reals)
    lowest: Series[float] = field(default_factory=reals)
    """The lowest cost of the training rows up to each epoch."""

    def __len__(self) -> int:
        return len(self.epochs)

    def of(self, part: PartName, metric: Metric) -> Series[float]:
        """One series, empty where the part has no rows or the metric no meaning for such targets."""
        series = self.measured.get((part, metric))
        return reals() if series is None else series

    @property
    def train_cost(self) -> Series[float]:
        """J of the training rows."""
        return self.of(PartName.TRAINING, Metric.COST)

    @property
    def validation_cost(self) -> Series[float]:
        """J of the validation rows, empty without such rows."""
        return self.of(PartName.VALIDATION, Metric.COST)

    def lowest_cost(self, epoch: int) -> float:
        """The lowest cost of the training rows at the end of `epoch` or an earlier one, NaN where there is none."""
        known = bisect_right(self.epochs, epoch)
        return self.lowest[known - 1] if known else float("nan")

    def add(self, record: EpochRecord) -> None:
        """Add a record; records of this epoch and later ones go, for a run that went back writes them anew. Every
        record of a history has the same series in the same order."""
        self.forget_from(record.epoch)
        if not self.epochs:
            self.measured = {key: reals() for key in record.measured}
            self.gradient_norms = [reals() for _ in record.gradient_norms]
        self.epochs.append(record.epoch)
        self.penalty.append(record.penalty)
        self.learning_rate.append(record.learning_rate)
        for series, value in zip(self.measured.values(), record.measured.values(), strict=True):
            series.append(value)
        cost = record.measured.get((PartName.TRAINING, Metric.COST), inf)
        self.lowest.append(min(self.lowest[-1] if self.lowest else inf, cost))  # in this order a NaN is passed over
        for series, norm in zip(self.gradient_norms, record.gradient_norms, strict=True):
            series.append(norm)

    def forget_from(self, epoch: int) -> None:
        """Drop the records of `epoch` and later ones."""
        kept = bisect_left(self.epochs, epoch)
        if kept < len(self.epochs):
            self.epochs.cut(kept)
            for series in self._series():
                series.cut(kept)

    def resume(self, other: "History") -> None:
        """Have the records of another history, as a copy. Whoever holds this one goes on with them."""
        copied = other.copy()
        for f in fields(self):
            setattr(self, f.name, getattr(copied, f.name))

    def copy(self) -> "History":
        """The same records, which cost next to nothing where they are shared."""
        return self._copied_from(0)

    def since(self, epoch: int) -> "History":
        """A copy of the records of `epoch` and later ones."""
        return self._copied_from(bisect_left(self.epochs, epoch))

    def alike(self, other: "History") -> int:
        """How many of the first records are the same to the bit in both, 0 if they have other series."""
        if self.measured.keys() != other.measured.keys() or len(self.gradient_norms) != len(other.gradient_norms):
            return 0
        pairs = [(self.penalty, other.penalty), (self.learning_rate, other.learning_rate), (self.lowest, other.lowest)]
        pairs += [(series, other.measured[key]) for key, series in self.measured.items()]
        pairs += zip(self.gradient_norms, other.gradient_norms, strict=True)
        return min(self.epochs.alike(other.epochs), *(one.alike(two) for one, two in pairs))

    def extend(self, later: "History") -> None:
        """Go on with the records that `since` gave, of a history that was the same up to there."""
        self.epochs.extend(later.epochs)
        for series, more in zip(self._series(), later._series(), strict=True):
            series.extend(more)

    def clear(self) -> None:
        self.forget_from(-1)

    def _copied_from(self, start: int) -> "History":
        return History(
            self.epochs.since(start),
            {key: series.since(start) for key, series in self.measured.items()},
            [series.since(start) for series in self.gradient_norms],
            self.penalty.since(start),
            self.learning_rate.since(start),
            self.lowest.since(start),
        )

    def _series(self) -> Iterator[Series[float]]:
        yield from (self.penalty, self.learning_rate, self.lowest)
        yield from self.measured.values()
        yield from self.gradient_norms
