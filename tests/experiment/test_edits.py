"""Edits: each gives the next experiment and a name for the Undo menu."""

from dataclasses import replace

import pytest

from nnstudio.data.spec import InlineSource, MissingTargets, MissingUse, SampleSource, TargetKind
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.schedules import Cosine, OneCycle, Step
from nnstudio.engine.spec import Normalization, Precision
from nnstudio.experiment import edits, sample_edits
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import Change, changes
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import fit, open_sample


@pytest.fixture
def circles() -> Experiment:
    return open_sample("circles")


def test_another_sample_brings_its_own_columns_and_split_and_renames_what_was_called_after_the_data(
    circles: Experiment,
) -> None:
    edit = edits.use_sample(circles, "iris")
    assert edit.label == "Data: Iris flowers"
    assert edit.experiment.data.targets == ("species",)
    assert edit.experiment.name == "Iris flowers"


def test_another_sample_leaves_a_name_that_a_user_gave(circles: Experiment) -> None:
    named = edits.rename(circles, "My study").experiment
    assert edits.use_sample(named, "iris").experiment.name == "My study"


def test_an_experiment_that_still_has_the_name_it_came_with_takes_the_name_of_other_data() -> None:
    assert edits.use_sample(open_sample("digits_autoencoder"), "iris").experiment.name == "Iris flowers"


def test_another_sample_drops_initial_values_that_were_given_for_the_old_data() -> None:
    averages = open_sample("averages")
    assert averages.parameters is not None
    assert edits.use_sample(averages, "and").experiment.parameters is None


def test_initial_values_for_other_inputs_go_when_the_columns_change() -> None:
    from nnstudio.data import sources
    from nnstudio.data.preparation import prepare

    averages = open_sample("averages")
    one_input = edits.set_columns(averages, ("x1",), ("y",)).experiment
    table = sources.load(one_input.data.source, None)
    assert fit(one_input, prepare(table, one_input.data, 0)).parameters is None
    assert fit(averages, prepare(table, averages.data, 0)).parameters == averages.parameters


def test_columns_are_named_by_what_changed(circles: Experiment) -> None:
    assert edits.set_columns(circles, ("x1",), ("class",)).label == "Inputs: x1"
    both = edits.set_columns(circles, ("x1",), ("x2",), TargetKind.VALUES)
    assert both.label == "Inputs: x1, Target: x2, Target as values"
    many = edits.set_columns(circles, tuple("abcdef"), ("class",))
    assert many.label == "Inputs: a, b, c and 3 more"


def test_an_autoencoder_names_no_target(circles: Experiment) -> None:
    edit = edits.set_columns(circles, ("x1", "x2"), ("class",), TargetKind.INPUTS)
    assert edit.label == "Targets: the inputs themselves"
    assert edit.experiment.data.targets == ()
    back = edits.set_columns(edit.experiment, ("x1", "x2"), ("class",), TargetKind.AUTO)
    assert back.label == "Target: class, Target as auto"
    assert back.experiment == circles


def test_missing_targets_are_named_by_what_changed(circles: Experiment) -> None:
    edit = edits.set_missing_targets(circles, use=MissingUse.PSEUDO_LABELS)
    assert edit.label == "Missing targets: pseudo-labels"
    assert edit.experiment.data.missing_targets == MissingTargets(MissingUse.PSEUDO_LABELS)
    assert edits.set_missing_targets(circles, from_epoch=3).label == "Pseudo-labels from epoch 3"
    assert edits.set_missing_targets(circles, confidence=0.9).label == "Confidence: 0.9"
    assert edits.changes(circles, edit.experiment) is edits.Change.PREPARATION


def test_noise_and_rows_of_a_sample_that_is_drawn(circles: Experiment) -> None:
    noisy = sample_edits.set_noise(circles, 0.3)
    assert noisy.label == "Noise: 0.3"
    assert noisy.experiment.data.source == SampleSource("circles", noise=0.3)
    more = sample_edits.set_rows(circles, 500)
    assert more.label == "Rows: 500"
    assert more.experiment.data.source == SampleSource("circles", rows=500, noise=0.12)


def test_turns_balance_and_seed_of_a_sample_that_is_drawn() -> None:
    spirals = open_sample("spirals")
    turned = sample_edits.set_turns(spirals, 2.5)
    assert turned.label == "Turns: 2.5"
    assert turned.experiment.data.source == SampleSource("spirals", turns=2.5)
    unbalanced = sample_edits.set_balance(spirals, 0.2)
    assert unbalanced.label == "Class balance: 20 %"
    assert unbalanced.experiment.data.source == SampleSource("spirals", balance=0.2)
    drawn_anew = sample_edits.set_sample_seed(spirals, 4)
    assert drawn_anew.label == "Seed of the data: 4"
    assert drawn_anew.experiment.data.source == SampleSource("spirals", seed=4)
    assert changes(spirals, drawn_anew.experiment) == Change.SOURCE


def test_more_rows_of_a_truth_table_stay_without_noise() -> None:
    source = sample_edits.set_rows(open_sample("xor"), 8).experiment.data.source
    assert source == SampleSource("xor", rows=8, noise=0.0)


