"""Networks as programs: sizes, shapes, names, one writer a slot, and what cannot work."""

import numpy as np
import pytest

from nnstudio.engine.checks import check, check_memory
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.optimizers import Optimizer, Sgd, optimizer
from nnstudio.engine.schedules import Schedule, Step, schedule
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec, SpecError

EVERY_LAYER = (
    LayerSpec(3, "relu", dropout=0.3, normalization=Normalization.BATCH),
    LayerSpec(3, "tanh", dropout=0.3, normalization=Normalization.LAYER),
)
EVERY_LIMIT = RegularizationSpec(l1=0.1, l2=0.1, max_norm=0.5, clip_value=0.2, clip_norm=0.3)


def network(*widths, bias=True, activation="tanh"):
    return NetworkSpec(widths[0], tuple(LayerSpec(units, activation, bias=bias) for units in widths[1:]))


def machine(spec, rows=6, batch_size=4, *, weighted=False):
    model = Model(spec)
    model.initialize(0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(rows, spec.network.inputs)), rng.uniform(size=(rows, spec.network.outputs))
    weights = rng.uniform(size=rows) if weighted else None
    return Machine(model, X, Y, batch_size=batch_size, shuffle=False, seed=0, weights=weights)


@pytest.mark.parametrize(
    ("spec", "count"),
    [
        (network(2, 2, bias=False), 4),
        (network(2, 4, 2, bias=False), 16),
        (network(2, 2), 6),
        (network(2, 8, 8, 1), 105),
        (NetworkSpec(3, (LayerSpec(2, bias=False), LayerSpec(1))), 9),
        (NetworkSpec(3, (LayerSpec(2, normalization=Normalization.BATCH), LayerSpec(1))), 15),
    ],
)
def test_a_network_has_units_times_inputs_weights_and_a_bias_a_unit(spec, count):
    assert spec.parameters == count
    assert Model(ModelSpec(spec)).store.family("parameters").size == count


def test_slots_have_the_shapes_of_the_field():
    found = {slot.name: slot.shape for slot in machine(ModelSpec(network(2, 3, 1))).slots()}
    assert found["X"] == (4, 2)
    assert found["W1"] == found["dW1"] == (3, 2)
    assert found["b2"] == found["db2"] == (1,)
    assert found["Z1"] == found["A1"] == found["dA1"] == found["dZ1"] == (4, 3)
    assert found["J"] == found["alpha"] == ()


WAYS_TO_LEARN = [*((name, "constant") for name in Optimizer.names()), *(("adam", name) for name in Schedule.names())]


by_weighted = pytest.mark.parametrize("weighted", [False, True])


def learning(spec, cost, penalty, name, rate, *, weighted):
    return machine(ModelSpec(spec, cost, penalty, optimizer(name), schedule=schedule(rate)), weighted=weighted)


@by_weighted
@pytest.mark.parametrize(("name", "rate"), WAYS_TO_LEARN)
@pytest.mark.parametrize("penalty", [RegularizationSpec(), EVERY_LIMIT])
@pytest.mark.parametrize(("sigma", "cost"), [("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")])
def test_each_slot_has_one_writer_and_is_written_before_it_is_read(name, rate, penalty, sigma, cost, weighted):
    spec = NetworkSpec(2, (*EVERY_LAYER, LayerSpec(2, sigma, normalization=Normalization.LAYER)))
    at = learning(spec, cost, penalty, name, rate, weighted=weighted)
    lasting = {slot.name for slot in at.slots() if slot.lasting}
    written = set()
    for op in at.program.ops:
        assert set(op.reads) <= written | lasting, op.label
        assert not (set(op.writes) - lasting) & written, op.label
        written |= set(op.writes)
    assert {slot.name for slot in at.slots()} - {at.model.rate_setting} == written | set(at.model.parameters)


@by_weighted
@pytest.mark.parametrize(("name", "rate"), WAYS_TO_LEARN)
def test_what_an_operation_says_it_writes_is_all_it_changes(name, rate, weighted):
    spec = NetworkSpec(2, (*EVERY_LAYER, LayerSpec(2, "softmax", normalization=Normalization.BATCH)))
    at = learning(spec, "cross_entropy", EVERY_LIMIT, name, rate, weighted=weighted)
    for _ in range(3 * len(at.program.ops)):
        before = {slot.name: at.value(slot.name).tobytes() for slot in at.slots()}
        program = at.program
        op = at.step()
        if at.program is program:
            changed = {name for name, value in before.items() if at.value(name).tobytes() != value}
            assert changed <= set(op.writes), op.label


@by_weighted
@pytest.mark.parametrize(("name", "rate"), WAYS_TO_LEARN)
def test_an_operation_computes_from_what_it_says_it_reads(name, rate, weighted):
    """Change any slot that an operation does not name, and it writes the same."""
    spec = NetworkSpec(2, (*EVERY_LAYER, LayerSpec(2, "sigmoid")))
    at = learning(spec, "binary_cross_entropy", EVERY_LIMIT, name, rate, weighted=weighted)
    at.run_iteration()
    for op in at.program.ops:
        if op.kind not in (OpKind.LOAD, OpKind.MASK):
            arena = at.program.arena
            state = {slot.name: arena[slot.name].copy() for slot in at.slots()}
            op.run()
            expected = {slot: arena[slot].tobytes() for slot in op.writes}
            for slot in at.slots():
                unnamed = slot.name not in op.reads and slot.name not in op.writes
                arena[slot.name][...] = 7.7 if unnamed else state[slot.name]
            op.run()
            assert {slot: arena[slot].tobytes() for slot in op.writes} == expected, op.label
            for slot, value in state.items():
                arena[slot][...] = value


