"""The layers, a row each, and a way to add one. Rows stay: another document only changes what they show."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.experiment.edits import Edit, add_layer, move_layer, remove_layer, set_layer
from nnstudio.gui.context import Context
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.problem_line import ProblemLine

from .facts import limits, output_reason
from .layer_details import LayerDetails
from .layer_row import LayerRow


class LayerList(QWidget):
    """Every change is an edit of the document."""

    def __init__(self, context: Context, guide: Guide) -> None:
        super().__init__()
        self._document = context.document
        self._appearance = context.appearance
        self._guide = guide
        self._rows: list[LayerRow] = []
        self._problem = ProblemLine("layers_problem", context.document)
        self.details = LayerDetails(context, guide)
        self._add = QPushButton("+ Add layer")
        self._add.setObjectName("add_layer")
        self._add.setAccessibleName("Add a hidden layer before the output")
        self._add.setToolTip("Add a hidden layer before the output")
        self._add.setProperty("link", True)
        self._add.clicked.connect(self._add_hidden)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._problem)
        self._column.addLayout(self._foot())
        self._column.addWidget(self.details)

    def _foot(self) -> QHBoxLayout:
        """The line below the layers: another one, and more about all of them."""
        foot = QHBoxLayout()
        foot.addWidget(self._add)
        foot.addStretch(1)
        self.details.header.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.details.header.setAccessibleName("Details of the layers: initial weights, normalization, dropout, biases")
        foot.addWidget(self.details.header)
        return foot

    def controls(self) -> list[QWidget]:
        """What the keyboard reaches, from top to bottom."""
        rows = [control for row in self._rows for control in (row.units, row.activation, row.button)]
        return [*rows, self._add, *self.details.controls()]

    def follow(self) -> None:
        """Show the document's layers."""
        layers = self._document.experiment.network.layers
        self._match_rows(len(layers))
        reason = output_reason(self._document.data)
        for position, (row, layer) in enumerate(zip(self._rows, layers, strict=True)):
            last = position == len(layers) - 1
            row.show_layer(layer, limits(position, len(layers)), reason if last else "")
        self.details.follow()

    def _match_rows(self, count: int) -> None:
        while len(self._rows) > count:
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < count:
            row = self._new_row(len(self._rows))
            self._rows.append(row)
            self._column.insertWidget(len(self._rows) - 1, row)

    def _new_row(self, position: int) -> LayerRow:
        row = LayerRow(position + 1, self._appearance)
        self._guide.watch(row.activation)
        row.units.entered.connect(partial(self._set, position, "units"))
        row.units.rejected.connect(self._problem.show_problem)
        row.activation.chosen.connect(partial(self._set, position, "activation"))
        row.menu.details_chosen.connect(partial(self.details.go_to, position))
        row.place_chosen.connect(partial(self._place, position))
        return row

    def _set(self, position: int, what: str, value: object) -> None:
        self._attempt(set_layer(self._document.experiment, position, **{what: value}))

    def _place(self, position: int, place: str) -> None:
        experiment = self._document.experiment
        forbids = limits(position, len(experiment.network.layers))
        if reason := getattr(forbids, place, ""):
            self._problem.show_problem(reason)
        elif place in ("up", "down"):
            self._move(position, position + (1 if place == "down" else -1))
        elif place == "remove":
            self._attempt(remove_layer(experiment, position))
        else:
            self._attempt(add_layer(experiment, position + (1 if place == "after" else 0)))

    def _move(self, position: int, to: int) -> None:
        """The keyboard goes along with the layer."""
        if self._attempt(move_layer(self._document.experiment, position, to)):
            had, has = self._rows[position], self._rows[to]
            for control in ("units", "activation", "button"):
                if getattr(had, control).hasFocus():
                    getattr(has, control).setFocus()
                    return

    def _add_hidden(self) -> None:
        experiment = self._document.experiment
        self._attempt(add_layer(experiment, len(experiment.network.layers) - 1))

    def _attempt(self, edit: Edit) -> bool:
        made = self._problem.attempt(edit)
        if not made:
            self.follow()
        return made
