"""Which slots a network has: what lasts, in one store, and what an iteration computes, in a workspace a batch size.

The store has a flat family of all parameters, all weights first and then all biases, so that a penalty over the weights
is one slice; and families of the same layout for the gradients and for each state of the optimizer.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

import numpy as np

from .arena import Arena, Role, Slot
from .fusion import fusion
from .model_spec import ModelSpec
from .optimizers import Memory
from .schedules import Schedule
from .spec import LayerSpec, NetworkSpec, Normalization, RegularizationSpec


class Purpose(Enum):
    """What a program is for: predicting is the pass forward, evaluating adds the cost, training the gradients."""

    PREDICTING = "predicting"
    EVALUATING = "evaluating"
    TRAINING = "training"


class Store(Arena):
    """What lasts: parameters, their gradients, what optimizer and schedule remember, and the learning rate."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__(np.dtype(spec.precision.value))
        self.parameter_slots = parameter_slots(spec.network)
        """All weights, then all biases, then the scales and the shifts of normalizations."""
        self.parameters = tuple(slot.name for slot in self.parameter_slots)
        self.weight_names = tuple(slot.name for slot in self.parameter_slots if slot.role is Role.WEIGHT)
        self.memory = self._lay_out(spec)
        self.add("running statistics", _running_statistics(spec.network))
        self.weights = self.memory.parameters[: sum(self[name].size for name in self.weight_names)]
        """All weights, flat."""
        self.clear()

    def clear(self) -> None:
        """Weights, biases and shifts to 0, scales to 1, and running statistics to mean 0 and variance 1."""
        self.family("parameters").fill(0)
        self.family("running statistics").fill(0)
        for slot in self.slots():
            if slot.role is Role.SCALE or slot.letter == "rvar":
                self[slot.name].fill(1)

    def _lay_out(self, spec: ModelSpec) -> Memory:
        optimizer = spec.optimizer
        parameters = self.add("parameters", self.parameter_slots)
        gradients = self.add("gradients", self._belonging("d", Role.GRADIENT))
        state = {key: self.add(key, self._belonging(key, Role.OPTIMIZER)) for key in optimizer.state_families}
        if spec.regularization.penalizes:
            self.add("penalty gradients", self._belonging("dP", Role.GRADIENT, self.weight_names))
        gradients = self._lay_out_clipped(spec.regularization, gradients)
        rate = self._lay_out_rate(spec.schedule, optimizer.learning_rate)
        return Memory(parameters, gradients, rate, state, self._scalars(optimizer.scalars, Role.OPTIMIZER))

    def _lay_out_clipped(self, regularization: RegularizationSpec, gradients: np.ndarray) -> np.ndarray:
        """The gradients that the optimizer gets to see: as they are, or those that clipping makes of them."""
        self.gradient = "d"
        """What their slots are called by: `dW1`, or `cdW1` and `ndW1` where they are clipped."""
        if regularization.clip_value:
            gradients, self.gradient = self.add("cd", self._belonging("cd", Role.GRADIENT)), "cd"
        if regularization.clip_norm:
            self.add("gnorm", (Slot("gnorm", Role.GRADIENT, ()),))
            gradients, self.gradient = self.add("nd", self._belonging("nd", Role.GRADIENT)), "nd"
        return gradients

    def of_parameters(self, prefix: str) -> tuple[str, ...]:
        """The slots that are called so for each parameter: `dW1`, …, `db1`, …"""
        return tuple(f"{prefix}{name}" for name in self.parameters)

    def _lay_out_rate(self, schedule: Schedule, set_to: float) -> np.ndarray:
        """α: a setting itself where it never changes, else what the schedule makes of the setting α₀."""
        role = Role.RATE if schedule.varies else Role.SETTING
        rate = self.add("alpha", (Slot("alpha", role, ()),)).reshape(())
        if schedule.varies:
            self.add("alpha0", (Slot("alpha0", Role.SETTING, ()),))
        self.rate_setting = "alpha0" if schedule.varies else "alpha"
        """The slot of the learning rate that a person sets."""
        self[self.rate_setting].fill(set_to)
        self.remembered = self._scalars(schedule.scalars, Role.SCHEDULE)
        """What the schedule keeps in mind."""
        return rate

    def _scalars(self, starts: Mapping[str, float], role: Role) -> dict[str, np.ndarray]:
        """Single numbers that are kept between updates, in float64 always, for they count."""
        for key, start in starts.items():
            self.add(key, (Slot(key, role, ()),), np.dtype(np.float64)).fill(start)
        return {key: self[key] for key in starts}

    def _belonging(self, prefix: str, role: Role, only: tuple[str, ...] | None = None) -> Iterator[Slot]:
        """A slot for each parameter (or for those named `only`), of its shape: `dW1`, `mW1`."""
        for slot in self.parameter_slots:
            if only is None or slot.name in only:
                yield Slot(f"{prefix}{slot.name}", role, slot.shape, slot.layer, slot.name)