def test_phases_follow_each_other():
    order = [op.phase for op in machine(ModelSpec(network(2, 3, 1))).program.ops]
    assert sorted(order, key=list(Phase).index) == order
    assert set(order) == set(Phase)


def test_a_program_knows_its_writers_readers_and_ends_of_phases():
    program = machine(ModelSpec(network(2, 1))).program
    labels = [op.label for op in program.ops]
    assert program.ops[program.writer["Z1"]].kind is OpKind.AFFINE
    assert [program.ops[i].kind for i in program.readers["dZ1"]] == [OpKind.WEIGHT_GRADIENT, OpKind.BIAS_GRADIENT]
    assert program.ops[program.end_of_phase(0)].phase is Phase.FORWARD
    assert program.end_of_phase(len(labels) - 1) == len(labels)
    assert labels[1] == "Z1 = X W1ᵀ + b1"


def test_weights_start_by_seed_and_biases_at_zero():
    first, again, other = (Model(ModelSpec(network(2, 3, 1))) for _ in range(3))
    first.initialize(1)
    again.initialize(1)
    other.initialize(2)
    assert first.store["W1"].tobytes() == again.store["W1"].tobytes()
    assert first.store["W1"].tobytes() != other.store["W1"].tobytes()
    assert not first.store["b1"].any()


def test_fitting_parameters_are_carried_over_and_named():
    old, new = Model(ModelSpec(network(2, 3, 1))), Model(ModelSpec(network(2, 3, 2)))
    old.initialize(1)
    assert new.copy_fitting_parameters(old) == ("W1", "b1")
    assert new.store["W1"].tobytes() == old.store["W1"].tobytes()
    assert not new.store["W2"].any()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (ModelSpec(NetworkSpec(2, ())), "no layers; add at least an output layer"),
        (ModelSpec(network(2, 0, 1)), "layer 1 has 0 units; it needs at least 1"),
        (ModelSpec(network(2, -3)), "layer 1 has -3 units"),
        (ModelSpec(network(2, 10**9, 1)), r"4,000,000,001 parameters \(32.0 GB\)"),
        (ModelSpec(network(2, 1, activation="softmax")), "softmax over one unit is always 1; use sigmoid"),
        (ModelSpec(network(2, 2, activation="rellu")), "layer 1: there is no activation 'rellu'; did you mean 'relu'"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(1, initializer="he"),))), "layer 1: there is no initializer 'he'"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(3, dropout=1.0), LayerSpec(1)))), "layer 1: dropout is 1; .* below 1"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(3, dropout=-0.1), LayerSpec(1)))), "layer 1: dropout is -0.1"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(3, dropout=float("nan")), LayerSpec(1)))), "layer 1: dropout is nan"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(3), LayerSpec(1, dropout=0.5)))), "layer 2: .* in a hidden layer"),
        (ModelSpec(NetworkSpec(2, (LayerSpec(1, normalization=Normalization.LAYER),))), "over one unit always gives 0"),
        (ModelSpec(network(2, 2), "mean"), "there is no cost 'mean'"),
        (ModelSpec(network(2, 2, activation="identity"), "cross_entropy"), "between 0 and 1, and identity can leave"),
        (ModelSpec(network(2, 2), "binary_cross_entropy"), "use sigmoid in the last layer"),
        (ModelSpec(network(2, 2), regularization=RegularizationSpec(l1=-1)), "l1 is -1; it must be at least 0"),
        (ModelSpec(network(2, 2), regularization=RegularizationSpec(l2=float("nan"))), "l2 is nan"),
        (ModelSpec(network(2, 2), regularization=RegularizationSpec(max_norm=-1)), "max_norm is -1; .* at least 0"),
        (ModelSpec(network(2, 2), regularization=RegularizationSpec(clip_norm=2e6)), "clip_norm is 2e"),
        (ModelSpec(network(2, 2), schedule=Step(gamma=2.0)), "gamma is 2; it must be above 0 and at most 1"),
        (ModelSpec(network(2, 2), optimizer=Sgd(0.0)), "learning_rate is 0; it must be above 0"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(spec, message):
    with pytest.raises(SpecError, match=message):
        check(spec)


def test_a_mini_batch_beyond_memory_is_refused_before_it_is_laid_out():
    spec = ModelSpec(network(2, 10_000, 1))
    check_memory(spec, 1000)
    with pytest.raises(SpecError, match=r"100,000 rows at once .* 72\.0 GB; .* use a smaller mini-batch"):
        check_memory(spec, 100_000)


def test_a_hundred_layers_compile_train_and_step():
    layer = LayerSpec(4, "tanh", dropout=0.01, normalization=Normalization.BATCH)
    at = machine(ModelSpec(NetworkSpec(2, (*[layer] * 99, LayerSpec(1))), optimizer=optimizer("adam")))
    at.run_iteration()
    for _ in at.program.ops:
        at.step()
    assert at.iterations == 2
    assert np.isfinite(at.cost)
    assert at.program.ops[at.program.writer["A100"]].label == "A100 = Z100"


def test_single_precision_is_used_throughout():
    at = machine(ModelSpec(network(2, 3, 1), precision=Precision.FLOAT32, optimizer=optimizer("adam")))
    at.run_iteration()
    kinds = {slot.name: at.value(slot.name).dtype for slot in at.slots()}
    assert kinds.pop("t") == np.float64  # a count, not a number of the network
    assert set(kinds.values()) == {np.dtype(np.float32)}
