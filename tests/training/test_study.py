"""One row by itself: its numbers are those of the network, and the run never notices."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio import resources
from nnstudio.data import sources
from nnstudio.data.preparation import PartName, prepare
from nnstudio.engine.machine import Freshness
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.document import Network
from nnstudio.experiment.open import open_file, open_sample
from nnstudio.training.debugger import Debugger, Goal
from nnstudio.training.places import Place, places_of
from nnstudio.training.run import Run, build
from nnstudio.training.study import Study, obstacle


def trained(sample: str = "circles", **layer: object) -> Run:
    experiment = open_sample(sample)
    first, *others = experiment.network.layers
    network = Network((replace(first, **layer), *others))
    debugger = Debugger(build(replace(experiment, network=network)))
    for _ in range(2):
        debugger.train(Goal.EPOCH)
    debugger.step_over()
    debugger.step_over()
    return debugger.run


def bytes_of(run: Run) -> list[bytes]:
    state = run.machine.state()
    families = [state.store, *state.workspaces.values()]
    return [flat.tobytes() for family in families for flat in family.values()]


@pytest.mark.parametrize("part", [PartName.TRAINING, PartName.VALIDATION])
def test_the_outputs_are_what_the_network_predicts(part: PartName) -> None:
    run = trained()
    study = Study(run, Place(part, 0))
    expected = run.model.predict(run.data.part(part).X)
    for row in range(len(expected)):
        study.look_at(Place(part, row))
        assert study.run.machine.value(study.run.model.output)[0] == pytest.approx(expected[row], abs=1e-12)
        assert study.table_row == run.data.part(part).rows[row]
        assert study.run.machine.rows.tolist() == [study.table_row]


def test_the_run_goes_on_as_if_nobody_had_looked() -> None:
    run = trained()
    before, where = bytes_of(run), (run.machine.pc, run.machine.iterations)
    data = [run.data.part(part).X.copy() for part in run.data.parts]
    study = Study(run, Place(PartName.TRAINING, 3))
    for place in places_of(run.data):
        study.look_at(place)
    assert bytes_of(run) == before
    assert (run.machine.pc, run.machine.iterations) == where
    assert all(np.array_equal(run.data.part(part).X, X) for part, X in zip(run.data.parts, data, strict=True))


def test_every_gradient_is_that_of_the_rows_own_cost() -> None:
    run = trained()
    study = Study(run, Place(PartName.VALIDATION, 5))
    machine, store = study.run.machine, run.model.store
    X, Y = run.data.validation.X[5:6], run.data.validation.Y[5:6]
    step = 1e-6
    for slot in run.model.parameters:
        for index in np.ndindex(store[slot].shape):
            value, costs = store[slot][index], []
            for moved in (value + step, value - step):
                store[slot][index] = moved
                costs.append(run.model.evaluate(X, Y).cost)
            store[slot][index] = value
            slope = (costs[0] - costs[1]) / (2 * step)
            assert machine.value(f"d{slot}")[index] == pytest.approx(slope, rel=1e-5, abs=1e-8)
            assert machine.freshness(f"d{slot}") is Freshness.FRESH


def test_it_follows_the_parameters() -> None:
    run = trained()
    study = Study(run, Place(PartName.TRAINING, 0))
    run.model.store["W1"][...] += 0.5
    study.follow()
    expected = run.model.predict(run.data.train.X[:1])[0]
    assert study.run.machine.value(study.run.model.output)[0] == pytest.approx(expected, abs=1e-12)


def test_dropout_leaves_nothing_out() -> None:
    run = trained(dropout=0.5)
    study = Study(run, Place(PartName.TRAINING, 0))
    expected = run.model.predict(run.data.train.X[:1])[0]
    assert study.run.machine.value(study.run.model.output)[0] == pytest.approx(expected, abs=1e-12)
    assert "M1" not in study.run.machine.program.arena


def test_operations_are_found_by_what_they_write() -> None:
    run = trained(dropout=0.5)
    study = Study(run, Place(PartName.TRAINING, 0))
    ops, own = run.machine.program.ops, study.run.machine.program.ops
    for index, op in enumerate(ops):
        found = study.operation(index)
        if found is not None:
            assert set(own[found].writes) & set(op.writes)
    assert study.operation(len(ops) - 1) is None
    assert [op.layer for op in ops if study.operation(ops.index(op)) is None][:1] == [1]


def test_layer_normalization_can_be_studied_and_batch_normalization_says_why_not() -> None:
    assert obstacle(trained(normalization=Normalization.LAYER)) == ""
    assert "Batch normalization" in obstacle(trained(normalization=Normalization.BATCH))


@pytest.mark.parametrize("sample", ["iris", "diabetes", "averages", "digits_autoencoder"])
def test_every_kind_of_target_can_be_studied(sample: str) -> None:
    run = build(open_file(resources.path("experiments", f"{sample}.nns.json")))
    study = Study(run, places_of(run.data)[-1])
    part = run.data.part(study.place.part)
    expected = run.model.predict(part.X[-1:])[0]
    assert study.run.machine.value(run.model.output)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_a_row_counts_by_its_weight(weight: float) -> None:
    experiment = open_sample("circles")
    dataset = sources.load(experiment.data.source, None)
    data = prepare(dataset, experiment.data, experiment.seed)
    weights = np.linspace(0.5, 2.0, len(data.train.X))
    weights[4] = weight
    run = Run(experiment, dataset, replace(data, train=replace(data.train, weights=weights)))
    plain = Study(Run(experiment, dataset, data), Place(PartName.TRAINING, 4)).run.machine
    weighted = Study(run, Place(PartName.TRAINING, 4)).run.machine
    assert weighted.value("dW1") == pytest.approx(weight * plain.value("dW1"), abs=1e-12)
    assert weighted.cost == pytest.approx(weight * plain.cost, abs=1e-12)
