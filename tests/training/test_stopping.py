"""Stopping before the last epoch: the right moment, the right words, the right weights, and training on from there."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.spec import DataSpec, InlineSource, SplitSpec
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.spec import LayerSpec, Normalization
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.stopping import StoppingSpec
from nnstudio.training import trainer as trainer_module
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.preview import Preview
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Stop


def experiment_of(*, validation=0.4, epochs=200, optimizer_=None, **stopping):
    """Few noisy rows and many units: the network soon learns its training rows by heart."""
    table = np.random.default_rng(3).normal(size=(20, 3))
    table[:, 2] = 0.4 * table[:, 2] + table[:, 0]
    data = DataSpec(
        InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))),
        ("x1", "x2"),
        ("y",),
        split=SplitSpec(validation=validation),
    )
    return Experiment(
        data,
        Network((LayerSpec(16, "tanh"), LayerSpec(1))),
        optimizer=optimizer_ or optimizer("adam", learning_rate=0.05),
        training=TrainingSpec(4, epochs),
        stopping=StoppingSpec(**stopping),
        seed=4,
    )


def debugger_of(**settings):
    return Debugger(build(experiment_of(**settings)))


def with_stopping(debugger, **stopping):
    """An edit of the document while the run stands."""
    run = debugger.run
    run.experiment = replace(run.experiment, stopping=StoppingSpec(**stopping))


def bytes_of(run):
    """Everything that a run goes on from."""
    state = run.machine.state()
    families = [state.store, *state.workspaces.values()]
    numbers = b"".join(flat.tobytes() for family in families for flat in family.values())
    return state.pc, state.iterations, repr(state.batches.generator), state.batches.order.tobytes(), numbers


def weights_of(run):
    return {name: run.machine.value(name).copy() for name in run.model.parameters}


def assert_same(one, other):
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name])


def first_wait(costs, patience, min_delta=0.0):
    """The definition: the first epoch (from 1) after `patience` epochs without improvement, and the best one then."""
    best = best_epoch = None
    for epoch, cost in enumerate(costs[1:], start=1):
        if best is None or cost < best - min_delta:
            best, best_epoch = cost, epoch
        elif epoch - best_epoch == patience:
            return epoch, best_epoch
    return None


def test_nothing_stops_where_nothing_is_asked_for():
    debugger = debugger_of(epochs=30)
    assert debugger.train(Goal.LIMIT).stop is Stop.REACHED
    assert debugger.stopped is None
    assert debugger.machine.epochs == 30


class TestTargetCost:
    def test_it_stops_at_the_first_epoch_whose_training_cost_is_at_or_below_it(self):
        whole = debugger_of(epochs=60)
        whole.train(Goal.LIMIT)
        costs = whole.run.history.train_cost
        target = costs[25]
        expected = next(epoch for epoch, cost in enumerate(costs) if cost <= target)
        debugger = debugger_of(epochs=60, target_cost=target)
        outcome = debugger.train(Goal.LIMIT)
        assert outcome.stop is Stop.EARLY
        assert debugger.machine.epochs == expected
        assert str(outcome.stopped) == (
            f"Stopped after epoch {expected}: the training cost {costs[expected]:.4g} has come down to the target "
            f"{target:g}"
        )

    def test_training_on_is_not_stopped_by_a_target_that_is_met_already(self):
        debugger = debugger_of(epochs=60, target_cost=0.1)
        debugger.train(Goal.LIMIT)
        assert debugger.stopped is not None
        debugger.train(Goal.LIMIT)
        assert debugger.stopped is None
        assert debugger.machine.epochs == 60

    def test_a_lower_target_stops_again(self):
        debugger = debugger_of(target_cost=0.1)
        debugger.train(Goal.LIMIT)
        met_at = debugger.machine.epochs
        with_stopping(debugger, target_cost=0.05)
        debugger.train(Goal.LIMIT)
        assert debugger.stopped is not None
        assert met_at < debugger.machine.epochs < 200
        assert debugger.run.history.train_cost[-1] <= 0.05


class TestPatience:
    @pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (5, 0.0), (12, 0.0), (5, 0.01)])
    def test_it_stops_after_so_many_epochs_without_a_lower_validation_cost(self, patience, min_delta):
        whole = debugger_of()
        whole.train(Goal.LIMIT)
        epoch, best = first_wait(whole.run.history.validation_cost, patience, min_delta)
        debugger = debugger_of(patience=patience, min_delta=min_delta)
        outcome = debugger.train(Goal.LIMIT)
        assert outcome.stop is Stop.EARLY
        assert debugger.machine.epochs == epoch
        assert outcome.stopped.restored == best
        lowest = whole.run.history.validation_cost[best]
        by = " by more than 0.01" if min_delta else ""
        assert str(outcome.stopped) == (
            f"Stopped after epoch {epoch}: validation cost has not fallen below {lowest:.4g} (epoch {best}){by} "
            f"for {patience} epoch{'s' * (patience != 1)}; the weights of epoch {best} are back"
        )

    def test_the_weights_of_the_best_epoch_are_back_and_nothing_else_has_changed(self):
        debugger = debugger_of(patience=8)
        stopped = debugger.train(Goal.LIMIT).stopped
        best, last = (debugger_of() for _ in range(2))
        for _ in range(stopped.restored):
            best.train(Goal.EPOCH)
        for _ in range(stopped.epoch):
            last.train(Goal.EPOCH)
        assert_same(weights_of(debugger.run), weights_of(best.run))
        last.run.model.put_back(best.run.model.knowledge())
        assert bytes_of(debugger.run) == bytes_of(last.run)
        assert debugger.run.history.epochs.tolist() == list(range(stopped.epoch + 1))

    def test_the_run_knows_which_entry_of_its_history_the_weights_belong_to(self):
        debugger = debugger_of(patience=8)
        stopped = debugger.train(Goal.LIMIT).stopped
        run = debugger.run
        assert run.entry == stopped.restored
        found = run.model.evaluate(run.data.validation.X, run.data.validation.Y)
        assert run.history.validation_cost[run.entry] == found.cost
        debugger.train(Goal.EPOCH)
        assert run.entry == stopped.epoch + 1

    def test_without_restoring_the_weights_stay(self):
        debugger = debugger_of(patience=8, restore_best=False)
        stopped = debugger.train(Goal.LIMIT).stopped
        assert stopped.restored is None
        assert str(stopped).endswith("for 8 epochs")
        assert debugger.run.entry == stopped.epoch
        whole = debugger_of(epochs=stopped.epoch)
        whole.train(Goal.LIMIT)
        assert bytes_of(debugger.run) == bytes_of(whole.run)

    def test_without_validation_rows_it_looks_at_the_training_cost(self):
        slow = optimizer("sgd", learning_rate=0.01)
        debugger = debugger_of(validation=0.0, patience=3, min_delta=0.01, optimizer_=slow)
        stopped = debugger.train(Goal.LIMIT).stopped
        assert "training cost has not fallen" in str(stopped)
        expected = debugger_of(validation=0.0, optimizer_=slow)
        expected.train(Goal.LIMIT)
        assert (stopped.epoch, stopped.restored) == first_wait(expected.run.history.train_cost, 3, 0.01)

    def test_training_on_counts_anew_and_keeps_the_best(self):
        debugger = debugger_of(patience=6)
        first = debugger.train(Goal.LIMIT).stopped
        second = debugger.train(Goal.LIMIT).stopped
        costs = debugger.run.history.validation_cost
        assert second.epoch >= first.epoch + 6
        assert second.restored == min(range(1, second.epoch + 1), key=costs.__getitem__)
        assert debugger.run.history.epochs.tolist() == list(range(second.epoch + 1))

    def test_switched_on_in_the_middle_it_begins_there(self):
        debugger = debugger_of()
        for _ in range(50):
            debugger.train(Goal.EPOCH)
        with_stopping(debugger, patience=4)
        stopped = debugger.train(Goal.LIMIT).stopped
        assert stopped.restored > 50

    def test_a_cost_that_is_no_number_is_no_improvement(self, monkeypatch):
        debugger = debugger_of(patience=3)
        history, add = debugger.run.history, debugger.run.history.add

        def overflowing(record):
            values = {key: np.nan if key[0].value == "validation" else value for key, value in record.measured.items()}
            add(replace(record, measured=values))

        monkeypatch.setattr(type(history), "add", lambda _, record: overflowing(record))
        stopped = debugger.train(Goal.LIMIT).stopped
        assert str(stopped) == "Stopped after epoch 3: validation cost has not been a finite number for 3 epochs"


@pytest.mark.parametrize("kind", list(Normalization))
def test_a_normalized_network_predicts_again_as_it_did_in_the_best_epoch(kind):
    experiment = experiment_of(patience=6)
    hidden = LayerSpec(16, "tanh", dropout=0.1, normalization=kind)
    debugger = Debugger(build(replace(experiment, network=Network((hidden, LayerSpec(1))))))
    assert debugger.train(Goal.LIMIT).stop is Stop.EARLY
    run = debugger.run
    found = run.model.evaluate(run.data.validation.X, run.data.validation.Y)
    assert found.cost == run.history.validation_cost[run.entry] == min(run.history.validation_cost[1:])


class TestTimeLimit:
    def test_it_stops_at_the_end_of_the_epoch_in_which_the_time_is_over(self, monkeypatch):
        clock = iter(range(10_000))
        monkeypatch.setattr(trainer_module.time, "perf_counter", lambda: float(next(clock)))
        debugger = debugger_of(seconds=5.0)
        stopped = debugger.train(Goal.LIMIT).stopped
        assert str(stopped) == f"Stopped after epoch {stopped.epoch}: the 5 s of training are over"
        assert debugger.trainer.seconds >= 5
        again = debugger.train(Goal.LIMIT).stopped
        assert again.epoch > stopped.epoch
        assert debugger.trainer.seconds >= 10


EARLY = {"patience": 8}
WAYS = {
    "by epochs on the way": lambda asked: lambda: False,
    "interrupted now and then": lambda asked: lambda: asked.append(1) or len(asked) % 7 == 0,
    "interrupted always": lambda asked: lambda: True,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_paused_and_continued_it_is_the_same_run_byte_for_byte(way, name):
    rate = 0.2 if name == "sgd" else 0.01
    straight, other = (debugger_of(optimizer_=optimizer(name, learning_rate=rate), **EARLY) for _ in range(2))
    interrupted, expected = WAYS[way]([]), straight.train(Goal.LIMIT)
    assert expected.stop is Stop.EARLY
    while (outcome := other.train(Goal.LIMIT, interrupted)).stop is Stop.INTERRUPTED:
        pass
    assert outcome.stopped == expected.stopped
    assert bytes_of(other.run) == bytes_of(straight.run)
    straight.train(Goal.LIMIT)
    while other.train(Goal.LIMIT, interrupted).stop is Stop.INTERRUPTED:
        pass
    assert bytes_of(other.run) == bytes_of(straight.run)


def test_epochs_that_are_stepped_through_count_but_do_not_stop():
    stepped, straight = debugger_of(**EARLY), debugger_of(**EARLY)
    expected = straight.train(Goal.LIMIT).stopped
    while stepped.machine.epochs < expected.epoch:
        stepped.step_batch() if stepped.machine.epochs % 2 else stepped.train(Goal.EPOCH)
    assert stepped.stopped is None
    assert stepped.run.entry == expected.epoch
    found = stepped.train(Goal.LIMIT).stopped
    assert (found.epoch, found.restored) == (expected.epoch + 1, expected.restored)
    assert_same(weights_of(stepped.run), weights_of(straight.run))


def test_a_step_after_the_stop_goes_on_from_there():
    debugger = debugger_of(**EARLY)
    debugger.train(Goal.LIMIT)
    debugger.step_over()
    assert debugger.stopped is None


def test_a_preview_sees_the_weights_that_are_back():
    debugger = debugger_of(**EARLY)
    preview, run = Preview(), debugger.run
    debugger.train(Goal.LIMIT, lambda: debugger.machine.epochs == 5)
    preview.after(run)
    debugger.train(Goal.LIMIT)
    found, before = preview.after(run), weights_of(run)
    debugger.step_batch()
    assert_same(found, weights_of(run))
    assert any((before[name] != found[name]).any() for name in before)


def test_a_reset_begins_anew():
    debugger = debugger_of(**EARLY)
    first = debugger.train(Goal.LIMIT).stopped
    after = bytes_of(debugger.run)
    debugger.reset()
    assert debugger.stopped is None
    assert debugger.at_start
    assert debugger.run.entry == 0
    assert debugger.train(Goal.LIMIT).stopped == first
    assert bytes_of(debugger.run) == after


class TestTimeTravel:
    """Putting weights back is part of the run: going back and forward meets it again."""

    def test_back_before_the_stop_and_forward_again_is_the_same_moment(self):
        debugger = debugger_of(**EARLY)
        stopped = debugger.train(Goal.LIMIT).stopped
        here, after = debugger.timeline.here, bytes_of(debugger.run)
        debugger.step_back()
        assert debugger.stopped is None
        assert debugger.run.entry == stopped.epoch - 1
        debugger.step_over()
        assert bytes_of(debugger.run) == after
        debugger.go_to(Moment(2))
        debugger.go_to(here)
        assert bytes_of(debugger.run) == after
        assert debugger.run.entry == stopped.restored

    def test_training_from_the_past_passes_the_stop_and_goes_on(self):
        straight, other = debugger_of(**EARLY), debugger_of(**EARLY)
        for debugger in (straight, other):
            debugger.train(Goal.LIMIT)
        other.go_to(Moment(10))
        expected, found = straight.train(Goal.LIMIT).stopped, other.train(Goal.LIMIT).stopped
        assert found == expected
        assert bytes_of(other.run) == bytes_of(straight.run)

    def test_another_run_that_branches_off_has_a_best_epoch_of_its_own(self):
        debugger = debugger_of(**EARLY)
        first = debugger.train(Goal.LIMIT).stopped
        per_epoch = debugger.machine.batches.per_epoch
        debugger.go_to(Moment(2 * per_epoch))
        debugger.write("W2", (0, 0), 2.0)
        assert debugger.run.history.epochs.tolist() == [0, 1, 2]
        stopped = debugger.train(Goal.LIMIT).stopped
        costs = debugger.run.history.validation_cost
        assert stopped.restored == min(range(3, stopped.epoch + 1), key=costs.__getitem__)
        assert stopped.epoch == stopped.restored + 8
        run = debugger.run
        assert run.model.evaluate(run.data.validation.X, run.data.validation.Y).cost == costs[stopped.restored]
        assert first != stopped


def test_a_search_for_a_nan_meets_the_weights_that_are_back():
    rate = optimizer("sgd", learning_rate=0.2)
    debugger, straight = (debugger_of(optimizer_=rate, **EARLY) for _ in range(2))
    for one in (debugger, straight):
        one.train(Goal.LIMIT)
        one.set_learning_rate(1e6)
    outcome = debugger.train(Goal.LIMIT)
    assert outcome.stop is Stop.NOT_FINITE
    while straight.nonfinite is None:
        straight.step_batch()
    assert (outcome.nonfinite.op.label, outcome.nonfinite.slot) == (
        straight.nonfinite.op.label,
        straight.nonfinite.slot,
    )
    assert debugger.timeline.here == straight.timeline.here
    assert_same(weights_of(debugger.run), weights_of(straight.run))


def test_training_stops_at_an_infinity_that_the_cost_never_shows():
    rows = tuple((1e200 * (i % 7 - 3), float(i % 2)) for i in range(40))
    experiment = Experiment(
        data=DataSpec(InlineSource(("x", "y"), rows), ("x",), ("y",)),
        network=Network((LayerSpec(1, "sigmoid"),)),
        cost="binary_cross_entropy",
        optimizer=optimizer("adam", learning_rate=0.01),
        training=TrainingSpec(batch_size=10, epochs=5),
    )
    trained, stepped = (Debugger(build(experiment)) for _ in range(2))
    outcome = trained.train(Goal.LIMIT)
    while stepped.nonfinite is None:
        stepped.step_over()
    assert outcome.stop is Stop.NOT_FINITE
    assert np.isfinite(trained.machine.cost)
    assert str(outcome.nonfinite) == str(stepped.nonfinite)
    assert outcome.nonfinite.slot == "vW1"
    assert trained.timeline.here == stepped.timeline.here
