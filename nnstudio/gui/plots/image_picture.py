"""An autoencoder of images: each image, and below it what is left of it after the network's narrowest layer."""

from math import isqrt

import numpy as np

from nnstudio.explain.numbers import count

from .image_chart import ImageChart
from .inference import predict
from .legend import Key
from .picture import Picture, Scene, Table

_MOST_IMAGES = 48


class ImagePicture(Picture):
    def __init__(self) -> None:
        self.image_chart = ImageChart()
        super().__init__(self.image_chart)

    def begin(self, scene: Scene) -> None:
        self._scene, data = scene, scene.subject.data
        rows = scene.subject.rows(scene.part)
        self._X = rows.X[:_MOST_IMAGES]
        self._names = tuple(f"Row {row + 1}" for row in rows.part.rows[rows.chosen[:_MOST_IMAGES]].tolist())
        self._side = isqrt(len(data.input_names))
        everything = data.original_inputs(data.train.X)
        self._low, self._high = float(everything.min()), float(everything.max())
        self._outputs = np.full_like(self._X, np.nan)
        self.image_chart.set_theme(scene.theme)

    def show(self, *, running: bool) -> None:
        data = self._scene.subject.data
        self._outputs = predict(self._scene.model, self._X)
        inputs, outputs = data.original_inputs(self._X), data.original_targets(self._outputs)
        errors = np.abs(outputs - inputs).mean(axis=1)
        self.image_chart.set_images(self._as_images(inputs), self._as_images(outputs), self._names, errors)

    def legend_keys(self) -> tuple[Key, ...]:
        return ()

    def note(self) -> str:
        total = self._scene.subject.rows(self._scene.part).total
        shown = self.image_chart.shown
        return f"{count(shown)} of {count(total)} rows" if shown < total else ""

    def table(self) -> Table:
        """A row for each image: its pixels, and what the network makes of them."""
        data = self._scene.subject.data
        names = data.input_names
        header = ["row", *names, *(f"predicted {name}" for name in names)]
        inputs, outputs = data.original_inputs(self._X), data.original_targets(self._outputs)
        rows = [
            [name.removeprefix("Row "), *x, *y]
            for name, x, y in zip(self._names, inputs.tolist(), outputs.tolist(), strict=True)
        ]
        return header, rows

    def _as_images(self, values: np.ndarray) -> np.ndarray:
        """Rows of pixels as images from 0 to 1."""
        images: np.ndarray = (values - self._low) / (self._high - self._low or 1.0)
        return images.reshape(-1, self._side, self._side)
