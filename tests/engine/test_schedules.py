"""Schedules against PyTorch's, by numbers taken from it and by itself where it is installed, and as operations."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.optimizers import Adam, Sgd
from nnstudio.engine.schedules import (
    Constant,
    Cosine,
    Exponential,
    LinearWarmUp,
    OneCycle,
    ReduceOnPlateau,
    Schedule,
    ScheduleMemory,
    Step,
    schedule,
)
from nnstudio.engine.settings import settings, switches
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision, SpecError

PER_EPOCH = 7
"""Updates an epoch, in the comparisons."""

# The rate at every 16th update, from PyTorch 2.13 with a base rate of 0.1.
PYTORCH = [
    (Step(3, 0.5), [0.1, 0.1, 0.05, 0.025, 0.0125, 0.0125, 0.00625, 0.003125]),
    (
        Exponential(0.9),
        [0.1, 0.081, 0.06561, 0.0531441, 0.0387420489, 0.031381059609, 0.02541865828329, 0.0185302018885184],
    ),
    (LinearWarmUp(4.0), [0.0333333333333333, 0.0714285714285714, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]),
    (Cosine(3.0), [0.1, 0.01334741, 0.0462635, 0.08117449, 0.09944154, 0.00868806, 0.03887395, 0.075]),
    (
        Cosine(2.0, 0.1, growth=2),
        [0.1, 0.09887176, 0.03547523, 0.09747475, 0.06986256, 0.03105856, 0.01028295, 0.09657458],
    ),
    (
        Cosine(1.0, 0.1, growth=3),
        [0.1, 0.06501344, 0.09910776, 0.07941458, 0.04498656, 0.01660191, 0.09984467, 0.09728617],
    ),
    (OneCycle(12.0), [0.004, 0.07527692, 0.09572065, 0.0647379, 0.02362528, 0.00064131]),
    (
        OneCycle(12.0, rise=0.5, start=0.1, end=0.001),
        [0.01, 0.03978924, 0.08971701, 0.09330797, 0.04260534, 0.00135235],
    ),
]
CURVES = [made for made, _ in PYTORCH]


@pytest.mark.parametrize(("made", "rates"), PYTORCH, ids=lambda x: repr(x)[:40])
def test_rates_are_the_numbers_of_pytorch(made, rates):
    factors = made.factors(PER_EPOCH, 20)[: 16 * len(rates) : 16]
    assert 0.1 * factors == pytest.approx(rates, rel=1e-6, abs=6e-9)


def peer(torch, made, optimizer):
    """PyTorch's scheduler of the same meaning, and how it is moved on after update k (from 0)."""
    kinds, total = torch.optim.lr_scheduler, PER_EPOCH
    each_epoch = lambda s, k: s.step() if (k + 1) % PER_EPOCH == 0 else None  # noqa: E731
    each_update = lambda s, k: s.step()  # noqa: E731
    base = optimizer.param_groups[0]["lr"]
    match made:
        case Step():
            return kinds.StepLR(optimizer, made.step_size, made.gamma), each_epoch
        case Exponential():
            return kinds.ExponentialLR(optimizer, made.gamma), each_epoch
        case LinearWarmUp():
            return kinds.LinearLR(optimizer, made.start, 1.0, int(made.epochs * total)), each_update
        case Cosine():
            found = kinds.CosineAnnealingWarmRestarts(optimizer, int(made.period), made.growth, made.least * base)
            return found, lambda s, k: s.step((k + 1) / total)
        case OneCycle():
            last = made.start / made.end
            found = kinds.OneCycleLR(
                optimizer,
                base,
                int(made.epochs * total),
                pct_start=made.rise,
                div_factor=1 / made.start,
                final_div_factor=last,
            )
            return found, each_update


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made", CURVES, ids=repr)
def test_each_update_has_pytorch_s_rate(made):
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    theirs, move_on = peer(torch, made, optimizer)
    updates = int(made.epochs if isinstance(made, OneCycle) else 20) * PER_EPOCH - 1
    rates = []
    for k in range(updates):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        move_on(theirs, k)
    np.testing.assert_allclose(0.1 * made.factors(PER_EPOCH, 20)[:updates], rates, rtol=1e-9, atol=1e-15)


