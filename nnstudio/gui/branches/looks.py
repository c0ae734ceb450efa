"""How branches are told apart: by a colour and dashes of their own. The original is the unbroken line of training."""

from nnstudio.gui.plots.legend import Key
from nnstudio.gui.plots.markers import DASHES
from nnstudio.gui.theme import Theme

_COLOURS = (3, 2, 6, 4, 7, 5)


def look(number: int, label: str, theme: Theme) -> Key:
    """Of lane `number`, where the original is number 0."""
    if number == 0:
        return Key(label, theme.train)
    return Key(label, theme.classes[_COLOURS[(number - 1) % len(_COLOURS)]], DASHES[1 + (number - 1) % 3])


def look_beside(number: int, label: str, theme: Theme) -> Key:
    """Beside the run of the window, which is the unbroken line there; the original is dotted."""
    return look(number, label, theme) if number else Key(label, theme.train, DASHES[2])
