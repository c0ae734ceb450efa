"""Experiment files: written and read without loss, defaults for what is left out, and the place of every mistake."""

import json
import os
import stat
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.errors import DataError
from nnstudio.data.spec import Colour, DataSpec, FileSource, InlineSource, Reading, SampleSource, SplitSpec, TargetKind
from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer, Sgd, optimizer
from nnstudio.engine.schedules import Constant, Cosine, ReduceOnPlateau, Schedule, Step, schedule
from nnstudio.engine.spec import LayerSpec, Normalization, Precision, RegularizationSpec, SpecError
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.stopping import StoppingSpec
from nnstudio.training.run import build

REFUSALS = (DataError, SpecError, ExperimentError)

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
finite = st.floats(allow_nan=False, allow_infinity=False)
share = st.floats(0, 0.9)
cell = finite | text
names = st.lists(text, max_size=3).map(tuple)
readings = st.builds(
    Reading,
    delimiter=st.none() | text,
    header=st.none() | st.booleans(),
    size=st.none() | st.tuples(st.integers(1, 999), st.integers(1, 999)),
    colour=st.none() | st.sampled_from(Colour),
)
sources = st.one_of(
    st.builds(InlineSource, names, st.lists(st.lists(cell, max_size=3).map(tuple), max_size=3).map(tuple)),
    st.builds(SampleSource, text, st.none() | st.integers(1, 99), st.none() | finite, st.integers(0, 2**62)),
    st.builds(FileSource, text, readings),
)
layers = st.builds(
    LayerSpec,
    st.integers(1, 10**6),
    st.sampled_from(Activation.names()),
    st.sampled_from(Initializer.names()),
    st.booleans(),
    share,
    st.sampled_from(Normalization),
)
rates = st.floats(1e-12, 1e6)
optimizers = st.one_of(
    st.builds(optimizer, st.sampled_from(Optimizer.names()), learning_rate=rates),
    st.builds(Sgd, rates, st.floats(0.01, 0.99), st.booleans()),
)
schedules = st.one_of(
    st.builds(schedule, st.sampled_from(Schedule.names())),
    st.builds(Step, st.integers(1, 999), st.floats(0.01, 1)),
    st.builds(Cosine, st.floats(0.1, 999), share, st.booleans(), st.integers(1, 100)),
    st.builds(ReduceOnPlateau, st.floats(0.01, 0.99), st.integers(0, 99), share, st.integers(0, 99), share),
)
parameters = st.dictionaries(st.sampled_from(["W1", "b1", "W2"]), st.lists(st.lists(finite, max_size=3), max_size=3))
experiments = st.builds(
    Experiment,
    data=st.builds(
        DataSpec, sources, names, names, st.booleans(), st.builds(SplitSpec, share, share), st.sampled_from(TargetKind)
    ),
    network=st.builds(Network, st.lists(layers, max_size=3).map(tuple)),
    name=text,
    cost=st.sampled_from(Cost.names()),
    regularization=st.builds(RegularizationSpec, share, share, share, share, share),
    optimizer=optimizers,
    schedule=schedules,
    training=st.builds(
        TrainingSpec, st.integers(1, 999), st.integers(1, 999), st.booleans(), st.sampled_from(Precision)
    ),
    stopping=st.builds(
        StoppingSpec, st.none() | share, st.none() | st.integers(1, 99), share, st.booleans(), st.none() | rates
    ),
    seed=st.integers(0, 2**62),
    parameters=st.none() | parameters,
)


@given(experiments)
def test_an_experiment_is_written_and_read_without_loss(experiment):
    assert file.decode(file.encode(experiment)) == experiment


@given(experiments)
def test_the_text_is_json_that_begins_with_its_format(experiment):
    written = file.encode(experiment).decode()
    assert next(iter(json.loads(written))) == "format"
    assert written.endswith("}\n")


