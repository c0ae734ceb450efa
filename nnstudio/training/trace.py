"""A trace: what each operation of the first iterations wrote, as plain data (`nnstudio-trace/1`)."""

from typing import Any

import numpy as np

from .run import Run

FORMAT = "nnstudio-trace/1"


def trace(run: Run, iterations: int) -> dict[str, Any]:
    """Run so many iterations, operation by operation. Epochs and batches count from 1, rows of the data from 0."""
    with np.errstate(all="ignore"):
        return {"format": FORMAT, "iterations": [_iteration(run) for _ in range(iterations)]}


def _iteration(run: Run) -> dict[str, Any]:
    machine = run.machine
    ops: list[dict[str, Any]] = []
    while not ops or not machine.at_boundary:
        index = machine.pc
        op = machine.step()
        ops.append(
            {
                "index": index,
                "phase": op.phase.value,
                "layer": op.layer,
                "label": op.label,
                "reads": list(op.reads),
                "writes": {slot: machine.value(slot).tolist() for slot in op.writes},
            }
        )
    batches = machine.batches
    rows = machine.rows.tolist()
    return {"epoch": batches.epoch, "batch": batches.number, "rows": rows, "ops": ops}
