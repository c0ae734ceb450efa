"""`explain` puts an operation into words and formulas, with the machine's numbers for one neuron and one sample."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import OpKind

from . import backward, clipping, cost, dropout, forward, labelling, max_norm, normalizing, schedule, slopes, update
from .by_hand import by_hand
from .element import Element
from .explanation import Explanation
from .reading import Reading

_WRITERS: dict[OpKind, Callable[[Reading], Explanation]] = {
    OpKind.PSEUDO_LABELS: labelling.label,
    OpKind.LOAD: forward.load,
    OpKind.AFFINE: forward.weighted_sum,
    OpKind.MEAN: normalizing.mean,
    OpKind.VARIANCE: normalizing.variance,
    OpKind.NORMALIZE: normalizing.normalize,
    OpKind.SCALE: normalizing.scale,
    OpKind.ACTIVATION: forward.activation,
    OpKind.MASK: dropout.mask,
    OpKind.DROPOUT: dropout.drop,
    OpKind.FUSED: cost.fused,
    OpKind.COST: cost.cost,
    OpKind.PENALTY: cost.penalty,
    OpKind.TOTAL: cost.total,
    OpKind.COST_GRADIENT: backward.cost_gradient,
    OpKind.DROPOUT_GRADIENT: dropout.dropout_gradient,
    OpKind.ACTIVATION_GRADIENT: slopes.activation_gradient,
    OpKind.FUSED_GRADIENT: backward.fused_gradient,
    OpKind.SCALE_GRADIENT: normalizing.scale_gradient,
    OpKind.SHIFT_GRADIENT: normalizing.shift_gradient,
    OpKind.NORMALIZED_GRADIENT: normalizing.normalized_gradient,
    OpKind.NORMALIZE_GRADIENT: normalizing.normalize_gradient,
    OpKind.PENALTY_GRADIENT: backward.penalty_gradient,
    OpKind.WEIGHT_GRADIENT: backward.weight_gradient,
    OpKind.BIAS_GRADIENT: backward.bias_gradient,
    OpKind.INPUT_GRADIENT: backward.input_gradient,
    OpKind.SCHEDULE: schedule.schedule,
    OpKind.CLIP: clipping.clip,
    OpKind.GRADIENT_NORM: clipping.norm,
    OpKind.SCALE_DOWN: clipping.scale_down,
    OpKind.UPDATE: update.update,
    OpKind.RUNNING: normalizing.running,
    OpKind.MAX_NORM: max_norm.limit,
}


def explain(
    machine: Machine, op_index: int, element: Element, decimals: int = 4, *, upcoming: bool = False
) -> Explanation:
    """Operation `op_index` of the program at hand at `element`, with so many decimal places.

    After the operation has run its result is the machine's. Before, it is computed from the inputs where they are
    known already. `upcoming` looks at the operation as the next one, between two iterations too.
    """
    reading = Reading(machine, op_index, element, decimals, upcoming)
    with np.errstate(all="ignore"):  # a NaN is shown, not warned of
        explanation = _WRITERS[reading.op.kind](reading)
        return replace(explanation, note=" ".join(filter(None, (explanation.note, by_hand(reading)))))