@pytest.mark.parametrize("name", ["a [ 1 ] b", "[\n 1\n ]", '[ "x" ]', "ﬁn — 終\u2028", '\\"[  ]'])
def test_laying_out_lists_leaves_texts_alone(name):
    source = InlineSource(("x", name), ((1.0, name), (2.0, "[ ]")))
    experiment = Experiment(DataSpec(source), Network((LayerSpec(1),)), name=name)
    assert file.decode(file.encode(experiment)) == experiment


def test_rows_of_numbers_stand_on_one_line_each():
    experiment = Experiment(
        DataSpec(SampleSource("iris")), Network((LayerSpec(1),)), parameters={"W1": [[1, 2], [3, 4]], "b1": [0]}
    )
    assert "      [1, 2],\n" in file.encode(experiment).decode()


SMALL = {
    "format": "nnstudio-experiment/1",
    "data": {"source": {"kind": "inline", "columns": ["x", "y"], "rows": [[0, 0], [1, 1], [2, 0], [3, 1]]}},
    "network": {"layers": [{"units": 2}, {"units": 1}]},
}


def changed(place, value):
    """The small experiment with one thing changed: "training.batch_size"."""
    document = json.loads(json.dumps(SMALL))
    at, *keys = document, *place.split(".")
    for key in keys[:-1]:
        at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
    at[int(keys[-1]) if isinstance(at, list) else keys[-1]] = value
    return document


def test_only_format_data_and_network_are_required_and_the_rest_has_the_documented_defaults():
    experiment = file.decode(json.dumps(SMALL))
    assert experiment == Experiment(
        data=DataSpec(
            InlineSource(("x", "y"), ((0.0, 0.0), (1.0, 1.0), (2.0, 0.0), (3.0, 1.0))),
            inputs=(),
            targets=(),
            standardize=False,
            split=SplitSpec(0.0, 0.0),
        ),
        network=Network(
            (LayerSpec(2, "identity", "xavier_uniform", True), LayerSpec(1, "identity", "xavier_uniform", True))
        ),
        name="Untitled",
        cost="half_mse",
        regularization=RegularizationSpec(0.0, 0.0),
        optimizer=Sgd(0.01, 0.0, False),
        schedule=Constant(),
        training=TrainingSpec(32, 100, True, Precision.FLOAT64),
        stopping=StoppingSpec(target_cost=None, patience=None, min_delta=0.0, restore_best=True, seconds=None),
        seed=0,
        parameters=None,
    )


def test_the_usual_batch_size_means_all_rows_where_there_are_fewer():
    run = build(file.decode(json.dumps(SMALL)))
    run.machine.run_iteration()
    assert len(run.machine.batches.rows) == 4
    assert run.machine.epochs == 1


@pytest.mark.parametrize("key", ["format", "data", "network"])
def test_what_is_required_is_missed_by_name(key):
    document = {k: v for k, v in SMALL.items() if k != key}
    with pytest.raises(ExperimentError, match=rf"\$\.{key} is missing"):
        file.decode(json.dumps(document))


