"""Charts with two logarithmic axes side by side, as the text of an SVG file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 340, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 16, 46, 44
_COLOURS = ("#1a62d0", "#b4540a", "#2e7d32")
_INK, _MUTED, _LINE = "#1a1d23", "#5c6370", "#dfe3e9"


@dataclass(frozen=True)
class Chart:
    """Series of positive numbers, by name, over the positive numbers `x`."""

    title: str
    x_title: str
    y_title: str
    x: Sequence[float]
    series: Mapping[str, Sequence[float]]


def svg(charts: Sequence[Chart]) -> str:
    """All charts in a row."""
    width = WIDTH * len(charts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'font-family="Inter, Helvetica, Arial, sans-serif" font-size="11">',
        f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for number, chart in enumerate(charts):
        parts += [f'<g transform="translate({number * WIDTH} 0)">', *_drawn(chart), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


@dataclass(frozen=True)
class _Axis:
    """Where a number lies between two ends of the picture; whole powers of ten are marked."""

    least: float
    most: float
    begin: float
    end: float

    def place(self, value: float) -> float:
        return self.begin + (self.end - self.begin) * (log10(value) - self.least) / (self.most - self.least)

    @property
    def powers(self) -> range:
        return range(ceil(self.least), floor(self.most) + 1)


def _drawn(chart: Chart) -> Iterator[str]:
    values = [value for series in chart.series.values() for value in series]
    x = _Axis(log10(min(chart.x)), log10(max(chart.x)), _LEFT, WIDTH - _RIGHT)
    y = _Axis(floor(log10(min(values))), ceil(log10(max(values))), HEIGHT - _BOTTOM, _TOP)
    yield _text(_LEFT, 18, chart.title, _INK, weight=600)
    yield from _grid(chart, x, y)
    for number, (name, series) in enumerate(chart.series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [(x.place(at), y.place(value)) for at, value in zip(chart.x, series, strict=True)]
        line = " ".join(f"{left:.1f},{top:.1f}" for left, top in points)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{left:.1f}" cy="{top:.1f}" r="2.5" fill="{colour}"/>' for left, top in points)
        yield _text(_LEFT + 130 * number, 34, f"— {name}", colour)


def _grid(chart: Chart, x: _Axis, y: _Axis) -> Iterator[str]:
    for power in y.powers:
        top = y.place(10**power)
        yield f'<line x1="{x.begin}" y1="{top:.1f}" x2="{x.end}" y2="{top:.1f}" stroke="{_LINE}"/>'
        yield _text(x.begin - 6, top + 4, f"{10.0**power:,.{max(-power, 0)}f}", _MUTED, anchor="end")
    for value in chart.x[:: max(1, len(chart.x) // 6)]:
        yield _text(x.place(value), y.begin + 16, f"{value:g}", _MUTED, anchor="middle")
    yield _text((x.begin + x.end) / 2, HEIGHT - 8, chart.x_title, _MUTED, anchor="middle")
    middle = (y.begin + y.end) / 2
    turned = f'transform="rotate(-90 12 {middle:.1f})"'
    yield _text(12, middle, chart.y_title, _MUTED, anchor="middle", more=turned)


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", weight: int = 400, more: str = ""
) -> str:
    look = f'fill="{colour}" text-anchor="{anchor}" font-weight="{weight}" {more}'.rstrip()
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'
