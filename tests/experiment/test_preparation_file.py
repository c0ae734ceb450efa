"""How the preparation stands in the file of an experiment: written and read without loss, mistakes named."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio import resources
from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.spec import (
    ClassWeighting,
    ColumnSpec,
    DataSpec,
    FileSource,
    SampleSource,
    SplitBy,
    SplitSpec,
)
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.errors import ExperimentError
from nnstudio.training.run import build

names = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)
limits = st.none() | finite
steps = st.one_of(
    st.builds(Gaps, how=st.sampled_from(Gap), value=limits | names, mark=st.booleans()),
    st.builds(Clip, how=st.sampled_from(Limits), low=limits, high=limits),
    st.builds(Components, count=st.none() | st.integers(), share=limits, on=st.booleans()),
    *(st.from_type(kind) for kind in (Encode, Scale, Derive, Polynomial, Sample)),
)
splits = st.builds(SplitSpec, finite, finite, st.sampled_from(SplitBy), st.none() | names, st.integers(), st.integers())
specs = st.builds(
    DataSpec,
    st.builds(FileSource, names),
    columns=st.dictionaries(names, st.from_type(ColumnSpec), max_size=3),
    pipeline=st.lists(steps, max_size=4).map(tuple),
    split=splits,
    weight=st.none() | names,
    group=st.none() | names,
    class_weights=st.sampled_from(ClassWeighting) | st.dictionaries(names, st.floats(0, 9), max_size=3),
)

SPEC = DataSpec(
    SampleSource("iris"),
    split=SplitSpec(0.2),
    pipeline=(Scale(), Derive(columns=("petal width (cm)",)), Sample(), Components(share=0.95)),
    class_weights=ClassWeighting.BALANCED,
)
EXPERIMENT = Experiment(SPEC, Network((LayerSpec(3, "tanh"), LayerSpec(3, "softmax"))), cost="cross_entropy", seed=5)


@given(specs)
def test_a_preparation_is_written_and_read_without_loss(spec):
    experiment = Experiment(spec, Network(()))
    assert file.decode(file.encode(experiment)) == experiment


def test_a_step_says_what_it_is_and_all_of_its_settings():
    written = json.loads(file.encode(EXPERIMENT))["data"]["pipeline"]
    assert written[0] == {"step": "scale", "columns": [], "on": True, "how": "standardize"}
    assert [step["step"] for step in written] == ["scale", "derive", "sample", "components"]


def test_a_run_that_was_saved_is_repeated_byte_for_byte():
    first, again = build(EXPERIMENT), build(file.decode(file.encode(EXPERIMENT)))
    for run in (first, again):
        for _ in range(30):
            run.machine.run_iteration()
    assert first.model.store.family("parameters").tobytes() == again.model.store.family("parameters").tobytes()
    assert first.data.train.rows.tolist() == again.data.train.rows.tolist()


def test_weights_of_classes_reach_the_cost():
    run = build(replace(EXPERIMENT, data=DataSpec(SampleSource("iris"), class_weights={"setosa": 3.0})))
    data = run.data.train
    losses = -np.log((run.model.predict(data.X) * data.Y).sum(axis=1))
    assert run.history.train_cost[0] == pytest.approx(np.mean(np.repeat([3.0, 1.0, 1.0], 50) * losses))


MISTAKES = [
    ({"pipeline": [{"step": "scal"}]}, "$.data.pipeline[0].step: invalid value 'scal'; choose one of 'gaps', "),
    ({"pipeline": [{"how": "mean"}]}, "$.data.pipeline[0].step is missing; add it"),
    ({"pipeline": [{"step": "scale", "how": "z"}]}, "$.data.pipeline[0].how: invalid enum value 'z'; choose one of "),
    ({"pipeline": [{"step": "clip", "lo": 0}]}, "$.data.pipeline[0].lo is an unknown key; did you mean 'low'?"),
    ({"pipeline": [{"step": "clip", "low": "a"}]}, "$.data.pipeline[0].low: expected `float | null`, got `str`"),
    ({"columns": {"a": {}, "b": {"type": "int"}}}, "$.data.columns.b.type: invalid enum value 'int'; choose one of "),
    ({"columns": {"a": {"typ": "date"}}}, "$.data.columns.a.typ is an unknown key; did you mean 'type'?"),
    ({"split": {"by": "groups"}}, "$.data.split.by: invalid enum value 'groups'; choose one of 'stratified', "),
    ({"class_weights": "fair"}, "$.data.class_weights: invalid enum value 'fair'; choose one of 'none', 'balanced'"),
    ({"class_weights": {"a": "much"}}, "$.data.class_weights.a: expected `float`, got `str`"),
    ({"source": {"kind": "smple"}}, "$.data.source.kind: invalid value 'smple'; choose one of 'inline', "),
]


@pytest.mark.parametrize(("written", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_place_and_what_may_stand_there(written, message):
    data = {"source": {"kind": "sample", "name": "iris"}, **written}
    document = {"format": file.FORMAT, "data": data, "network": {"layers": []}}
    with pytest.raises(ExperimentError) as caught:
        file.decode(json.dumps(document))
    assert str(caught.value).startswith(message)


def test_the_documented_experiment_is_one():
    documented = resources.path("experiments", "README.md").read_text(encoding="utf-8")
    run = build(file.decode(documented.split("```json\n")[1].split("```")[0]))
    assert run.data.input_names == ("size", "kind=fern", "kind=oak", "day", "day weekday", "size missing")
    assert len(run.data.validation.rows) == 2


@pytest.mark.parametrize("kind", [Gaps, Encode, Clip, Scale, Derive, Polynomial, Components, Sample])
def test_every_step_is_documented_with_its_settings(kind):
    documented = resources.path("experiments", "README.md").read_text(encoding="utf-8")
    tag, listed = kind.__struct_config__.tag, documented.split("### `pipeline`")[1]
    row = next(line for line in listed.splitlines() if line.startswith(f"| `{tag}` |"))
    for setting in {*kind.__struct_fields__} - {"columns", "on"}:
        assert f"`{setting}`" in row
