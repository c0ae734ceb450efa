"""The rows to predict, without a screen: typed ones, or those of a table that was opened."""

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.training.predicting import Predictions, predict, typed_table, usual_row
from nnstudio.training.run import Run

MOST_TYPED = 1_000


class Rows:
    """`predictions` are what was last asked, None where the table cannot be predicted: `problem` says why."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.typed = [usual_row(run.dataset, run.data)]
        self.opened: Dataset | None = None
        self.predictions: Predictions | None = None
        self.problem = ""

    @property
    def features(self) -> tuple[str, ...]:
        return self.run.data.features

    def follow(self, run: Run) -> None:
        """Another run: typed rows stay where it learns from the same columns; it has not been asked yet."""
        same = run.data.features == self.features
        self.run, self.predictions, self.problem = run, None, ""
        if not same:
            self.typed = [usual_row(run.dataset, run.data)]

    def ask(self) -> None:
        """Ask the network as it stands."""
        table = typed_table(self.run.data, self.typed) if self.opened is None else self.opened
        self.predictions, self.problem = None, ""
        try:
            self.predictions = predict(self.run.model, self.run.data, table)
        except DataError as error:
            self.problem = str(error)

    def set_cell(self, row: int, column: int, text: str) -> None:
        self.typed[row][column] = text

    def add_row(self, like: int) -> int:
        """A row like another one, behind all; where it stands."""
        if len(self.typed) < MOST_TYPED:
            self.typed.append(list(self.typed[like] if 0 <= like < len(self.typed) else self.typed[-1]))
        return len(self.typed) - 1

    def remove_row(self, row: int) -> None:
        """One always stays."""
        if len(self.typed) > 1:
            del self.typed[row]

    def open(self, table: Dataset | None) -> None:
        """Predict a table, or without one the typed rows again."""
        self.opened = table

    def said(self) -> tuple[str, ...]:
        """How the rows differ from what was learned from, and why some have no prediction."""
        if self.problem:
            return (self.problem,)
        return () if self.predictions is None else tuple(one.text for one in self.predictions.differences)
