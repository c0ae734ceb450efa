"""What if: numbers set by hand in the middle of an iteration, and what follows from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.spec import SpecError
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import Moment
from nnstudio.training.run import build

from .walked import experiment_of, experiments

DRAWN_OR_DECIDED = (OpKind.PSEUDO_LABELS, OpKind.LOAD, OpKind.MASK)


@pytest.fixture
def debugger():
    """2-3-1 with Adam, after an epoch of mini-batches of 3, 3 and 1 rows."""
    debugger = Debugger(build(experiment_of()))
    for _ in range(3):
        debugger.step_batch()
    return debugger


def make(debugger, edit):
    """As the window makes it."""
    debugger.go_to(edit.moment)
    debugger.make(edit)
    return edit


def set_value(debugger, slot, index, value):
    return make(debugger, debugger.setting(slot, index, value))


def place_of(debugger, slot):
    return debugger.machine.program.writer[slot]


def is_what_it_computes(machine, op, but_for):
    """Whether an operation, run again, writes what stands there; but for the slot that was set."""
    written = {slot: machine.value(slot).copy() for slot in op.writes}
    op.run()
    same = all(np.array_equal(machine.value(slot), was, equal_nan=True) for slot, was in written.items())
    for slot, was in written.items():
        machine.program.arena[slot][...] = was
    return same or but_for in op.writes


@settings(max_examples=60, deadline=None)
@given(experiments(), st.integers(2, 8), st.integers(0, 30), st.integers(0, 400))
def test_whatever_is_set_whenever_all_that_follows_is_computed_from_it(experiment, batches, steps, number):
    debugger = Debugger(build(experiment))
    for _ in range(batches):
        debugger.step_batch()
    for _ in range(steps):
        debugger.step_over()
    machine = debugger.machine
    slots = [slot for slot in machine.slots() if slot.name in machine.model.parameters or not slot.lasting]
    slot = slots[number % len(slots)]
    index = tuple(int(at) for at in np.unravel_index(number % machine.value(slot.name).size, slot.shape))
    try:
        set_value(debugger, slot.name, index, 0.75)
    except SpecError:
        return
    iterations = machine.iterations
    while machine.iterations == iterations and machine.op.phase is not Phase.UPDATE:
        debugger.step_over()
    assert machine.value(slot.name)[index] == machine.model.dtype.type(0.75)
    if machine.pc > machine.program.update_begins:
        return  # a parameter that was set within the update: what had read it, read what it was before
    done = machine.program.ops[: machine.pc]
    for number, op in enumerate(done):
        rewritten = {name for later in done[number:] for name in later.writes}  # as f is by a schedule, after α ← α₀ f
        if op.kind not in DRAWN_OR_DECIDED and not set(op.reads) & rewritten:
            assert is_what_it_computes(machine, op, slot.name), op.label


def test_an_activation_that_has_been_read_is_set_before_it_was(debugger):
    debugger.run_to_operation(place_of(debugger, "dZ2"))
    edit = set_value(debugger, "A1", (1, 2), 0.5)
    reader = place_of(debugger, "Z2")
    assert edit.moment == debugger.timeline.here == Moment(3, reader)
    assert debugger.machine.value("A1")[1, 2] == 0.5
    assert not debugger.machine.is_fresh("Z2")
    assert debugger.machine.is_fresh("A1")


def test_what_nobody_has_read_yet_is_set_where_the_run_stands(debugger):
    debugger.run_to_operation(place_of(debugger, "Z2"))
    here = debugger.timeline.here
    set_value(debugger, "A1", (0, 0), 0.5)
    assert debugger.timeline.here == here


def test_between_two_iterations_the_numbers_of_the_last_one_can_be_set(debugger):
    edit = set_value(debugger, "dW1", (0, 0), 0.0)
    assert edit.moment == Moment(2, debugger.machine.program.first_use("dW1"))


@pytest.mark.parametrize("slot", ["W1", "b1", "W2"])
def test_a_weight_that_the_forward_pass_has_read_is_set_before_it_was(debugger, slot):
    debugger.run_to_operation(place_of(debugger, "dZ2"))
    index = (0,) * debugger.machine.value(slot).ndim
    set_value(debugger, slot, index, 0.5)
    assert debugger.machine.op.writes == (f"Z{slot[1]}",)


def test_a_weight_that_has_been_updated_is_set_for_the_next_iteration(debugger):
    here = debugger.timeline.here
    set_value(debugger, "W1", (0, 0), 0.5)
    assert debugger.timeline.here == here


def test_an_update_under_way_is_gone_back_before_and_skipped(debugger):
    machine = debugger.machine
    weights, count = machine.value("W1").copy(), float(machine.value("t"))
    debugger.run_to_operation(len(machine.program.ops) - 1)
    scaling = make(debugger, debugger.scaling(0))
    assert scaling.moment == debugger.timeline.here == Moment(3, machine.program.update_begins)
    debugger.step_batch()
    assert np.array_equal(machine.value("W1"), weights)
    assert machine.value("t") == count
    debugger.step_batch()
    assert not np.array_equal(machine.value("W1"), weights)


def test_an_edit_taken_back_leaves_the_run_where_it_stood_before_it(debugger):
    debugger.step_over()
    debugger.step_out()
    before, here = debugger.machine.state(), debugger.timeline.here
    edit = set_value(debugger, "X", (0, 0), 0.5)
    for _ in range(4):
        debugger.step_batch()
    debugger.travel(debugger.take_back(edit, here)[0])
    after = debugger.machine.state()
    assert debugger.timeline.here == debugger.timeline.furthest == here
    assert all(flat.tobytes() == after.store[name].tobytes() for name, flat in before.store.items())
    assert not debugger.machine.set_elements("X")


def test_the_measure_of_an_epoch_is_that_of_the_run_without_the_edit_again(debugger):
    history = debugger.run.history
    measured = history.train_cost[1]
    end = debugger.timeline.here
    edit = set_value(debugger, "A1", (0, 0), 0.9)
    debugger.step_batch()
    assert history.train_cost[1] != measured
    debugger.travel(debugger.take_back(edit, end)[0])
    assert (len(history), history.train_cost[1]) == (2, measured)


def test_what_cannot_be_set_moves_nothing(debugger):
    debugger.step_over()
    here = debugger.timeline.here
    for slot, why in (
        ("Z1", "Z1 has not been computed in this iteration yet"),
        ("J", "nothing is computed from J"),
        ("t", "t is what the optimizer counts by"),
    ):
        with pytest.raises(SpecError, match=why):
            debugger.setting(slot, (), 0.5)
    with pytest.raises(SpecError, match="finite"):
        debugger.setting("X", (0, 0), float("nan"))
    with pytest.raises(SpecError, match="finite"):
        debugger.scaling(float("inf"))
    assert debugger.timeline.here == here
    assert not debugger.timeline.edits