def parameter_slots(network: NetworkSpec) -> tuple[Slot, ...]:
    """The parameters of a network: all weights, then all biases, then the scales and the shifts of normalizations."""
    layers = list(enumerate(network.layers, 1))
    normalized = [(n, layer) for n, layer in layers if layer.normalized]
    return (
        *(Slot(f"W{n}", Role.WEIGHT, (layer.units, network.widths[n - 1]), n) for n, layer in layers),
        *(Slot(f"b{n}", Role.BIAS, (layer.units,), n) for n, layer in layers if layer.bias),
        *(Slot(f"gamma{n}", Role.SCALE, (layer.units,), n) for n, layer in normalized),
        *(Slot(f"beta{n}", Role.SHIFT, (layer.units,), n) for n, layer in normalized),
    )


def _running_statistics(network: NetworkSpec) -> Iterator[Slot]:
    """The mean and variance of late, by which a batch normalization predicts."""
    for n, layer in enumerate(network.layers, 1):
        if layer.normalization is Normalization.BATCH:
            yield Slot(f"rmu{n}", Role.RUNNING, (layer.units,), n)
            yield Slot(f"rvar{n}", Role.RUNNING, (layer.units,), n)


def workspace(spec: ModelSpec, store: Store, rows: int, purpose: Purpose, *, weighted: bool = False) -> Arena:
    """The slots whose size depends on the number of rows; `weighted` says whether samples have weights."""
    arena = Arena(store.dtype, store)
    arena.add("activations", _activations(spec.network, rows, purpose))
    if purpose is not Purpose.PREDICTING:
        arena.add("targets", (Slot("Y", Role.TARGET, (rows, spec.network.outputs)),))
        if weighted:
            arena.add("sample weights", (Slot("w", Role.SAMPLE_WEIGHT, (rows, 1)),))
        names = ("C", "P", "J") if spec.regularization.penalizes else ("J",)
        arena.add("cost", (Slot(name, Role.COST, ()) for name in names))
    if purpose is Purpose.TRAINING:
        arena.add("activation gradients", _activation_gradients(spec, rows))
    return arena


def _activations(network: NetworkSpec, rows: int, purpose: Purpose) -> Iterator[Slot]:
    """Nothing is dropped out but while training."""
    yield Slot("X", Role.INPUT, (rows, network.inputs))
    for n, layer in enumerate(network.layers, 1):
        shape = rows, layer.units
        yield Slot(f"Z{n}", Role.SUM, shape, n)
        if layer.normalized:
            yield from _statistics(n, layer, rows, purpose)
            yield Slot(f"H{n}", Role.SUM, shape, n)
            yield Slot(f"N{n}", Role.SUM, shape, n)
        yield Slot(f"A{n}", Role.ACTIVATION, shape, n)
        if layer.dropout and purpose is Purpose.TRAINING:
            yield Slot(f"M{n}", Role.MASK, shape, n)
            yield Slot(f"D{n}", Role.ACTIVATION, shape, n)


def _statistics(n: int, layer: LayerSpec, rows: int, purpose: Purpose) -> Iterator[Slot]:
    """Mean and variance: of each unit over the mini-batch, but for predicting, or of each sample over the units."""
    batch = layer.normalization is Normalization.BATCH
    if not batch or purpose is Purpose.TRAINING:
        shape = (layer.units,) if batch else (rows, 1)
        yield Slot(f"mu{n}", Role.STATISTIC, shape, n)
        yield Slot(f"var{n}", Role.STATISTIC, shape, n)


def _activation_gradients(spec: ModelSpec, rows: int) -> Iterator[Slot]:
    """In the order they are computed, from the last layer to the first."""
    network = spec.network
    depth = len(network.layers)
    fused = fusion(network.layers[-1].activation, spec.cost) is not None
    for n in range(depth, 0, -1):
        layer = network.layers[n - 1]
        letters = "D" * (layer.dropout > 0) + "A" * (n < depth or not fused) + "NH" * layer.normalized + "Z"
        for letter in letters:
            yield Slot(f"d{letter}{n}", Role.GRADIENT, (rows, network.widths[n]), n, f"{letter}{n}")
