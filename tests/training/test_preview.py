"""What this update will do, found without doing it."""

import numpy as np
import pytest

from nnstudio.engine.machine import MachineState
from nnstudio.engine.optimizers import Adam, Sgd
from nnstudio.engine.optimizers.base import Optimizer
from nnstudio.engine.schedules import Constant, LinearWarmUp, ReduceOnPlateau, Schedule, Step
from nnstudio.engine.spec import Normalization
from nnstudio.experiment.edits import set_layer, set_optimizer, set_regularization, set_schedule
from nnstudio.experiment.open import open_sample
from nnstudio.training.debugger import Debugger
from nnstudio.training.preview import Preview, after_update
from nnstudio.training.run import Run, build


def _bytes(state: MachineState) -> tuple[object, ...]:
    families = [state.store, *(state.workspaces[size] for size in sorted(state.workspaces))]
    return (
        state.pc,
        state.iterations,
        state.batch_size,
        state.batches.cursor,
        state.batches.epoch,
        repr(state.batches.generator),
        state.batches.order.tobytes(),
        [(name, flat.tobytes()) for family in families for name, flat in sorted(family.items())],
    )


def _run(optimizer: Optimizer | None = None) -> Run:
    return build(set_optimizer(open_sample("circles"), optimizer or Sgd(learning_rate=0.12)).experiment)


@pytest.mark.parametrize("optimizer", [Sgd(learning_rate=0.1, momentum=0.9), Adam(learning_rate=0.01)])
@pytest.mark.parametrize("steps", [0, 1, 7, 30, 245])
def test_a_preview_leaves_every_byte_as_it_was(optimizer: Optimizer, steps: int) -> None:
    run = _run(optimizer)
    for _ in range(steps):
        run.machine.step()
    before = _bytes(run.machine.state())

    after_update(run)

    assert _bytes(run.machine.state()) == before


@pytest.mark.parametrize("steps", [0, 5, 18])
@pytest.mark.parametrize("schedule", [Constant(), Step(1, 0.1), LinearWarmUp(0.5), ReduceOnPlateau(patience=0)])
def test_it_is_exactly_what_the_update_then_writes(steps: int, schedule: Schedule) -> None:
    adam = set_optimizer(open_sample("circles"), Adam(learning_rate=0.01)).experiment
    run = build(set_schedule(adam, schedule).experiment)
    for _ in range(run.machine.batches.per_epoch - 1):
        run.machine.run_iteration()
    run.machine.run_iteration()
    for _ in range(steps):
        run.machine.step()

    foreseen = after_update(run)
    run.machine.run_iteration()

    for name, values in foreseen.items():
        assert values.tobytes() == run.machine.value(name).tobytes()


@pytest.mark.parametrize("steps", [0, 5, 18, 40])
def test_it_draws_the_same_masks_and_limits_the_same_steps_as_the_update_will(steps: int) -> None:
    experiment = open_sample("circles")
    for position, kind in enumerate((Normalization.BATCH, Normalization.LAYER)):
        experiment = set_layer(experiment, position, dropout=0.3, normalization=kind).experiment
    limits = {"max_norm": 1.0, "clip_value": 0.01, "clip_norm": 0.02}
    run = build(set_regularization(experiment, **limits).experiment)
    run.machine.run_iteration()
    for _ in range(steps):
        run.machine.step()
    before = _bytes(run.machine.state())

    foreseen = after_update(run)

    assert _bytes(run.machine.state()) == before
    run.machine.run_iteration()
    for name in ("W1", "b2", "gamma1", "beta2"):
        assert foreseen[name].tobytes() == run.machine.value(name).tobytes()


def test_for_plain_gradient_descent_it_is_a_step_down_the_gradient() -> None:
    run = _run(Sgd(learning_rate=0.12))
    while run.machine.pc == 0 or run.machine.op.phase != "update":
        run.machine.step()
    expected = run.machine.value("W1") - 0.12 * run.machine.value("dW1")

    assert np.allclose(after_update(run)["W1"], expected, rtol=0, atol=1e-15)


def test_it_is_computed_once_a_moment_and_anew_after_an_edit() -> None:
    run, preview = _run(), Preview()
    first = preview.after(run)
    assert preview.after(run) is first

    run.machine.write("b1", (0,), 2.0)
    edited = preview.after(run)
    assert edited is not first
    assert abs(edited["b1"][0] - 2.0) < 0.5

    run.machine.step()
    assert preview.after(run) is not edited


def test_it_is_computed_anew_for_another_learning_rate_before_a_schedule_too() -> None:
    run, preview = build(set_schedule(open_sample("circles"), Step(1, 0.1)).experiment), Preview()
    first = preview.after(run)
    Debugger(run).set_learning_rate(0.5)
    assert preview.after(run) is not first
