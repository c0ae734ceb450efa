"""What an edit changed is found by comparing, and is exactly what it is for."""

from dataclasses import replace

import pytest

from nnstudio.data.spec import DataSpec, SampleSource
from nnstudio.engine.optimizers import Adam, Sgd
from nnstudio.engine.schedules import Cosine, Step
from nnstudio.engine.spec import LayerSpec, Precision
from nnstudio.experiment import edits
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.edits import Change

START = Experiment(
    DataSpec(SampleSource("circles")),
    Network((LayerSpec(8, "tanh"), LayerSpec(4, "relu"), LayerSpec(1, "sigmoid"))),
    parameters={"b3": [0.5]},
)

EDITS = [
    (edits.rename(START, "Rings"), Change.NAME),
    (edits.set_data(START, DataSpec(SampleSource("xor")), "Sample: xor"), Change.SOURCE),
    (edits.set_data(START, DataSpec(START.data.source, ("x1",)), "Inputs"), Change.PREPARATION),
    (edits.set_test(START, 0.2), Change.PREPARATION),
    (edits.set_layer(START, 0, units=3), Change.NETWORK | Change.PARAMETERS),
    (edits.set_layer(START, 1, units=1), Change.NETWORK | Change.PARAMETERS),
    (edits.set_layer(START, 1, activation="gelu"), Change.NETWORK),
    (edits.set_layer(START, 1, bias=False), Change.NETWORK | Change.PARAMETERS),
    (edits.add_layer(START, 1), Change.NETWORK | Change.PARAMETERS),
    (edits.remove_layer(START, 1), Change.NETWORK | Change.PARAMETERS),
    (edits.move_layer(START, 0, 1), Change.NETWORK | Change.PARAMETERS),
    (edits.set_cost(START, "mse"), Change.COST),
    (edits.set_optimizer(START, Adam(0.01)), Change.OPTIMIZER),
    (edits.set_hyperparameter(START, "learning_rate", 0.5), Change.LEARNING_RATE),
    (edits.set_hyperparameter(START, "momentum", 0.9), Change.OPTIMIZER),
    (edits.set_hyperparameter(START, "nesterov", True), Change.OPTIMIZER),
    (edits.set_schedule(START, Cosine(20.0)), Change.SCHEDULE),
    (edits.set_schedule_setting(replace(START, schedule=Step()), "gamma", 0.5), Change.SCHEDULE),
    (edits.set_regularization(START, l2=0.1), Change.REGULARIZATION),
    (edits.set_training(START, batch_size=5), Change.BATCHES),
    (edits.set_training(START, epochs=5), Change.EPOCHS),
    (edits.set_stopping(START, patience=5), Change.STOPPING),
    (edits.set_training(START, dtype=Precision.FLOAT32), Change.PRECISION),
    (edits.set_seed(START, 5), Change.SEED | Change.PARAMETERS),
    (edits.set_parameters(START, {"b3": [1.0]}, "Set b3"), Change.PARAMETERS),
]


@pytest.mark.parametrize(("edit", "change"), EDITS, ids=[str(change) for _, change in EDITS])
def test_an_edit_changes_what_it_is_for_and_nothing_else(edit, change):
    assert edits.changes(START, edit.experiment) == change
    assert START.parameters == {"b3": [0.5]}
    assert edit.label.strip()


def test_nothing_differs_from_itself():
    assert edits.changes(START, replace(START)) is Change.NOTHING


def test_a_learning_rate_or_another_end_alone_needs_no_new_run():
    assert not Change.LEARNING_RATE & Change.COMPILED
    assert not (Change.EPOCHS | Change.STOPPING) & Change.COMPILED
    assert edits.changes(START, replace(START, optimizer=Sgd(0.7))) & Change.COMPILED is Change.NOTHING


@pytest.mark.parametrize("position", range(3))
def test_a_new_layer_is_like_the_one_beside_it_and_the_output_stays(position):
    layers = edits.add_layer(START, position).experiment.network.layers
    assert len(layers) == 4
    assert layers[-1] == START.network.layers[-1]
    assert layers[position] in START.network.layers[:2]


def test_the_first_hidden_layer_of_a_bare_output_bends():
    bare = replace(START, network=Network((LayerSpec(1),)))
    assert edits.add_layer(bare, 0).experiment.network.layers == (LayerSpec(4, "tanh"), LayerSpec(1))
