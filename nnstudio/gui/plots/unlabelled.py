"""Rows without a target in the plane: grey, or in a pale colour of the class that the network lends them."""

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.engine.model import Model
from nnstudio.gui.theme import Theme
from nnstudio.training.metrics import classes

from .legend import Key
from .markers import MARKERS, Look, Marker, Points
from .plane import class_colour
from .views import MOST_POINTS, Subject

_PALE = 0.55
_SCALE = 0.75


class UnlabelledPoints:
    """`rows` are the numbers by which the run knows them (after its training rows), none where it leaves them out."""

    def __init__(self, subject: Subject, model: Model, theme: Theme) -> None:
        data, self._theme = subject.data, theme
        total = len(data.unlabelled.X)
        self._chosen = np.random.default_rng(0).permutation(total)[:MOST_POINTS]
        self.places = data.raw(data.unlabelled.rows[self._chosen])
        learned = "T" in model.store
        self._lent = (model.store["T"], model.store["s"]) if learned else None
        self.rows = len(data.train.X) + self._chosen if learned else self._chosen[:0]
        self._classes = self._read()

    def look(self) -> bool:
        """Whether other labels have been lent since it last looked."""
        before, self._classes = self._classes, self._read()
        return not np.array_equal(before, self._classes)

    def points(self) -> list[Points]:
        """Those without a label first, so that the others lie above them."""
        return [
            Points(self.places[self._classes == number, 0], self.places[self._classes == number, 1], look)
            for number, look in ((number, self._look_of(number)) for number in sorted(set(self._classes.tolist())))
        ]

    def keys(self) -> tuple[Key, ...]:
        if not len(self._chosen):
            return ()
        lent = Key("pseudo-label", look=_small(Marker.CIRCLE, pale(self._theme.muted, self._theme), self._theme))
        none = Key("no target", look=self._look_of(-1))
        return (none,) if self._lent is None else (none, lent)

    def _read(self) -> np.ndarray:
        """The class that each is lent, −1 for none."""
        if self._lent is None:
            return np.full(len(self._chosen), -1)
        T, s = self._lent
        lent: np.ndarray = np.where(s[self._chosen] > 0, classes(T[self._chosen]), -1)
        return lent

    def _look_of(self, number: int) -> Look:
        theme = self._theme
        if number < 0:
            return _small(Marker.CIRCLE, theme.stale, theme)
        return _small(MARKERS[number % len(MARKERS)], pale(class_colour(number, theme), theme), theme)


def pale(colour: str, theme: Theme) -> str:
    """The colour on its way to that of the ground."""
    own, ground = QColor(colour), QColor(theme.panel)
    pairs = ((own.red(), ground.red()), (own.green(), ground.green()), (own.blue(), ground.blue()))
    return QColor(*(round(_PALE * a + (1 - _PALE) * b) for a, b in pairs)).name()


def _small(marker: Marker, fill: str, theme: Theme) -> Look:
    return Look(marker, fill, theme.panel, scale=_SCALE)
