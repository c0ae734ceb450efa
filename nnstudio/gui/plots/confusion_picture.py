"""Many inputs and classes: which classes are taken for which, on the rows of a part."""

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import count
from nnstudio.training.metrics import confusion

from .confusion_chart import ConfusionChart
from .legend import Key
from .picture import Picture, Scene, Table
from .row_sweep import RowSweep

_TINTS = {PartName.TRAINING: "train", PartName.VALIDATION: "validation", PartName.TEST: "test"}
"""The colours of the theme that the parts have in every plot."""


class ConfusionPicture(Picture):
    slow = True

    def __init__(self) -> None:
        self.confusion_chart = ConfusionChart()
        super().__init__(self.confusion_chart)

    @property
    def matrix(self) -> np.ndarray:
        return self.confusion_chart.matrix

    def begin(self, scene: Scene) -> None:
        self._scene = scene
        self._rows = scene.subject.rows(scene.part)
        self._sweep = RowSweep(scene.model, self._rows.X)
        self.confusion_chart.set_theme(scene.theme)

    def show(self, *, running: bool) -> None:
        self._sweep.begin()
        self._show_matrix()

    def refine(self, seconds: float) -> bool:
        if self._sweep.finished:
            return False
        more = self._sweep.advance(seconds)
        if not more:
            self._show_matrix()
        return more

    def legend_keys(self) -> tuple[Key, ...]:
        return ()

    def summary(self) -> str:
        total = int(self.matrix.sum())
        return f"{count(int(np.trace(self.matrix)))} of {count(total)} right" if total else ""

    def note(self) -> str:
        if self._sweep.done < self._rows.total:
            return f"{count(self._sweep.done)} of {count(self._rows.total)} rows counted"
        return ""

    def table(self) -> Table:
        labels = self._scene.subject.classes
        rows: list[list[object]] = [
            [label, *map(int, counts)] for label, counts in zip(labels, self.matrix, strict=True)
        ]
        return ["true \\ predicted", *labels], rows

    def _show_matrix(self) -> None:
        labels, done = self._scene.subject.classes, self._sweep.done
        outputs = self._sweep.outputs[:done]
        tint = _TINTS[self._scene.part]
        if not np.isfinite(outputs).all():
            problem = "The outputs are not finite, so no class is predicted"
            self.confusion_chart.set_matrix(np.zeros((0, 0), dtype=np.int64), labels, tint, problem)
            return
        matrix = confusion(outputs, self._rows.Y[:done], len(labels))
        self.confusion_chart.set_matrix(matrix, labels, tint)
