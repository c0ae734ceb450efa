"""The rows to predict, without a screen: typed ones, or those of a table that was opened."""

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData
from nnstudio.engine.model import Model
from nnstudio.training.predicting import Predictions, predict, typed_table, usual_row
from nnstudio.training.run import Run

MOST_TYPED = 1_000
_FEW_CELLS = 200_000
"""Of so many the usual ones are found at once."""


class Rows:
    """`predictions` are what was last asked, None where the table cannot be predicted: `problem` says why. `waiting`
    says that the row to begin with is blank until a usual one is given."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.typed: list[list[str]] = []
        self.waiting = False
        self._begin()
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
            self._begin()

    def take_usual(self, row: list[str]) -> None:
        """Begin with this row, unless another has been typed."""
        if self.waiting:
            self.typed, self.waiting = [row], False

    @property
    def table(self) -> Dataset | None:
        """What is to be predicted, None while the row to begin with is looked for."""
        if self.opened is not None:
            return self.opened
        return None if self.waiting else typed_table(self.run.data, self.typed)

    def take(self, answer: Predictions | str) -> None:
        """What the network says, or why it can say nothing."""
        self.predictions = None if isinstance(answer, str) else answer
        self.problem = answer if isinstance(answer, str) else ""

    def set_cell(self, row: int, column: int, text: str) -> None:
        self.typed[row][column] = text
        self.waiting = False

    def add_row(self, like: int) -> int:
        """A row like another one, behind all; where it stands."""
        self.waiting = False
        if len(self.typed) < MOST_TYPED:
            self.typed.append(list(self.typed[like] if 0 <= like < len(self.typed) else self.typed[-1]))
        return len(self.typed) - 1

    def remove_row(self, row: int) -> None:
        """One always stays."""
        if len(self.typed) > 1:
            del self.typed[row]

    def open(self, table: Dataset | None) -> None:
        """Predict a table, or without one the typed rows again; it has not been asked yet."""
        self.opened, self.predictions, self.problem = table, None, ""

    def said(self) -> tuple[str, ...]:
        """How the rows differ from what was learned from, and why some have no prediction."""
        if self.problem:
            return (self.problem,)
        return () if self.predictions is None else tuple(one.text for one in self.predictions.differences)

    def _begin(self) -> None:
        """With a usual row, where that is found soon."""
        data = self.run.data
        self.waiting = len(data.train.rows) * len(data.features) > _FEW_CELLS
        blank = [""] * len(data.features)
        self.typed = [blank if self.waiting else usual_row(self.run.dataset, data)]


def answer(table: Dataset, data: PreparedData, model: Model) -> Predictions | str:
    """What a network says of a table, or why it can say nothing."""
    try:
        return predict(model, data, table)
    except DataError as error:
        return str(error)
