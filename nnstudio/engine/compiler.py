"""How a network, its cost and its optimizer become a flat list of operations.

A `Model` lays out what lasts (parameters, gradients, the optimizer's state) once, and compiles programs over it: a
training program for each batch size that occurs (a ragged last batch has its own), and programs of forward operations
for evaluating and predicting. They share the parameters, so all of them always see the same network.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import ops
from .activations import activation
from .arena import Arena, Role, Slot
from .batches import Batches
from .costs import Cost, cost
from .fusion import Fusion, fusion
from .initializers import initializer
from .ops import Op
from .optimizers import Memory, Optimizer, Sgd
from .spec import NetworkSpec, Precision, RegularizationSpec, SpecError

MOST_PARAMETERS = 50_000_000
MOST_BYTES = 8_000_000_000
_ARRAYS_A_LAYER = 9
"""Z, A, dZ and dA, the biases of each row, and two arrays to work in for either operation of an activation."""
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that a compiled model depends on, but for the data and the initial values."""

    network: NetworkSpec
    cost: str = "half_mse"
    regularization: RegularizationSpec = field(default_factory=RegularizationSpec)
    optimizer: Optimizer = field(default_factory=Sgd)
    precision: Precision = Precision.FLOAT64


@dataclass(frozen=True, eq=False)
class Program:
    """The operations of one iteration, in order, over one workspace."""

    ops: tuple[Op, ...]
    arena: Arena
    batch_size: int

    @cached_property
    def runs(self) -> tuple[Callable[[], object], ...]:
        return tuple(op.run for op in self.ops)

    @cached_property
    def writer(self) -> dict[str, int]:
        """Which operation writes a slot, the last one where several do (the optimizer's parameters)."""
        return {slot: index for index, op in enumerate(self.ops) for slot in op.writes}

    @cached_property
    def readers(self) -> dict[str, tuple[int, ...]]:
        """Which operations read a slot."""
        found: dict[str, list[int]] = {}
        for index, op in enumerate(self.ops):
            for slot in op.reads:
                found.setdefault(slot, []).append(index)
        return {slot: tuple(indices) for slot, indices in found.items()}

    def end_of_phase(self, index: int) -> int:
        """The index after the last operation of the phase that operation `index` is in."""
        phase = self.ops[index].phase
        while index < len(self.ops) and self.ops[index].phase is phase:
            index += 1
        return index

    def run(self) -> None:
        for run in self.runs:
            run()


