"""What can be done without a bend: one linear map y = W x + b of the inputs.

Layers with the identity as their activation, one after the other, are a single linear map, however many there are:
W = W_L … W₂ W₁ and b = W_L (… (W₂ b₁ + b₂) …) + b_L. The best such map, by the sum of squares, needs no training: it
solves the normal equations, WXᵀX = YᵀX for centred columns (ordinary least squares; of several solutions the smallest).
Where rows have weights, each square counts that often (weighted least squares).

For classes the targets are 0 and 1, a column a class, and the largest output, or at least ½ of a single one, is the
class: a linear classifier, whose boundaries are straight.
"""

from dataclasses import dataclass

import numpy as np

from nnstudio.data.preparation import PartName, PreparedData
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import LayerSpec, NetworkSpec
from nnstudio.training.measuring import Measuring

from .task import Materials


@dataclass(frozen=True, slots=True, eq=False)
class LinearMap:
    """y = W x + b, of inputs as the network sees them: W (outputs × inputs), b (outputs,)."""

    W: np.ndarray
    b: np.ndarray

    def model(self) -> Model:
        """A network of one layer that is this map."""
        outputs, inputs = self.W.shape
        made = Model(ModelSpec(NetworkSpec(inputs, (LayerSpec(outputs),))))
        made.store["W1"][...] = self.W
        made.store["b1"][...] = self.b
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The least squares, and accuracy or R² of each part that has rows."""

    map: LinearMap
    metrics: dict[PartName, float]
    finished: bool = True


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Find them for the training rows."""

    def begin(self, materials: Materials) -> "_Fitting":
        return _Fitting(materials.data)


class _Fitting:
    def __init__(self, data: PreparedData) -> None:
        self._data = data

    def advance(self, _seconds: float) -> Fitted:
        data = self._data
        found = least_squares(data.train.X, data.train.Y, data.train.weights)
        measuring = Measuring(found.model(), data)
        measured = measuring.measure().values
        return Fitted(found, {part: measured[part, measuring.metrics[0]] for part in data.parts})


def least_squares(X: np.ndarray, Y: np.ndarray, weights: np.ndarray | None = None) -> LinearMap:
    """The map with the least Σ w (y − W x − b)² over rows X (n × inputs), Y (n × outputs), of these weights (n,)."""
    x, y = np.average(X, axis=0, weights=weights), np.average(Y, axis=0, weights=weights)
    root = 1.0 if weights is None else np.sqrt(weights)[:, None]
    W = np.linalg.lstsq(root * (X - x), root * (Y - y), rcond=None)[0].T
    return LinearMap(W, y - W @ x)


def collapse(model: Model) -> LinearMap | None:
    """The map from the inputs to the weighted sums of the output layer; None where the layers before it are no linear
    maps."""
    layers = model.spec.network.layers
    if any(layer.activation != "identity" or layer.normalized for layer in layers[:-1]) or layers[-1].normalized:
        return None
    W = np.eye(model.spec.network.inputs)
    b = np.zeros(model.spec.network.inputs)
    for number in range(1, len(layers) + 1):
        own = model.store[f"W{number}"].astype(np.float64)
        W, b = own @ W, own @ b
        if f"b{number}" in model.store:
            b = b + model.store[f"b{number}"]
    return LinearMap(W, b)
