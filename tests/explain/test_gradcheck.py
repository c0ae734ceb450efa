"""The gradient check: it agrees with what is right, finds and locates what is wrong, and leaves the run as it was."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from types import ModuleType

import numpy as np
import pytest

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.arena import Arena
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import Op, Phase, activating, affine, judging
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision, RegularizationSpec
from nnstudio.experiment.open import open_sample
from nnstudio.explain.gradcheck import Extent, NotMeasurableError, check_gradients
from nnstudio.explain.gradient_report import as_csv, as_text, verdict
from nnstudio.training.run import build

NETWORK = NetworkSpec(3, (LayerSpec(4, "tanh"), LayerSpec(3, "sigmoid"), LayerSpec(2)))


def machine_of(spec: ModelSpec, rows: int = 5, batch_size: int = 3, seed: int = 0) -> Machine:
    """Random weights, biases and data; targets are probabilities that add up to 1."""
    rng = np.random.default_rng(seed)
    model = Model(spec)
    parameters = model.store.family("parameters")
    parameters[...] = rng.normal(0, 0.7, parameters.shape)
    Y = rng.uniform(0.05, 0.95, (rows, spec.network.outputs))
    Y /= Y.sum(axis=1, keepdims=True)
    X = rng.normal(size=(rows, spec.network.inputs))
    return Machine(model, X, Y, batch_size=batch_size, shuffle=True, seed=seed)


def pairs() -> list[tuple[str, str]]:
    """Every activation before every cost that can take its outputs."""
    return [
        (sigma, name)
        for sigma, name in product(Activation.names(), Cost.names())
        if cost(name).outputs != (0, 1) or activation(sigma).range == (0, 1)
    ]


@pytest.mark.parametrize(("sigma", "name"), pairs())
def test_backpropagation_is_right_for_every_activation_and_cost(sigma: str, name: str) -> None:
    network = NetworkSpec(2, (LayerSpec(3, sigma, bias=False), LayerSpec(3, "tanh"), LayerSpec(2, sigma)))
    check = check_gradients(machine_of(ModelSpec(network, name)))
    assert check.agrees, verdict(check)
    assert check.checked == check.parameters == 6 + 9 + 3 + 6 + 2
    assert check.kinks == 0
    assert len(check.directions) == check.directions_tried == 8


def test_a_slope_that_is_rounded_on_purpose_is_no_fault_along_any_direction() -> None:
    """Where the parts of the gradient in a direction all but cancel, what is left is as small as the rounding."""
    network = NetworkSpec(3, (*(LayerSpec(4, "hard_sigmoid"),) * 3, LayerSpec(2)))
    check = check_gradients(machine_of(ModelSpec(network, "mse")), extent=Extent(directions=3000))
    assert check.agrees, verdict(check)


@pytest.mark.parametrize("precision", Precision)
def test_the_run_stays_byte_for_byte_as_it_was_wherever_it_stands(precision: Precision) -> None:
    machine = machine_of(ModelSpec(NETWORK, optimizer=Adam(), precision=precision))
    for _ in range(3 * len(machine.program.ops) + 1):
        before, place, rows = state_bytes(machine), (machine.iterations, machine.pc), machine.rows.tolist()
        assert check_gradients(machine, extent=Extent(directions=1)).agrees
        assert (state_bytes(machine), (machine.iterations, machine.pc)) == (before, place)
        assert machine.rows.tolist() == rows
        machine.step()


def state_bytes(machine: Machine) -> bytes:
    state = machine.state()
    families = [state.store, *state.workspaces.values()]
    return state.batches.order.tobytes() + b"".join(flat.tobytes() for family in families for flat in family.values())


def test_the_mini_batch_at_hand_is_checked_and_between_two_iterations_the_next() -> None:
    machine = machine_of(ModelSpec(NETWORK), rows=5, batch_size=3)
    check = check_gradients(machine)
    assert (check.epoch, check.batch, check.rows) == (1, 1, 3)
    while machine.op.phase is not Phase.UPDATE:
        machine.step()
    check = check_gradients(machine)
    assert (check.epoch, check.batch, check.rows) == (1, 1, 3)
    for slot in check.slots:
        assert slot.analytic.tobytes() == machine.value(f"d{slot.slot}").tobytes()
    assert check.cost == machine.cost
    machine.run_iteration()
    assert check_gradients(machine).rows == 2
    machine.run_iteration()
    assert (check_gradients(machine).epoch, check_gradients(machine).batch) == (2, 1)


def test_a_run_in_float32_is_checked_in_float64() -> None:
    check = check_gradients(machine_of(ModelSpec(NETWORK, precision=Precision.FLOAT32)))
    assert check.agrees
    assert check.slots[0].analytic.dtype == np.float64


def test_penalties_are_part_of_j() -> None:
    penalties = RegularizationSpec(l1=0.3, l2=0.2)
    check = check_gradients(machine_of(ModelSpec(NETWORK, regularization=penalties)))
    plain = check_gradients(machine_of(ModelSpec(NETWORK)))
    assert check.agrees
    assert check.cost > plain.cost
    assert np.abs(check.slots[0].analytic - plain.slots[0].analytic).min() > 0.1


def test_masks_stay_as_they_were_drawn() -> None:
    network = NetworkSpec(3, (LayerSpec(8, "tanh", dropout=0.5), LayerSpec(8, "relu", dropout=0.3), LayerSpec(2)))
    machine = machine_of(ModelSpec(network))
    assert check_gradients(machine).agrees
    while machine.op.phase is not Phase.UPDATE:
        machine.step()
    check = check_gradients(machine)
    assert check.agrees
    assert check.cost == machine.cost  # with the masks of this iteration, and no others


def test_pseudo_labels_stay_as_they_were_lent() -> None:
    machine = build(open_sample("bands")).machine
    while machine.epochs < 21 or machine.op.phase is not Phase.UPDATE:
        machine.step()
    assert machine.pseudo_labelled > 0
    check = check_gradients(machine)
    assert check.agrees
    assert check.cost == machine.cost
    while not machine.at_epoch_end:
        machine.step()
    before = state_bytes(machine)
    assert check_gradients(machine).epoch == machine.batches.epoch + 1
    assert state_bytes(machine) == before


MakeOp = Callable[..., Op]


def changed(make: MakeOp, change: Callable[[Arena, str], object], layer: int) -> MakeOp:
    """The operation of `layer`, followed by a change of what it wrote."""

    def made(arena: Arena, number: int, *more: object) -> Op:
        op = make(arena, number, *more)
        if number != layer:
            return op
        return replace(op, run=lambda: (op.run(), change(arena, op.writes[0])))

    return made


def negate(arena: Arena, slot: str) -> None:
    np.negative(arena[slot], arena[slot])


def clear(arena: Arena, slot: str) -> None:
    arena[slot].fill(0)


def times_rows(arena: Arena, slot: str) -> None:
    np.multiply(arena[slot], len(arena[slot]), arena[slot])


def spoil_one(arena: Arena, slot: str) -> None:
    arena[slot][2, 1] *= 1.001


@pytest.mark.parametrize(
    ("room", "op", "layer", "change", "wrong"),
    [
        (affine, "weight_gradient", 2, negate, ["W2"]),
        (affine, "bias_gradient", 1, clear, ["b1"]),
        (judging, "cost_gradient", 3, times_rows, ["W1", "b1", "W2", "b2", "W3", "b3"]),
        (activating, "activation_gradient", 2, negate, ["W1", "b1", "W2", "b2"]),
        (affine, "input_gradient", 2, clear, ["W1", "b1"]),
        (affine, "weight_gradient", 2, spoil_one, ["W2"]),
    ],
)
def test_a_wrong_gradient_is_found_and_located(
    monkeypatch: pytest.MonkeyPatch,
    room: ModuleType,
    op: str,
    layer: int,
    change: Callable[[Arena, str], object],
    wrong: list[str],
) -> None:
    monkeypatch.setattr(room, op, changed(getattr(room, op), change, layer))
    check = check_gradients(machine_of(ModelSpec(NETWORK)))
    assert not check.agrees
    found = [slot.slot for slot in check.slots if slot.worst is not None and slot.worst.relative > check.tolerance]
    assert found == wrong
    assert check.worst is not None
    assert check.worst.slot in wrong
    if change is spoil_one:
        assert check.worst.index == (2, 1)
        assert check.worst.relative == pytest.approx(1e-3, rel=0.01)
        assert "disagrees with central differences in 1 of 39 parameters" in verdict(check)
        assert "in W2[2, 1], where backpropagation says" in verdict(check)


def test_what_a_sample_misses_a_direction_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affine, "weight_gradient", changed(affine.weight_gradient, spoil_one, 2))
    machine = machine_of(ModelSpec(NETWORK))
    extents = [Extent(whole=0, sample=2, seed=seed) for seed in range(5)]
    for check in (check_gradients(machine, extent=extent) for extent in extents):
        assert check.checked == 6 * 2
        sampled = {slot.slot: slot for slot in check.slots}["W2"].checked[2, 1]
        assert not check.agrees
        assert check.worst is not None
        assert check.worst.slot == ("W2" if sampled else "")
        if not sampled:
            assert "in a parameter that was not drawn: along direction" in verdict(check)


def test_a_kink_is_no_error() -> None:
    """A row of zeros and no biases: the first sums are exactly at ReLU's corner, where only a bias moves them."""
    network = NetworkSpec(2, (LayerSpec(3, "relu"), LayerSpec(1)))
    model = Model(ModelSpec(network))
    model.store["W1"][...] = [[1, 2], [3, -1], [-2, 1]]
    model.store["W2"][...] = [[0.5, -1.0, 2.0]]
    machine = Machine(model, np.array([[0.0, 0.0], [1.0, 2.0]]), np.ones((2, 1)), batch_size=2, shuffle=False, seed=0)
    check = check_gradients(machine)
    assert check.agrees, verdict(check)
    slots = {slot.slot: slot for slot in check.slots}
    assert slots["b1"].kinks.tolist() == [True, True, True]
    assert np.isnan(slots["b1"].numeric).all()
    assert np.isnan(slots["b1"].relative).all()
    assert slots["b1"].worst is None
    assert check.kinks == 3 + 2  # the second unit's sum is 1 for the other row, the third's is 0 and moves with W1 too
    assert slots["W1"].kinks.tolist() == [[False, False], [False, False], [True, True]]
    assert "Nothing" not in verdict(check)
    assert "1e-05" in as_text(check)


