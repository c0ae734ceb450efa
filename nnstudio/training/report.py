"""A report: how a training went, epoch by epoch, and where it ended, as plain data (`nnstudio-report/1`)."""

from typing import Any

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.experiment.outputs import Nature, nature

from .metrics import Metric, confusion
from .run import Run
from .stopping import Stopped
from .trainer import Trainer

FORMAT = "nnstudio-report/1"
_KEYS = {PartName.TRAINING: "train", PartName.VALIDATION: "validation", PartName.TEST: "test"}


def report(trainer: Trainer, stopped: Stopped | None = None) -> dict[str, Any]:
    """Lists by epoch begin with epoch 1; a part without rows has an empty list. J of an epoch is its data cost and its
    penalty; `confusion` counts with the parameters as they stand in the end, a row a true class. `stopped` says why
    training ended before its last epoch, if it did, and of which epoch the parameters are."""
    run, history = trainer.run, trainer.run.history
    return {
        "format": FORMAT,
        "epochs": run.machine.epochs,
        "iterations": run.machine.iterations,
        "seconds": trainer.seconds,
        "stopped": None if stopped is None else {"why": stopped.why, "restored": stopped.restored},
        "cost": _by_part(run, Metric.COST),
        "data_cost": _by_part(run, Metric.DATA_COST),
        "penalty": history.penalty[1:].tolist(),
        "learning_rate": history.learning_rate[1:].tolist(),
        "metrics": {metric.name.lower(): _by_part(run, metric) for metric in run.measuring.metrics},
        "confusion": None if nature(run.data) is Nature.VALUES else _confusion(run),
        "parameters": {name: run.machine.value(name).tolist() for name in run.model.parameters},
    }


def _by_part(run: Run, metric: Metric) -> dict[str, list[float]]:
    return {key: run.history.of(part, metric)[1:].tolist() for part, key in _KEYS.items()}


def _confusion(run: Run) -> dict[str, Any]:
    """The matrix of each part that has rows; none where an output is not finite."""
    classes = list(run.data.classes) or ["0", "1"]
    counted: dict[str, Any] = {"classes": classes}
    for part in run.data.parts:
        rows = run.data.part(part)
        with np.errstate(all="ignore"):
            outputs = run.model.predict(rows.X)
        known = np.isfinite(outputs).all()
        counted[_KEYS[part]] = confusion(outputs, rows.Y, len(classes)).tolist() if known else None
    return counted