PLACES = [
    ("sed", 1, r"\$\.sed is an unknown key; did you mean 'seed'\?"),
    ("network.layers.1.unitz", 3, r"\$\.network\.layers\[1\]\.unitz is an unknown key; did you mean 'units'\?"),
    ("network.depth", 3, r"\$\.network\.depth is an unknown key; known keys are layers"),
    ("training.batchsize", 3, r"\$\.training\.batchsize is an unknown key; did you mean 'batch_size'\?"),
    ("regularization.l3", 3, r"\$\.regularization\.l3 is an unknown key"),
    ("data.split.validatoin", 0.1, r"\$\.data\.split\.validatoin is an unknown key"),
    ("data.source.path", "x", r"\$\.data\.source\.path is an unknown key"),
    ("optimizer", {"name": "sgd", "learnin_rate": 1}, r"\$\.optimizer\.learnin_rate is an unknown key; did you mean"),
    ("optimizer", {"name": "sgdd"}, r"\$\.optimizer: there is no optimizer 'sgdd'; did you mean 'sgd'"),
    ("optimizer", {}, r"\$\.optimizer: expected an object with a name"),
    ("optimizer", "sgd", r"\$\.optimizer: expected an object with a name"),
    ("optimizer", {"name": "sgd", "nesterov": True}, r"\$\.optimizer: nesterov needs a momentum above 0"),
    ("optimizer", {"name": "sgd", "nesterov": "yes"}, r"\$\.optimizer: nesterov is 'yes'; it must be true or false"),
    ("optimizer", {"name": "sgd", "learning_rate": 0}, r"\$\.optimizer: learning_rate is 0; it must be above 0"),
    ("optimizer", {"name": "sgd", "learning_rate": -1}, r"\$\.optimizer: learning_rate is -1; it must be above 0"),
    ("optimizer", {"name": "sgd", "learning_rate": 1e308}, r"\$\.optimizer: learning_rate is 1e\+308; it must be"),
    ("optimizer", {"name": "sgd", "learning_rate": 10**400}, r"\$\.optimizer: learning_rate has 401 digits"),
    ("optimizer", {"name": "sgd", "learning_rate": [1]}, r"\$\.optimizer: learning_rate is \[1\]; it must be a number"),
    (
        "schedule",
        {"name": "step", "every": 1},
        r"\$\.schedule\.every is an unknown key; known keys are name, step_size",
    ),
    ("schedule", {"name": "cosin"}, r"\$\.schedule: there is no schedule 'cosin'; did you mean 'cosine'"),
    ("schedule", "cosine", r'\$\.schedule: expected an object with a name, as in {"name": "step"'),
    ("schedule", {"name": "step", "step_size": 1.5}, r"\$\.schedule: step_size is 1\.5; it must be a whole number"),
    ("seed", "x", r"\$\.seed: expected `int`, got `str`"),
    ("seed", 1.5, r"\$\.seed: expected `int`, got `float`"),
    ("seed", True, r"\$\.seed: expected `int`, got `bool`"),
    ("seed", -1, r"\$\.seed is -1; it must be a whole number from 0 on"),
    ("seed", 10**30, r"\$\.seed is 10+; it must be a whole number from 0 on, below 2\^63"),
    ("name", None, r"\$\.name: expected `str`, got `null`"),
    ("network", [], r"\$\.network: expected `object`, got `array`"),
    ("network.layers.0.units", "many", r"\$\.network\.layers\[0\]\.units: expected `int`"),
    ("network.layers.0", {}, r"\$\.network\.layers\[0\]\.units is missing; add it"),
    (
        "training.dtype",
        "float16",
        r"\$\.training\.dtype: invalid enum value 'float16'; choose one of 'float64', 'float32'$",
    ),
    ("network.layers.0.normalization", "group", r"value 'group'; choose one of 'none', 'batch', 'layer'$"),
    ("training.batch_size", 0, r"\$\.training\.batch_size is 0; it must be at least 1"),
    ("training.epochs", 0, r"\$\.training\.epochs is 0; it must be from 1 to 1,000,000,000"),
    ("stopping.patient", 3, r"\$\.stopping\.patient is an unknown key; did you mean 'patience'\?"),
    ("stopping.target_cost", -1, r"\$\.stopping\.target_cost is -1; it must be at least 0, or null for none"),
    ("stopping.patience", 0, r"\$\.stopping\.patience is 0; it must be at least 1 epoch, or null"),
    ("stopping.patience", 1.5, r"\$\.stopping\.patience: expected `int \| null`, got `float`"),
    ("stopping.min_delta", -0.1, r"\$\.stopping\.min_delta is -0\.1; it must be at least 0"),
    ("stopping.seconds", 0, r"\$\.stopping\.seconds is 0; it must be more than 0, or null for no limit"),
    ("data.source.kind", "inlin", r"\$\.data\.source\.kind: invalid value 'inlin'"),
    ("data.source.rows", [[[], 1]], r"\$\.data\.source\.rows\[0\]\[0\]: expected `float \| str \| null`, got `array`"),
    ("data.target_kind", "input", r"\$\.data\.target_kind: invalid enum value 'input'"),
    ("data.missing_targets", "leave_out", r"\$\.data\.missing_targets: expected `object`, got `str`"),
    ("data.missing_targets", {"use": "drop"}, r"\$\.data\.missing_targets\.use: invalid enum value 'drop'"),
    ("data.missing_targets", {"epoch": 3}, r"\$\.data\.missing_targets\.epoch is an unknown key"),
    ("data.missing_targets", {"from_epoch": 0}, r"\$\.data\.missing_targets\.from_epoch is 0; it must be from 1 to"),
    ("data.missing_targets", {"from_epoch": 1.5}, r"\$\.data\.missing_targets\.from_epoch: expected `int`"),
    ("data.missing_targets", {"confidence": 0.4}, r"confidence is 0\.4; it must be at least 0\.5 and at most 1"),
    ("data.missing_targets", {"confidence": 95}, r"confidence is 95; it must be at least 0\.5 and at most 1"),
    ("regularization.l1", 10**400, r"\$\.regularization\.l1"),
    (
        "format",
        "nnstudio-experiment/2",
        r"'nnstudio-experiment/2', but this program reads .* install a newer NN Studio",
    ),
    ("format", "onnx", r"\$\.format is 'onnx', which is not an experiment"),
    ("format", 1, r"\$\.format is 1, which is not an experiment"),
]


