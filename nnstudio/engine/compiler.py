"""How a network, its cost and its optimizer become a flat list of operations.

Forward through the layers, the cost, backward through the layers, and the links of the optimizer: written down once,
here, in the order they run.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from .activations import Activation, activation
from .arena import Arena
from .batches import Batches
from .costs import Cost, cost
from .fusion import Fusion, fusion
from .layout import Purpose, Store, workspace
from .model_spec import ModelSpec
from .ops import Op, activating, affine, clipping, dropout, judging, loading, max_norm, normalizing, penalties, updating
from .program import Program
from .schedules import ScheduleMemory
from .spec import Normalization


class Compiler:
    """Makes programs of one model, all of them over the same store."""

    def __init__(self, spec: ModelSpec, store: Store) -> None:
        self.spec = spec
        self.store = store
        self.depth = len(spec.network.layers)

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        return tuple(activation(layer.activation) for layer in self.spec.network.layers)

    @cached_property
    def cost(self) -> Cost:
        return cost(self.spec.cost)

    @cached_property
    def fusion(self) -> Fusion | None:
        """What computes the last activation together with the cost, if these two are."""
        return fusion(self.spec.network.layers[-1].activation, self.spec.cost)

    def training(
        self,
        rows: int,
        batches: Batches,
        X: np.ndarray,
        Y: np.ndarray,
        w: np.ndarray | None = None,
        before: tuple[Op, ...] = (),
    ) -> Program:
        """One training iteration over mini-batches of so many of the rows of X and Y, and of their weights w (n × 1) if
        they have some. What has to be done `before` a mini-batch is loaded comes first."""
        arena = workspace(self.spec, self.store, rows, Purpose.TRAINING, weighted=w is not None)
        body = (*self._forward(arena, batches), *self._cost(arena), *self._backward(arena))
        update = (
            *self._clip(),
            *self._schedule(arena, batches),
            *self._update(),
            *self._limit(),
            *self._remember(arena),
        )
        return Program((*before, loading.load(arena, batches, X, Y, w), *body, *update), arena, rows)

    def evaluating(self, rows: int, *, weighted: bool = False) -> Program:
        """Forward and cost, for so many rows written to X and Y, and to w if they are `weighted`."""
        arena = workspace(self.spec, self.store, rows, Purpose.EVALUATING, weighted=weighted)
        return Program((*self._forward(arena), *self._cost(arena)), arena, rows)

    def predicting(self, rows: int) -> Program:
        """Forward operations alone, for so many inputs written to X."""
        arena = workspace(self.spec, self.store, rows, Purpose.PREDICTING)
        return Program(tuple(self._layers(arena, self.depth)), arena, rows)

    def _forward(self, arena: Arena, batches: Batches | None = None) -> Iterator[Op]:
        """All layers; a joint fusion activates the last one. Only with `batches`, to draw from, is anything dropped."""
        joint = self.fusion is not None and self.fusion.joint
        return self._layers(arena, self.depth - 1 if joint else self.depth, batches)

    def _layers(self, arena: Arena, activated: int, batches: Batches | None = None) -> Iterator[Op]:
        """The weighted sums of all layers and the activations of the first `activated`."""
        for layer, (spec, sigma) in enumerate(zip(self.spec.network.layers, self.activations, strict=True), 1):
            yield affine.affine(arena, layer)
            if spec.normalized:
                yield from normalizing.forward(arena, layer)
            if layer <= activated:
                yield activating.activate(arena, layer, sigma)
            if spec.dropout and batches is not None:
                yield dropout.mask(arena, layer, spec.dropout, batches.generator)
                yield dropout.drop(arena, layer)

    def _cost(self, arena: Arena) -> Iterator[Op]:
        regularization, store = self.spec.regularization, self.store
        target = "C" if regularization.penalizes else "J"
        if self.fusion is not None:
            yield judging.fused_cost(arena, self.depth, self.fusion, target)
        else:
            yield judging.cost(arena, self.depth, self.cost, target)
        if regularization.penalizes:
            yield penalties.penalty(arena, regularization, store.weights, store.weight_names)
            yield penalties.total_cost(arena)

    def _backward(self, arena: Arena) -> Iterator[Op]:
        regularization, store = self.spec.regularization, self.store
        if regularization.penalizes:
            yield penalties.penalty_gradient(arena, regularization, store.weights, store.weight_names)
        for layer in range(self.depth, 0, -1):
            yield from self._through_activation(arena, layer)
            if self.spec.network.layers[layer - 1].normalized:
                yield from normalizing.backward(arena, layer)
            yield affine.weight_gradient(arena, layer)
            if f"b{layer}" in store:
                yield affine.bias_gradient(arena, layer)
            if layer > 1:
                yield affine.input_gradient(arena, layer)

    def _through_activation(self, arena: Arena, layer: int) -> Iterator[Op]:
        """From the cost, or from the layer after, to what the activation of this layer bends."""
        if layer == self.depth and self.fusion is not None:
            yield judging.fused_gradient(arena, layer, self.fusion)
            return
        if self.spec.network.layers[layer - 1].dropout:
            yield dropout.dropout_gradient(arena, layer)
        if layer == self.depth:
            yield judging.cost_gradient(arena, layer, self.cost)
        yield activating.activation_gradient(arena, layer, self.activations[layer - 1])

    def _clip(self) -> Iterator[Op]:
        regularization = self.spec.regularization
        gradient = "d"
        if regularization.clip_value:
            yield clipping.clip(self.store, regularization.clip_value)
            gradient = "cd"
        if regularization.clip_norm:
            yield clipping.norm(self.store, gradient)
            yield clipping.scale_down(self.store, gradient, regularization.clip_norm)

    def _schedule(self, arena: Arena, batches: Batches) -> Iterator[Op]:
        if self.spec.schedule.varies:
            base, rate, cost, remembered = arena["alpha0"], arena["alpha"], arena["J"], self.store.remembered
            memory = ScheduleMemory(base, rate, cost, remembered, batches.per_epoch)
            yield from map(updating.schedule, self.spec.schedule.chain(memory))

    def _update(self) -> Iterator[Op]:
        store, optimizer = self.store, self.spec.optimizer
        names = {"θ": store.parameters, "g": store.of_parameters(store.gradient), "α": ("alpha",)}
        names |= {key: store.of_parameters(key) for key in optimizer.state_families}
        return (updating.update(link, names, store.gradient) for link in optimizer.chain(store.memory))

    def _limit(self) -> Iterator[Op]:
        if self.spec.regularization.max_norm:
            for layer in range(1, self.depth + 1):
                yield max_norm.limit(self.store, layer, self.spec.regularization.max_norm)

    def _remember(self, arena: Arena) -> Iterator[Op]:
        for layer, spec in enumerate(self.spec.network.layers, 1):
            if spec.normalization is Normalization.BATCH:
                yield from normalizing.remember(arena, layer)
