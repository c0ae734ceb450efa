"""The course of a parameter: what is told of it agrees with a run that was written down as it went."""

from dataclasses import replace
from math import fsum, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.optimizers import optimizer
from nnstudio.engine.spec import LayerSpec, Precision
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.stopping import StoppingSpec
from nnstudio.training import course as course_module
from nnstudio.training.branches import Branch, Fork
from nnstudio.training.course import Course, Retracing, is_parameter, sketch
from nnstudio.training.debugger import Debugger
from nnstudio.training.goals import Goal
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build

WEIGHT = ("W1", (1, 0))


def debugger(**changed: object) -> Debugger:
    table = np.random.default_rng(1).uniform(0, 1, (7, 3)).round(3)
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table.tolist()))), ("x1", "x2"), ("y",))
    network = Network((LayerSpec(3, "tanh", dropout=0.2), LayerSpec(1)))
    usual = Experiment(data, network, optimizer=optimizer("adam"), training=TrainingSpec(3, 5, shuffle=True))
    return Debugger(build(replace(usual, **changed)))


def course_of(one: Debugger, slot: str = "W1", index: tuple[int, ...] = (1, 0)) -> Course:
    retracing = Retracing(one.timeline, slot, index)
    assert retracing.advance()
    return retracing.course(slot, index)


def value(one: Debugger, slot: str = "W1", index: tuple[int, ...] = (1, 0)) -> float:
    return float(one.machine.value(slot)[index])


def adds_up(course: Course) -> bool:
    whole = fsum([course.initial, course.updates, course.set_amount])
    return abs(whole - course.now) <= 1e-14 and abs(course.residue) <= 1e-14


def test_a_weight_is_its_initial_value_and_what_each_iteration_added() -> None:
    one = debugger()
    written = [value(one)]
    for _ in range(11):
        one.step_batch()
        written.append(value(one))
    course = course_of(one)
    assert course.values.tolist() == written
    assert course.moves.tolist() == np.diff(written).tolist()
    assert (course.initial, course.now, course.set) == (written[0], written[-1], ())
    assert adds_up(course)


def test_the_iterations_that_moved_it_most_come_first() -> None:
    one = debugger()
    one.train(Goal.LIMIT)
    course = course_of(one)
    largest = course.largest(4)
    assert [abs(change.amount) for change in largest] == sorted(np.abs(course.moves).tolist(), reverse=True)[:4]
    first = largest[0]
    one.go_to(first.moment)
    assert value(one) == first.after
    one.go_to(Moment(first.moment.iterations - 1))
    assert value(one) == pytest.approx(first.before, abs=1e-16)


@pytest.mark.parametrize("precision", Precision)
def test_what_was_set_by_hand_is_part_of_the_sum(precision: Precision) -> None:
    one = debugger(training=TrainingSpec(3, 5, shuffle=True, dtype=precision))
    one.set_learning_rate(0.2)
    one.step_batch()
    one.write("W1", (1, 0), 3.0)  # between two iterations
    for _ in range(4):
        one.step_over()
    one.write("W1", (1, 0), -2.0)  # within one
    one.write("b1", (2,), 1.0)
    one.step_batch()
    one.step_batch()
    course = course_of(one)
    assert [(change.moment, change.after, change.by) for change in course.set] == [
        (Moment(1), 3.0, "set by hand"),
        (Moment(1, 4), -2.0, "set by hand"),
    ]
    assert len(course.moves) == 3
    assert float(np.abs(course.moves).max()) < 1.0
    assert adds_up(course)
    assert course.largest(1)[0].by == "set by hand"


def test_weights_that_early_stopping_put_back_are_part_of_the_sum() -> None:
    one = debugger(stopping=StoppingSpec(patience=2, min_delta=10.0, restore_best=True))
    one.train(Goal.LIMIT)
    one.step_batch()
    course = course_of(one)
    assert [change.by for change in course.set] == ["weights put back"]
    assert adds_up(course)


def test_within_an_iteration_its_own_update_counts_once_it_has_run() -> None:
    one = debugger()
    one.step_batch()
    ops = one.machine.program.ops
    update = one.machine.program.writer["W1"]
    one.run_to_operation(update)
    assert len(course_of(one).moves) == 1
    one.step_over()
    course = course_of(one)
    assert len(course.moves) == 2
    assert course.now == value(one)
    assert adds_up(course)
    if update + 1 < len(ops):
        assert course.largest(9)[-1].moment <= one.timeline.here


def test_it_follows_the_run_forward_and_back_without_beginning_anew() -> None:
    one = debugger()
    one.train(Goal.EPOCH)
    retracing = Retracing(one.timeline, *WEIGHT)
    retracing.advance()
    one.train(Goal.EPOCH)
    one.step_over()
    assert retracing.leads_to(one.timeline, *WEIGHT)
    retracing.follow(one.timeline, *WEIGHT)
    assert (retracing.done, retracing.total) == (3, 6)
    retracing.advance()
    assert retracing.course(*WEIGHT).values.tolist() == course_of(one).values.tolist()
    one.go_to(Moment(2))
    retracing.follow(one.timeline, "b1", (0,))
    assert retracing.arrived
    assert retracing.course("b1", (0,)).now == value(one, "b1", (0,))
    assert len(retracing.course("b1", (0,)).moves) == 2