def memory_of(made, per_epoch=PER_EPOCH, base=0.1):
    numbers = {key: np.array(start) for key, start in made.scalars.items()}
    return ScheduleMemory(np.array(base), np.array(0.0), np.array(0.0), numbers, per_epoch)


def rates_of(made, memory, costs):
    chain = made.chain(memory)
    for cost in costs:
        memory.cost.fill(cost)
        for link in chain:
            link.run()
        yield memory.rate.item()


PLATEAUS = [
    ReduceOnPlateau(patience=0),
    ReduceOnPlateau(0.5, 2, 0.05),
    ReduceOnPlateau(0.5, 1, 0.01, cooldown=3),
    ReduceOnPlateau(0.3, 0, 0.1, cooldown=1, least=0.05),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made", PLATEAUS, ids=repr)
@pytest.mark.parametrize("seed", range(5))
def test_on_a_plateau_the_rate_falls_as_pytorch_s(made, seed):
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=made.factor,
        patience=made.patience,
        threshold=made.threshold,
        cooldown=made.cooldown,
        min_lr=0.1 * made.least,
        eps=0.0,
    )
    rng = np.random.default_rng(seed)
    costs = rng.uniform(0.5, 1, (60, PER_EPOCH)) * np.exp(-np.arange(60) / 40)[:, None]
    expected = []
    for epoch in costs:
        expected += [optimizer.param_groups[0]["lr"]] * PER_EPOCH
        optimizer.step()
        theirs.step(sum(epoch.tolist()) / PER_EPOCH)
    assert len(set(expected)) > 3
    np.testing.assert_allclose(list(rates_of(made, memory_of(made), costs.ravel())), expected, rtol=1e-9)


