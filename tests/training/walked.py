"""Small experiments with everything that makes a run's state: for walks through time, drawn at random."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from msgspec import structs

from nnstudio.data.spec import DataSpec, InlineSource, MissingTargets, MissingUse
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.schedules import Constant, Exponential, ReduceOnPlateau
from nnstudio.engine.spec import LayerSpec, Normalization, Precision, RegularizationSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.stopping import StoppingSpec

OPTIMIZERS = (
    optimizer("adam"),
    optimizer("adamw"),
    optimizer("nadam"),
    optimizer("sgd"),
    optimizer("sgd", momentum=0.9, nesterov=True),
    optimizer("adagrad"),
)


def experiment_of(rows=7, **changed):
    table = np.random.default_rng(1).uniform(0, 1, (rows, 3)).round(3)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    usual = TrainingSpec(3, 1000, shuffle=True)
    made = Experiment(data, Network((LayerSpec(3, "tanh"), LayerSpec(1))), optimizer=optimizer("adam"), training=usual)
    return replace(made, **changed)


def with_pseudo_labels(experiment):
    """The same with classes for targets, of which two in three are missing; from the second epoch on they are lent
    some."""
    rows = experiment.data.source.rows
    targets = ("p", None, "q", None, None)
    source = InlineSource(("x1", "x2", "y"), tuple((*row[:2], targets[n % 5]) for n, row in enumerate(rows)))
    missing = MissingTargets(MissingUse.PSEUDO_LABELS, 2, 0.5)
    network = Network((*experiment.network.layers[:-1], LayerSpec(2, "softmax")))
    data = structs.replace(experiment.data, source=source, missing_targets=missing)
    training = replace(experiment.training, batch_size=2)
    return replace(experiment, data=data, network=network, cost="cross_entropy", training=training)


def with_weights(experiment):
    """The same, with what was its second input as how much each row counts."""
    return replace(experiment, data=structs.replace(experiment.data, inputs=("x1",), weight="x2"))


@st.composite
def layers(draw, size):
    normalizations = [Normalization.NONE, Normalization.NONE, Normalization.LAYER, Normalization.BATCH]
    units = draw(st.integers(1, 3))
    if units == 1:
        normalizations.remove(Normalization.LAYER)
    if size == 1:
        normalizations.remove(Normalization.BATCH)
    return LayerSpec(
        units,
        draw(st.sampled_from(["relu", "tanh"])),
        dropout=draw(st.sampled_from([0.0, 0.4])),
        normalization=draw(st.sampled_from(normalizations)),
    )


@st.composite
def experiments(draw):
    """With dropout, normalization, penalties, momentum and moments, schedules, ragged mini-batches, both precisions,
    weights of samples, pseudo-labels and early stopping."""
    rows, size = draw(st.sampled_from([(2, 1), (4, 2), (6, 3), (7, 1), (7, 3), (8, 3), (9, 9), (10, 4)]))
    ragged_by_one = rows % size == 1
    stopping = StoppingSpec(patience=1, min_delta=1.0) if draw(st.booleans()) else StoppingSpec()
    made = experiment_of(
        rows,
        network=Network((*draw(st.lists(layers(1 if ragged_by_one else size), max_size=2)), LayerSpec(1))),
        regularization=RegularizationSpec(
            draw(st.sampled_from([0.0, 0.01])),
            max_norm=draw(st.sampled_from([0.0, 1.0])),
            clip_norm=draw(st.sampled_from([0.0, 1.0])),
        ),
        optimizer=draw(st.sampled_from(OPTIMIZERS)),
        schedule=draw(st.sampled_from([Constant(), Exponential(0.8), ReduceOnPlateau(0.5, 0)])),
        training=TrainingSpec(size, 1000, draw(st.booleans()), draw(st.sampled_from(list(Precision)))),
        stopping=stopping,
        seed=draw(st.integers(0, 1000)),
    )
    made = with_weights(made) if draw(st.booleans()) else made
    return with_pseudo_labels(made) if rows >= 8 and draw(st.booleans()) else made
