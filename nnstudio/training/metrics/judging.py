"""A judge knows the targets of its rows, prepared once, and measures any outputs for them, an epoch after the other.

It looks at the outputs once: an epoch may be a single iteration of 40 µs, and is measured too.
"""

from abc import ABC, abstractmethod
from math import isfinite

import numpy as np

from nnstudio.experiment.outputs import Nature

from .classes import Confusion, classes
from .metric import Metric
from .ranking import Ranking
from .values import Errors

_OF_CLASSES = (Metric.ACCURACY, Metric.BALANCED_ACCURACY, Metric.MACRO_F1, Metric.ROC_AUC)
_OF_VALUES = (Metric.R2, Metric.MAE, Metric.RMSE)
_NAN = float("nan")


def metrics_of(nature: Nature) -> tuple[Metric, ...]:
    """What there is to measure beside the cost; the first is what is shown where there is room for one."""
    return _OF_VALUES if nature is Nature.VALUES else _OF_CLASSES


class Judge(ABC):
    """`metrics` says what `measure` returns, in that order."""

    metrics: tuple[Metric, ...]

    def measure(self, outputs: np.ndarray) -> tuple[float, ...]:
        """Of outputs (n × K) for the rows it knows, at least one. NaN where a number has no meaning, and all of them
        where an output is not finite: nobody can tell then."""
        if not np.isfinite(outputs).all():
            return (_NAN,) * len(self.metrics)
        return tuple(value if isfinite(value) else _NAN for value in self._measure(outputs))

    @abstractmethod
    def _measure(self, outputs: np.ndarray) -> tuple[float, ...]:
        """Of finite outputs."""


class ClassJudge(Judge):
    """Y (n × K) is one-hot, or one column of 0 and 1."""

    metrics = _OF_CLASSES

    def __init__(self, Y: np.ndarray) -> None:
        true, count = classes(Y), max(Y.shape[1], 2)
        self._confusion = Confusion(true, count)
        self._ranking = Ranking(true, count)

    def _measure(self, outputs: np.ndarray) -> tuple[float, ...]:
        return (*self._confusion.rates(outputs), self._ranking.auc(outputs))


class ValueJudge(Judge):
    """Y (n × K) as the network sees it; `scale` (K,) is what one unit of it is in the table. `together` weights R² by
    variance."""

    metrics = _OF_VALUES

    def __init__(self, Y: np.ndarray, scale: np.ndarray, *, together: bool = False) -> None:
        self._errors = Errors(Y, scale, together=together)

    def _measure(self, outputs: np.ndarray) -> tuple[float, ...]:
        return self._errors.measure(outputs)


def judge(nature: Nature, Y: np.ndarray, scale: np.ndarray, *, together: bool = False) -> Judge:
    """The judge for targets of this nature; `together`, for an autoencoder, weights R² by variance."""
    return ValueJudge(Y, scale, together=together) if nature is Nature.VALUES else ClassJudge(Y)