class Model:
    """A network laid out in memory, and the programs over it."""

    def __init__(self, spec: ModelSpec) -> None:
        check(spec)
        self.spec = spec
        self.dtype = np.dtype(spec.precision.value)
        self.activations = tuple(activation(layer.activation) for layer in spec.network.layers)
        self.cost: Cost = cost(spec.cost)
        self.fusion: Fusion | None = fusion(spec.network.layers[-1].activation, spec.cost)
        self.store = Arena(self.dtype)
        self._lay_out()
        self._predicting: dict[int, Program] = {}
        self._evaluating: dict[int, Program] = {}

    @property
    def depth(self) -> int:
        return len(self.spec.network.layers)

    @property
    def output(self) -> str:
        """The slot of the network's outputs."""
        return f"A{self.depth}"

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The slots of all weights and then of all biases."""
        return tuple(slot.name for slot in self.parameter_slots)

    @cached_property
    def parameter_slots(self) -> tuple[Slot, ...]:
        layers = list(enumerate(self.spec.network.layers, 1))
        widths = self.spec.network.widths
        weights = tuple(Slot(f"W{n}", Role.WEIGHT, (layer.units, widths[n - 1]), n) for n, layer in layers)
        return weights + tuple(Slot(f"b{n}", Role.BIAS, (layer.units,), n) for n, layer in layers if layer.bias)

    def initialize(self, seed: int) -> None:
        """Draw the weights by each layer's initializer, from a generator of their own; biases are 0."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0])))
        self.store.family("parameters").fill(0)
        for n, layer in enumerate(self.spec.network.layers, 1):
            weights = self.store[f"W{n}"]
            weights[...] = initializer(layer.initializer).draw(rng, *weights.shape)

    def training_program(self, batch_size: int, batches: Batches, X: np.ndarray, Y: np.ndarray) -> Program:
        """One training iteration over mini-batches of `batch_size` of the rows of X and Y."""
        arena = self._workspace(batch_size, training=True)
        body = (*self._forward(arena), *self._cost(arena), *self._backward(arena), *self._update())
        return Program((ops.load(arena, batches, X, Y), *body), arena, batch_size)

    def predicting_program(self, rows: int) -> Program:
        """Forward operations alone, for `rows` inputs written to X."""
        if rows not in self._predicting:
            arena = self._workspace(rows, training=False)
            self._predicting[rows] = Program(tuple(self._layers(arena, self.depth)), arena, rows)
        return self._predicting[rows]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The network's outputs for inputs X (n × inputs), in a new array (n × outputs)."""
        outputs = np.empty((len(X), self.spec.network.outputs), self.dtype)
        for start in range(0, len(X), _CHUNK):
            part = X[start : start + _CHUNK]
            program = self.predicting_program(len(part))
            program.arena["X"][...] = part
            program.run()
            outputs[start : start + _CHUNK] = program.arena[self.output]
        return outputs

    def evaluate(self, X: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
        """J over all rows of X and Y, penalty included, and the outputs."""
        outputs = np.empty((len(X), self.spec.network.outputs), self.dtype)
        total = 0.0
        for start in range(0, len(X), _CHUNK):
            stop = min(start + _CHUNK, len(X))
            program = self._evaluating_program(stop - start)
            program.arena["X"][...] = X[start:stop]
            program.arena["Y"][...] = Y[start:stop]
            program.run()
            outputs[start:stop] = program.arena[self.output]
            total += program.arena["J"].item() * (stop - start)
        return total / len(X), outputs

    def copy_fitting_parameters(self, other: "Model") -> tuple[str, ...]:
        """Take over the values of `other`'s parameters of equal name and shape; return their names."""
        fitting = tuple(
            name
            for name in self.parameters
            if name in other.store and other.store[name].shape == self.store[name].shape
        )
        for name in fitting:
            np.copyto(self.store[name], other.store[name], casting="same_kind")
        return fitting

    def _lay_out(self) -> None:
        slots, optimizer = self.parameter_slots, self.spec.optimizer
        store = self.store
        parameters = store.add("parameters", slots)
        gradients = store.add("gradients", (Slot(f"d{s.name}", Role.GRADIENT, s.shape, s.layer, s.name) for s in slots))
        state = {
            key: store.add(key, (Slot(f"{key}{s.name}", Role.OPTIMIZER, s.shape, s.layer, s.name) for s in slots))
            for key in optimizer.state_families
        }
        if self.spec.regularization:
            weights = [s for s in slots if s.role is Role.WEIGHT]
            penalties = (Slot(f"dP{s.name}", Role.GRADIENT, s.shape, s.layer, s.name) for s in weights)
            store.add("penalty gradients", penalties)
        rate = store.add("alpha", (Slot("alpha", Role.SETTING, ()),)).reshape(())
        rate.fill(optimizer.learning_rate)
        scalars = {}
        for key, start in optimizer.scalars.items():
            scalars[key] = store.add(key, (Slot(key, Role.OPTIMIZER, ()),), np.dtype(np.float64)).reshape(())
            scalars[key].fill(start)
        self._memory = Memory(parameters, gradients, rate, state, scalars)
        self._weights = parameters[: sum(store[s.name].size for s in slots if s.role is Role.WEIGHT)]

    def _workspace(self, rows: int, *, training: bool) -> Arena:
        """The slots whose size depends on the number of rows."""
        arena = Arena(self.dtype, self.store)
        widths = self.spec.network.widths
        slots = [Slot("X", Role.INPUT, (rows, widths[0]))]
        for layer, units in enumerate(widths[1:], 1):
            slots += [Slot(f"Z{layer}", Role.SUM, (rows, units), layer)]
            slots += [Slot(f"A{layer}", Role.ACTIVATION, (rows, units), layer)]
        arena.add("activations", slots)
        if training:
            self._add_cost_slots(arena, rows)
            arena.add("activation gradients", self._activation_gradients(rows))
        return arena

    def _add_cost_slots(self, arena: Arena, rows: int) -> None:
        arena.add("targets", (Slot("Y", Role.TARGET, (rows, self.spec.network.outputs)),))
        names = ("C", "P", "J") if self.spec.regularization else ("J",)
        arena.add("cost", (Slot(name, Role.COST, ()) for name in names))

    def _activation_gradients(self, rows: int) -> Iterator[Slot]:
        for layer in range(self.depth, 0, -1):
            shape = (rows, self.spec.network.widths[layer])
            if layer < self.depth or self.fusion is None:
                yield Slot(f"dA{layer}", Role.GRADIENT, shape, layer, f"A{layer}")
            yield Slot(f"dZ{layer}", Role.GRADIENT, shape, layer, f"Z{layer}")

    def _evaluating_program(self, rows: int) -> Program:
        if rows not in self._evaluating:
            arena = self._workspace(rows, training=False)
            self._add_cost_slots(arena, rows)
            self._evaluating[rows] = Program((*self._forward(arena), *self._cost(arena)), arena, rows)
        return self._evaluating[rows]

    def _layers(self, arena: Arena, activated: int) -> Iterator[Op]:
        """The weighted sums of all layers and the activations of the first `activated`."""
        for layer, sigma in enumerate(self.activations, 1):
            yield ops.affine(arena, layer)
            if layer <= activated:
                yield ops.activate(arena, layer, sigma)

    def _forward(self, arena: Arena) -> Iterator[Op]:
        joint = self.fusion is not None and self.fusion.joint
        return self._layers(arena, self.depth - 1 if joint else self.depth)

    def _cost(self, arena: Arena) -> Iterator[Op]:
        regularization = self.spec.regularization
        target = "C" if regularization else "J"
        if self.fusion is not None:
            yield ops.fused_cost(arena, self.depth, self.fusion, target)
        else:
            yield ops.cost(arena, self.depth, self.cost, target)
        if regularization:
            yield ops.penalty(arena, regularization, self._weights, self._weight_names)
            yield ops.total_cost(arena)

    def _backward(self, arena: Arena) -> Iterator[Op]:
        if self.spec.regularization:
            yield ops.penalty_gradient(arena, self.spec.regularization, self._weights, self._weight_names)
        for layer in range(self.depth, 0, -1):
            if layer == self.depth and self.fusion is not None:
                yield ops.fused_gradient(arena, layer, self.fusion)
            else:
                if layer == self.depth:
                    yield ops.cost_gradient(arena, layer, self.cost)
                yield ops.activation_gradient(arena, layer, self.activations[layer - 1])
            yield ops.weight_gradient(arena, layer)
            if f"b{layer}" in self.store:
                yield ops.bias_gradient(arena, layer)
            if layer > 1:
                yield ops.input_gradient(arena, layer)

    def _update(self) -> Iterator[Op]:
        names = {"θ": self.parameters, "g": tuple(f"d{name}" for name in self.parameters), "α": ("alpha",)}
        for key in self.spec.optimizer.state_families:
            names[key] = tuple(f"{key}{name}" for name in self.parameters)
        return (ops.update(link, names) for link in self.spec.optimizer.chain(self._memory))

    @property
    def _weight_names(self) -> tuple[str, ...]:
        return tuple(slot.name for slot in self.parameter_slots if slot.role is Role.WEIGHT)


def check(spec: ModelSpec) -> None:
    """Raise a SpecError that names the first thing that cannot work, why, and what to use instead."""
    if not spec.network.layers:
        raise SpecError("the network has no layers; add at least an output layer")
    for n, layer in enumerate(spec.network.layers, 1):
        if layer.units < 1:
            raise SpecError(f"layer {n} has {layer.units} units; it needs at least 1")
        try:
            initializer(layer.initializer)
            activation(layer.activation)
        except SpecError as error:
            raise SpecError(f"layer {n}: {error}") from None
        if layer.activation == "softmax" and layer.units == 1:
            raise SpecError(f"layer {n}: softmax over one unit is always 1; use sigmoid, or two or more units")
    count = spec.network.parameters
    if count > MOST_PARAMETERS:
        gigabytes = count * np.dtype(spec.precision.value).itemsize / 1e9
        raise SpecError(
            f"a network {'-'.join(map(str, spec.network.widths))} has {count:,} parameters ({gigabytes:,.1f} GB); "
            f"at most {MOST_PARAMETERS:,} are possible: use fewer units or layers"
        )
    _check_cost(spec)
    _check_penalties(spec.regularization)
    if problem := spec.optimizer.problem():
        raise SpecError(problem)


def check_memory(spec: ModelSpec, rows: int) -> None:
    """Raise a SpecError if what lies between the operations takes too much memory for `rows` rows at once."""
    widths = spec.network.widths
    numbers = rows * (widths[0] + _ARRAYS_A_LAYER * sum(widths[1:]))
    needed = numbers * np.dtype(spec.precision.value).itemsize
    if needed > MOST_BYTES:
        raise SpecError(
            f"{rows:,} rows at once through a network {'-'.join(map(str, widths))} take {needed / 1e9:,.1f} GB; "
            f"at most {MOST_BYTES / 1e9:g} GB are possible: use a smaller mini-batch, or fewer units"
        )


def _check_cost(spec: ModelSpec) -> None:
    if spec.cost == "cross_entropy" and spec.network.outputs == 1:
        raise SpecError(
            "cross_entropy over one output asks nothing of it where the target is 0; "
            "use binary_cross_entropy, or an output for each class"
        )
    last = spec.network.layers[-1].activation
    low, high = activation(last).range
    least, most = cost(spec.cost).outputs
    if low < least or high > most:
        better = "softmax" if spec.cost == "cross_entropy" else "sigmoid"
        raise SpecError(
            f"{spec.cost} needs outputs between {least:g} and {most:g}, and {last} can leave them; "
            f"use {better} in the last layer, or another cost such as half_mse"
        )


def _check_penalties(spec: RegularizationSpec) -> None:
    for name in ("l1", "l2"):
        value = getattr(spec, name)
        if not (np.isfinite(value) and 0 <= value <= 1e6):
            raise SpecError(f"{name} is {value:g}; it must be at least 0 and at most 1e+06")
