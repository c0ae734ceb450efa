"""A picture of what has been learned: what the chart of a view shows, and how it is computed.

`show` makes a picture at once, as good as a frame can spare; `refine` goes on from there while the window is idle.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnstudio.data.preparation import PartName
from nnstudio.engine.model import Model
from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme

from .chart import Chart
from .legend import Key
from .markers import MARKERS, Look, Marker
from .plane import Scale, class_colour
from .views import Rows, Subject

Table = tuple[Sequence[str], np.ndarray | list[list[object]]]


@dataclass(frozen=True, eq=False)
class Scene:
    """What a picture is made of: the data, the network, the colours and what of it is looked at."""

    subject: Subject
    model: Model
    theme: Theme
    target: int = 0
    part: PartName = PartName.TRAINING


class Picture(ABC):
    """One view. `slow` pictures are made at most a few times a second while training runs."""

    slow = False

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    @abstractmethod
    def begin(self, scene: Scene) -> None:
        """Another run, theme or choice: draw what stands still."""

    @abstractmethod
    def show(self, *, running: bool) -> None:
        """The network as it stands, at once."""

    def follow_labels(self) -> bool:
        """Draw the pseudo-labels as they stand; whether there are others now."""
        return False

    def refine(self, seconds: float) -> bool:
        """Go on for about this long; whether there is more to do."""
        return False

    @abstractmethod
    def legend_keys(self) -> tuple[Key, ...]:
        """What the legend says."""

    def scale(self) -> Scale | None:
        """The colour scale of values, if there is one."""
        return None

    def summary(self) -> str:
        """The picture in a few words, if numbers say more."""
        return ""

    def note(self) -> str:
        """What is missing in the picture."""
        return ""

    def place(self, row: int) -> tuple[float, float] | None:
        """Where a training row stands in the chart."""
        return None

    @abstractmethod
    def table(self) -> Table:
        """The picture as a header and rows of numbers."""


def training_look(colour: str, theme: Theme, marker: Marker = Marker.CIRCLE) -> Look:
    return Look(marker, colour, theme.panel)


def validation_look(colour: str, theme: Theme, marker: Marker = Marker.CIRCLE) -> Look:
    """Hollow: filled with the ground."""
    return Look(marker, theme.panel, colour, 1.5)


def class_looks(number: int, theme: Theme) -> tuple[Look, Look]:
    """How training and validation rows of a class look."""
    colour, marker = class_colour(number, theme), MARKERS[number % len(MARKERS)]
    return training_look(colour, theme, marker), validation_look(colour, theme, marker)


def class_keys(subject: Subject, theme: Theme) -> tuple[Key, ...]:
    keys = [Key(name, look=class_looks(number, theme)[0]) for number, name in enumerate(subject.classes)]
    if subject.validation.total:
        keys.append(Key("validation", look=validation_look(theme.muted, theme)))
    return tuple(keys)


def part_keys(subject: Subject, theme: Theme) -> tuple[Key, ...]:
    keys = [Key("training", look=training_look(theme.train, theme))]
    if subject.validation.total:
        keys.append(Key("validation", look=validation_look(theme.validation, theme, Marker.DIAMOND)))
    return tuple(keys)


def rows_note(*parts: Rows) -> str:
    """That not all rows are drawn, where that is so."""
    drawn, total = sum(len(rows.chosen) for rows in parts), sum(rows.total for rows in parts)
    return f"{count(drawn)} of {count(total)} rows drawn" if drawn < total else ""
