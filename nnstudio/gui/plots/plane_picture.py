"""Two columns: what the network says at every place of their plane, under the data."""

from math import isqrt

import numpy as np
from PySide6.QtCore import QPointF

from nnstudio.explain.numbers import short
from nnstudio.gui.data.summary import name_symbol

from .inference import Sweep, predict, rows_within
from .legend import Key
from .markers import Look, Marker, Points
from .picture import Picture, Scene, Table, class_keys, class_looks, rows_note
from .plane import STRENGTH, Plane, Scale, class_colours, diverging_colours
from .plane_chart import PlaneChart
from .unlabelled import UnlabelledPoints
from .views import Rows

_COARSE, _FINE = 50, 100
_LEAST = 12
_RUNNING_SECONDS, _PAUSED_SECONDS = 0.0015, 0.004
_SHADES = 24


class _Chart(PlaneChart):
    """Says what the network says under the pointer."""

    picture: "PlanePicture"

    def tip(self, at: QPointF) -> str:
        place = self.place_at(at)
        return self.picture.tip(*place) if place else ""


class PlanePicture(Picture):
    """The decision map of classes, or the surface of values."""

    def __init__(self) -> None:
        self.plane_chart = _Chart()
        self.plane_chart.picture = self
        super().__init__(self.plane_chart)
        self._sweep: Sweep | None = None
        self._outputs = np.zeros((1, 1))
        self._scale: Scale | None = None

    def begin(self, scene: Scene) -> None:
        self._scene, subject = scene, scene.subject
        self._sweep = None
        self._plane = Plane(subject.data)
        by_value = not subject.classes
        values = np.concatenate([subject.targets(rows, scene.target) for rows in (subject.train, subject.validation)])
        self._scale = Scale.of(values) if by_value else None
        chart = self.plane_chart
        chart.set_theme(scene.theme)
        chart.set_plane(self._plane, *map(name_symbol, subject.data.features))
        self._labelled = [points for rows in (subject.validation, subject.train) for points in self._points(rows)]
        self._unlabelled = UnlabelledPoints(subject, scene.model, scene.theme)
        self._set_points()

    def show(self, *, running: bool) -> None:
        model = self._scene.model
        self.follow_labels()
        self._sweep = None
        if running:
            side = isqrt(rows_within(model, _RUNNING_SECONDS, _LEAST**2, _COARSE**2))
        else:
            side = isqrt(rows_within(model, _PAUSED_SECONDS, _LEAST**2, _FINE**2))
            if side < _FINE:
                side = min(side, _COARSE)
                self._sweep = Sweep(model, self._plane.grid(_FINE))
        self._paint(predict(model, self._plane.grid(side)))

    def follow_labels(self) -> bool:
        changed = self._unlabelled.look()
        if changed:
            self._set_points()
        return changed

    def refine(self, seconds: float) -> bool:
        if self._sweep is None:
            return False
        self._sweep.advance(seconds)
        if not self._sweep.finished:
            return True
        self._paint(self._sweep.outputs)
        self._sweep = None
        return False

    def legend_keys(self) -> tuple[Key, ...]:
        subject, theme = self._scene.subject, self._scene.theme
        if subject.classes:
            return *class_keys(subject, theme), *self._unlabelled.keys()
        keys = [Key("training", look=Look(Marker.CIRCLE, theme.panel, theme.muted))]
        if subject.validation.total:
            keys.append(Key("validation", look=Look(Marker.DIAMOND, theme.panel, theme.muted)))
        return *keys, *self._unlabelled.keys()

    def scale(self) -> Scale | None:
        return self._scale

    def note(self) -> str:
        return rows_note(self._scene.subject.train, self._scene.subject.validation)

    def place(self, row: int) -> tuple[float, float] | None:
        data = self._scene.subject.data
        lent = row - len(data.train.X)
        x, y = data.raw(data.train.rows[row : row + 1] if lent < 0 else data.unlabelled.rows[lent : lent + 1])[0]
        return float(x), float(y)

    def tip(self, x: float, y: float) -> str:
        """What the network says at a place in the table's units."""
        cell = self._plane.cell(x, y, isqrt(len(self._outputs)))
        if cell is None:
            return ""
        names = [name_symbol(name) for name in self._scene.subject.data.features]
        return f"{names[0]} {short(x, 3)}, {names[1]} {short(y, 3)}\n{self._says(self._outputs[cell])}"

    def table(self) -> Table:
        data = self._scene.subject.data
        header = [*data.features, *(f"predicted {name}" for name in data.target_names)]
        outputs = data.original_targets(self._outputs)
        return header, np.column_stack((self._plane.places(isqrt(len(outputs))), outputs))

    def _says(self, output: np.ndarray) -> str:
        subject = self._scene.subject
        if not subject.classes:
            target = self._scene.target
            value = subject.outputs(output[None], target)[0]
            return f"predicted {subject.data.target_names[target]} {short(value)}"
        if len(output) == 1:
            return f"predicted {subject.data.target_names[0]} {short(float(output[0]), 3)}"
        best = int(np.argmax(output))
        return f"predicted {subject.classes[best]} {short(float(output[best]), 3)}"

    def _paint(self, outputs: np.ndarray) -> None:
        self._outputs, theme, subject = outputs, self._scene.theme, self._scene.subject
        if self._scale is not None:
            values = subject.outputs(outputs, self._scene.target)
            colours = diverging_colours(self._scale.positions(values), theme)
        elif outputs.shape[1] == 1:
            colours = diverging_colours(STRENGTH * np.clip(2 * outputs[:, 0] - 1, -1, 1), theme)
        else:
            colours = class_colours(outputs, theme)
        self.plane_chart.set_colours(colours)

    def _set_points(self) -> None:
        """Rows with a target lie above those without."""
        train, lent = self._scene.subject.train, self._unlabelled
        places = np.concatenate((self._scene.subject.inputs(train), lent.places[: len(lent.rows)]))
        self.plane_chart.set_points(
            [*lent.points(), *self._labelled], np.concatenate((train.chosen, lent.rows)), places
        )

    def _points(self, rows: Rows) -> list[Points]:
        return self._by_value(rows) if self._scale is not None else self._by_class(rows)

    def _by_class(self, rows: Rows) -> list[Points]:
        subject, theme = self._scene.subject, self._scene.theme
        places, classes = subject.inputs(rows), subject.class_of(rows)
        hollow = rows is subject.validation
        return [
            _points(places[classes == number], class_looks(number, theme)[hollow])
            for number in range(len(subject.classes))
        ]

    def _by_value(self, rows: Rows) -> list[Points]:
        """Points of like value share a colour, so that few looks do for many points."""
        assert self._scale is not None
        subject, theme = self._scene.subject, self._scene.theme
        places = subject.inputs(rows)
        positions = self._scale.positions(subject.targets(rows, self._scene.target))
        shades = np.rint(np.clip(positions, -1, 1) * _SHADES).astype(int)
        groups = []
        for shade in sorted(set(shades.tolist())):
            fill = theme.sign(shade / _SHADES).name()
            marker = Marker.DIAMOND if rows is subject.validation else Marker.CIRCLE
            groups.append(_points(places[shades == shade], Look(marker, fill, theme.muted)))
        return groups


def _points(places: np.ndarray, look: Look) -> Points:
    return Points(places[:, 0], places[:, 1], look)
