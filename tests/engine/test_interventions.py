"""What a person may do to an iteration from outside: its update is skipped or scaled."""

import numpy as np
import pytest

from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.schedules import Exponential
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, SpecError

from .drawn import OPTIMIZERS, machine_of

NETWORK = NetworkSpec(2, (LayerSpec(3, "tanh", normalization=Normalization.BATCH), LayerSpec(1)))


def begun(optimizer, iterations=3):
    """10 rows in mini-batches of 4, 4 and 2, with a schedule and running statistics."""
    machine = machine_of(ModelSpec(NETWORK, optimizer=optimizer, schedule=Exponential(0.5)), rows=10, batch_size=4)
    for _ in range(iterations):
        machine.run_iteration()
    return machine


def parameters(machine):
    return machine.model.store.family("parameters").copy()


def memory(machine):
    """What the optimizer remembers."""
    optimizer = machine.model.spec.optimizer
    return {name: machine.model.store.family(name).copy() for name in (*optimizer.state_families, *optimizer.scalars)}


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_a_skipped_update_leaves_parameters_and_memory_as_they_were(optimizer):
    machine = begun(optimizer)
    theta, remembered = parameters(machine), memory(machine)
    k, mean = machine.value("k").copy(), machine.value("rmu1").copy()
    machine.scale_update(0)
    machine.run_iteration()
    assert np.array_equal(parameters(machine), theta)
    assert all(np.array_equal(values, remembered[name]) for name, values in memory(machine).items())
    assert machine.value("k") == k + 1
    assert not np.array_equal(machine.value("rmu1"), mean)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("factor", [0.5, -1.0, 3.0])
def test_a_scaled_update_moves_the_parameters_so_many_times_as_far(optimizer, factor):
    plain, scaled = begun(optimizer), begun(optimizer)
    theta = parameters(plain)
    plain.run_iteration()
    scaled.scale_update(factor)
    scaled.run_iteration()
    assert parameters(scaled) - theta == pytest.approx(factor * (parameters(plain) - theta), rel=1e-9, abs=1e-14)
    assert all(np.array_equal(values, memory(plain)[name]) for name, values in memory(scaled).items())


@pytest.mark.parametrize("iterations", [1, 2, 3])
def test_only_the_one_update_is_scaled_by_steps_and_in_a_run_alike(iterations):
    """Before a full mini-batch, before the smaller last one, and before the first one of an epoch."""
    stepped, run = begun(OPTIMIZERS[0], iterations), begun(OPTIMIZERS[0], iterations)
    for machine in (stepped, run):
        machine.scale_update(0.5)
        assert (machine.update_factor(), machine.update_factor(upcoming=True)) == (1.0, 0.5)
    while stepped.iterations == iterations:
        stepped.step()
    run.run_iteration()
    for machine in (stepped, run):
        assert (machine.update_factor(), machine.update_factor(upcoming=True)) == (0.5, 1.0)
    assert parameters(stepped).tobytes() == parameters(run).tobytes()
    for machine in (stepped, run):
        before = parameters(machine)
        machine.run_iteration()
        assert machine.update_factor() == 1.0
        assert not np.array_equal(parameters(machine), before)
    assert parameters(stepped).tobytes() == parameters(run).tobytes()


def test_a_state_knows_the_factor_of_the_update_to_come():
    machine = begun(OPTIMIZERS[0])
    machine.run_until(5)
    machine.scale_update(0)
    state, theta = machine.state(), parameters(machine)
    machine.run_iteration()
    machine.run_iteration()
    for other in (machine, machine.twin(machine.model.spec.precision)):
        other.restore(state)
        other.run_iteration()
        assert np.array_equal(parameters(other), theta)


def test_a_factor_of_1_leaves_the_update_as_it_is():
    machine, plain = begun(OPTIMIZERS[0]), begun(OPTIMIZERS[0])
    machine.scale_update(0)
    machine.scale_update(1)
    machine.run_iteration()
    plain.run_iteration()
    assert parameters(machine).tobytes() == parameters(plain).tobytes()


def test_an_update_under_way_and_a_factor_that_is_no_number_are_refused():
    machine = begun(OPTIMIZERS[0])
    for factor in (float("nan"), float("inf")):
        with pytest.raises(SpecError, match="the factor of an update must be a finite number in float64"):
            machine.scale_update(factor)
    machine.run_until(machine.program.update_begins + 1)
    with pytest.raises(SpecError, match="a part of this update has run; go back before it to skip or scale it"):
        machine.scale_update(0)