def test_a_plateau_by_hand():
    """Two updates an epoch; patience 1: the second bad epoch in a row halves the rate of the next."""
    made = ReduceOnPlateau(0.5, 1, 0.0)
    memory = memory_of(made, per_epoch=2, base=1.0)
    costs = [3, 1, 1.5, 2.5, 2, 3, 1, 2, 9, 9, 9, 9, 0, 0]  # means 2, 2 (bad), 2.5 (bad), 1.5, 9 (bad), 9 (bad), 0
    assert list(rates_of(made, memory, costs)) == [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert memory.scalars["J_best"] == 0
    assert memory.scalars["J_sum"] == 0
    assert memory.scalars["bad"] == 0
    assert memory.scalars["k"] == 14


def test_a_new_best_must_be_better_by_more_than_the_threshold():
    made = ReduceOnPlateau(0.1, 0, 0.1)
    assert list(rates_of(made, memory_of(made, per_epoch=1), [1, 0.91, 0.89, 0.5])) == pytest.approx(
        [0.1, 0.1, 0.01, 0.01]
    )


def test_while_it_cools_down_no_epoch_is_bad():
    made = ReduceOnPlateau(0.5, 0, 0.0, cooldown=2)
    memory = memory_of(made, per_epoch=1, base=1.0)
    assert list(rates_of(made, memory, [1] * 8)) == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_the_rate_falls_no_lower_than_the_least():
    made = ReduceOnPlateau(0.5, 0, 0.0, least=0.3)
    memory = memory_of(made, per_epoch=1, base=1.0)
    assert list(rates_of(made, memory, [1] * 5)) == [1, 1, 0.5, 0.3, 0.3]


whole_epochs = st.integers(1, 30)
some_epochs = st.floats(0.01, 50)
parts = st.floats(0, 1)
factors = st.floats(0.01, 1)
curves = st.one_of(
    st.builds(Constant),
    st.builds(Step, whole_epochs, factors),
    st.builds(Exponential, factors),
    st.builds(LinearWarmUp, some_epochs, parts),
    st.builds(Cosine, some_epochs, parts, st.booleans(), st.integers(1, 5)),
    st.builds(OneCycle, some_epochs, st.floats(0, 0.99), parts, parts),
)


@given(made=curves, per_epoch=st.integers(1, 20), epochs=st.integers(1, 40))
def test_a_curve_stays_between_nothing_and_the_rate_that_was_set(made, per_epoch, epochs):
    found = made.factors(per_epoch, epochs)
    assert made.problem() is None
    assert found.shape == (per_epoch * epochs,)
    assert (found >= 0).all()
    assert (found <= 1 + 1e-15).all()


@given(made=curves.filter(lambda made: made.varies), per_epoch=st.integers(1, 20), base=st.floats(1e-6, 1e3))
def test_the_operation_writes_the_curve(made, per_epoch, base):
    rates = list(rates_of(made, memory_of(made, per_epoch, base), [0.0] * (3 * per_epoch)))
    assert rates == (base * made.factors(per_epoch, 3)).tolist()


@given(made=st.builds(Cosine, st.integers(1, 9).map(float), parts, growth=st.integers(1, 5)), per=st.integers(1, 9))
def test_each_restart_is_at_the_full_rate_and_each_period_longer(made, per):
    begins = np.cumsum([0, *(made.period * made.growth**n for n in range(4))])
    for n, (begin, end) in enumerate(pairwise(begins)):
        assert made.factor(begin * per, per) == 1
        assert made.place(begin * per, per) == (0, made.period * made.growth**n * per)
        swing = [made.factor(k, per) for k in range(int(begin) * per, min(int(end), int(begin) + 50) * per)]
        assert swing == sorted(swing, reverse=True)


def test_without_restarts_it_stays_down():
    made = Cosine(2.0, 0.25, restarts=False)
    assert made.factors(5, 4)[10:].tolist() == [0.25] * 10
    assert made.factors(5, 4)[:10].tolist() == Cosine(2.0, 0.25).factors(5, 2).tolist()


@given(made=st.builds(OneCycle, some_epochs, st.floats(0, 0.99), parts, parts), per_epoch=st.integers(1, 50))
def test_one_cycle_ends_at_its_last_update_and_stays_there(made, per_epoch):
    after = made.factors(per_epoch, made.epochs + 3)[int(np.ceil(made.epochs * per_epoch)) - 1 :]
    assert after == pytest.approx(np.full(len(after), made.end), abs=1e-12)


def test_one_cycle_is_highest_where_the_rise_ends():
    found = OneCycle(10.0, rise=0.3).factors(10, 10)
    assert found.argmax() == 29
    assert found[29] == 1
    assert found[0] == pytest.approx(0.04)


@given(made=curves)
def test_a_picture_has_as_many_points_as_it_wants(made):
    assert len(made.factors(100 / made.span, made.span)) == 100


def test_how_training_goes_has_no_curve():
    assert ReduceOnPlateau().factors(10, 10) is None


@pytest.mark.parametrize("name", Schedule.names())
def test_every_schedule_has_its_settings_described(name):
    made = schedule(name)
    assert made.problem() is None
    known = set(settings(made)) | set(switches(made))
    assert known == set(made.__dataclass_fields__)
    for setting in settings(made).values():
        assert setting.title
        assert setting.symbol


@pytest.mark.parametrize(
    ("name", "given_settings", "message"),
    [
        ("step", {"step_size": 0}, "step_size is 0; it must be a whole number, at least 1 and at most 1e\\+09"),
        ("step", {"step_size": 2.5}, "step_size is 2.5; it must be a whole number"),
        ("step", {"gamma": 0}, "gamma is 0; it must be above 0 and at most 1"),
        ("exponential", {"gamma": 1.5}, "gamma is 1.5; it must be above 0 and at most 1"),
        ("linear_warm_up", {"epochs": 0}, "epochs is 0; it must be above 0"),
        ("linear_warm_up", {"start": "low"}, "start is 'low'; it must be a number"),
        ("cosine", {"period": -1}, "period is -1; it must be above 0"),
        ("cosine", {"growth": 1.5}, "growth is 1.5; it must be a whole number"),
        ("cosine", {"restarts": 1}, "restarts is 1; it must be true or false"),
        ("cosine", {"least": float("nan")}, "least is nan; it must be at least 0 and at most 1"),
        ("one_cycle", {"rise": 1}, "rise is 1; it must be at least 0 and below 1"),
        ("reduce_on_plateau", {"factor": 1}, "factor is 1; it must be above 0 and below 1"),
        ("reduce_on_plateau", {"patience": -1}, "patience is -1; it must be a whole number, at least 0"),
        ("constant", {"gamma": 0.1}, "constant has no setting 'gamma'; it has none"),
        ("cosin", {}, "there is no schedule 'cosin'; did you mean 'cosine'"),
    ],
)
def test_a_setting_outside_its_domain_is_refused(name, given_settings, message):
    with pytest.raises(SpecError, match=message):
        schedule(name, **given_settings)


def machine_of(made, optimizer=None, rows=10, precision=Precision.FLOAT64):
    """2-3-1 over 10 rows in batches of 4, 4 and 2."""
    network = NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1)))
    model = Model(ModelSpec(network, optimizer=optimizer or Sgd(0.5), precision=precision, schedule=made))
    model.initialize(0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(rows, 2)), rng.uniform(size=(rows, 1))
    return Machine(model, X, Y, batch_size=4, shuffle=True, seed=0)