def test_a_kink_nearby_is_stepped_around() -> None:
    """ReLU's corner within h, but not within h / 4: the slope is measured with smaller steps, and is right."""
    model = Model(ModelSpec(NetworkSpec(1, (LayerSpec(1, "relu"), LayerSpec(1)))))
    for name, value in {"W1": 1.0, "b1": 3e-6, "W2": 1.0, "b2": 0.0}.items():
        model.store[name].fill(value)
    machine = Machine(model, np.zeros((1, 1)), np.ones((1, 1)), batch_size=1, shuffle=False, seed=0)
    check = check_gradients(machine, extent=Extent(directions=0))
    assert check.agrees
    assert check.kinks == 0
    assert {slot.slot: slot for slot in check.slots}["b1"].numeric[0] == pytest.approx(-1 + 3e-6, abs=1e-8)


def test_a_sharp_curve_is_measured_with_smaller_steps() -> None:
    """Inputs in the thousands, as without standardizing: a weight's natural scale is then a thousandth."""
    model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1)))))
    rng = np.random.default_rng(1)
    model.store.family("parameters")[...] = rng.normal(0, 1e-3, 13)
    X = rng.normal(0, 2000, (6, 2))
    machine = Machine(model, X, rng.normal(size=(6, 1)), batch_size=6, shuffle=False, seed=0)
    check = check_gradients(machine)
    assert check.agrees, verdict(check)


