"""When training ends before its last epoch: at a target cost, when nothing improves any more, or after some time."""

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_stopping
from nnstudio.experiment.stopping import StoppingSpec
from nnstudio.gui.widgets.form import CONTROL_WIDTH
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.optional_field import OptionalField

from .group import Group
from .setting_rows import check

_NEEDS_PATIENCE = "needs a patience: without one, training does not stop early"


class StoppingGroup(Group):
    name, title = "stopping", "Stopping"

    def fill(self) -> None:
        self.target = OptionalField("target_cost", "Target cost", 0.01)
        self.target.setToolTip("Stop when J of all training rows, penalty included, is at or below it; empty is off")
        self.patience = OptionalField("patience", "Patience", 10, _step_of_ten, whole=True)
        self.patience.setToolTip(
            "Stop early: when the cost of the validation rows (of the training rows, where there are none)\n"
            "has not improved for so many epochs; empty is off"
        )
        self.improvement = NumberField("min_delta", "Least improvement")
        self.restore = QCheckBox()
        self.restore.setObjectName("restore_best")
        self.restore.setAccessibleName("Restore the best weights")
        self.seconds = OptionalField("seconds", "Time limit in seconds", 60)
        self.seconds.setToolTip("Stop after so many seconds of training; empty is off")
        self.restore.toggled.connect(partial(self._set, "restore_best"))
        self._add("Target cost", self.target)
        self._add("Patience, epochs", self.patience)
        self._add("Least improvement", self.improvement)
        self.form.add("Restore best weights", self.restore)
        self._add("Time limit, s", self.seconds)

    def show_settings(self, experiment: Experiment) -> None:
        stopping = experiment.stopping
        self.target.show_value(stopping.target_cost)
        self.patience.show_value(stopping.patience)
        self.improvement.show_value(stopping.min_delta)
        check(self.restore, stopping.restore_best)
        self.seconds.show_value(stopping.seconds)
        early = stopping.patience is not None
        for field, tip in (
            (self.improvement, "By how much the cost has to fall to count as improved"),
            (self.restore, "When training stops early, take the weights of the best epoch back"),
        ):
            field.setEnabled(early)
            field.setToolTip(tip if early else f"{tip} — {_NEEDS_PATIENCE}")

    def summary(self, experiment: Experiment) -> str:
        return summary(experiment.stopping)

    def fields(self) -> list[QWidget]:
        return [self.target, self.patience, self.improvement, self.restore, self.seconds]

    def _add(self, label: str, field: OptionalField | NumberField) -> None:
        field.setFixedWidth(CONTROL_WIDTH)
        field.entered.connect(partial(self._set, field.objectName()))
        field.rejected.connect(self.problem.show_problem)
        self.form.add(label, field)

    def _set(self, name: str, value: float | bool | None) -> None:
        self.attempt(set_stopping(self.document.experiment, **{name: value}))


def summary(stopping: StoppingSpec) -> str:
    """J ≤ 0.01, patience 20, 60 s."""
    parts = []
    if stopping.target_cost is not None:
        parts.append(f"J ≤ {stopping.target_cost:g}")
    if stopping.patience is not None:
        parts.append(f"patience {stopping.patience}")
    if stopping.seconds is not None:
        parts.append(f"{stopping.seconds:g} s")
    return ", ".join(parts)


def _step_of_ten(value: float, direction: int) -> float:
    """Patience goes in tens, and by ones below ten."""
    return max(value + direction * (10 if value + min(direction, 0) >= 10 else 1), 1)
