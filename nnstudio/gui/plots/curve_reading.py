"""What the crosshair says of the epoch nearest to a place: the value of every curve there."""

from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme

from .crosshair import Entry, Reading
from .curve_keys import BEST, key_of, value_text
from .curve_state import CurveState
from .frame import Frame
from .series import HistoryBuffer, SeriesName, nearest


def read(state: CurveState, buffer: HistoryBuffer, where: float, frame: Frame, theme: Theme) -> Reading | None:
    """The epoch nearest to `where` on the axis, None if it is out of view. The buffer has at least one epoch."""
    at = nearest(buffer.epochs, where)
    x = frame.x_pixel(buffer.epochs[at])
    if not frame.area.left() - 1 <= x <= frame.area.right() + 1:
        return None
    title = f"epoch {count(buffer.epochs[at])}"
    if at == state.best(buffer):
        title += f", {BEST}"
    entries = tuple(_entry(state, buffer, name, at, frame, theme) for name in state.names(buffer))
    return Reading(title, x, frame.area.top(), frame.area.bottom(), entries)


def _entry(state: CurveState, buffer: HistoryBuffer, name: SeriesName, at: int, frame: Frame, theme: Theme) -> Entry:
    value, key = float(buffer.values(name)[at]), key_of(name, theme)
    place = state.y_of(value)
    y = frame.y_pixel(place) if place == place else None
    return Entry(key.label, value_text(name, value), key.colour, key.dash, y)
