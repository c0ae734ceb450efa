"""The machine: one position, two ways to run, freshness, going back, and no memory taken on the way."""

import tracemalloc

import numpy as np
import pytest

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.schedules import Schedule, schedule
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec, SpecError


def machine_of(spec, rows=12, batch_size=4, shuffle=True):
    model = Model(spec)
    model.initialize(0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(rows, spec.network.inputs)), rng.uniform(size=(rows, spec.network.outputs))
    return Machine(model, X, Y, batch_size=batch_size, shuffle=shuffle, seed=0)


@pytest.fixture
def machine():
    """2-3-1 over 10 rows in batches of 4, 4 and 2."""
    return machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1)))), rows=10)


def test_it_starts_before_the_first_operation(machine):
    assert machine.pc == 0
    assert machine.at_boundary
    assert machine.at_epoch_end
    assert machine.epochs == 0
    assert machine.last_op is None
    assert np.isnan(machine.cost)


def test_a_step_runs_one_operation_and_returns_it(machine):
    op = machine.op
    assert machine.step() is op
    assert machine.pc == 1
    assert machine.last_op is op
    assert not machine.at_boundary


def test_the_last_operation_ends_the_iteration(machine):
    for _ in machine.program.ops:
        assert machine.iterations == 0
        machine.step()
    assert machine.iterations == 1
    assert machine.pc == 0
    assert machine.last_op is machine.program.ops[-1]


def test_running_an_iteration_runs_the_rest_of_it(machine):
    machine.step()
    machine.run_iteration()
    assert (machine.iterations, machine.pc) == (1, 0)


def test_epochs_and_ragged_batches_are_counted(machine):
    seen = []
    for _ in range(6):
        machine.run_iteration()
        seen.append((machine.batches.epoch, machine.batches.number, len(machine.batches.rows), machine.epochs))
    assert seen == [(1, 1, 4, 0), (1, 2, 4, 0), (1, 3, 2, 1), (2, 1, 4, 1), (2, 2, 4, 1), (2, 3, 2, 2)]
    assert machine.at_epoch_end
    machine.step()
    assert not machine.at_epoch_end
    assert machine.epochs == 2


def test_a_mini_batch_holds_its_rows_of_the_data(machine):
    for _ in range(7):
        machine.step()
        assert machine.value("X").tobytes() == machine.X[machine.batches.rows].tobytes()
        assert machine.value("Y").tobytes() == machine.Y[machine.batches.rows].tobytes()
        machine.run_iteration()


def test_before_the_first_iteration_only_parameters_are_known(machine):
    assert machine.freshness("W1") is Freshness.LASTING
    assert machine.freshness("Z1") is Freshness.UNKNOWN
    assert not machine.is_fresh("J")
    machine.step()
    assert machine.freshness("X") is Freshness.FRESH
    assert machine.freshness("Z1") is Freshness.UNKNOWN
    assert machine.freshness("A1") is Freshness.UNKNOWN


def test_a_value_is_stale_from_the_moment_its_writer_is_ahead_again(machine):
    machine.run_iteration()
    assert all(machine.is_fresh(slot.name) for slot in machine.slots())
    machine.step()
    for slot in machine.slots():
        writer = machine.program.writer.get(slot.name)
        expected = (
            Freshness.LASTING
            if slot.lasting
            else (Freshness.FRESH, Freshness.NEXT, Freshness.STALE)[min(max(writer - machine.pc + 1, 0), 2)]
        )
        assert machine.freshness(slot.name) is expected, slot.name


def test_every_value_that_is_called_fresh_was_written_in_this_iteration(machine):
    machine.run_iteration()
    written = set()
    for _ in range(len(machine.program.ops) - 1):
        written |= set(machine.step().writes)
        fresh = {slot.name for slot in machine.slots() if machine.freshness(slot.name) is Freshness.FRESH}
        assert fresh == {name for name in written if not machine.slot(name).lasting}


def test_a_value_is_a_window_on_the_number_and_cannot_be_written_through(machine):
    view = machine.value("W1")
    before = view.copy()
    machine.run_iteration()
    assert not np.array_equal(view, before)
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0] = 1
    with pytest.raises(KeyError):
        machine.value("W9")


