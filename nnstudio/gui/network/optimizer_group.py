"""The optimizer's own settings: momentum, decays, epsilon."""

from PySide6.QtWidgets import QWidget

from nnstudio.engine.optimizers import Optimizer
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_hyperparameter

from . import setting_rows
from .group import Group
from .setting_rows import SettingRows

_RATE = "learning_rate"  # it has a row of its own, always in view


class OptimizerGroup(Group):
    name, title = "optimizer", "Optimizer details"

    def fill(self) -> None:
        self._rows = SettingRows(_RATE)
        self._rows.entered.connect(self._set)
        self._rows.rejected.connect(self.problem.show_problem)
        self._rows.changed.connect(self.opened)
        self.form.addWidget(self._rows)

    def show_settings(self, experiment: Experiment) -> None:
        self._rows.show_settings(experiment.optimizer)
        self._allow_nesterov(experiment.optimizer)

    def summary(self, experiment: Experiment) -> str:
        return setting_rows.summary(experiment.optimizer, _RATE)

    def fields(self) -> list[QWidget]:
        return self._rows.fields()

    def _allow_nesterov(self, optimizer: Optimizer) -> None:
        """It looks one step of momentum ahead, so there must be some."""
        switch = self._rows.switches.get("nesterov")
        if switch is not None:
            possible = bool(getattr(optimizer, "momentum", 0.0)) or switch.isChecked()
            switch.setEnabled(possible)
            tip = "Look the gradient up one step of momentum ahead"
            switch.setToolTip(tip if possible else f"{tip} — needs a momentum above 0")

    def _set(self, name: str, value: float | bool) -> None:
        self.attempt(set_hyperparameter(self.document.experiment, name, value))
