"""How good the outputs are, apart from the cost: accuracy for classes, R² for values."""

from enum import StrEnum

import numpy as np


class Metric(StrEnum):
    ACCURACY = "accuracy"
    R2 = "R²"


def measure(metric: Metric, outputs: np.ndarray, targets: np.ndarray) -> float:
    """The metric over outputs and targets, both (n × K); NaN where it has no meaning."""
    return accuracy(outputs, targets) if metric is Metric.ACCURACY else r2(outputs, targets)


def accuracy(outputs: np.ndarray, targets: np.ndarray) -> float:
    """The share of rows whose predicted class is the target's."""
    if len(outputs) == 0 or not np.isfinite(outputs).all():
        return float("nan")
    return float(np.mean(classes(outputs) == classes(targets)))


def classes(outputs: np.ndarray) -> np.ndarray:
    """The class of each row: the column of the largest value, or for one column whether it is at least ½."""
    chosen: np.ndarray = outputs[:, 0] >= 0.5 if outputs.shape[1] == 1 else np.argmax(outputs, axis=1)
    return chosen.astype(np.int64)


def r2(outputs: np.ndarray, targets: np.ndarray) -> float:
    """The coefficient of determination, 1 − Σ(y − a)² / Σ(y − ȳ)², averaged over columns; NaN for fewer than two rows.

    A column that never changes counts as 1 where it is met exactly and 0 otherwise, as in scikit-learn.
    """
    if len(outputs) < 2:
        return float("nan")
    residual = np.sum((targets - outputs) ** 2, axis=0, dtype=np.float64)
    total = np.sum((targets - targets.mean(axis=0)) ** 2, axis=0, dtype=np.float64)
    share = np.divide(residual, total, out=np.where(residual == 0, 0.0, 1.0), where=total > 0)
    return float(np.mean(1 - share))


def confusion(outputs: np.ndarray, targets: np.ndarray, count: int) -> np.ndarray:
    """How many rows of each true class (rows) were predicted as each class (columns)."""
    matrix = np.zeros((count, count), dtype=np.int64)
    np.add.at(matrix, (classes(targets), classes(outputs)), 1)
    return matrix
