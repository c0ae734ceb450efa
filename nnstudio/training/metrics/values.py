"""The errors of values. With n rows and, for each of K targets, a prediction a and a target y:

    MAE = mean |y − a|      RMSE = √ mean (y − a)²      R² = 1 − Σ(y − a)² / Σ(y − ȳ)²

each for every target and then averaged over the targets, as scikit-learn does (`mean_absolute_error`,
`root_mean_squared_error`, `r2_score`). MAE and RMSE are in the units of the table, also where the network learns
standardized targets; R² is the same in either.

The targets of an autoencoder are its inputs, of which many hardly vary: a pixel at the edge that is lit once in a
thousand images would count as much as one in the middle. There R² is taken of all targets together, 1 − ΣΣ(y − a)² /
ΣΣ(y − ȳ)² as the network sees them, the mean weighted by variance (`r2_score(…, multioutput="variance_weighted")`).
"""

import numpy as np


class Errors:
    """Rows of known targets Y (n × K), waiting for outputs. `scale` (K,) is what one unit of Y is in the table;
    `together` weights R² by variance."""

    def __init__(self, Y: np.ndarray, scale: np.ndarray, *, together: bool = False) -> None:
        self._Y = Y.astype(np.float64)
        self._scale = scale
        self._varies = self._Y.max(axis=0) > self._Y.min(axis=0)
        self._together = together
        self._spread = np.where(self._varies, ((self._Y - self._Y.mean(axis=0)) ** 2).sum(axis=0), 0.0)

    def measure(self, outputs: np.ndarray) -> tuple[float, float, float]:
        """R², MAE and RMSE of finite outputs (n × K)."""
        error = self._Y - outputs
        n, targets = error.shape
        absolute = np.add.reduce(np.abs(error)).dot(self._scale) / (n * targets)
        squared = np.add.reduce(np.multiply(error, error, error))
        rmse = np.sqrt(squared / n).dot(self._scale) / targets
        return self._r2(squared), float(absolute), float(rmse)

    def _r2(self, squared: np.ndarray) -> float:
        """A target that never changes counts as 1 where it is met exactly and as 0 otherwise; a single row has none."""
        if len(self._Y) < 2:
            return float("nan")
        if self._together and self._varies.any():
            return float(1 - squared.dot(self._varies) / self._spread.sum())
        unexplained = (squared > 0).astype(np.float64)
        np.divide(squared, self._spread, out=unexplained, where=self._varies)
        return float(1 - np.add.reduce(unexplained) / len(unexplained))
