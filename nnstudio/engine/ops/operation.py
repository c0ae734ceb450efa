"""What an operation is: one step of an iteration that a person can look at before and after.

It is bound to its arrays when it is made, so all there is left to do is to run it. What it reads and writes is told by
the names of slots, from which everything else follows: whose value is fresh, who wrote a number, who will read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    LOAD = "load"
    FORWARD = "forward"
    COST = "cost"
    BACKWARD = "backward"
    UPDATE = "update"


class OpKind(StrEnum):
    """What an operation does, for whoever explains or draws it."""

    PSEUDO_LABELS = "pseudo-labels"
    LOAD = "load"
    AFFINE = "weighted sum"
    MEAN = "mean"
    VARIANCE = "variance"
    NORMALIZE = "normalization"
    SCALE = "scale and shift"
    ACTIVATION = "activation"
    MASK = "dropout mask"
    DROPOUT = "dropout"
    FUSED = "activation and cost"
    COST = "cost"
    PENALTY = "penalty"
    TOTAL = "total cost"
    COST_GRADIENT = "gradient of the cost"
    DROPOUT_GRADIENT = "gradient through dropout"
    ACTIVATION_GRADIENT = "gradient through the activation"
    FUSED_GRADIENT = "gradient through cost and activation"
    SCALE_GRADIENT = "gradient of the scales"
    SHIFT_GRADIENT = "gradient of the shifts"
    NORMALIZED_GRADIENT = "gradient of the normalized sums"
    NORMALIZE_GRADIENT = "gradient through the normalization"
    PENALTY_GRADIENT = "gradient of the penalty"
    WEIGHT_GRADIENT = "gradient of the weights"
    BIAS_GRADIENT = "gradient of the biases"
    INPUT_GRADIENT = "gradient of the layer's inputs"
    CLIP = "gradient clipping"
    GRADIENT_NORM = "norm of the gradient"
    SCALE_DOWN = "gradient scaled down"
    SCHEDULE = "learning rate"
    UPDATE = "update"
    MAX_NORM = "greatest norm of weights"
    RUNNING = "running statistics"


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: what it is, which slots it reads and writes, and how to run it."""

    kind: OpKind
    phase: Phase
    layer: int | None
    label: str
    typst: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[], object]
