"""Opening: an experiment's file, a sample, or a table that gets an experiment suited to it."""

import numpy as np
import pytest

from nnstudio import resources
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PartName
from nnstudio.data.samples import SAMPLES
from nnstudio.engine.optimizers import Optimizer
from nnstudio.experiment import file
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.examples import EXAMPLES
from nnstudio.experiment.open import open_file, open_sample
from nnstudio.training.metrics import Metric
from nnstudio.training.run import build


def table(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_opens_under_its_title_and_learns(name):
    run = build(open_sample(name))
    assert run.experiment.name == EXAMPLES[name].title
    for _ in range(20 * run.machine.batches.per_epoch):
        run.machine.run_iteration()
    run.record_epoch()
    assert run.history.train_cost[-1] < run.history.train_cost[0]


def test_an_unknown_sample_names_the_ones_there_are():
    with pytest.raises(DataError, match="there is no sample 'irsi'; did you mean 'iris'"):
        open_sample("irsi")


def test_there_is_an_example_for_each_file_that_comes_with_the_program_and_for_each_sample():
    names = {path.name.removesuffix(file.SUFFIX) for path in resources.path("experiments").glob("*.json")}
    assert names == set(EXAMPLES)
    assert list(SAMPLES) == [name for name in EXAMPLES if name in SAMPLES]


def test_the_autoencoder_of_the_digits_learns_to_put_out_its_inputs_through_eight_neurons():
    run = build(open_sample("digits_autoencoder"))
    assert 8 in run.model.spec.network.widths
    for _ in range(20 * run.machine.batches.per_epoch):
        run.machine.run_iteration()
    inputs = run.data.validation.X
    left = np.sum((run.model.predict(inputs) - inputs) ** 2) / np.sum((inputs - inputs.mean(axis=0)) ** 2)
    assert left < 0.35, "the best linear one, by principal components, leaves about a third"
    run.record_epoch()
    assert run.history.of(PartName.VALIDATION, Metric.R2)[-1] == pytest.approx(1 - left, abs=0.01)


def test_an_experiment_s_file_is_opened_as_it_is(tmp_path):
    path = tmp_path / "x.nns.json"
    file.save(open_sample("xor"), path)
    assert open_file(path) == open_sample("xor")


@pytest.mark.parametrize(
    ("rows", "sigma", "cost", "units"),
    [
        ([f"{i},{i * i}" for i in range(60)], "identity", "half_mse", 1),
        ([f"{i},{i % 2}" for i in range(60)], "sigmoid", "binary_cross_entropy", 1),
        ([f"{i},{'abc'[i % 3]}" for i in range(60)], "softmax", "cross_entropy", 3),
        (["1,2", "2,4", "3,6"], "identity", "half_mse", 1),
    ],
)
def test_a_table_gets_an_output_that_suits_its_targets(tmp_path, rows, sigma, cost, units):
    experiment = open_file(table(tmp_path / "table.csv", "x,y", rows))
    last = experiment.network.layers[-1]
    assert (last.activation, experiment.cost, last.units) == (sigma, cost, units)
    assert experiment.name == "table"
    assert experiment.data.split.validation == (0.2 if len(rows) >= 50 else 0)
    run = build(experiment)
    run.machine.run_iteration()
    assert isinstance(experiment.optimizer, Optimizer)


def test_a_project_says_that_it_cannot_be_opened_yet(tmp_path):
    with pytest.raises(DataError, match="is a project; here an experiment"):
        open_file(tmp_path / "x.nnstudio")


def test_a_missing_experiment_is_missed_by_its_name(tmp_path):
    with pytest.raises(ExperimentError, match=r"there is no file .*gone\.nns\.json"):
        open_file(tmp_path / "gone.nns.json")
