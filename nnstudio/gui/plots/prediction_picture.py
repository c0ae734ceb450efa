"""Many inputs and values: each prediction against its target. Where they are equal the points lie on the diagonal."""

import numpy as np

from nnstudio.explain.numbers import count

from .legend import Key
from .line_chart import LineChart, Trace
from .markers import DASHES, Marker, Points
from .picture import Picture, Scene, Table, part_keys, rows_note, training_look, validation_look
from .ranges import padded
from .row_sweep import RowSweep


class PredictionPicture(Picture):
    slow = True

    def __init__(self) -> None:
        self.line_chart = LineChart("prediction_chart", "Predictions against targets")
        super().__init__(self.line_chart)

    def begin(self, scene: Scene) -> None:
        self._scene, subject = scene, scene.subject
        parts = (subject.train, subject.validation)
        self._targets = np.concatenate([subject.targets(rows, scene.target) for rows in parts])
        self._training = np.arange(len(self._targets)) < len(subject.train.chosen)
        self._mix = np.random.default_rng(1).permutation(len(self._targets))
        self._sweep = RowSweep(scene.model, np.concatenate([rows.X for rows in parts])[self._mix])
        chart = self.line_chart
        chart.set_theme(scene.theme)
        chart.x_range = chart.y_range = padded(float(self._targets.min()), float(self._targets.max()))
        chart.x_name, chart.y_name = f"target {subject.data.target_names[scene.target]}", "prediction"
        ends = np.array(chart.x_range)
        chart.set_traces([Trace(ends, ends, scene.theme.muted, DASHES[1])])

    def show(self, *, running: bool) -> None:
        self._sweep.begin()
        self._show_points()

    def refine(self, seconds: float) -> bool:
        if self._sweep.finished:
            return False
        more = self._sweep.advance(seconds)
        if not more:
            self._show_points()
        return more

    def legend_keys(self) -> tuple[Key, ...]:
        theme = self._scene.theme
        return *part_keys(self._scene.subject, theme), Key("equal", theme.muted, DASHES[1])

    def note(self) -> str:
        if not self._sweep.finished:
            return f"{count(self._sweep.done)} of {count(len(self._targets))} rows so far"
        return rows_note(self._scene.subject.train, self._scene.subject.validation)

    def place(self, row: int) -> tuple[float, float] | None:
        found = np.flatnonzero(self.line_chart.rows == row)
        if not len(found):
            return None
        x, y = self.line_chart.places[found[0]]
        return float(x), float(y)

    def table(self) -> Table:
        header = ("part", "target", "prediction")
        predictions = self._predictions()
        rows: list[list[object]] = [
            ["training" if training else "validation", float(target), float(prediction)]
            for training, target, prediction in zip(self._training, self._targets, predictions, strict=True)
        ]
        return header, rows

    def _predictions(self) -> np.ndarray:
        """In the order of the targets, NaN where there is none yet."""
        predictions = np.empty(len(self._targets))
        predictions[self._mix] = self._scene.subject.outputs(self._sweep.outputs, self._scene.target)
        return predictions

    def _show_points(self) -> None:
        """Predictions outside the axes stand at their ends."""
        theme, training = self._scene.theme, self._training
        y = np.clip(self._predictions(), *self.line_chart.y_range)
        looks = (
            (~training, validation_look(theme.validation, theme, Marker.DIAMOND)),
            (training, training_look(theme.train, theme)),
        )
        points = [Points(self._targets[part], y[part], look) for part, look in looks]
        places = np.column_stack((self._targets, y))[training]
        self.line_chart.set_points(points, self._scene.subject.train.chosen, places)
