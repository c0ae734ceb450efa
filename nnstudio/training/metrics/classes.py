"""Classes: which one an output stands for, and how often it is the right one.

All is counted once, in the **confusion matrix** N: Nᵢⱼ rows of class i were taken for class j. With row sums Nᵢ. (rows
of the class), column sums N.ᵢ (predictions of it) and n rows,

    accuracy = Σᵢ Nᵢᵢ / n
    balanced accuracy = mean over the classes that occur among the targets of the recall Nᵢᵢ / Nᵢ.
    macro F1 = mean over the classes that occur among targets or predictions of 2 Nᵢᵢ / (Nᵢ. + N.ᵢ)

which is how scikit-learn's `accuracy_score`, `balanced_accuracy_score` and `f1_score(average="macro")` have it.
"""

import numpy as np

Classes = np.ndarray
"""A class for each row, from 0, as int64 (n,)."""


def classes(outputs: np.ndarray) -> Classes:
    """The class of each row of outputs or targets (n × K): the column of the largest value, or for one column whether
    it is at least ½."""
    chosen: np.ndarray = outputs[:, 0] >= 0.5 if outputs.shape[1] == 1 else outputs.argmax(axis=1)
    return chosen.astype(np.int64, copy=False)


def confusion(outputs: np.ndarray, targets: np.ndarray, count: int) -> np.ndarray:
    """How many rows of each true class (rows) were predicted as each class (columns), count × count."""
    return Confusion(classes(targets), count).matrix(outputs)


class Confusion:
    """Rows of known classes, at least one, waiting for predictions."""

    def __init__(self, true: Classes, count: int) -> None:
        self._count = count
        self._cells = true * count
        """Where the row of a true class begins in the flat matrix."""
        self._true = np.bincount(true, minlength=count)
        self._divisor = np.maximum(self._true, 1)
        self._occur = np.count_nonzero(self._true)

    def matrix(self, outputs: np.ndarray) -> np.ndarray:
        """Nᵢⱼ for these outputs (n × K)."""
        cells = np.bincount(self._cells + classes(outputs), minlength=self._count**2)
        return cells.reshape(self._count, self._count)

    def rates(self, outputs: np.ndarray) -> tuple[float, float, float]:
        """Accuracy, balanced accuracy, macro F1. A class that does not occur adds 0 to a sum and is not counted."""
        matrix = self.matrix(outputs)
        right, met = matrix.diagonal(), self._true + np.add.reduce(matrix)
        recall = np.add.reduce(right / self._divisor) / self._occur
        f1 = 2 * np.add.reduce(right / np.maximum(met, 1)) / np.count_nonzero(met)
        return int(np.add.reduce(right)) / len(self._cells), float(recall), float(f1)
