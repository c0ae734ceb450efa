"""The landscape of J against J evaluated directly, finite differences, the machine's own gradient and updates."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.preparation import PartName
from nnstudio.engine.machine import Machine
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.spec import Normalization, Precision, RegularizationSpec
from nnstudio.experiment.edits import set_layer
from nnstudio.experiment.open import open_sample
from nnstudio.explain.landscape.axes import (
    Axes,
    along_parameters,
    filter_normalized,
    gradient_directions,
    random_directions,
    way_directions,
)
from nnstudio.explain.landscape.contours import contour, heights
from nnstudio.explain.landscape.ground import Ground, Rows, ground_of, machine_gradient
from nnstudio.explain.landscape.path import Retracing, known_path, retrace
from nnstudio.explain.landscape.survey import GivenUpError, Level, levels_of, measure
from nnstudio.training.debugger import Debugger
from nnstudio.training.metrics import Metric
from nnstudio.training.preview import after_update
from nnstudio.training.run import Run, build


@pytest.fixture
def run() -> Run:
    """The two circles after some mini-batches, before the update of another."""
    made = build(open_sample("circles"))
    for _ in range(30):
        made.machine.run_iteration()
    return made


def before_update(machine: Machine) -> None:
    machine.run_until(next(n for n, op in enumerate(machine.program.ops) if op.phase == "update"))


def state_bytes(run: Run) -> bytes:
    state = run.machine.state()
    flat = [*state.store.values(), *(each for family in state.workspaces.values() for each in family.values())]
    return b"".join(array.tobytes() for array in flat) + repr(state.batches.generator).encode()


def axes_of(ground: Ground, *places: int) -> Axes:
    return along_parameters(ground, places, tuple(map(str, places)))


@pytest.mark.parametrize("rows", Rows)
def test_where_the_network_stands_j_is_what_the_run_says(run: Run, rows: Rows) -> None:
    before_update(run.machine)
    ground = ground_of(run.machine, rows)
    run.record_epoch()
    expected = run.machine.cost if rows is Rows.BATCH else run.history.of(PartName.TRAINING, Metric.COST)[-1]
    assert ground.value(ground.here) == pytest.approx(expected, rel=1e-12)


def test_the_curve_of_a_parameter_is_j_with_that_parameter_set(run: Run) -> None:
    """Against a machine of its own whose weight is written and whose forward phase is run again."""
    before_update(run.machine)
    ground = ground_of(run.machine, Rows.BATCH)
    level = measure(ground, axes_of(ground, ground.place("W2", (1, 3))), 9)
    for distance, value in zip(level.distances(), level.values, strict=True):
        twin = run.machine.twin(Precision.FLOAT64)
        twin.write("W2", (1, 3), float(run.machine.value("W2")[1, 3] + distance))
        for op in twin.program.ops:
            if op.phase in ("forward", "cost"):
                op.run()
        assert value == pytest.approx(twin.value("J").item(), rel=1e-12)


def test_the_tangent_is_the_machines_gradient_and_the_slope_of_the_curve(run: Run) -> None:
    before_update(run.machine)
    ground = ground_of(run.machine, Rows.BATCH)
    for slot, index in (("W1", (2, 1)), ("W3", (0, 2)), ("b2", (1,))):
        axes = axes_of(ground, ground.place(slot, index))
        slope = ground.slope(axes.axes[0].direction)
        assert slope == machine_gradient(run.machine, slot, index)
        h = 1e-6
        up, down = (ground.value(axes.point(step)) for step in (h, -h))
        assert slope == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-9)


def test_the_slope_over_all_training_rows_is_that_of_one_batch_of_them_all(run: Run) -> None:
    whole = build(replace(run.experiment, training=replace(run.experiment.training, batch_size=120)))
    for name in run.model.parameters:
        whole.model.store[name][...] = run.model.store[name]
    before_update(whole.machine)
    ground = ground_of(run.machine, Rows.TRAINING)
    place = ground.place("W1", (0, 1))
    slope = ground.slope(axes_of(ground, place).axes[0].direction)
    assert slope == pytest.approx(whole.machine.value("dW1")[0, 1].item(), rel=1e-6)


def test_the_machines_gradient_is_unknown_where_it_is_not_of_here(run: Run) -> None:
    assert machine_gradient(run.machine, "W1", (0, 0)) is None  # of the mini-batch before, and its weights
    run.machine.step()
    assert machine_gradient(run.machine, "W1", (0, 0)) is None
    before_update(run.machine)
    assert machine_gradient(run.machine, "W1", (0, 0)) == run.machine.value("dW1")[0, 0]


@pytest.mark.parametrize("steps", [0, 5, 14])
def test_the_next_update_lands_where_the_run_goes(run: Run, steps: int) -> None:
    for _ in range(steps):
        run.machine.step()
    ground = ground_of(run.machine, Rows.BATCH)
    after = after_update(run)
    for name, values in after.items():
        for index in np.ndindex(values.shape):
            assert ground.landing[ground.place(name, index)] == values[index]


@pytest.mark.parametrize("normalization", Normalization)
def test_slope_and_landing_hold_with_normalization_dropout_penalties_and_adam(normalization: Normalization) -> None:
    experiment = set_layer(open_sample("circles"), 0, normalization=normalization, dropout=0.3).experiment
    experiment = replace(experiment, regularization=RegularizationSpec(l2=0.01), optimizer=Adam(0.01))
    run = build(experiment)
    for _ in range(5):
        run.machine.run_iteration()
    before_update(run.machine)
    ground, after = ground_of(run.machine, Rows.BATCH), after_update(run)
    assert ground.value(ground.here) == pytest.approx(run.machine.cost, rel=1e-12)
    for slot, index in (("W1", (2, 1)), ("W2", (1, 4)), ("b3", (0,))):
        axes = axes_of(ground, ground.place(slot, index))
        up, down = (ground.value(axes.point(step)) for step in (1e-6, -1e-6))
        slope = machine_gradient(run.machine, slot, index)
        assert ground.slope(axes.axes[0].direction) == pytest.approx(slope, rel=1e-12)
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-8)
        assert ground.landing[ground.place(slot, index)] == after[slot][index]


@pytest.mark.parametrize("rows", Rows)
def test_the_run_stays_as_it_was_byte_for_byte(run: Run, rows: Rows) -> None:
    experiment = set_layer(run.experiment, 0, dropout=0.4).experiment
    run = build(experiment)
    run.machine.run_iteration()
    before = state_bytes(run)
    ground = ground_of(run.machine, rows)
    for axes in (axes_of(ground, 0, 5), random_directions(ground, 1), gradient_directions(ground, 1)):
        measure(ground, axes, 5)
    assert state_bytes(run) == before


def test_a_finer_level_takes_over_what_is_measured_and_agrees_with_measuring_all(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    axes = axes_of(ground, 3, 20)
    coarse = measure(ground, axes, 9)
    asked = []
    fine = measure(ground, axes, 17, coarse, stopped=lambda: bool(asked.append(1)))
    assert len(asked) == 17**2 - 9**2
    np.testing.assert_array_equal(fine.values[::2, ::2], coarse.values)
    np.testing.assert_array_equal(fine.values, measure(ground, axes, 17).values)
    assert fine.middle == ground.value(ground.here)
    assert all(later == 2 * earlier - 1 for earlier, later in pairwise(levels_of(axes)))


def test_a_survey_stops_when_it_is_told_to(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(GivenUpError):
        measure(ground, axes_of(ground, 3, 20), 9, stopped=stopped)
    assert len(asked) == 4


def test_random_directions_are_as_long_as_the_filters_and_leave_biases_alone(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    direction = filter_normalized(np.random.default_rng(3), ground.slots, ground.here)
    for slot in ground.slots:
        start = ground.place(slot.name, (0,) * len(slot.shape))
        part = direction[start : start + int(np.prod(slot.shape))].reshape(slot.shape)
        if slot.role == "weight":
            own = run.machine.value(slot.name)
            np.testing.assert_allclose(np.linalg.norm(part, axis=1), np.linalg.norm(own, axis=1))
        else:
            assert not part.any()


def test_up_the_gradient_j_rises_by_its_length_and_across_not_at_all(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    up, across = (axis.direction for axis in gradient_directions(ground, 2).axes)
    assert ground.slope(up) == pytest.approx(np.linalg.norm(ground.gradient))
    assert ground.slope(across) == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(across) == pytest.approx(1)


def test_the_principal_directions_see_the_most_of_the_way() -> None:
    debugger = Debugger(build(open_sample("circles")))
    for _ in range(60):
        debugger.step_batch()
    path = retrace(Retracing.of(debugger.timeline))
    ground = ground_of(debugger.machine, Rows.BATCH)
    axes = way_directions(ground, path.positions)
    D = np.stack([axis.direction for axis in axes.axes])
    np.testing.assert_allclose(D @ D.T, np.eye(2), atol=1e-12)
    seen = axes.project(path.positions)
    assert (np.abs(seen) <= [axis.reach for axis in axes.axes]).all()
    np.testing.assert_allclose(seen[-1], 0, atol=1e-12)
    rest = (path.positions - ground.here) - seen @ D
    for seed in range(5):
        other = random_directions(ground, seed)
        plane = np.stack([axis.direction for axis in other.axes])
        missed = (path.positions - ground.here) - other.project(path.positions) @ plane
        assert np.sum(rest**2) < np.sum(missed**2)


def test_before_any_step_the_way_is_that_of_the_gradient(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    axes = way_directions(ground, ground.here[None])
    assert axes.axes[0].name == "along the gradient"
    straight = way_directions(ground, np.stack((ground.here + 1.0, ground.here)))
    assert straight.axes[0].direction @ straight.axes[1].direction == pytest.approx(0, abs=1e-12)


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2), st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_a_point_of_a_plane_is_projected_onto_itself(distances: list[float], seed: int) -> None:
    ground = ground_of(build(open_sample("xor")).machine, Rows.BATCH)
    for axes in (axes_of(ground, 0, 2), random_directions(ground, seed), gradient_directions(ground, seed)):
        found = axes.project(axes.point(*distances)[None])
        np.testing.assert_allclose(found[0], distances, atol=1e-9)


def test_the_path_goes_where_the_run_went_edits_included() -> None:
    debugger = Debugger(build(open_sample("circles")))
    machine, positions = debugger.machine, []
    for iteration in range(40):
        positions.append(machine.model.store.family("parameters").copy())
        if iteration == 20:
            debugger.write("W1", (0, 0), 3.0)
            positions[-1] = machine.model.store.family("parameters").copy()
        debugger.step_batch()
    positions.append(machine.model.store.family("parameters").copy())
    path = retrace(Retracing.of(debugger.timeline))
    assert [moment.iterations for moment in path.moments] == list(range(41))
    np.testing.assert_array_equal(path.positions, np.stack(positions))
    np.testing.assert_array_equal(known_path(debugger.timeline).positions[[0, -1]], path.positions[[0, -1]])


def test_the_path_ends_where_the_run_stands_in_the_past() -> None:
    debugger = Debugger(build(open_sample("circles")))
    for _ in range(12):
        debugger.step_batch()
    debugger.back_batch()
    debugger.step_over()
    path = retrace(Retracing.of(debugger.timeline))
    assert path.moments[-1] == debugger.timeline.here
    assert path.moments[-2].iterations == 11
    np.testing.assert_array_equal(path.positions[-1], debugger.machine.model.store.family("parameters"))


def test_contours_lie_where_a_known_function_has_the_level() -> None:
    along = np.linspace(-2, 2, 65)
    values = along[:, None] ** 2 + 2 * along[None, :] ** 2
    for level in heights(values):
        segments = contour(values, level)
        assert len(segments)
        at = along[0] + segments * (along[1] - along[0])
        np.testing.assert_allclose(at[..., 0] ** 2 + 2 * at[..., 1] ** 2, level, atol=0.01)


def test_the_segments_of_a_contour_join_into_closed_lines() -> None:
    values = np.add.outer(np.linspace(-1, 1, 17) ** 2, np.linspace(-1, 1, 17) ** 2)
    ends, counts = np.unique(contour(values, 0.47).reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert len(ends)
    assert (counts == 2).all()


def test_no_contour_goes_through_what_is_not_finite() -> None:
    values = np.add.outer(np.arange(5.0), np.zeros(5))
    values[2, 2] = np.nan
    assert len(contour(values, 1.5)) == 2
    assert not len(heights(np.full((3, 3), 1.0)))


def test_the_levels_of_a_line_and_of_a_plane_have_the_network_in_their_middle(run: Run) -> None:
    ground = ground_of(run.machine, Rows.BATCH)
    for places in ((3,), (3, 4)):
        axes = axes_of(ground, *places)
        assert all(side % 2 for side in levels_of(axes))
    assert isinstance(measure(ground, axes_of(ground, 3), 17), Level)
