"""One column: the network's output over it as a curve, with the data."""

import numpy as np

from nnstudio.gui.data.summary import name_symbol

from .inference import predict
from .legend import Key
from .line_chart import LineChart, Trace
from .markers import Look, Marker, Points
from .picture import (
    Picture,
    Scene,
    Table,
    class_keys,
    class_looks,
    part_keys,
    rows_note,
    training_look,
    validation_look,
)
from .plane import class_colour
from .ranges import padded
from .views import Rows

_PLACES = 240


class CurvePicture(Picture):
    """Values get one curve; classes one each, of how likely they are."""

    def __init__(self) -> None:
        self.line_chart = LineChart("fit_chart", "What the network says over its input")
        super().__init__(self.line_chart)
        self._outputs = np.zeros((1, 1))

    def begin(self, scene: Scene) -> None:
        self._scene, subject = scene, scene.subject
        inputs = np.concatenate([subject.inputs(rows)[:, 0] for rows in (subject.train, subject.validation)])
        chart = self.line_chart
        chart.set_theme(scene.theme)
        chart.x_range = padded(float(inputs.min()), float(inputs.max()), 0.04)
        chart.y_range = self._y_range()
        chart.x_name = name_symbol(subject.data.features[0])
        chart.y_name = "" if len(subject.classes) > 2 else subject.data.target_names[scene.target]
        self._x = np.linspace(*chart.x_range, _PLACES)
        self._X = subject.data.inputs_of(self._x[:, None])
        points = [*self._points(subject.validation), *self._points(subject.train)]
        places = np.column_stack((subject.inputs(subject.train)[:, 0], self._heights(subject.train)))
        chart.set_points(points, subject.train.chosen, places)

    def show(self, *, running: bool) -> None:
        self._outputs = predict(self._scene.model, self._X)
        self.line_chart.set_traces(self._traces(self._outputs))

    def legend_keys(self) -> tuple[Key, ...]:
        subject, theme = self._scene.subject, self._scene.theme
        network = Key("network", theme.text)
        if subject.classes:
            return (network, *class_keys(subject, theme)) if self._single else class_keys(subject, theme)
        return network, *part_keys(subject, theme)

    def note(self) -> str:
        return rows_note(self._scene.subject.train, self._scene.subject.validation)

    def place(self, row: int) -> tuple[float, float] | None:
        part = self._scene.subject.data.train
        if row >= len(part.X):  # one without a target, which has no height
            return None
        rows = Rows(part, np.array([row]))
        return float(self._scene.subject.inputs(rows)[0, 0]), float(self._heights(rows)[0])

    def table(self) -> Table:
        data = self._scene.subject.data
        header = [data.features[0], *(f"predicted {name}" for name in data.target_names)]
        return header, np.column_stack((self._x, data.original_targets(self._outputs)))

    @property
    def _single(self) -> bool:
        return self._outputs.shape[1] == 1 or not self._scene.subject.classes

    def _traces(self, outputs: np.ndarray) -> list[Trace]:
        subject, theme = self._scene.subject, self._scene.theme
        if subject.classes and outputs.shape[1] > 1:
            return [Trace(self._x, outputs[:, n], class_colour(n, theme)) for n in range(outputs.shape[1])]
        return [Trace(self._x, subject.outputs(outputs, self._scene.target), theme.text)]

    def _heights(self, rows: Rows) -> np.ndarray:
        """A value stands at its height, a row of one of several classes at 1, where its class ought to be."""
        subject = self._scene.subject
        if subject.classes and subject.data.train.Y.shape[1] > 1:
            return np.ones(len(rows.chosen))
        return subject.targets(rows, self._scene.target)

    def _y_range(self) -> tuple[float, float]:
        subject = self._scene.subject
        if subject.classes:
            return -0.1, 1.1
        heights = np.concatenate([self._heights(rows) for rows in (subject.train, subject.validation)])
        return padded(float(heights.min()), float(heights.max()), 0.12)

    def _points(self, rows: Rows) -> list[Points]:
        subject, theme = self._scene.subject, self._scene.theme
        x, y, hollow = subject.inputs(rows)[:, 0], self._heights(rows), rows is subject.validation
        if not subject.classes:
            look: Look = training_look(theme.train, theme)
            if hollow:
                look = validation_look(theme.validation, theme, Marker.DIAMOND)
            return [Points(x, y, look)]
        classes = subject.class_of(rows)
        return [
            Points(x[classes == number], y[classes == number], class_looks(number, theme)[hollow])
            for number in range(len(subject.classes))
        ]