def test_a_weight_a_bias_and_the_learning_rate_can_be_set(machine):
    machine.write("W1", (2, 1), 0.25)
    machine.write("b1", (0,), -1.5)
    machine.write("alpha", (), 0.5)
    assert machine.value("W1")[2, 1] == 0.25
    assert machine.value("b1")[0] == -1.5
    assert machine.value("alpha") == 0.5


def test_a_computed_value_can_be_set_while_there_is_something_to_compute_from_it(machine):
    with pytest.raises(SpecError, match="Z1 has not been computed in this iteration yet"):
        machine.write("Z1", (0, 0), 1.0)
    machine.run_until(machine.program.writer["Z1"] + 1)
    machine.write("Z1", (0, 0), -3.0)
    machine.step()
    assert machine.value("A1")[0, 0] == machine.model.activations[0].value(np.array([-3.0]))
    with pytest.raises(SpecError, match="what is computed from Z1 has been computed; go back before it"):
        machine.write("Z1", (0, 0), 1.0)


def test_what_nothing_is_computed_from_and_infinities_cannot_be_set(machine):
    machine.run_iteration()
    with pytest.raises(SpecError, match="nothing is computed from J; set a number that it is computed from"):
        machine.write("J", (), 1.0)
    for value in (float("nan"), float("inf")):
        with pytest.raises(SpecError, match="must be a finite number"):
            machine.write("W1", (0, 0), value)


def test_flat_families_share_their_memory_with_their_slots(machine):
    for arena in (machine.model.store, *(p.arena for p in machine._programs.values())):
        for name, flat in arena._families.items():
            views = [v for v in arena._views.values() if np.shares_memory(v, flat)]
            assert sum(v.size for v in views) == flat.size, name
            assert flat.flags.c_contiguous


def test_all_weights_lie_before_all_biases(machine):
    names = list(machine.model.parameters)
    assert names == ["W1", "W2", "b1", "b2"]
    flat = np.concatenate([machine.value(name).ravel() for name in names])
    assert flat.tobytes() == machine.model.store.family("parameters").tobytes()


def test_no_array_is_ever_replaced_by_another(machine):
    before = {name: machine.program.arena[name] for name in (slot.name for slot in machine.slots())}
    families = dict(machine.model.store._families)
    state = machine.state()
    for _ in range(6):
        machine.run_iteration()
    machine.restore(state)
    assert all(machine.program.arena[name] is array for name, array in before.items())
    assert all(machine.model.store._families[name] is flat for name, flat in families.items())


def bytes_of(machine):
    state = machine.state()
    families = {name: flat.tobytes() for name, flat in state.store.items()}
    for size, workspace in state.workspaces.items():
        families |= {f"{size} {name}": flat.tobytes() for name, flat in workspace.items()}
    batches = state.batches
    where = (state.pc, state.iterations, batches.cursor, batches.epoch, str(batches.generator))
    return where, batches.order.tobytes(), families


@pytest.mark.parametrize("begun", range(0, 40, 7))
@pytest.mark.parametrize("gone_on", [1, 13, 50, 200])
def test_going_back_goes_back_to_the_same_bytes_and_on_by_the_same_path(machine, begun, gone_on):
    for _ in range(begun):
        machine.step()
    state, there = machine.state(), bytes_of(machine)
    for _ in range(gone_on):
        machine.step()
    end = bytes_of(machine)
    machine.restore(state)
    assert bytes_of(machine) == there
    assert state.nbytes > 0
    for _ in range(gone_on):
        machine.step()
    assert bytes_of(machine) == end


def test_a_state_is_a_copy(machine):
    state = machine.state()
    kept = state.store["parameters"].copy()
    machine.run_iteration()
    assert state.store["parameters"].tobytes() == kept.tobytes()


def test_without_shuffling_rows_come_in_their_order():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(1),))), rows=10, shuffle=False)
    rows = []
    for _ in range(3):
        machine.run_iteration()
        rows += machine.batches.rows.tolist()
    assert rows == list(range(10))


def test_with_shuffling_each_epoch_visits_every_row_once_in_a_new_order(machine):
    epochs = []
    for _ in range(2):
        rows = []
        for _ in range(3):
            machine.run_iteration()
            rows += machine.batches.rows.tolist()
        epochs.append(rows)
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(10))
    assert epochs[0] != epochs[1]


