"""Edits of the preparation: each does what its name in the Undo menu says."""

from dataclasses import replace

import pytest
from msgspec import structs

from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.derive import Derived
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.pipeline.words import step_words
from nnstudio.data.spec import ClassWeighting, ColumnSpec, ColumnType, DataSpec, SampleSource, SplitBy
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.data_edits import (
    add_step,
    move_step,
    remove_step,
    set_class_weights,
    set_column_specs,
    set_group,
    set_split,
    set_step,
    set_weight,
)
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.edits import Change, changes, set_columns

STEPS = (Gaps(), Encode(), Scale())
EXPERIMENT = Experiment(
    DataSpec(SampleSource("iris"), inputs=("a", "b"), targets=("y",), pipeline=STEPS), Network((LayerSpec(1),))
)


def kinds(edit) -> list[str]:
    return [type(step).__name__ for step in edit.experiment.data.pipeline]


def test_steps_are_added_removed_and_moved():
    assert kinds(add_step(EXPERIMENT, Derive())) == ["Gaps", "Encode", "Scale", "Derive"]
    assert kinds(add_step(EXPERIMENT, Derive(), 1)) == ["Gaps", "Derive", "Encode", "Scale"]
    assert kinds(remove_step(EXPERIMENT, 1)) == ["Gaps", "Scale"]
    assert kinds(move_step(EXPERIMENT, 0, 2)) == ["Encode", "Scale", "Gaps"]
    assert kinds(move_step(EXPERIMENT, 2, 0)) == ["Scale", "Gaps", "Encode"]


def test_edits_of_steps_say_what_the_step_does():
    assert add_step(EXPERIMENT, Derive()).label == "Add step: Add squares and products and sines"
    assert remove_step(EXPERIMENT, 1).label == "Remove step: Encode one-hot"
    assert move_step(EXPERIMENT, 0, 2).label == "Move step 1 to 3: Fill gaps with the mean"
    assert set_step(EXPERIMENT, 2, how=Scaler.ROBUST).label == "Step: Scale by quartiles"
    assert set_step(EXPERIMENT, 2, on=False).label == "Switch off: Standardize"


def test_a_step_is_changed_and_switched_off_in_its_place():
    assert set_step(EXPERIMENT, 1, how=Encoding.BINARY).experiment.data.pipeline[1] == Encode(how=Encoding.BINARY)
    assert set_step(EXPERIMENT, 1, on=False).experiment.data.pipeline == (Gaps(), Encode(on=False), Scale())


def test_columns_are_taken_for_something_all_at_once():
    said = ColumnSpec(type=ColumnType.CATEGORICAL)
    edit = set_column_specs(EXPERIMENT, ("a", "b"), said)
    assert edit.experiment.data.columns == {"a": said, "b": said}
    assert edit.label == "2 columns: categorical"
    back = set_column_specs(edit.experiment, ("a",), ColumnSpec())
    assert back.experiment.data.columns == {"b": said}
    assert back.label == "a: as recognized"


def test_the_split_is_set():
    edit = set_split(EXPERIMENT, by=SplitBy.GROUP, folds=5, fold=2, validation=0.25)
    split = edit.experiment.data.split
    assert (split.by, split.folds, split.fold, split.validation) == (SplitBy.GROUP, 5, 2, 0.25)
    assert edit.label == "Split: by group, Folds: 5, Fold 2, Validation: 25 %"


def test_what_weighs_or_groups_is_no_input_any_more():
    edit = set_weight(EXPERIMENT, "a")
    assert (edit.experiment.data.weight, edit.experiment.data.inputs) == ("a", ("b",))
    assert set_group(EXPERIMENT, "b").experiment.data.inputs == ("a",)
    assert set_group(EXPERIMENT, None).label == "Group: none"


def test_class_weights_are_set():
    assert set_class_weights(EXPERIMENT, ClassWeighting.BALANCED).label == "Class weights: balanced"
    edit = set_class_weights(EXPERIMENT, {"p": 2.0})
    assert (edit.label, edit.experiment.data.class_weights) == ("Class weights: by class", {"p": 2.0})


@pytest.mark.parametrize(
    "edit",
    [
        add_step(EXPERIMENT, Derive()),
        set_column_specs(EXPERIMENT, ("a",), ColumnSpec(type=ColumnType.DATE)),
        set_split(EXPERIMENT, folds=3),
        set_weight(EXPERIMENT, "w"),
        set_group(EXPERIMENT, "g"),
        set_class_weights(EXPERIMENT, ClassWeighting.BALANCED),
    ],
    ids=lambda edit: edit.label,
)
def test_each_of_them_changes_the_preparation_and_nothing_else(edit):
    assert changes(EXPERIMENT, edit.experiment) is Change.PREPARATION


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Gaps(how=Gap.DROP, mark=True), "Drop rows with gaps"),
        (Gaps(how=Gap.CONSTANT, value="none", mark=True), "Fill gaps with a constant 'none', marked"),
        (Clip(low=0.0), "Clip below 0"),
        (Clip(how=Limits.QUANTILES, low=0.05, high=0.95), "Clip below 0.05 and above 0.95 quantile"),
        (Derive(what=(Derived.SIN,)), "Add sines"),
        (Polynomial(degree=3), "Add polynomial terms up to degree 3"),
        (Polynomial(interactions_only=True), "Add products up to degree 2"),
        (Components(count=1), "1 principal component"),
        (Components(share=0.95), "Principal components for 95 % of the variance"),
        (Sample(how=Sampling.OVER), "As many training rows of each class"),
    ],
)
def test_what_a_step_does_in_few_words(step, words):
    assert step_words(step) == words


@pytest.mark.parametrize(
    ("changed", "drawn"),
    [
        ({}, False),
        ({"validation": 0.2}, True),
        ({"folds": 3}, True),
        ({"validation": 0.2, "by": SplitBy.ORDER}, False),
        ({"test": 0.2, "by": SplitBy.GROUP}, True),
    ],
)
def test_the_seed_matters_where_rows_are_drawn(changed, drawn):
    assert set_split(EXPERIMENT, **changed).experiment.data.is_drawn is drawn


def test_the_seed_matters_where_rows_are_sampled():
    assert add_step(EXPERIMENT, Sample()).experiment.data.is_drawn
    assert not add_step(EXPERIMENT, Sample(on=False)).experiment.data.is_drawn


def test_a_step_for_a_column_goes_when_the_column_is_no_input_any_more():
    steps = (Scale(columns=("a",)), Clip(columns=("a", "b"), low=0.0), Encode(), Scale(columns=("b=1",)))
    experiment = replace(EXPERIMENT, data=structs.replace(EXPERIMENT.data, pipeline=steps))
    left = (Clip(columns=("b",), low=0.0), Encode(), Scale(columns=("b=1",)))
    assert set_columns(experiment, ("b",), ("y",)).experiment.data.pipeline == left
    assert set_weight(experiment, "a").experiment.data.pipeline == left
    assert set_weight(experiment, "w").experiment.data.pipeline == steps
