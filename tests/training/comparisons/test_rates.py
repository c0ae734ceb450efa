"""Learning rates side by side: which are tried, and what is said of them."""

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.costs import cost
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.schedules import schedule
from nnstudio.experiment.edits import set_optimizer, set_schedule
from nnstudio.experiment.open import open_sample
from nnstudio.training.comparisons.contender import Contender
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.range_test import RangeTest, propose, smoothed
from nnstudio.training.comparisons.rates import Verdict, judge, ladder, rounded
from nnstudio.training.comparisons.task import Materials
from nnstudio.training.run import build


def course(*costs, diverged="", finished=True):
    made = Course(Contender(len(costs) - 1, learning_rate=0.1))
    made.costs, made.diverged, made.finished = array("d", costs), diverged, finished
    return made


def raced(experiment, rate, epochs=30):
    made = Course(Contender(epochs, learning_rate=rate))
    run = build(experiment)
    work = made.contender.begin(Materials(experiment, run.dataset, run.data))
    while not made.finished:
        made.take(work.advance(1.0))
    return made


def range_tested(experiment, test):
    run = build(experiment)
    work = test.begin(Materials(experiment, run.dataset, run.data))
    while not (stretch := work.advance(1.0)).finished:
        pass
    return np.array(stretch.rates), np.array(stretch.costs)


@given(st.floats(1e-6, 1e5))
def test_a_ladder_has_the_rate_itself_and_ascends(rate):
    rates = ladder(rate)
    assert rate in rates
    assert list(rates) == sorted(set(rates))
    assert 6 <= len(rates) <= 7


def test_a_ladder_reads_as_a_person_would_write_it():
    assert ladder(0.12) == (0.0012, 0.004, 0.012, 0.04, 0.12, 0.4, 1.2)
    assert rounded(0.0123456) == 0.012


def test_what_becomes_of_rates_is_named():
    slow, good, best = course(1.0, 0.99, 0.98), course(1.0, 0.6, 0.4), course(1.0, 0.3, 0.1)
    rising, lost = course(1.0, 2.0, 3.0), course(1.0, diverged="J is NaN")
    verdicts = [judged.verdict for judged in judge([slow, good, best, rising, lost])]
    assert verdicts == [Verdict.CRAWLS, Verdict.LEARNS, Verdict.BEST, Verdict.DIVERGES, Verdict.DIVERGES]


def test_what_is_under_way_is_not_judged():
    assert judge([course(1.0, 0.9, finished=False)])[0].verdict is Verdict.UNDER_WAY


def test_a_rate_that_is_far_too_large_diverges_and_one_far_too_small_crawls():
    experiment = set_optimizer(open_sample("diabetes"), Sgd()).experiment
    courses = [raced(experiment, rate) for rate in (1e-6, 0.01, 1e4)]
    crawls, learns, diverges = judge(courses)
    assert crawls.verdict is Verdict.CRAWLS
    assert learns.verdict is Verdict.BEST
    assert diverges.verdict is Verdict.DIVERGES
    assert diverges.why.startswith("not finite in epoch")


def test_the_rates_of_a_range_test_rise_by_the_same_factor_and_are_those_the_updates_used():
    experiment, test = open_sample("circles"), RangeTest(1e-3, 1.0, 40)
    rates, costs = range_tested(experiment, test)
    assert rates[0] == pytest.approx(1e-3)
    assert rates[-1] == pytest.approx(1.0)
    np.testing.assert_allclose(rates[1:] / rates[:-1], 1000 ** (1 / 39))
    machine, told = build(test.of(experiment)).machine, []
    for rate in rates:  # the definition: θ ← θ − α ∂J/∂θ with the rate of the update
        before = machine.model.store.family("parameters").copy()
        machine.write("alpha", (), rate)
        machine.run_iteration()
        gradient = machine.model.store.family("gradients")
        np.testing.assert_allclose(machine.model.store.family("parameters"), before - rate * gradient)
        told.append(machine.cost)
    assert told == costs.tolist()


def test_a_schedule_is_left_aside():
    scheduled = set_schedule(open_sample("circles"), schedule("cosine")).experiment
    rates, costs = range_tested(scheduled, RangeTest(1e-3, 1.0, 20))
    plain_rates, plain_costs = range_tested(open_sample("circles"), RangeTest(1e-3, 1.0, 20))
    assert rates.tolist() == plain_rates.tolist()
    assert costs.tolist() == plain_costs.tolist()


def test_smoothing_is_an_average_without_a_bias_at_first():
    np.testing.assert_allclose(smoothed(np.full(50, 3.0)), 3.0)
    costs = np.random.default_rng(0).normal(size=30)
    weights = 0.9 ** np.arange(30)[::-1]
    assert smoothed(costs)[-1] == pytest.approx((weights * costs).sum() / weights.sum())


def test_it_proposes_a_tenth_of_the_rate_with_the_lowest_cost():
    rates = np.logspace(-4, 1, 51)
    costs = np.where(rates < 1, 1.0 - np.log10(rates / 1e-4) / 5, 50.0)
    proposal = propose(RangeTest(1e-4, 10.0, 100), rates, costs)
    lowest = rates[np.argmin(smoothed(costs))]
    assert proposal.lowest_at == lowest
    assert proposal.rate == rounded(lowest / 10)
    assert proposal.blew_up


def test_it_proposes_nothing_where_the_cost_only_rises():
    rates = np.logspace(-4, 1, 51)
    assert propose(RangeTest(), rates, 1 + rates) is None
    assert propose(RangeTest(), rates[:3], np.array([3.0, 2.0, 1.0])) is None


@pytest.mark.parametrize("sample", ["circles", "iris", "sine", "digits"])
def test_a_proposed_rate_is_one_to_learn_with(sample):
    """Better than one ten times as large or a hundred times as small, where it is not as good."""
    experiment, test = open_sample(sample), RangeTest()
    proposal = propose(test, *range_tested(experiment, test))
    epochs = 5 if sample == "digits" else 30
    proposed, small = (raced(experiment, proposal.rate * factor, epochs) for factor in (1, 0.01))
    assert not proposed.diverged
    assert proposed.cost < proposed.costs[0] / 2 or proposed.cost < small.cost
    assert proposed.cost < small.cost


def test_a_range_test_ends_where_a_number_is_no_longer_finite():
    experiment = set_optimizer(open_sample("diabetes"), Sgd()).experiment
    assert cost(experiment.cost).name == "half_mse"
    rates, costs = range_tested(experiment, RangeTest(1e-5, 1e5, 200))
    assert len(rates) < 200
    assert np.isfinite(costs).all()
