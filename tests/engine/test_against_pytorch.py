"""Every slot of five iterations of random experiments is what PyTorch's autograd and optimizers compute."""

import numpy as np
import pytest
from hypothesis import given, settings

from nnstudio.engine.arena import Role

from .drawn import machines

torch = pytest.importorskip("torch")
from .reference import Reference  # noqa: E402

ITERATIONS = 5
LEAST = 1e-15
ROUNDING = {Role.SUM: 1e-12, Role.ACTIVATION: 1e-12, Role.GRADIENT: 1e-12}
"""Numbers may cancel each other to nothing but rounding: sums that are normalized though they are all the same, and the
slopes of a bias that is normalized away again. Those of slopes are in parts of the steepest."""
GIVEN = {"alpha", "alpha0"}
"""PyTorch is told the learning rate; its schedules have a proof of their own, in `test_schedules`."""


@pytest.fixture(autouse=True, scope="module")
def in_float64():
    """Numbers that PyTorch's optimizers keep for themselves are of its default type."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(usual)


def hold_slots(machine):
    """Run some iterations and compare all slots after each, relative to the largest number of each slot."""
    reference = Reference(machine)
    for _ in range(ITERATIONS):
        with np.errstate(all="ignore"):
            machine.run_iteration()
        ours = {slot: machine.value(slot.name).copy() for slot in machine.slots() if slot.role is not Role.SCHEDULE}
        masks = {slot.layer: mask for slot, mask in ours.items() if slot.role is Role.MASK}
        gradients = {slot.of: value for slot, value in ours.items() if slot.name == f"d{slot.of}"}
        rows = machine.rows
        w = None if machine.w is None else machine.w[rows]
        theirs = reference.iteration(machine.X[rows], machine.Y[rows], w, masks, machine.rate, gradients)
        steepest = max(1.0, *(np.abs(value).max() for slot, value in ours.items() if slot.role is Role.GRADIENT))
        for slot, value in ours.items():
            if slot.name not in GIVEN:
                rounding = ROUNDING.get(slot.role, LEAST) * (steepest if slot.role is Role.GRADIENT else 1)
                if slot.name.startswith("Δ"):  # which there is a difference of parameters, over the learning rate
                    rounding = LEAST * (1 + np.abs(ours[machine.slot(slot.of)]).max() / machine.rate)
                hold_slot(slot, value, theirs[slot.name], rounding)


def hold_slot(slot, ours, theirs, rounding):
    scale = max(np.abs(ours).max(initial=0), np.abs(theirs).max(initial=0))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * scale + rounding, err_msg=slot.name)


@settings(max_examples=120, deadline=None)
@given(machines())
def test_every_slot_is_that_of_pytorch(machine):
    hold_slots(machine)