@pytest.mark.parametrize(("place", "value", "message"), PLACES)
def test_a_mistake_in_the_file_is_named_with_its_place(place, value, message):
    with pytest.raises(ExperimentError, match=message) as found:
        file.decode(json.dumps(changed(place, value)))
    assert "\n" not in str(found.value)


TOGETHER = [
    ("network.layers.0.units", 10**9, "3,000,000,001 parameters"),
    ("network.layers.0.units", 10**30, "parameters"),
    ("network.layers", [], "the network has no layers"),
    ("network.layers", [{"units": 1}] * 10_001, "the network has 10,001 layers; at most 10,000 are possible"),
    ("network.layers.1.activation", "softmax", "layer 2: softmax over one unit is always 1; use sigmoid"),
    ("network.layers.0.activation", "rellu", "layer 1: there is no activation 'rellu'; did you mean 'relu'"),
    ("network.layers.1.units", 2, "the output layer has 2 units, but the data have 1 target column; give layer 2 1"),
    ("cost", "cross_entropy", "cross_entropy over one output asks nothing of it where .* use binary_cross_entropy"),
    ("cost", "binary_cross_entropy", "needs outputs between 0 and 1, and identity can leave them; use sigmoid"),
    ("cost", "half_mes", "there is no cost 'half_mes'; did you mean 'half_mse'"),
    ("regularization.l2", -0.1, "l2 is -0.1; it must be at least 0"),
    ("training.batch_size", 5, r"\$\.training\.batch_size is 5, more than the 4 training rows; use at most 4"),
    ("parameters", {"W3": [[1]]}, r"\$\.parameters\.W3 is not a parameter of this network; it has W1, W2, b1, b2"),
    ("parameters", {"W1": [[1, 2]]}, r"\$\.parameters\.W1 has the shape 1 × 2; this network needs 2 × 1"),
    ("parameters", {"W1": [[1], [1, 2]]}, r"\$\.parameters\.W1 has the shape 2; this network needs 2 × 1"),
    ("parameters", {"b1": 3}, r"\$\.parameters\.b1 has the shape a single value; this network needs 2"),
    ("parameters", {"W1": [["1"], [2]]}, r"\$\.parameters\.W1\[0\]\[0\] is '1'; it must be a finite number"),
    ("parameters", {"W1": [[1], [True]]}, r"\$\.parameters\.W1\[1\]\[0\] is 'True'; it must be a finite number"),
    ("parameters", {"W1": [[1], [None]]}, r"\$\.parameters\.W1\[1\]\[0\] is 'None'; it must be a finite number"),
    ("parameters", {"W1": [[1], [{}]]}, r"\$\.parameters\.W1\[1\]\[0\] is '{}'; it must be a finite number"),
    ("parameters", {"W1": [[1], [10**400]]}, r"\$\.parameters\.W1\[1\]\[0\] is '10+'; it must be a finite number"),
    ("parameters", {"W1": "all ones"}, r"\$\.parameters\.W1 has the shape a single value"),
]