KINDS = [
    *(("half_mse", name, "sgd", 0.0, "constant") for name in Activation.names()),
    *(("half_mse", "tanh", name, 0.1, "constant") for name in Optimizer.names()),
    *((name, "sigmoid", "sgd", 0.0, "constant") for name in Cost.names()),
    *(("half_mse", "tanh", "nadam", 0.1, name) for name in Schedule.names()),
    ("cross_entropy", "softmax", "adam", 0.1, "cosine"),
]


@pytest.mark.parametrize("dtype", list(Precision))
@pytest.mark.parametrize(("cost", "sigma", "method", "l", "rate"), KINDS)
def test_training_takes_no_memory(cost, sigma, method, l, rate, dtype):  # noqa: E741
    settings = {"momentum": 0.9, "nesterov": True} if method == "sgd" and l else {}
    network = NetworkSpec(3, (LayerSpec(40, sigma), LayerSpec(40, sigma)))
    learns = optimizer(method, **settings)
    spec = ModelSpec(network, cost, RegularizationSpec(l, l), learns, dtype, schedule(rate))
    assert_takes_no_memory(machine_of(spec, rows=150, batch_size=64))


@pytest.mark.parametrize("dtype", list(Precision))
@pytest.mark.parametrize("kinds", [("batch", "layer"), ("layer", "batch"), ("none", "none")])
def test_training_with_everything_on_takes_no_memory(kinds, dtype):
    hidden, last = map(Normalization, kinds)
    layers = (LayerSpec(40, "relu", dropout=0.2, normalization=hidden), LayerSpec(40, "softmax", normalization=last))
    limits = RegularizationSpec(l1=0.1, l2=0.1, max_norm=0.1, clip_value=0.1, clip_norm=0.1)
    learns = optimizer("sgd", momentum=0.9, nesterov=True)
    network = NetworkSpec(3, layers)
    spec = ModelSpec(network, "cross_entropy", limits, learns, dtype, schedule("cosine"))
    assert_takes_no_memory(machine_of(spec, rows=150, batch_size=64))


def assert_takes_no_memory(machine):
    """Arrays here have 64 × 40 numbers: one that an iteration made would be seen at once, and each time. What another
    thread of the test run makes is not."""
    smallest = 64 * machine.model.dtype.itemsize
    with np.errstate(all="ignore"):
        for _ in range(9):  # three epochs, so that all has been laid out
            machine.run_iteration()
        measured = [memory_taken(machine)]
        while len(measured) < 5 and not (measured[-1][0] < smallest and measured[-1][1] < 4096):
            measured.append(memory_taken(machine))
    left, most = map(min, zip(*measured, strict=True))
    assert left < smallest
    assert most < 4096


def memory_taken(machine):
    """By 30 iterations: how many bytes are left, and how many there were at most."""
    tracemalloc.start()
    try:
        machine.run_iteration()
        tracemalloc.reset_peak()
        begin, _ = tracemalloc.get_traced_memory()
        for _ in range(30):
            machine.run_iteration()
        end, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return end - begin, peak - begin


def test_a_thousand_iterations_leave_nothing_behind(machine):
    for _ in range(9):
        machine.run_iteration()
    tracemalloc.start()
    try:
        machine.run_iteration()
        begin, _ = tracemalloc.get_traced_memory()
        for _ in range(500):
            machine.run_iteration()
        for _ in range(500 * len(machine.program.ops)):
            machine.step()
        end, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - begin < 1024
    assert peak - begin < 4096


def test_a_ragged_batch_has_nothing_to_show_before_it_has_run_once(machine):
    """It has arrays of its own, and zeros that nothing computed must not be taken for numbers."""
    machine.run_iteration()
    machine.run_iteration()
    machine.step()
    assert machine.program.batch_size == 2
    assert machine.freshness("Z1") is Freshness.UNKNOWN
    assert np.isnan(machine.cost)
    assert machine.freshness("dW1") is Freshness.STALE
    machine.run_iteration()
    assert machine.freshness("Z1") is Freshness.FRESH
    for _ in range(2):
        machine.run_iteration()
    machine.step()
    assert machine.program.batch_size == 2
    assert machine.freshness("Z1") is Freshness.NEXT
    assert machine.freshness("A1") is Freshness.STALE
    assert np.isfinite(machine.cost)
