"""Ready-made watches: each tells of trouble in a network that was made to have it, and is silent in one without."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from nnstudio.data.spec import DataSpec, InlineSource, SplitSpec
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.training.debugger import Debugger, Goal, Stop
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build
from nnstudio.training.watches import BY_NAME, WATCHES, Observer, Origin, Watch, breakpoint_of
from nnstudio.training.watches.activations import spread


def experiment_of(activations=("tanh", "tanh"), rows=24, batch=8, epochs=40, rate=0.05, scale=1.0, **changed):
    rng = np.random.default_rng(5)
    inputs = scale * rng.uniform(-1, 1, size=(rows, 2))
    targets = np.sin(2 * inputs[:, :1] / scale) + 0.3 * inputs[:, 1:] / scale
    table = tuple(map(tuple, np.hstack((inputs, targets)).tolist()))
    data = DataSpec(InlineSource(("x1", "x2", "y"), table), ("x1", "x2"), ("y",))
    layers = (*(LayerSpec(6, activation) for activation in activations), LayerSpec(1))
    made = Experiment(
        data, Network(layers), optimizer=optimizer("sgd", learning_rate=rate), training=TrainingSpec(batch, epochs)
    )
    return replace(made, **changed)


def debugger_of(**changed):
    return Debugger(build(experiment_of(**changed)))


def observer_of(name, debugger, *levels):
    watch = BY_NAME[name]
    return Observer(watch, levels or watch.levels, debugger.machine, debugger.run.history)


def observe(name, debugger, iterations=1, *levels):
    """Train so many iterations under a watch, as one that is switched on sees them."""
    observer = observer_of(name, debugger, *levels)
    before_update = next(i for i, op in enumerate(debugger.machine.program.ops) if op.phase == "update")
    for _ in range(iterations):
        debugger.run_to_operation(before_update)
        observer.note()
        debugger.step_batch()
        observer.observe()
    return observer


def layers_in_trouble(observer):
    return {reading.measured.layer for reading in observer.readings if reading.trouble}


def bytes_of(debugger):
    state = debugger.machine.state()
    families = [state.store, *state.workspaces.values()]
    flats = [flat.tobytes() for family in families for flat in family.values()]
    return state.pc, state.iterations, state.batches.order.tobytes(), str(state.batches), flats


def healthy():
    return debugger_of()


class TestDeadRelu:
    def test_units_with_a_very_negative_bias_are_dead(self):
        debugger = debugger_of(activations=("relu", "relu"))
        debugger.run.model.store["b2"][:4] = -100
        observer = observe("dead_relu", debugger)
        assert observer.worst.measured.layer == 2
        assert observer.worst.measured.value == pytest.approx(100 * 4 / 6)
        assert layers_in_trouble(observer) == {2}

    def test_a_unit_that_answers_a_single_row_is_alive(self):
        debugger = debugger_of(activations=("relu",))
        store, X = debugger.run.model.store, debugger.machine.X
        furthest = X[np.abs(X[:, 0]).argmax()]
        store["W1"][...] = furthest
        answers = X @ furthest
        store["b1"][...] = -np.sort(answers)[-2] - 1e-6
        assert observe_here("dead_relu", debugger).worst.measured.value == 0

    def test_says_nothing_without_relu(self):
        debugger = healthy()
        assert "ReLU" in BY_NAME["dead_relu"].problem(debugger.machine, debugger.run.history)


def observe_here(name, debugger, *levels):
    observer = observer_of(name, debugger, *levels)
    observer.observe()
    return observer


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_large_weights_saturate_a_layer(activation):
    debugger = debugger_of(activations=("tanh", activation))
    debugger.run.model.store["W2"][...] *= 1e4
    assert layers_in_trouble(observe("saturation", debugger)) == {2}


def test_saturation_is_the_share_of_sums_outside_of_the_limits():
    debugger = debugger_of(activations=("tanh",))
    debugger.run.model.store["W1"][...] *= 12
    debugger.step_batch()
    outside = np.abs(debugger.machine.value("Z1")) > 9.5
    assert 0 < outside.mean() < 1
    assert observe_here("saturation", debugger).worst.measured.value == pytest.approx(100 * outside.mean())


def test_the_gradient_vanishes_in_the_first_layers_of_a_deep_sigmoid_network():
    debugger = debugger_of(activations=("sigmoid",) * 12)
    observer = observe("vanishing_gradient", debugger)
    assert 1 in layers_in_trouble(observer)
    assert 13 not in layers_in_trouble(observer)
    assert observer.worst.measured.layer == 1
    assert observer.worst.measured.value == np.abs(debugger.machine.value("dW1")).mean()


def test_the_gradient_explodes_behind_large_weights():
    debugger = debugger_of(activations=("relu", "relu"))
    for name in ("W1", "W2", "W3"):
        debugger.run.model.store[name][...] *= 50
    observer = observe("exploding_gradient", debugger)
    worst = observer.worst.measured
    assert observer.trouble
    assert worst.value == pytest.approx(np.linalg.norm(debugger.machine.value(worst.slot)))


def test_a_gradient_that_is_no_number_has_exploded():
    debugger = healthy()
    debugger.step_batch()
    debugger.run.model.store["dW2"][0, 0] = np.nan
    observer = observe_here("exploding_gradient", debugger)
    assert layers_in_trouble(observer) == {2}


@pytest.mark.parametrize(("rate", "threshold"), [(1e4, 0), (1e-12, 1)])
def test_an_update_far_too_large_or_too_small_for_its_weights(rate, threshold):
    observer = observe("update_ratio", debugger_of(rate=rate))
    assert observer.worst.measured.threshold == threshold
    assert observer.trouble


def test_the_update_ratio_is_that_of_plain_gradient_descent():
    debugger = debugger_of(rate=0.05)
    before = debugger.machine.value("W1").copy()
    observer = observe("update_ratio", debugger)
    expected = 0.05 * np.linalg.norm(debugger.machine.value("dW1")) / np.linalg.norm(before)
    for reading in observer.readings:
        assert reading.measured.layer != 1 or reading.measured.value == pytest.approx(expected)


def test_the_update_ratio_is_not_known_without_having_seen_the_update():
    debugger = healthy()
    debugger.step_batch()
    assert observe_here("update_ratio", debugger).worst is None


def test_a_cost_that_stays_is_not_falling():
    debugger = debugger_of(rate=1e-300)
    debugger.train(Goal.at(9))
    assert not observe_here("cost_not_falling", debugger).trouble
    debugger.train(Goal.at(10))
    observer = observe_here("cost_not_falling", debugger)
    assert observer.trouble
    assert observer.worst.measured.value == 10


def test_a_cost_that_grows_is_diverging():
    debugger = debugger_of(activations=("identity",), rate=2.0)
    debugger.train(Goal.at(3))
    observer = observe_here("cost_diverging", debugger)
    costs = debugger.run.history.train_cost
    assert observer.trouble
    assert observer.worst.measured.value == pytest.approx(costs[-1] / min(costs))


def test_few_training_rows_are_learned_by_heart():
    data = structs.replace(experiment_of(rows=30).data, split=SplitSpec(validation=0.8))
    debugger = debugger_of(rows=30, batch=6, data=data, rate=0.3)
    debugger.train(Goal.at(300))
    observer, history = observe_here("overfitting", debugger), debugger.run.history
    gap = (history.validation_cost[-1] - history.train_cost[-1]) / history.train_cost[-1]
    assert observer.trouble
    assert observer.worst.measured.value == pytest.approx(gap)


def test_overfitting_says_nothing_without_validation_rows():
    debugger = healthy()
    assert "validation" in BY_NAME["overfitting"].problem(debugger.machine, debugger.run.history)


def test_weights_that_begin_as_zeros_are_all_zero():
    layers = (LayerSpec(6, "tanh", "zeros"), LayerSpec(1))
    observer = observe_here("zero_or_nan", debugger_of(network=Network(layers)))
    assert observer.worst.measured.slot == "W1"
    assert observer.worst.measured.value == 100


def test_a_nan_in_a_slot_is_counted():
    debugger = healthy()
    debugger.step_batch()
    debugger.run.model.store["W2"][1, :2] = np.nan
    worst = observe_here("zero_or_nan", debugger).worst_by(1)
    assert worst.trouble
    assert worst.measured.slot == "W2"
    assert worst.measured.value == 2


def test_nothing_is_said_of_what_has_not_been_computed():
    readings = observe_here("zero_or_nan", healthy()).readings
    assert {reading.measured.slot for reading in readings} == {"W1", "W2", "W3"}


def test_layers_whose_outputs_spread_very_differently_are_poorly_initialized():
    debugger = debugger_of()
    debugger.run.model.store["W2"][...] *= 0.01
    observer = observe("poor_initialization", debugger, 5)
    value = debugger.machine.value
    assert observer.worst_by(0).trouble
    assert observer.worst_by(0).measured.value == pytest.approx(np.var(value("A1")) / np.var(value("A2")))


def test_gradients_all_alike_have_to_be_so_five_steps_running():
    debugger = debugger_of(rate=1e-300)
    debugger.run.model.store["W3"][...] *= 1e-6
    observer = observer_of("poor_initialization", debugger)
    running = []
    for _ in range(6):
        debugger.step_batch()
        observer.observe()
        running.append(any(r.trouble for r in observer.readings if r.measured.threshold == 1))
    assert running == [False] * 4 + [True] * 2


def test_what_has_not_been_looked_at_for_long_enough_is_doubtful():
    debugger = debugger_of(rate=1e-300)
    debugger.run.model.store["W3"][...] *= 1e-6
    observer, doubts = observer_of("poor_initialization", debugger), []
    for _ in range(5):
        debugger.step_batch()
        observer.observe()
        doubts.append(observer.doubtful is not None)
    assert doubts == [True] * 4 + [False]
    debugger.step_batch()
    debugger.step_batch()
    observer.observe()
    assert not observer.trouble
    assert observer.doubtful is not None


def test_a_slot_that_stays_for_three_iterations_is_unchanged():
    debugger = debugger_of(rate=1e-300)
    assert not observe("unchanged", debugger, 3).trouble
    observer = observe("unchanged", debugger, 4)
    assert observer.trouble
    assert observer.worst.measured.slot == "W1"
    assert observer.worst.measured.value == 3


@pytest.mark.parametrize(
    ("optimizer_", "threshold"),
    [(optimizer("adam", learning_rate=0.1), 0), (optimizer("sgd", learning_rate=1e-8), 1)],
)
def test_an_unusual_learning_rate(optimizer_, threshold):
    observer = observe_here("learning_rate", debugger_of(optimizer=optimizer_))
    assert observer.worst.trouble
    assert observer.worst.measured.threshold == threshold


def test_a_large_rate_is_usual_for_plain_gradient_descent():
    assert not observe_here("learning_rate", debugger_of(rate=0.1)).trouble


def test_updates_that_raise_the_cost_they_were_to_lower():
    debugger = debugger_of(activations=("identity",), rate=2.5)
    assert not observe("learning_rate", debugger, 2).trouble
    assert observe("learning_rate", debugger, 3).worst_by(2).trouble


def test_inputs_far_out_are_found_unless_they_are_standardized():
    far = debugger_of(scale=40.0)
    assert observe_here("inputs", far).worst_by(0).measured.value == np.abs(far.machine.X).max() > 1
    data = structs.replace(experiment_of(scale=40.0).data, standardize=True)
    assert not observe_here("inputs", debugger_of(data=data)).trouble


def test_a_linear_hidden_layer_is_found():
    observer = observe_here("inputs", debugger_of(activations=("tanh", "identity")))
    assert observer.worst.trouble
    assert observer.worst.measured.slot == "A2"


@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.name)
def test_every_watch_is_silent_while_a_healthy_network_learns(watch):
    data = structs.replace(experiment_of(rows=80).data, split=SplitSpec(validation=0.25))
    debugger = debugger_of(activations=("tanh", "relu"), rows=80, data=data, rate=0.02)
    debugger.watcher.watch([breakpoint_of(watch.name, watch.levels)])
    outcome = debugger.train(Goal.at(12))
    assert outcome.stop is Stop.REACHED, outcome.hits


@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.name)
def test_watching_never_changes_a_run(watch):
    changed = {"activations": ("relu", "tanh"), "rows": 21, "training": TrainingSpec(8, 4, shuffle=True)}
    plain, watched = debugger_of(**changed), debugger_of(**changed)
    plain.train(Goal.LIMIT)
    watched.watcher.watch([breakpoint_of(watch.name, watch.levels)])
    while watched.train(Goal.LIMIT).hits:
        pass
    assert bytes_of(watched) == bytes_of(plain)


def seen_by(observer):
    """What it says of each layer, and whether that is trouble."""
    found = ((r.measured.threshold, r.measured.slot, r.measured.value, r.streak, r.trouble) for r in observer.readings)
    return observer.trouble, sorted(found, key=repr)


@pytest.mark.parametrize("levels", ["first", "least", "most", "as measured", "a little more", "a little less"])
@pytest.mark.parametrize("watch", WATCHES, ids=lambda watch: watch.name)
def test_a_quick_look_finds_what_measuring_finds(watch, levels, monkeypatch):
    data = structs.replace(experiment_of(rows=30).data, split=SplitSpec(validation=0.3))
    debugger = debugger_of(activations=("sigmoid", "relu", "tanh"), rows=30, data=data, rate=0.3)
    measured = observe(watch.name, debugger, 2)
    chosen = {
        "first": watch.levels,
        "least": tuple(one.least for one in watch.thresholds),
        "most": tuple(one.most for one in watch.thresholds),
    }
    factor = {"as measured": 1.0, "a little more": 1 + 1e-4, "a little less": 1 - 1e-4}.get(levels, 1.0)
    worst = [measured.worst_by(number) for number in range(len(watch.levels))]
    near = tuple(
        min(max(one.measured.value * factor if one else level, threshold.least), threshold.most)
        for one, level, threshold in zip(worst, watch.levels, watch.thresholds, strict=True)
    )
    quick, exact = (observer_of(watch.name, debugger, *chosen.get(levels, near)) for _ in range(2))
    update = debugger.machine.program.update_begins
    for iteration in range(12):
        if iteration == 7:
            debugger.run.model.store["W2"][...] = debugger.run.model.store["dW2"][...] = 0.0
        debugger.run_to_operation(update)
        quick.note()
        exact.note()
        debugger.step_batch()
        quick.observe()
        with monkeypatch.context() as patched:
            patched.setattr(type(watch), "sound", Watch.sound)
            exact.observe()
            said = seen_by(exact)
        assert seen_by(quick) == said


@pytest.mark.parametrize("size", [1, 2, 3, 19, 20, 21, 64, 5000])
def test_the_spread_of_a_gradient_is_that_between_its_percentiles(size):
    values = np.random.default_rng(size).normal(size=size)
    low, high = np.percentile(values, (5, 95))
    assert spread(values) == pytest.approx(high - low, abs=1e-12)
    values[0] = np.nan
    assert np.isnan(spread(values))


def test_most_iterations_of_a_healthy_network_need_a_quick_look_alone():
    debugger = healthy()
    for name in ("saturation", "vanishing_gradient", "exploding_gradient", "update_ratio", "zero_or_nan"):
        observer = observe(name, debugger, 3)
        assert observer.watch.sound(observer._scene, observer.levels), name


def test_every_watch_explains_itself_in_two_sentences_and_names_its_source():
    for watch in WATCHES:
        assert watch.explanation.count(". ") == 1, watch.name
        assert watch.explanation.endswith("."), watch.name
        assert watch.source
        assert all(threshold.problem(threshold.first) is None for threshold in watch.thresholds)


class TestStopping:
    def test_training_stops_where_it_comes_true_and_says_what_was_measured(self):
        debugger = debugger_of(rate=1e-300)
        debugger.watcher.watch([breakpoint_of("cost_not_falling", (4.0,))])
        outcome = debugger.train(Goal.LIMIT)
        assert outcome.stop is Stop.BREAKPOINT
        assert debugger.machine.epochs == 4
        assert "epochs without a decrease = 4" in str(outcome.hits[0])
        assert [mark.moment for mark in debugger.timeline.marks] == [debugger.timeline.here]

    def test_it_stops_once_as_long_as_it_stays_true(self):
        debugger = debugger_of(activations=("sigmoid",) * 12)
        watch = breakpoint_of("vanishing_gradient", (1e-7,))
        debugger.watcher.watch([watch])
        assert debugger.train(Goal.LIMIT).stop is Stop.BREAKPOINT
        assert debugger.machine.iterations == 1
        assert debugger.train(Goal.at(3)).stop is Stop.REACHED
        assert debugger.watcher.hits(watch) == 1

    def test_steps_stop_as_training_does(self):
        debugger = debugger_of(activations=("sigmoid",) * 12)
        debugger.watcher.watch([breakpoint_of("vanishing_gradient", (1e-7,))])
        debugger.play(1000)
        assert debugger.timeline.here == Moment(1, 0)
        assert debugger.hits

    def test_one_that_says_nothing_about_this_network_says_why(self):
        debugger = healthy()
        one = breakpoint_of("dead_relu", (50.0,))
        debugger.watcher.watch([one])
        assert "ReLU" in debugger.watcher.problem(one)
        assert debugger.watcher.idle


class TestOrigin:
    def test_is_the_first_iteration_of_the_trouble_that_lasts(self):
        debugger = debugger_of(rate=1e-300)
        debugger.train(Goal.at(8))
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["unchanged"], (3.0,))
        assert debugger.travel(origin)
        assert debugger.timeline.here == Moment(4, 0)
        assert "epoch 2, mini-batch 1" in origin.said

    @pytest.mark.parametrize("threshold", [1e-2, 3e-2, 1e-1])
    def test_agrees_with_looking_at_every_iteration(self, threshold):
        debugger = debugger_of(rate=0.3)
        observer, truths = observer_of("vanishing_gradient", debugger, threshold), []
        for _ in range(150):
            debugger.step_batch()
            truths.append(observer.observe())
            if debugger.machine.iterations % 2 == 0:
                debugger.step_over()
                debugger.timeline.keep()
        debugger.step_over()
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["vanishing_gradient"], (threshold,))
        here = debugger.timeline.here
        assert debugger.travel(origin)
        if not truths[-1]:
            assert origin.found is None
            assert debugger.timeline.here == here
        else:
            began = len(truths) - truths[::-1].index(False) if False in truths else 0
            assert debugger.timeline.here == Moment(began + 1, 0)

    def test_what_lasts_for_several_iterations_is_followed_across_keyframes(self):
        debugger = debugger_of(rate=0.3)
        observer, truths = observer_of("poor_initialization", debugger, 1.05, 1e-3), []
        for _ in range(60):
            debugger.step_batch()
            truths.append(observer.observe())
            if debugger.machine.iterations % 3 == 0:
                debugger.timeline.keep()
        assert truths[-1]
        began = len(truths) - truths[::-1].index(False) if False in truths else 0
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["poor_initialization"], (1.05, 1e-3))
        assert debugger.travel(origin)
        assert debugger.timeline.here == Moment(began + 1, 0)

    @pytest.mark.parametrize("kept_at", range(0, 20, 3))
    def test_sees_every_update_though_keyframes_lie_within_iterations(self, kept_at):
        debugger = debugger_of(rate=0.05)
        for _ in range(10):
            debugger.run_to_operation(min(kept_at, len(debugger.machine.program.ops) - 1))
            debugger.timeline.keep()
            debugger.step_batch()
        observer = observe("update_ratio", debugger_of(rate=0.05), 4)
        largest = max(reading.measured.value for reading in observer.readings)
        levels = (largest * 1e-9, 1e-8)
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["update_ratio"], levels)
        assert debugger.travel(origin)
        assert debugger.timeline.here == Moment(1, 0)

    def test_finds_the_epoch_of_a_watch_of_epochs(self):
        debugger = debugger_of(rate=1e-300)
        debugger.train(Goal.at(9))
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["cost_not_falling"], (4.0,))
        debugger.step_over()
        assert debugger.travel(origin)
        assert debugger.machine.epochs == 4
        assert debugger.machine.at_epoch_end
        assert origin.said == "Cost not falling began at the end of epoch 4"

    def test_given_up_it_leaves_the_run_where_it_stood(self):
        debugger = debugger_of(rate=1e-300)
        debugger.train(Goal.at(8))
        before = bytes_of(debugger)
        origin = Origin(debugger.timeline, debugger.run.history, BY_NAME["unchanged"], (3.0,))
        assert not debugger.travel(origin, lambda: True)
        origin.give_up()
        assert bytes_of(debugger) == before
        assert origin.done <= origin.total