@pytest.mark.parametrize(("place", "value", "message"), TOGETHER)
def test_what_cannot_run_is_refused_with_the_reason(place, value, message):
    with pytest.raises(REFUSALS, match=message) as found:
        build(file.decode(json.dumps(changed(place, value))))
    assert "\n" not in str(found.value)


def test_a_key_that_stands_twice_is_refused_instead_of_taking_the_last():
    text = json.dumps(SMALL).replace('"units": ', '"units": 7, "units": ', 1)
    with pytest.raises(ExperimentError, match="the key 'units' stands twice in the same object; keep one of them"):
        file.decode(text)


def test_targets_outside_the_cost_s_domain_are_named_by_row_and_column():
    document = changed("data.source.rows", [[0, 0], [1, 1], [2, 1.5]])
    document["network"]["layers"][1]["activation"] = "sigmoid"
    document["cost"] = "binary_cross_entropy"
    with pytest.raises(ExperimentError, match=r"targets between 0 and 1, but row 3 of 'y' is 1\.5; use another cost"):
        build(file.decode(json.dumps(document)))


def test_numbers_beyond_single_precision_are_named_by_row_and_column():
    document = changed("data.source.rows", [[0, 0], [1e300, 1]])
    document["training"] = {"dtype": "float32"}
    with pytest.raises(ExperimentError, match=r"row 2 of 'x' is 1e\+300, too large for float32; set \$\.training"):
        build(file.decode(json.dumps(document)))
    document = changed("parameters", {"W1": [[1e300], [0]]})
    document["training"] = {"dtype": "float32"}
    with pytest.raises(ExperimentError, match=r"W1\[0\]\[0\] is '1e\+300'; it must be a finite number in float32"):
        build(file.decode(json.dumps(document)))


def test_given_parameters_are_the_initial_values_and_the_others_are_drawn():
    given_values = changed("parameters", {"W1": [[0.5], [-1]], "b2": [3]})
    run, drawn = build(file.decode(json.dumps(given_values))), build(file.decode(json.dumps(SMALL)))
    assert run.machine.value("W1").tolist() == [[0.5], [-1]]
    assert run.machine.value("b2").tolist() == [3]
    assert run.machine.value("W2").tolist() == drawn.machine.value("W2").tolist()


HOSTILE = {
    "nothing": b"",
    "zeros": b"\0" * 50,
    "not text": b"\xff\xfe\x00{",
    "cut off": json.dumps(SMALL).encode()[:-20],
    "not an object": b"[1, 2]",
    "a number": b"7",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep parameters": json.dumps(SMALL).encode()[:-1] + b', "parameters": {"W1": ' + b"[" * 500 + b"]" * 500 + b"}}",
    "NaN": json.dumps(SMALL).encode()[:-1] + b', "seed": NaN}',
    "Infinity": json.dumps(SMALL).encode()[:-1] + b', "optimizer": {"name": "sgd", "learning_rate": Infinity}}',
    "1e999": json.dumps(SMALL).encode()[:-1] + b', "optimizer": {"name": "sgd", "learning_rate": 1e999}}',
}