def test_only_samples_are_drawn(circles: Experiment) -> None:
    from dataclasses import replace

    from msgspec import structs

    inline = InlineSource(("x", "y"), ((1.0, 2.0), (2.0, 3.0)))
    experiment = replace(circles, data=structs.replace(circles.data, source=inline))
    with pytest.raises(ExperimentError, match="only samples"):
        sample_edits.set_noise(experiment, 0.1)


@pytest.mark.parametrize(
    ("inputs", "targets", "label"),
    [
        (False, False, "Standardize: off"),
        (True, False, "Standardize: inputs"),
        (True, True, "Standardize: inputs and targets"),
    ],
)
def test_standardizing_is_said_in_words(circles: Experiment, inputs: bool, targets: bool, label: str) -> None:
    edit = edits.set_standardize(circles, inputs=inputs, targets=targets)
    assert edit.label == label
    assert (edit.experiment.data.standardize, edit.experiment.data.standardize_targets) == (inputs, targets)


def test_labels_use_the_titles_of_things(circles: Experiment) -> None:
    labels = [
        edits.set_layer(circles, 0, units=8).label,
        edits.set_layer(circles, 0, units=1).label,
        edits.set_layer(circles, 0, activation="leaky_relu").label,
        edits.set_layer(circles, 0, initializer="he_normal").label,
        edits.set_layer(circles, 0, bias=False).label,
        edits.set_cost(circles, "half_mse").label,
        edits.set_optimizer(circles, Adam()).label,
        edits.set_hyperparameter(circles, "learning_rate", 0.05).label,
        edits.set_hyperparameter(circles, "nesterov", True).label,
        edits.set_schedule(circles, OneCycle()).label,
        edits.set_schedule_setting(replace(circles, schedule=Step()), "step_size", 20).label,
        edits.set_schedule_setting(replace(circles, schedule=Step()), "gamma", 0.5).label,
        edits.set_schedule_setting(replace(circles, schedule=Cosine()), "restarts", False).label,
        edits.set_regularization(circles, l2=0.001).label,
        edits.set_regularization(circles, clip_norm=1.0).label,
        edits.set_layer(circles, 0, dropout=0.2).label,
        edits.set_layer(circles, 0, normalization=Normalization.BATCH).label,
        edits.set_training(circles, batch_size=20).label,
        edits.set_training(circles, shuffle=False).label,
        edits.set_training(circles, dtype=Precision.FLOAT32).label,
        edits.set_stopping(circles, patience=10).label,
        edits.set_stopping(circles, target_cost=0.01, seconds=None).label,
        edits.set_stopping(circles, restore_best=False).label,
        edits.set_validation(circles, 0.3).label,
        edits.set_test(circles, 0.1).label,
        edits.set_seed(circles, 12).label,
    ]
    assert labels == [
        "Layer 1: 8 units",
        "Layer 1: 1 unit",
        "Layer 1: leaky ReLU",
        "Layer 1: He normal",
        "Layer 1: no biases",
        "Cost: half mean squared error",
        "Optimizer: Adam",
        "Learning rate: 0.05",
        "Nesterov: on",
        "Schedule: One cycle",
        "Step size: 20 epochs",
        "Factor: 0.5",
        "Restarts: off",
        "L2: 0.001",
        "Clip by norm: 1",
        "Layer 1: dropout 0.2",
        "Layer 1: batch normalization",
        "Mini-batch: 20",
        "Shuffle: off",
        "Precision: float32",
        "Patience: 10",
        "Target cost: 0.01, Time limit in seconds: off",
        "Restore the best weights: off",
        "Validation: 30 %",
        "Test: 10 %",
        "Seed: 12",
    ]


def test_one_cycle_is_as_long_as_the_training(circles: Experiment) -> None:
    longer = edits.set_training(circles, epochs=250).experiment
    assert edits.usual_schedule(longer, "one_cycle") == OneCycle(250.0)
    assert edits.usual_schedule(longer, "cosine") == Cosine()


def test_an_added_layer_is_like_the_hidden_layer_beside_it(circles: Experiment) -> None:
    layers = circles.network.layers
    added = edits.add_layer(circles, len(layers) - 1).experiment.network.layers
    assert added == (*layers[:-1], layers[-2], layers[-1])


def test_a_single_neuron_gets_a_hidden_layer_with_an_activation() -> None:
    alone = edits.remove_layer(edits.remove_layer(open_sample("circles"), 0).experiment, 0).experiment
    added = edits.add_layer(alone, 0).experiment.network.layers
    assert [layer.activation for layer in added] == ["tanh", "sigmoid"]


def test_what_changed_is_found_by_comparing(circles: Experiment) -> None:
    assert changes(circles, edits.set_validation(circles, 0.4).experiment) == Change.PREPARATION
    assert changes(circles, sample_edits.set_noise(circles, 0.4).experiment) == Change.SOURCE
    assert changes(circles, edits.set_training(circles, shuffle=False).experiment) == Change.BATCHES
