"""The curve that an operation goes along for one sample, and where on it the sample is.

An activation against its sum; a sample's share of the cost against one of its predictions, all others staying as they
are. For a gradient its tangent is drawn as well: that slope is what flows back.
"""

from collections.abc import Callable

import numpy as np

from nnstudio.engine.ops import OpKind
from nnstudio.engine.ops.wiring import sample_weights_of
from nnstudio.explain.reading import Reading
from nnstudio.explain.slopes import slope_at
from nnstudio.explain.writing import Kind
from nnstudio.gui.topics.topic import Curve, Mark, Shape

_POINTS = 81
_REACH = 4.0
_AROUND = 1.5
_LEAST = 1.0
_EDGE = 0.01
_WITH_TANGENT = (OpKind.ACTIVATION_GRADIENT, OpKind.COST_GRADIENT, OpKind.FUSED_GRADIENT)


def graph_of(reading: Reading) -> Shape | None:
    """The curve of the chosen neuron and sample; None where there is none, or where its numbers are not known."""
    kind = reading.op.kind
    with np.errstate(all="ignore"):
        if kind in (OpKind.ACTIVATION, OpKind.ACTIVATION_GRADIENT):
            return _activation(reading) if reading.known(reading.bent) else None
        if kind in (OpKind.COST, OpKind.COST_GRADIENT):
            return _cost(reading) if reading.known(f"A{reading.layer}", "Y", *_weights(reading)) else None
        if kind in (OpKind.FUSED, OpKind.FUSED_GRADIENT):
            return _fused(reading) if reading.known(reading.bent, "Y", *_weights(reading)) else None
    return None


def _activation(reading: Reading) -> Shape | None:
    """a against z; of softmax for one unit, while the others of the row keep theirs."""
    sigma = reading.machine.model.activations[reading.layer - 1]
    row, unit = _row(reading, reading.bent), reading.element.unit
    reach = max(_REACH, *(_AROUND * abs(place) for place in (row[unit], *sigma.kinks)))

    def bent(z: np.ndarray) -> np.ndarray:
        values: np.ndarray = sigma.value(_varied(row, unit, z))[:, unit]
        return values

    names = "a", reading.bent[0].lower()
    return _shape(reading, bent, row[unit], np.linspace(-reach, reach, _POINTS), names, Kind.FORWARD)


def _cost(reading: Reading) -> Shape | None:
    """c against a."""
    cost, unit = reading.machine.model.cost, reading.element.unit
    row, target = _row(reading, f"A{reading.layer}"), _row(reading, "Y")
    scratch = np.empty((1, len(row))), np.empty((1, len(row)))

    def share(a: np.ndarray) -> np.ndarray:
        rows = _varied(row, unit, a)
        return _counted(reading, [cost.value(one[None], target[None], scratch) for one in rows])

    a, y = row[unit], target[unit]
    reach = max(_AROUND * abs(a - y), _LEAST)
    x = np.linspace(y - reach, y + reach, _POINTS)
    if np.isfinite(cost.outputs[1]):
        x = np.linspace(*cost.outputs, _POINTS).clip(_EDGE, 1 - _EDGE)
    return _shape(reading, share, a, x, ("c", "a"), Kind.COST, goal=y)


def _fused(reading: Reading) -> Shape | None:
    """c against z, through cost and activation at once."""
    fusion, unit = reading.machine.model.fusion, reading.element.unit
    assert fusion is not None
    row, target = _row(reading, reading.bent), _row(reading, "Y")
    out, *scratch = np.empty((4, 1, len(row)))

    def share(z: np.ndarray) -> np.ndarray:
        rows, work = _varied(row, unit, z), (scratch[0], scratch[1], scratch[2])
        return _counted(reading, [fusion.value(one[None], out, target[None], work) for one in rows])

    reach = max(_REACH, _AROUND * abs(row[unit]))
    return _shape(reading, share, row[unit], np.linspace(-reach, reach, _POINTS), ("c", "z"), Kind.COST)


def _weights(reading: Reading) -> tuple[str, ...]:
    return sample_weights_of(reading.machine.program.arena)


def _counted(reading: Reading, losses: list[float]) -> np.ndarray:
    """Losses of the sample as its share of the cost: times its weight, where it has one."""
    weight = reading.sample_weight
    return np.array(losses) * (1.0 if weight is None or weight.value is None else weight.value)


def _shape(
    reading: Reading,
    curve: Callable[[np.ndarray], np.ndarray],
    at: float,
    x: np.ndarray,
    names: tuple[str, str],
    kind: Kind,
    goal: float | None = None,
) -> Shape | None:
    """The curve with a mark at `at`; that of a gradient has its tangent."""
    if not np.isfinite(at):
        return None
    y = float(curve(np.array([at]))[0])
    slope = _slope(reading) if reading.op.kind in _WITH_TANGENT else None
    if not np.isfinite(y):
        return None
    return Shape(x, (Curve(names[0], kind, curve(x)),), names[1], mark=Mark(float(at), y, slope, goal))


def _slope(reading: Reading) -> float | None:
    """By how much the curve rises there, from what the machine computed."""
    element, op = reading.element, reading.op
    if op.kind is OpKind.ACTIVATION_GRADIENT:
        return slope_at(reading, element.sample, element.unit)
    gradient = reading.result(op.writes[0], element.sample, element.unit)
    return None if gradient is None else gradient * reading.batch_size


def _row(reading: Reading, slot: str) -> np.ndarray:
    row: np.ndarray = reading.array(slot)[reading.element.sample].astype(np.float64)
    return row


def _varied(row: np.ndarray, unit: int, values: np.ndarray) -> np.ndarray:
    """A copy of the row for each value, which it has at `unit`."""
    rows = np.repeat(row[None], len(values), axis=0)
    rows[:, unit] = values
    return rows