NO_JSON = {
    b'{\n"seed": NaN}': "line 2, column 9: NaN is no number in JSON; write an ordinary number",
    b'{\n"seed": nan, "name": ""}': "line 2, column 9: nan is no number in JSON; write an ordinary number",
    b'{"name": "NaN", "seed": -Infinity}': "line 1, column 25: -Infinity is no number in JSON",
    b'{"name": "1e500",\n"seed": 1e400}': "line 2, column 9: 1e400 is too large; write a number of ordinary size",
    '{"name": "Ä",\n "unit": "Ω'.encode() + b'\xe9"}': "line 2, column 12: there is a character that is not UTF-8",
    '{"name": "Ä" 1}'.encode(): "not a JSON document: expected ',' or '}' at line 1, column 14; was it cut off",
}


@pytest.mark.parametrize(("written", "message"), NO_JSON.items())
def test_what_is_no_json_is_told_with_its_line(written, message):
    with pytest.raises(ExperimentError) as found:
        file.decode(written)
    assert str(found.value).startswith(message)


@pytest.mark.parametrize("written", HOSTILE.values(), ids=HOSTILE)
def test_no_text_makes_it_fall_over(written):
    with pytest.raises(REFUSALS) as found:
        build(file.decode(written))
    assert "\n" not in str(found.value)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fall_over(written):
    with pytest.raises(ExperimentError):
        file.decode(written)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    *("data", "network", "name", "cost", "regularization", "optimizer", "training", "seed", "parameters"),
    *("data.source", "data.inputs", "data.split", "data.split.test", "data.source.rows", "data.source.columns"),
    *("network.layers", "network.layers.0", "network.layers.0.units", "network.layers.1.activation"),
    *("network.layers.0.initializer", "network.layers.1.bias", "regularization.l1", "optimizer.name"),
    *("stopping", "stopping.target_cost", "stopping.patience", "stopping.restore_best", "stopping.seconds"),
    *("training.batch_size", "training.epochs", "training.shuffle", "training.dtype", "parameters.W1", "parameters.b2"),
]


@given(st.sampled_from(PATHS), anything)
def test_whatever_stands_in_a_place_it_runs_or_is_refused(place, value):
    try:
        run = build(file.decode(json.dumps(changed(place, value))))
    except REFUSALS:
        return
    run.machine.step()


def test_a_file_is_saved_and_loaded(tmp_path):
    experiment = file.decode(json.dumps(SMALL))
    path = tmp_path / "small.nns.json"
    file.save(experiment, path)
    assert file.load(path) == experiment
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_saving_over_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "small.nns.json"
    path.write_text("{}")
    path.chmod(0o600)
    file.save(file.decode(json.dumps(SMALL)), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "small.nns.json"
    path.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExperimentError, match="cannot be written: no space left on device; save it in another folder"):
        file.save(file.decode(json.dumps(SMALL)), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_a_file_to_save_or_load(tmp_path):
    folder = tmp_path / "folder.nns.json"
    folder.mkdir()
    with pytest.raises(ExperimentError, match="cannot be written"):
        file.save(file.decode(json.dumps(SMALL)), folder)
    assert list(tmp_path.iterdir()) == [folder]
    with pytest.raises(ExperimentError, match="is a folder; choose a file in it"):
        file.load(folder)
    with pytest.raises(ExperimentError, match=r"there is no file .*; check its name"):
        file.load(tmp_path / "missing.nns.json")


def test_a_mistake_in_a_loaded_file_begins_with_its_name(tmp_path):
    path = tmp_path / "mine.nns.json"
    path.write_text(json.dumps(changed("sed", 1)))
    with pytest.raises(ExperimentError, match=r"^mine\.nns\.json: \$\.sed is an unknown key"):
        file.load(path)


def test_experiments_are_equal_by_value():
    experiment = file.decode(json.dumps(SMALL))
    assert replace(experiment) == experiment
    assert replace(experiment, seed=1) != experiment


def test_a_byte_order_mark_is_passed_over(tmp_path) -> None:
    path = tmp_path / "marked.nns.json"
    experiment = Experiment(DataSpec(SampleSource("xor")), Network((LayerSpec(1),)))
    path.write_bytes(b"\xef\xbb\xbf" + file.encode(experiment))
    assert file.load(path) == experiment
