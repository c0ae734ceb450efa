"""Regularization: what keeps weights and steps small, so that the network does not learn its training rows by heart and
no step tears it apart."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QLabel, QWidget

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import set_regularization
from nnstudio.gui.widgets.form import CONTROL_WIDTH
from nnstudio.gui.widgets.number_field import NumberField

from .group import Group


@dataclass(frozen=True, slots=True)
class _Row:
    field: str
    title: str
    tip: str


_ROWS = (
    _Row("l1", "L1", "Adds L1 · Σ |w| to J: drives weights that do little to 0"),
    _Row("l2", "L2", "Adds ½ · L2 · Σ w² to J: keeps weights small"),
    _Row("max_norm", "Max norm", "After each update, shortens the weights of a unit to ‖w‖ ≤ this"),
    _Row("clip_value", "Clip by value", "Holds each ∂J/∂θ between −this and this before the update"),
    _Row(
        "clip_norm",
        "Clip by norm",
        "Shortens the whole gradient to ‖∂J/∂θ‖ ≤ this before the update",
    ),
)


class RegularizationGroup(Group):
    name, title = "regularization", "Regularization"

    def fill(self) -> None:
        self._numbers = {row.field: self._number(row) for row in _ROWS}
        self.form.addWidget(_note("Dropout is set for each layer, under Details."))

    def show_settings(self, experiment: Experiment) -> None:
        for name, field in self._numbers.items():
            field.show_value(getattr(experiment.regularization, name))

    def summary(self, experiment: Experiment) -> str:
        values = [(row.title, getattr(experiment.regularization, row.field)) for row in _ROWS]
        return ", ".join(f"{_inside(title)} {value:g}" for title, value in values if value)

    def fields(self) -> list[QWidget]:
        return list(self._numbers.values())

    def _number(self, row: _Row) -> NumberField:
        field = NumberField(row.field, row.title)
        field.setToolTip(f"{row.tip}; 0 is off")
        field.setFixedWidth(CONTROL_WIDTH)
        field.entered.connect(partial(self._set, row.field))
        field.rejected.connect(self.problem.show_problem)
        self.form.add(row.title, field)
        return field

    def _set(self, name: str, value: float) -> None:
        self.attempt(set_regularization(self.document.experiment, **{name: value}))


def _inside(title: str) -> str:
    """A title within a line: Max norm → max norm, but L2."""
    return title if title.isupper() else title.lower()


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setProperty("small", True)
    label.setWordWrap(True)
    return label
