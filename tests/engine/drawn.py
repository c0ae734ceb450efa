"""Experiments drawn at random from all that the engine can do, for proofs that hold for every one of them."""

import numpy as np
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, RegularizationSpec

UNIT_RANGE = (0.0, 1.0)
OPTIMIZERS = (*(kind() for kind in Optimizer.registry.values()), Sgd(momentum=0.9), Sgd(momentum=0.8, nesterov=True))
FEWEST = 3
"""Two numbers that are normalized are −1 and 1 whatever they were, and their gradients nothing but rounding."""
SCHEDULES = tuple(kind() for kind in Schedule.registry.values())


def sometimes(*values):
    """0 (off), and as often one of the values."""
    return st.one_of(st.just(0.0), st.sampled_from(values))


@st.composite
def layers(draw, activations=None, **settings):
    sigma = draw(st.sampled_from(activations or Activation.names()))
    normalization = draw(st.sampled_from(Normalization))
    least = FEWEST if normalization is Normalization.LAYER else 2 if sigma == "softmax" else 1
    return LayerSpec(
        draw(st.integers(least, 4)), sigma, bias=draw(st.booleans()), normalization=normalization, **settings
    )


@st.composite
def networks(draw, last):
    """1 to 6 layers, the last with one of the activations `last`."""
    hidden = [draw(layers(dropout=draw(sometimes(0.2, 0.5)))) for _ in range(draw(st.integers(0, 5)))]
    return NetworkSpec(draw(st.integers(1, 4)), (*hidden, draw(layers(last))))


@st.composite
def specs(draw):
    """Every activation, cost, optimizer, schedule and regularizer, in any combination that has a meaning."""
    name = draw(st.sampled_from(Cost.names()))
    last = [s for s in Activation.names() if cost(name).outputs != UNIT_RANGE or activation(s).range == UNIT_RANGE]
    network = draw(networks(last).filter(lambda drawn: name != "cross_entropy" or drawn.outputs > 1))
    regularization = RegularizationSpec(
        l1=draw(sometimes(0.05)),
        l2=draw(sometimes(0.1)),
        max_norm=draw(sometimes(0.5, 3.0)),
        clip_value=draw(sometimes(0.01, 1.0)),
        clip_norm=draw(sometimes(0.05, 1.0)),
    )
    optimizer, schedule = draw(st.sampled_from(OPTIMIZERS)), draw(st.sampled_from(SCHEDULES))
    return ModelSpec(network, name, regularization, optimizer, schedule=schedule)


@st.composite
def machines(draw):
    """A machine over such an experiment: mini-batches of 1 row up to all, the last of an epoch often smaller. Every
    second one has samples with weights."""
    spec = draw(specs())
    over_rows = any(layer.normalization is Normalization.BATCH for layer in spec.network.layers)
    least = FEWEST if over_rows else 1
    size = draw(st.integers(least, 5))
    more = draw(st.integers(least, 7)) * draw(st.booleans())
    rows = size + (more if more % size >= least else 0)
    return machine_of(spec, draw(st.integers(0, 2**32)), rows, size, weighted=draw(st.booleans()))


def machine_of(spec, seed=0, rows=5, batch_size=3, *, weighted=False):
    """Random weights, biases and data; each row of targets is positive and adds up to 1, or is one-hot. Of the weights
    of samples some are 0."""
    rng = np.random.default_rng(seed)
    model = Model(spec)
    parameters = model.store.family("parameters")
    parameters[...] = rng.normal(0, 0.7, parameters.shape)
    X = rng.normal(size=(rows, spec.network.inputs))
    Y = rng.uniform(0.05, 0.95, (rows, spec.network.outputs))
    if spec.network.outputs > 1:
        Y = Y / Y.sum(axis=1, keepdims=True) if seed % 2 else np.eye(spec.network.outputs)[Y.argmax(axis=1)]
    weights = rng.choice([0.0, 0.25, 1.0, 3.0], rows) * rng.uniform(0.5, 1.5, rows) if weighted else None
    return Machine(model, X, Y, batch_size=batch_size, shuffle=True, seed=seed % 1000, weights=weights)