def test_it_does_not_lead_to_where_another_run_has_branched_off() -> None:
    one = debugger()
    one.train(Goal.EPOCH)
    retracing = Retracing(one.timeline, *WEIGHT)
    retracing.advance()
    one.go_to(Moment(1))
    one.write("W1", (0, 0), 1.0)
    assert not retracing.leads_to(one.timeline, *WEIGHT)
    assert not retracing.leads_to(debugger().timeline, *WEIGHT)


def test_an_edit_where_it_has_come_to_is_made_when_it_goes_on() -> None:
    one = debugger()
    one.step_batch()
    retracing = Retracing(one.timeline, *WEIGHT)
    retracing.advance()
    one.write("W1", (1, 0), 0.5)
    one.step_batch()
    assert retracing.leads_to(one.timeline, *WEIGHT)
    retracing.follow(one.timeline, *WEIGHT)
    retracing.advance()
    assert retracing.course(*WEIGHT).values.tolist() == course_of(one).values.tolist()
    assert adds_up(retracing.course(*WEIGHT))


def test_it_can_be_given_up_says_how_far_it_is_and_goes_on_later() -> None:
    one = debugger()
    one.train(Goal.LIMIT)
    retracing = Retracing(one.timeline, *WEIGHT)
    assert not retracing.advance(lambda: retracing.done >= 4)
    assert (retracing.done, retracing.total, retracing.arrived) == (4, 15, False)
    with pytest.raises(ValueError, match="not known"):
        retracing.course(*WEIGHT)
    assert retracing.advance()
    assert retracing.course(*WEIGHT).values.tolist() == course_of(one).values.tolist()


def test_where_all_parameters_would_take_too_much_one_alone_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    one = debugger()
    one.train(Goal.LIMIT)
    whole = course_of(one)
    monkeypatch.setattr(course_module, "_MOST_BYTES", 200)
    alone = Retracing(one.timeline, *WEIGHT)
    alone.advance()
    assert alone.course(*WEIGHT).values.tolist() == whole.values.tolist()
    assert adds_up(alone.course(*WEIGHT))
    assert not alone.leads_to(one.timeline, "W1", (0, 0))


def test_a_run_that_goes_on_from_a_fork_within_an_iteration_begins_there() -> None:
    one = debugger()
    one.train(Goal.EPOCH)
    for _ in range(4):
        one.step_over()
    branch = Branch(Fork.of(one.run))
    branch.advance()
    other = branch.go_on()
    other.step_batch()
    course = course_of(other)
    assert (course.start, course.here) == (Moment(3, 4), Moment(5))
    assert course.initial == value(one) == course.values[0]
    assert len(course.moves) == 2
    assert adds_up(course)
    other.go_to(other.timeline.start)
    other.write("W1", (1, 0), 2.0)
    other.step_batch()
    course = course_of(other)
    assert (course.initial, course.set_amount) == (value(one), 2.0 - value(one))
    assert adds_up(course)


def test_the_run_itself_stands_still_meanwhile() -> None:
    one = debugger()
    one.train(Goal.EPOCH)
    one.step_over()
    before = one.machine.state()
    course_of(one)
    after = one.machine.state()
    assert (after.pc, after.iterations) == (before.pc, before.iterations)
    assert all(np.array_equal(before.store[name], after.store[name]) for name in before.store)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["op", "batch", "epoch", "back", "far back", "edit"]), st.integers(0, 9))))
def test_however_a_person_wanders_it_is_what_going_to_each_iteration_shows(moves: list[tuple[str, int]]) -> None:
    one = debugger()
    retracing = Retracing(one.timeline, *WEIGHT)
    for move, number in moves:
        wander(one, move, number)
        if not retracing.leads_to(one.timeline, *WEIGHT):
            retracing = Retracing(one.timeline, *WEIGHT)
        retracing.follow(one.timeline, *WEIGHT)
        assert retracing.arrived or retracing.advance()
    course, here = retracing.course(*WEIGHT), one.timeline.here
    assert course.now == value(one)
    assert adds_up(course)
    shown = []
    for iteration in range(here.iterations + 1):
        one.go_to(Moment(iteration))
        shown.append(value(one))
    assert course.values.tolist() == shown


def wander(one: Debugger, move: str, number: int) -> None:
    match move:
        case "op":
            one.play(number + 1)
        case "batch":
            one.step_batch()
        case "epoch":
            one.train(Goal.EPOCH)
        case "back":
            one.step_back()
        case "far back":
            one.go_to(Moment(one.timeline.here.iterations * number // 10))
        case "edit":
            one.write("W1", (number % 2, 0), number / 10)


def test_a_run_that_diverged_has_its_worst_iteration_first() -> None:
    one = debugger(optimizer=optimizer("sgd", learning_rate=1e6))
    for _ in range(40):
        one.step_batch()
    course = course_of(one)
    assert isnan(course.largest(1)[0].amount) or abs(course.largest(1)[0].amount) > 1e100


def test_the_moments_that_are_kept_sketch_the_course_at_once() -> None:
    one = debugger()
    one.train(Goal.EPOCH)
    one.timeline.keep()
    one.step_batch()
    iterations, values = sketch(one.timeline, *WEIGHT)
    whole = course_of(one)
    assert iterations.tolist() == [0, 3, 4]
    assert values.tolist() == whole.values[iterations.astype(int)].tolist()


def test_only_what_is_learned_has_a_course() -> None:
    machine = debugger().machine
    assert is_parameter(machine, "b1")
    assert not is_parameter(machine, "mW1")
    assert not is_parameter(machine, "Z1")