def test_a_constant_rate_is_a_setting_and_costs_no_operation():
    machine = machine_of(Constant())
    assert machine.slot("alpha").role is Role.SETTING
    assert "alpha0" not in machine.model.store
    assert machine.model.rate_setting == "alpha"
    assert all(op.kind is not OpKind.SCHEDULE for op in machine.program.ops)
    assert machine.rate == 0.5


def test_a_schedule_s_rate_is_written_before_the_update():
    machine = machine_of(Step(1, 0.5))
    update = [op for op in machine.program.ops if op.phase is Phase.UPDATE]
    assert update[0].kind is OpKind.SCHEDULE
    assert update[0].label == "α ← α₀ · γ^⌊e / s⌋"
    assert machine.freshness("alpha") is Freshness.UNKNOWN
    assert np.isnan(machine.rate)
    assert machine.freshness("k") is Freshness.LASTING
    rates = []
    for _ in range(9):
        machine.run_iteration()
        rates.append(machine.rate)
    assert rates == [0.5] * 3 + [0.25] * 3 + [0.125] * 3
    machine.step()
    assert machine.freshness("alpha") is Freshness.STALE


def test_the_optimizer_steps_by_the_rate_of_its_schedule():
    machine = machine_of(LinearWarmUp(4.0, 0.0))
    for k in range(12):
        before = machine.value("W1").copy()
        machine.run_iteration()
        moved = machine.value("W1") - before
        assert moved == pytest.approx(-0.5 * k / 12 * machine.value("dW1"), rel=1e-9, abs=1e-15)


def test_the_rate_that_is_set_can_be_changed_and_the_one_that_is_computed_for_one_update():
    machine = machine_of(Step(1, 0.5))
    for _ in range(4):
        machine.run_iteration()
    machine.write("alpha0", (), 2.0)
    machine.run_iteration()
    assert machine.rate == 1.0
    machine.run_until(machine.program.writer["alpha"] + 1)
    machine.write("alpha", (), 0.0)
    before = machine.value("W1").copy()
    machine.run_iteration()
    assert np.array_equal(machine.value("W1"), before)
    machine.run_iteration()
    assert machine.rate > 0
    with pytest.raises(SpecError, match="k is what the schedule keeps in mind; set alpha0"):
        machine.write("k", (), 1.0)


def test_a_plateau_is_judged_by_the_costs_that_were_met():
    machine = machine_of(ReduceOnPlateau(0.5, 0, 0.9))
    assert machine.value("J_best") == inf
    costs, rates = [], []
    for _ in range(9):
        machine.run_iteration()
        costs.append(machine.cost)
        rates.append(machine.rate)
    means = np.array(costs).reshape(3, 3).mean(axis=1)
    assert means[1] > 0.1 * means[0], "so the second epoch is bad"
    assert rates == [0.5] * 6 + [0.25] * 3
    assert machine.value("J_best").item() == pytest.approx(means[0])
    assert machine.value("J_sum").item() == pytest.approx(sum(costs[6:]))


@pytest.mark.parametrize("name", Schedule.names())
def test_counting_does_not_suffer_from_single_precision(name):
    machine = machine_of(schedule(name), Adam(), precision=Precision.FLOAT32)
    if "k" in machine.model.store:
        machine.model.store["k"].fill(2.0**25)
        machine.run_iteration()
        assert machine.value("k") == 2.0**25 + 1
    assert machine.value("alpha").dtype == np.float32
