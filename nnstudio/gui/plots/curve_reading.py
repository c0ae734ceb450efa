"""What the crosshair says of the epoch nearest to a place: the value of every curve there."""

from collections.abc import Iterator, Sequence

from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme

from .crosshair import Entry, Reading
from .curve_keys import BEST, key_of, value_text
from .curve_state import CurveState
from .frame import Frame
from .overlays import Overlay
from .series import HistoryBuffer, nearest


def read(
    state: CurveState, buffer: HistoryBuffer, overlays: Sequence[Overlay], where: float, frame: Frame, theme: Theme
) -> Reading | None:
    """The epoch nearest to `where` on the axis, None if it is out of view. The buffer has at least one epoch."""
    every = [buffer.epochs, *(overlay.epochs for overlay in overlays if len(overlay.epochs))]
    epoch = min((float(epochs[nearest(epochs, where)]) for epochs in every), key=lambda one: abs(one - where))
    x = frame.x_pixel(epoch)
    if not frame.area.left() - 1 <= x <= frame.area.right() + 1:
        return None
    best = state.best(buffer)
    title = f"epoch {count(epoch)}"
    if best is not None and buffer.epochs[best] == epoch:
        title += f", {BEST}"
    entries = tuple(_entries(state, buffer, overlays, epoch, frame, theme))
    return Reading(title, x, frame.area.top(), frame.area.bottom(), entries)


def _entries(
    state: CurveState, buffer: HistoryBuffer, overlays: Sequence[Overlay], epoch: float, frame: Frame, theme: Theme
) -> Iterator[Entry]:
    """Of each curve that has this epoch."""
    names = state.names(buffer)
    curves = [(name, key_of(name, theme), buffer.epochs, buffer.values(name)) for name in names]
    for overlay in overlays:
        known = [name for name in names if name in overlay.series]
        curves += [(name, overlay.dress(theme), overlay.epochs, overlay.series[name]) for name in known]
    for name, key, epochs, values in curves:
        at = nearest(epochs, epoch) if len(epochs) else None
        if at is not None and epochs[at] == epoch:
            value = float(values[at])
            place = state.y_of(value)
            y = frame.y_pixel(place) if place == place else None
            yield Entry(key.label, value_text(name, value), key.colour, key.dash, y)
