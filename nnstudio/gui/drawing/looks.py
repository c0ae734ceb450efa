"""How drawn points look: as in every other plot, a class by its colour and shape, a value by the diverging map."""

import numpy as np

from nnstudio.data.drawn import By, Sheet
from nnstudio.gui.plots.markers import MARKERS, Look, Marker, Points
from nnstudio.gui.plots.picture import training_look
from nnstudio.gui.plots.plane import Scale, class_colour
from nnstudio.gui.theme import Theme

_SHADES = 24


def class_look(number: int, theme: Theme) -> Look:
    return training_look(class_colour(number, theme), theme, MARKERS[number % len(MARKERS)])


def value_look(value: float, scale: Scale, theme: Theme) -> Look:
    position = float(np.clip(scale.positions(np.array(value)), -1, 1))
    return Look(Marker.CIRCLE, theme.sign(position).name(), theme.muted)


def scale_of(sheet: Sheet) -> Scale:
    """The scale of the values that are drawn, from −1 to 1 at least."""
    return Scale.of(np.append(sheet.values, (-1.0, 1.0)))


def points_of(sheet: Sheet, theme: Theme) -> list[Points]:
    """The points in groups of one look."""
    places, values = sheet.places, sheet.values
    if sheet.by is By.CLASS:
        groups = [(values == n, class_look(n, theme)) for n in range(len(sheet.numbers))]
    else:
        scale = scale_of(sheet)
        shades = np.rint(np.clip(scale.positions(values), -1, 1) * _SHADES)
        groups = [
            (shades == shade, Look(Marker.CIRCLE, theme.sign(shade / _SHADES).name(), theme.muted))
            for shade in np.unique(shades).tolist()
        ]
    return [Points(places[chosen, 0], places[chosen, 1], look) for chosen, look in groups]
