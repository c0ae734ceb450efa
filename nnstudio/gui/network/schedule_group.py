"""The schedule of the learning rate, and its settings."""

from PySide6.QtWidgets import QWidget

from nnstudio.engine.schedules import Schedule
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_schedule, set_schedule_setting, usual_schedule
from nnstudio.gui.widgets.choice import Choice
from nnstudio.gui.widgets.form import CONTROL_WIDTH

from . import setting_rows
from .group import Group
from .options import schedules
from .setting_rows import SettingRows


class ScheduleGroup(Group):
    name, title = "schedule", "Schedule"

    def fill(self) -> None:
        self._left: dict[str, Schedule] = {}
        """Each schedule as it was left, so that comparing two does not lose their settings."""
        self.choice = Choice("schedule", "Schedule of the learning rate")
        self.choice.setMinimumWidth(CONTROL_WIDTH)
        self.choice.set_options(schedules(self._called, self._rate))
        self.choice.chosen.connect(self._choose)
        self.guide.watch(self.choice)
        self._rows = SettingRows(prefix="schedule_")
        self._rows.entered.connect(self._set)
        self._rows.rejected.connect(self.problem.show_problem)
        self._rows.changed.connect(self.opened)
        self.form.add("Rate", self.choice)
        self.form.addWidget(self._rows)

    def show_settings(self, experiment: Experiment) -> None:
        self.choice.choose(experiment.schedule.name)
        self._rows.show_settings(experiment.schedule)

    def summary(self, experiment: Experiment) -> str:
        schedule = experiment.schedule
        if not schedule.varies:
            return ""
        return ", ".join(part for part in (schedule.title.lower(), setting_rows.summary(schedule)) if part)

    def fields(self) -> list[QWidget]:
        return [self.choice, *self._rows.fields()]

    def _called(self, name: str) -> Schedule:
        """The schedule of that name as it was left, or as it comes."""
        at_hand = self.document.experiment.schedule
        self._left[at_hand.name] = at_hand
        return self._left.get(name) or usual_schedule(self.document.experiment, name)

    def _rate(self) -> float:
        return self.document.experiment.optimizer.learning_rate

    def _choose(self, name: str) -> None:
        self.attempt(set_schedule(self.document.experiment, self._called(name)))

    def _set(self, name: str, value: float | bool) -> None:
        self.attempt(set_schedule_setting(self.document.experiment, name, value))
