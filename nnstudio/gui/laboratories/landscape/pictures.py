"""What the charts, the legend and the readings show of a landscape."""

import numpy as np

from nnstudio.explain.landscape.ground import Rows
from nnstudio.explain.landscape.survey import Level
from nnstudio.explain.numbers import short
from nnstudio.gui.laboratories.function_chart import Dot, Drawing
from nnstudio.gui.laboratories.readings import Reading
from nnstudio.gui.plots.legend import Key
from nnstudio.gui.plots.line_chart import Trace
from nnstudio.gui.plots.markers import Look, Marker
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.theme import Theme

from .map_chart import Way, capped
from .surveying import Facts, Surveying

_TANGENT = 0.35
"""To each side, of the reach of the axis."""
_TANGENT_DASH = (6.0, 4.0)
_UNKNOWN = "—"


def line_drawing(level: Level, facts: Facts, now: float | None, theme: Theme) -> Drawing:
    """The curve of J, the tangent where the network stands, and where the next update lands. `now` is where the
    parameter stands, while the run goes on."""
    axis = level.axes.axes[0]
    x = axis.offset + level.distances()
    half = _TANGENT * axis.reach
    ends = np.array([-half, half])
    tangent = Trace(axis.offset + ends, facts.cost + facts.slope * ends, theme.backward, _TANGENT_DASH)
    landing = float(axis.offset + facts.landing[0])
    dots = (
        Dot(axis.offset, facts.cost, Look(Marker.CIRCLE, theme.accent, theme.panel, 1.5, 1.4)),
        Dot(landing, facts.landing_on_axes, Look(Marker.DIAMOND, theme.update, theme.panel, 1.0, 0.8), "next"),
    )
    known = capped(level.values)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    air = 0.1 * ((high - low) or abs(high) or 1.0)
    at = axis.offset if now is None else now
    curve = Trace(x, level.values, theme.cost)
    return Drawing((float(x[0]), float(x[-1])), (low - air, high + air), (curve, tangent), dots, (), at)


def line_keys(theme: Theme) -> tuple[Key, ...]:
    return (
        Key("J", theme.cost),
        Key("tangent", theme.backward, _TANGENT_DASH),
        Key("here", look=here_look(theme)),
        Key("after the update", look=landing_look(theme)),
    )


def map_keys(theme: Theme) -> tuple[Key, ...]:
    return (
        Key("the way so far", theme.text),
        Key("here", look=here_look(theme)),
        Key("after the update", look=landing_look(theme)),
    )


def here_look(theme: Theme) -> Look:
    return Look(Marker.CIRCLE, theme.accent, theme.panel)


def landing_look(theme: Theme) -> Look:
    return Look(Marker.DIAMOND, theme.update, theme.panel)


def way_of(surveying: Surveying, since: list[np.ndarray]) -> Way:
    """The way of the descent on the map: what was retraced, and where the run has been `since` on the axes."""
    axes, facts = surveying.axes, surveying.facts
    assert axes is not None
    path = np.empty((0, 2)) if surveying.path is None else axes.shown(axes.project(surveying.path.positions))
    if since:
        return Way(np.concatenate((path, axes.shown(np.array(since)))))
    return Way(path, None if facts is None else axes.shown(facts.landing[None])[0])


def line_readings(surveying: Surveying, machine_gradient: float | None, theme: Theme) -> tuple[Reading, ...]:
    """The tangent's slope beside the machine's gradient, and where the next update lands."""
    axes, facts = surveying.axes, surveying.facts
    if axes is None or facts is None or surveying.request is None:
        return ()
    axis, training = axes.axes[0], surveying.request.rows is Rows.TRAINING
    own = _UNKNOWN if machine_gradient is None else short(machine_gradient, 6)
    return (
        Reading(axis.name, short(axis.offset, 6), theme.parameter),
        Reading("J here", short(facts.cost, 6), theme.cost, strong=True),
        Reading("slope of the tangent", short(facts.slope, 6), theme.backward, strong=True),
        Reading(f"∂J/∂{axis.name}{', mini-batch' if training else ', machine'}", own, theme.backward),
        Reading(f"{axis.name} after the update", short(float(axis.offset + facts.landing[0]), 6), theme.update),
        Reading("J there", short(facts.landing_on_axes, 6), theme.cost),
        Reading("J, all updated", short(facts.landing_cost, 6), theme.cost),
    )


def map_readings(surveying: Surveying, theme: Theme) -> tuple[Reading, ...]:
    axes, facts, level = surveying.axes, surveying.facts, surveying.level
    if axes is None or facts is None:
        return ()
    rows = [
        Reading("J here", short(facts.cost, 6), theme.cost, strong=True),
        Reading("J after the update", short(facts.landing_cost, 6), theme.cost),
    ]
    if level is not None:
        known = level.values[np.isfinite(level.values)]
        rows.append(Reading("lowest J in sight", short(float(known.min()), 6), theme.cost))
        rows.append(Reading("highest", short(float(known.max()), 6), theme.cost))
    if surveying.path is not None:
        rows.append(Reading("the way, within this plane", _share_in_plane(surveying)))
    return tuple(rows)


def _share_in_plane(surveying: Surveying) -> str:
    """How much of the way from the beginning to here lies in the plane; the rest goes where the map does not show."""
    axes, path = surveying.axes, surveying.path
    assert axes is not None
    assert path is not None
    way = path.positions[0] - axes.origin
    length = float(np.linalg.norm(way))
    if not (np.isfinite(length) and length > 0):
        return _UNKNOWN
    seen = axes.point(*axes.project(path.positions[:1])[0]) - axes.origin
    return f"{100 * float(np.linalg.norm(seen)) / length:.0f} %"


def table_of(level: Level) -> Table:
    """The points with J: of a line one a row, of a plane likewise."""
    axes = level.axes.axes
    scales = [axis.offset + level.distances(number) for number, axis in enumerate(axes)]
    grid = [one.ravel() for one in np.meshgrid(*scales, indexing="ij")]
    return [*(axis.name for axis in axes), "J"], np.column_stack((*grid, level.values.ravel()))
