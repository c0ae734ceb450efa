"""A network ready to be used: its parameters, and the programs that train it, evaluate it and predict with it.

What lasts (parameters, gradients, the optimizer's state) is laid out once. The programs are compiled over it: a
training program for each batch size that occurs (a ragged last batch has its own), and programs of forward operations
for evaluating and predicting. They share the parameters, so all of them always see the same network.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .arena import KNOWLEDGE, Slot
from .batches import Batches
from .checks import check
from .compiler import Compiler
from .initializers import initializer
from .layout import Store
from .model_spec import ModelSpec
from .ops import Op
from .program import Program

_CHUNK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A network judged by some rows: J = C + P of all of them, its penalty P apart, and the outputs (n × K)."""

    cost: float
    data_cost: float
    penalty: float
    outputs: np.ndarray


class Model:
    """A network laid out in memory, and the programs over it."""

    def __init__(self, spec: ModelSpec) -> None:
        check(spec)
        self.spec = spec
        self.store = Store(spec)
        self.dtype = self.store.dtype
        self._compiler = Compiler(spec, self.store)
        self.activations = self._compiler.activations
        self.cost = self._compiler.cost
        self.fusion = self._compiler.fusion
        self._predicting: dict[int, Program] = {}
        self._evaluating: dict[tuple[int, bool], Program] = {}

    @property
    def depth(self) -> int:
        return len(self.spec.network.layers)

    @property
    def output(self) -> str:
        """The slot of the network's outputs."""
        return f"A{self.depth}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The slots of all weights, then of all biases, then of the scales and the shifts of normalizations."""
        return self.store.parameters

    @property
    def parameter_slots(self) -> tuple[Slot, ...]:
        return self.store.parameter_slots

    @property
    def rate_setting(self) -> str:
        """The slot of the learning rate that a person sets: α, or with a schedule α₀."""
        return self.store.rate_setting

    def initialize(self, seed: int) -> None:
        """Draw the weights by each layer's initializer, from a generator of their own; biases are 0, scales 1."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0])))
        self.store.clear()
        for n, layer in enumerate(self.spec.network.layers, 1):
            weights = self.store[f"W{n}"]
            weights[...] = initializer(layer.initializer).draw(rng, *weights.shape)

    def training_program(
        self,
        batch_size: int,
        batches: Batches,
        X: np.ndarray,
        Y: np.ndarray,
        w: np.ndarray | None = None,
        before: tuple[Op, ...] = (),
    ) -> Program:
        """One training iteration over mini-batches of `batch_size` of the rows of X and Y, of weights w (n × 1) if they
        have some, and what comes `before` loading them."""
        return self._compiler.training(batch_size, batches, X, Y, w, before)

    def predicting_program(self, rows: int) -> Program:
        """Forward operations alone, for `rows` inputs written to X."""
        if rows not in self._predicting:
            self._predicting[rows] = self._compiler.predicting(rows)
        return self._predicting[rows]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The network's outputs for inputs X (n × inputs), in a new array (n × outputs)."""
        outputs = np.empty((len(X), self.spec.network.outputs), self.dtype)
        self.predict_into(X, outputs)
        return outputs

    def predict_into(self, X: np.ndarray, outputs: np.ndarray) -> None:
        """Write the network's outputs for inputs X (n × inputs) into `outputs` (n × outputs)."""
        for start in range(0, len(X), _CHUNK):
            part = X[start : start + _CHUNK]
            program = self.predicting_program(len(part))
            program.arena["X"][...] = part
            program.run()
            outputs[start : start + _CHUNK] = program.arena[self.output]

    def evaluate(self, X: np.ndarray, Y: np.ndarray, weights: np.ndarray | None = None) -> Evaluation:
        """Forward and cost over all rows of X and Y, at least one, each counted by its weight (n,) if they have some.
        Without a penalty C is J, and P is 0."""
        outputs = np.empty((len(X), self.spec.network.outputs), self.dtype)
        total = data_total = penalty = 0.0
        for start in range(0, len(X), _CHUNK):
            stop = min(start + _CHUNK, len(X))
            program = self._evaluating_program(stop - start, weighted=weights is not None)
            arena = program.arena
            arena["X"][...] = X[start:stop]
            arena["Y"][...] = Y[start:stop]
            if weights is not None:
                arena["w"][:, 0] = weights[start:stop]
            program.run()
            outputs[start:stop] = arena[self.output]
            cost = arena["J"].item()
            data_cost, penalty = (arena["C"].item(), arena["P"].item()) if "P" in arena else (cost, 0.0)
            total += cost * (stop - start)
            data_total += data_cost * (stop - start)
        return Evaluation(total / len(X), data_total / len(X), penalty, outputs)

    def knowledge(self) -> dict[str, np.ndarray]:
        """A copy of what makes the network predict as it does, by slot: its parameters and running statistics."""
        return {slot.name: self.store[slot.name].copy() for slot in self.store.slots() if slot.role in KNOWLEDGE}

    def put_back(self, knowledge: Mapping[str, np.ndarray]) -> None:
        """Predict again as when that copy was taken."""
        for name, values in knowledge.items():
            np.copyto(self.store[name], values)

    def copy_fitting_parameters(self, other: "Model") -> tuple[str, ...]:
        """Take over the values of `other`'s parameters of equal name and shape; return their names. The running
        statistics of batch normalizations come with them."""
        fitting = [
            slot.name
            for slot in self.store.slots()
            if slot.role in KNOWLEDGE and slot.name in other.store and other.store.slot(slot.name).shape == slot.shape
        ]
        for name in fitting:
            np.copyto(self.store[name], other.store[name], casting="same_kind")
        return tuple(name for name in fitting if name in self.parameters)

    def _evaluating_program(self, rows: int, *, weighted: bool) -> Program:
        kind = rows, weighted
        if kind not in self._evaluating:
            self._evaluating[kind] = self._compiler.evaluating(rows, weighted=weighted)
        return self._evaluating[kind]
