"""How each series of the learning curve looks and what it is called. Colour never tells two apart alone: dashes differ
too."""

from typing import assert_never

from nnstudio.data.preparation import PartName
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import slot_symbol
from nnstudio.gui.theme import Theme

from .curve_state import Line
from .legend import Key
from .markers import DASHES, Look, Marker
from .series import GradientNorm, Measured, SeriesName, Single

BEST = "lowest validation cost"
_LAYER_COLOURS = (3, 6, 4, 5, 2, 7, 1, 8)


def key_of(name: SeriesName, theme: Theme) -> Key:
    """Its name in the legend, its colour and its dashes."""
    match name:
        case Measured():
            return _part_key(name.part, theme)
        case GradientNorm():
            number = name.layer - 1
            colour = theme.classes[_LAYER_COLOURS[number % len(_LAYER_COLOURS)]]
            return Key(slot_symbol(f"W{name.layer}"), colour, DASHES[number % len(DASHES)])
        case Single.PENALTY:
            return Key("penalty", theme.muted, DASHES[3])
        case Single.RATE:
            return Key("learning rate α", theme.update)
        case _:
            assert_never(name)


def look_of(line: Line, theme: Theme) -> Key:
    """Those of a line: what is laid over the run at hand has its own."""
    return key_of(line.name, theme) if line.of is None else line.of.dress(theme)


def value_text(name: SeriesName, value: float) -> str:
    """A value as the crosshair shows it."""
    if isinstance(name, Measured) and name.metric.is_percentage:
        return f"{value * 100:.1f} %" if value == value else "—"
    return short(value)


def best_look(theme: Theme) -> Look:
    """The ring at the epoch of the lowest validation cost."""
    return Look(Marker.CIRCLE, theme.panel, theme.validation, 1.5)


def _part_key(part: PartName, theme: Theme) -> Key:
    looks = {
        PartName.TRAINING: (theme.train, DASHES[0]),
        PartName.VALIDATION: (theme.validation, DASHES[1]),
        PartName.TEST: (theme.test, DASHES[2]),
    }
    return Key(part.value, *looks[part])
