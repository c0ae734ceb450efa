"""What there is to see of what a network has learned, for the data at hand: a plain description without widgets.

Two columns make a plane to colour, one an axis to draw a curve over, however many inputs are made of them. With more,
classes are seen in a confusion
matrix and values as predictions against targets; an autoencoder of square images by what it makes of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from math import isqrt

import numpy as np

from nnstudio.data.preparation import Part, PartName, PreparedData
from nnstudio.experiment.outputs import Nature, class_names, nature
from nnstudio.training.metrics import classes

MOST_POINTS = 2_000
_LEAST_PIXELS = 16


class View(StrEnum):
    """A way to see it, with its name on screen."""

    MAP = "Map"
    SURFACE = "Surface"
    CURVE = "Curve"
    PREDICTIONS = "Predictions"
    CONFUSION = "Confusion"
    IMAGES = "Images"


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a part that are drawn: all of them, or as many as can be drawn; always the same ones.

    They are in a random order, so that any first few of them stand for all.
    """

    part: Part
    chosen: np.ndarray

    @property
    def X(self) -> np.ndarray:
        rows: np.ndarray = self.part.X[self.chosen]
        return rows

    @property
    def Y(self) -> np.ndarray:
        rows: np.ndarray = self.part.Y[self.chosen]
        return rows

    @property
    def total(self) -> int:
        return len(self.part.X)

    @property
    def partial(self) -> bool:
        return len(self.chosen) < self.total


class Subject:
    """Prepared data as they are drawn: in the table's units, with the names of their classes."""

    def __init__(self, data: PreparedData) -> None:
        self.data = data
        self.nature = nature(data)
        self.train = _some(data.train)
        self.validation = _some(data.validation)
        self.test = _some(data.test)

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The views that suit the data, the most telling first."""
        by_class = self.nature is not Nature.VALUES
        general = View.CONFUSION if by_class else View.PREDICTIONS
        axes = self.data.axes
        if axes == 2:
            return (View.MAP if by_class else View.SURFACE), general
        if self._are_images:
            return View.IMAGES, general
        return (View.CURVE, general) if axes == 1 else (general,)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; none for values."""
        return class_names(self.data)

    @property
    def _are_images(self) -> bool:
        """Whether the inputs of an autoencoder may be the pixels of a square image."""
        inputs = len(self.data.input_names)
        whole = self.data.features == self.data.input_names
        return self.data.autoencoder and whole and inputs >= _LEAST_PIXELS and isqrt(inputs) ** 2 == inputs

    def rows(self, part: PartName) -> Rows:
        return {PartName.TRAINING: self.train, PartName.VALIDATION: self.validation, PartName.TEST: self.test}[part]

    def inputs(self, rows: Rows) -> np.ndarray:
        """The columns behind the inputs, in the table's units."""
        return self.data.raw(rows.part.rows[rows.chosen])

    def targets(self, rows: Rows, target: int) -> np.ndarray:
        """One target column in the table's units."""
        column: np.ndarray = self.data.original_targets(rows.Y)[:, target]
        return column

    def outputs(self, outputs: np.ndarray, target: int) -> np.ndarray:
        """One column of predictions in the table's units."""
        column: np.ndarray = self.data.original_targets(outputs)[:, target]
        return column

    def class_of(self, rows: Rows) -> np.ndarray:
        return classes(rows.Y)


def _some(part: Part) -> Rows:
    return Rows(part, _drawn_of(len(part.X)))


@lru_cache(maxsize=8)
def _drawn_of(total: int) -> np.ndarray:
    """Which of so many rows are drawn, always the same ones: to find them among a million takes a while."""
    drawn: np.ndarray = np.random.default_rng(0).permutation(total)[:MOST_POINTS].copy()
    drawn.setflags(write=False)
    return drawn
