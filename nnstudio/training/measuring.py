"""Measuring a network at the end of an epoch: cost, penalty and metrics of all rows of each part.

Where rows have weights, these count in the cost, which is what training lowers; a metric says how it does on the rows
as they are, each of them counted once.

It runs programs of its own over the parameters of the run, and draws no random number: a run that is measured is the
run that is not, byte for byte.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.data.preparation import PartName, PreparedData
from nnstudio.engine.model import Model
from nnstudio.experiment.outputs import nature

from .metrics import Metric, judge, metrics_of


@dataclass(frozen=True, slots=True)
class Measurement:
    """The cost J, the data's part of it and the metrics of each part that has rows; the penalty P is one for all."""

    values: dict[tuple[PartName, Metric], float]
    penalty: float


class Measuring:
    """`metrics` is what is measured beside the cost."""

    def __init__(self, model: Model, data: PreparedData) -> None:
        kind = nature(data)
        self._model = model
        self._rows = {name: data.part(name) for name in data.parts}
        self._judges = {
            name: judge(kind, rows.Y, data.target_scale, together=data.autoencoder) for name, rows in self._rows.items()
        }
        self.metrics = metrics_of(kind)

    def measure(self) -> Measurement:
        """The network as it stands."""
        values: dict[tuple[PartName, Metric], float] = {}
        penalty = 0.0
        with np.errstate(all="ignore"):
            for part, rows in self._rows.items():
                found = self._model.evaluate(rows.X, rows.Y, rows.weights)
                penalty = found.penalty
                values[part, Metric.COST] = found.cost
                values[part, Metric.DATA_COST] = found.data_cost
                for metric, value in zip(self.metrics, self._judges[part].measure(found.outputs), strict=True):
                    values[part, metric] = value
        return Measurement(values, penalty)
