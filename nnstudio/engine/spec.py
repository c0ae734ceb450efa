"""What a network is.

A dense feed-forward network is a row of layers. Layer l takes the outputs A(l-1) of the layer before (the
inputs X for the first), forms the weighted sums Z = A(l-1) Wᵀ + b and bends them: A = σ(Z). Rows are samples,
so Z has one row a sample and one column a unit; W has one row a unit and one column an input.
"""

from dataclasses import dataclass
from enum import StrEnum


class SpecError(ValueError):
    """A network, a cost or a setting that cannot work: the message says which, why, and what to do."""


class Precision(StrEnum):
    """The type of every number of a run."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"


class Normalization(StrEnum):
    """What brings the weighted sums of a layer to mean 0 and variance 1 before its activation: each unit's over the
    samples of the mini-batch, each sample's over the units of the layer, or nothing."""

    NONE = "none"
    BATCH = "batch"
    LAYER = "layer"

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return _NORMALIZATIONS[self]


_NORMALIZATIONS = {
    Normalization.NONE: "The weighted sums go to the activation as they are.",
    Normalization.BATCH: "Brings each unit's sums to mean 0 and variance 1 over the mini-batch: for deep networks.",
    Normalization.LAYER: "Brings each sample's sums to mean 0 and variance 1 over the layer, whatever the mini-batch.",
}


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer: `units` neurons with one activation, the way its weights start, and whether it has biases.

    `dropout` is the probability with which each output is left out of an iteration, for each sample anew.
    """

    units: int
    activation: str = "identity"
    initializer: str = "xavier_uniform"
    bias: bool = True
    dropout: float = 0.0
    normalization: Normalization = Normalization.NONE

    @property
    def normalized(self) -> bool:
        return self.normalization is not Normalization.NONE


@dataclass(frozen=True, slots=True)
class RegularizationSpec:
    """What keeps weights and steps small; 0 is off.

    `l1` and `l2` add the penalties l1·Σ|w| and ½·l2·Σw² to J, over weights and not biases. `max_norm` is the greatest
    length of a unit's vector of weights. `clip_value` is the greatest magnitude of a single ∂J/∂θ that the optimizer
    gets to see, and after that `clip_norm` the greatest length of the whole gradient.
    """

    l1: float = 0.0
    l2: float = 0.0
    max_norm: float = 0.0
    clip_value: float = 0.0
    clip_norm: float = 0.0

    @property
    def penalizes(self) -> bool:
        """Whether anything is added to J."""
        return self.l1 > 0 or self.l2 > 0


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """The number of inputs and the layers that follow them; the last layer is the output."""

    inputs: int
    layers: tuple[LayerSpec, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Inputs and the units of each layer: (2, 8, 8, 1)."""
        return (self.inputs, *(layer.units for layer in self.layers))

    @property
    def outputs(self) -> int:
        return self.layers[-1].units

    @property
    def parameters(self) -> int:
        """How many there are: Σ units · (inputs + 1 where there is a bias + 2 for the scale and shift of a
        normalization)."""
        pairs = zip(self.widths, self.layers, strict=False)
        return sum(layer.units * (inputs + layer.bias + 2 * layer.normalized) for inputs, layer in pairs)