def test_a_cost_that_is_not_finite_has_no_slope() -> None:
    machine = machine_of(ModelSpec(NETWORK))
    machine.model.store["W1"].fill(np.nan)
    with pytest.raises(NotMeasurableError, match="J is nan, and what is not a finite number has no slope"):
        check_gradients(machine)


def test_progress_is_told_and_may_end_the_check() -> None:
    class EnoughError(Exception):
        pass

    told: list[tuple[int, int]] = []
    check_gradients(machine_of(ModelSpec(NETWORK)), progress=lambda *so_far: told.append(so_far))
    assert told == [(n + 1, 39 + 8) for n in range(47)]

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise EnoughError

    with pytest.raises(EnoughError):
        check_gradients(machine_of(ModelSpec(NETWORK)), progress=stop)


def test_the_table_and_the_numbers_as_csv() -> None:
    check = check_gradients(machine_of(ModelSpec(NETWORK)), extent=Extent(whole=0, sample=5))
    lines = as_text(check).splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert lines[1].split()[1:7] == ["4", "x", "3", "5", "of", "12"]
    assert lines[-2].startswith("all          8 directions")
    assert lines[-1].startswith("Backpropagation agrees with central differences: largest relative error ")
    rows = [line.split(",") for line in as_csv(check).splitlines()]
    assert rows[0][0] == "slot"
    assert len(rows) == 1 + 5 + 5 + 5 + 4 + 3 + 2 + 8
    slots = {slot.slot: slot for slot in check.slots}
    for name, row, column, analytic, numeric, absolute, relative, kink in rows[1:-8]:
        index = (int(row), int(column)) if column else (int(row),)
        found = slots[name].entry(index)
        assert (float(analytic), float(numeric), float(relative)) == (found.analytic, found.numeric, found.relative)
        assert float(absolute) == abs(found.analytic - found.numeric)
        assert kink == "0"
