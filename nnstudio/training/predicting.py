"""What the network says of new rows, prepared exactly as those that it learned from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.fitted import Difference
from nnstudio.data.harmless import write_harmless
from nnstudio.data.preparation import PreparedData
from nnstudio.engine.model import Model
from nnstudio.experiment.outputs import class_names
from nnstudio.replacing import replacing

from .metrics import classes

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Of every row of a table. `outputs` (rows × K) are in the table's units, NaN in rows that cannot be prepared;
    `differences` say why, and how the table differs from the one that was learned from. `names` are those of the
    targets, `classes` those of the classes, none for values."""

    dataset: Dataset
    names: tuple[str, ...]
    classes: tuple[str, ...]
    outputs: Array
    differences: tuple[Difference, ...]

    def __len__(self) -> int:
        return self.dataset.rows

    @property
    def by_class(self) -> bool:
        return bool(self.classes)

    def known(self, row: int) -> bool:
        """Whether there is a prediction for the row."""
        return bool(np.isfinite(self.outputs[row]).all())

    def count_known(self) -> int:
        """For how many rows there is a prediction."""
        return int(np.isfinite(self.outputs).all(axis=1).sum())

    def class_of(self, row: int) -> tuple[str, float]:
        """The predicted class of a row that is known, and how sure the network is of it."""
        outputs = self.outputs[row : row + 1]
        number = int(classes(outputs)[0])
        share = outputs[0, number] if outputs.shape[1] > 1 else max(outputs[0, 0], 1 - outputs[0, 0])
        return self.classes[number], float(share)

    def header(self) -> tuple[str, ...]:
        """What the columns of `row` are: those of the table, and the predictions."""
        if not self.by_class:
            return *self.dataset.names, *(f"predicted {name}" for name in self.names)
        shares = self.names if len(self.names) > 1 else ()
        return *self.dataset.names, "prediction", "confidence", *(f"output {name}" for name in shares)

    def row(self, number: int) -> list[object]:
        """One row of the table with its prediction, empty where there is none."""
        cells: list[object] = [_cell(column, number) for column in self.dataset.columns]
        if not self.known(number):
            return [*cells, *[""] * (len(self.header()) - len(cells))]
        outputs = self.outputs[number].tolist()
        if not self.by_class:
            return [*cells, *outputs]
        return [*cells, *self.class_of(number), *(outputs if len(self.names) > 1 else ())]

    def write_csv(self, path: Path) -> None:
        """Write all rows with their predictions, numbers at full precision; text that a spreadsheet would run is made
        harmless. OSError says why that cannot be; then what was there is as it was."""
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            write_harmless(file, self.header(), map(self.row, range(len(self))))


def predict(model: Model, data: PreparedData, dataset: Dataset) -> Predictions:
    """What the model says of the rows of another table; a DataError says that a column is missing."""
    applied = data.fitted.apply(dataset)
    outputs = np.full((dataset.rows, len(data.target_names)), np.nan)
    if len(applied.usable):
        with np.errstate(all="ignore"):
            found = model.predict(applied.X[applied.usable])
        outputs[applied.usable] = data.original_targets(found.astype(np.float64))
    return Predictions(dataset, data.target_names, class_names(data), outputs, applied.differences)


def typed_table(data: PreparedData, rows: Sequence[Sequence[str]]) -> Dataset:
    """Rows that were typed, one text for each of the columns that inputs are made of: they are read as the table was
    that the network learned from, with ',' or '.' as decimal sign. A unit need not be typed."""
    columns = []
    for number, entry in enumerate(data.fitted.columns):
        cells = [row[number].strip().replace("−", "-") for row in rows]
        if entry.spec.numbers is not None:
            cells = list(map(entry.spec.numbers.in_full, cells))
        columns.append(_typed_column(entry.name, cells))
    return Dataset("typed rows", tuple(columns))


def usual_row(dataset: Dataset, data: PreparedData) -> list[str]:
    """A row to begin with: of each column the middle value of the training rows, or the most frequent one."""
    return [_usual(dataset.column(name), data.train.rows) for name in data.features]


def _typed_column(name: str, cells: list[str]) -> Column:
    texts = np.array([*cells, None], dtype=object)[:-1]
    missing = np.array([not cell for cell in cells], dtype=np.bool_)
    return Column(name, ColumnKind.TEXT, texts, missing=missing if missing.any() else None)


def _usual(column: Column, rows: NDArray[np.int64]) -> str:
    values = column.values[rows]
    if column.kind is ColumnKind.TEXT:
        counted = Counter(map(str, values[column.filled[rows]].tolist()))
        return min(counted, key=lambda text: (-counted[text], text), default="")
    known = values[np.isfinite(values)]
    middle = len(known) // 2
    return f"{np.partition(known, middle)[middle]:.6g}" if len(known) else ""


def _cell(column: Column, row: int) -> object:
    if not column.filled[row]:
        return ""
    value = column.values[row]
    return str(value) if column.kind is ColumnKind.TEXT else float(value)
