"""The sample at hand, read from the machine: its inputs and target in the table's units, and what the network says."""

from dataclasses import dataclass, replace

import numpy as np

from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.engine.machine import Freshness
from nnstudio.experiment.outputs import Nature, nature
from nnstudio.explain.numbers import count, fixed
from nnstudio.training.run import Run

from .summary import name_symbol

_INPUTS_TO_WRITE = 16
_INPUTS_TO_LIST = 24
NOTHING = "—"
_LENT = " (pseudo-label)"


@dataclass(frozen=True, slots=True)
class Reading:
    """One sample in words. `place` is its row in the mini-batch (from 0), which has `size` rows; of a row that is shown
    `alone`, its place among all that can be."""

    place: int
    size: int
    position: str
    where: str
    inputs: tuple[str, ...]
    inputs_tip: str
    target: str
    prediction: str
    difference: str
    alone: bool = False

    def by_itself(self, place: int, size: int, part: str) -> "Reading":
        """The same of a row that is shown by itself, one of `size` rows that one may walk through."""
        where = f"A {part} row, shown by itself: what the network makes of it, and what it would learn from it alone"
        return replace(self, place=place, size=size, position=f"{self.position} · {part}", where=where, alone=True)


class Reader:
    """Reads samples of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.nature = nature(run.data)

    def read(self, sample: int, decimals: int) -> Reading | None:
        """The sample in row `sample` of the mini-batch (the last one where it has fewer); None before the first."""
        machine = self.run.machine
        if not machine.is_fresh("X"):
            return None
        X = machine.value("X")
        place = min(sample, len(X) - 1)
        row = int(machine.rows[place])
        prediction = self._prediction(place)
        target = machine.value("Y")[place]
        return Reading(
            place,
            len(X),
            f"{count(row + 1)} of {count(self.run.dataset.rows)}",
            f"Row {count(row + 1)} of the table; number {place + 1} of {len(X)} in this mini-batch",
            *self._inputs(X[place], row, decimals),
            self._target_text(target, decimals) + (_LENT if machine.batches.rows[place] >= machine.labelled else ""),
            self._prediction_text(prediction, decimals),
            self._difference_text(target, prediction, decimals),
        )

    def _inputs(self, x: np.ndarray, row: int, decimals: int) -> tuple[tuple[str, ...], str]:
        """What the table has in the columns behind the inputs."""
        data = self.run.data
        texts = self._plain_inputs(x, decimals) if data.plain else self._cells(row, decimals)
        names = data.features
        lines = [f"{name_symbol(name)} = {text}" for name, text in zip(names[:_INPUTS_TO_LIST], texts, strict=False)]
        if len(names) > _INPUTS_TO_LIST:
            lines.append(f"… and {len(names) - _INPUTS_TO_LIST} more")
        parts = tuple(texts[:_INPUTS_TO_WRITE])
        return parts if len(names) <= _INPUTS_TO_WRITE else (*parts, "…"), "\n".join(lines)

    def _plain_inputs(self, x: np.ndarray, decimals: int) -> list[str]:
        """Inputs as the machine has them, back in the table's units."""
        data = self.run.data
        values = _tidied(data.original_inputs(x.astype(np.float64)), data.input_mean, x.dtype)
        return [_compact(value, decimals) for value in values[:_INPUTS_TO_LIST]]

    def _cells(self, row: int, decimals: int) -> list[str]:
        """The cells themselves, where the steps of a pipeline cannot be gone back."""
        columns = [self.run.dataset.column(name) for name in self.run.data.features[:_INPUTS_TO_LIST]]
        return [_cell(column, row, decimals) for column in columns]

    def _prediction(self, place: int) -> np.ndarray | None:
        machine, output = self.run.machine, self.run.model.output
        return machine.value(output)[place] if machine.freshness(output) is Freshness.FRESH else None

    def _target_text(self, target: np.ndarray, decimals: int) -> str:
        if self.nature is Nature.CLASSES:
            return self.run.data.classes[int(np.argmax(target))]
        if self.nature is Nature.BINARY:
            return f"{target[0]:g}"
        return _values(_tidied(self._original(target), self.run.data.target_mean, target.dtype), decimals)

    def _prediction_text(self, prediction: np.ndarray | None, decimals: int) -> str:
        if prediction is None:
            return NOTHING
        if self.nature is not Nature.CLASSES:
            return _values(self._original(prediction), decimals)
        if not np.isfinite(prediction).all():
            return "NaN"
        best = int(np.argmax(prediction))
        return f"{self.run.data.classes[best]} · {100 * float(prediction[best]):.1f} %"

    def _difference_text(self, target: np.ndarray, prediction: np.ndarray | None, decimals: int) -> str:
        if self.nature is not Nature.VALUES or prediction is None:
            return NOTHING
        return _values(self._original(target) - self._original(prediction), decimals)

    def _original(self, y: np.ndarray) -> np.ndarray:
        original: np.ndarray = self.run.data.original_targets(y.astype(np.float64))
        return original


def _cell(column: Column, row: int, decimals: int) -> str:
    if not column.filled[row]:
        return NOTHING
    value = column.values[row]
    return str(value) if column.kind is ColumnKind.TEXT else _compact(value, decimals)


def _values(values: np.ndarray, decimals: int) -> str:
    texts = [fixed(float(value), decimals) for value in values[:_INPUTS_TO_WRITE]]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _compact(value: float, decimals: int) -> str:
    """Without the zeros at the end: many numbers stand in one line here."""
    text = fixed(float(value), decimals)
    return text if "e" in text or "." not in text else text.rstrip("0").rstrip(".")


def _tidied(values: np.ndarray, mean: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """A 0 in the table that was standardized and brought back is a rounding error: it is 0 again."""
    tidied: np.ndarray = np.where(np.abs(values) <= 8 * np.finfo(dtype).eps * np.abs(mean), 0.0, values)
    return tidied
