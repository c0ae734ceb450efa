"""Where everything stands: columns of neurons that always fill the view evenly, whatever its size.

Lengths are pixels at zoom 1. A layer of more than 24 units shows its first and last few with a gap between, which
says how many are left out; so no drawing has more neurons than an eye can follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

MOST_DRAWN = 24
CAPTION_HEIGHT = 44
FOOT_HEIGHT = 24
LABEL_HEIGHT = 15
_SIDE = 40
_NEURON = 40.0
_LARGEST_NEURON = 56.0
_SMALLEST_LABELLED = 20.0
_ELIDED_PITCH = 46.0
_FEWEST_ELIDED, _MOST_ELIDED = 6, 16
_WIDEST_GAP = 360.0
_LABELS_ALWAYS = 10


@dataclass(frozen=True, slots=True)
class Column:
    """One layer; 0 is the inputs. `ys` are the centres of the drawn units, in the order of `drawn`."""

    layer: int
    units: int
    x: float
    size: float
    drawn: tuple[int, ...]
    ys: tuple[float, ...]
    gap_y: float | None
    labelled: bool

    @property
    def hidden(self) -> int:
        """How many units are left out."""
        return self.units - len(self.drawn)

    @property
    def left(self) -> float:
        return self.x - self.size / 2

    @property
    def right(self) -> float:
        return self.x + self.size / 2

    def y_of(self, unit: int) -> float | None:
        """The centre of a unit, None where it is not drawn."""
        return self.ys[self.drawn.index(unit)] if unit in self.drawn else None

    def nearest(self, y: float) -> int:
        """The drawn unit whose centre is nearest to `y`."""
        return min(zip(self.drawn, self.ys, strict=True), key=lambda pair: abs(pair[1] - y))[0]


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    columns: tuple[Column, ...]
    widest_edge: float
    """How thick the edge of the largest weight is."""

    def draws_as(self, other: "Layout") -> bool:
        """Whether the same units are drawn as in another."""
        return [column.drawn for column in self.columns] == [column.drawn for column in other.columns]


def arrange(widths: Sequence[int], width: float, height: float, *, left: float = 0.0, right: float = 0.0) -> Layout:
    """Place a network of these widths (inputs first) in a view; `left` and `right` are kept free for names."""
    room = max(height - CAPTION_HEIGHT - FOOT_HEIGHT, 24.0)
    drawn = [drawn_units(units, room) for units in widths]
    slots = [len(shown) + (len(shown) < units) for shown, units in zip(drawn, widths, strict=True)]
    sizes = _even_sizes([_neuron_size(count, room) for count in slots])
    xs = _column_xs(len(widths), width, left + _SIDE, right + _SIDE)
    middle = CAPTION_HEIGHT + room / 2
    columns = tuple(
        _column(layer, units, x, size, shown, count, room, middle)
        for layer, (units, x, size, shown, count) in enumerate(zip(widths, xs, sizes, drawn, slots, strict=True))
    )
    return Layout(width, height, columns, min(max(min(sizes) * 0.16, 1.25), 6.5))


def drawn_units(units: int, room: float) -> tuple[int, ...]:
    """All units of a layer up to 24; of a larger one the first and last few, as many as the room takes."""
    if units <= MOST_DRAWN:
        return tuple(range(units))
    count = min(max(int(room / _ELIDED_PITCH) - 1, _FEWEST_ELIDED), _MOST_ELIDED)
    head = ceil(count / 2)
    return (*range(head), *range(units - (count - head), units))


def _neuron_size(slots: int, room: float) -> float:
    """As large as a column of so many slots leaves, up to what suits the height of the view."""
    largest = min(max(room * 0.105, _NEURON), _LARGEST_NEURON)
    pitch = room / slots
    with_label = pitch - LABEL_HEIGHT - 3
    return min(largest, with_label if with_label >= _SMALLEST_LABELLED else pitch - min(6.0, pitch * 0.2))


def _even_sizes(sizes: list[float]) -> list[float]:
    """Columns may differ, but not so much that they look like different things."""
    most = max(min(sizes) * 1.35, 24.0)
    return [min(size, most) for size in sizes]


def _column_xs(count: int, width: float, left: float, right: float) -> list[float]:
    span = max(width - left - right, 1.0)
    if count == 1:
        return [left + span / 2]
    gap = min(span / (count - 1), max(_WIDEST_GAP, span * 0.55 / (count - 1)))
    start = left + (span - gap * (count - 1)) / 2
    return [start + gap * index for index in range(count)]


def _column(
    layer: int, units: int, x: float, size: float, drawn: tuple[int, ...], slots: int, room: float, middle: float
) -> Column:
    pitch = min(room / slots, max(size * 1.9, size + LABEL_HEIGHT + 14))
    labelled = pitch >= size + LABEL_HEIGHT + 1 and (slots <= _LABELS_ALWAYS or size >= _SMALLEST_LABELLED)
    lift = LABEL_HEIGHT / 2 if labelled else 0.0
    places = [middle - lift + (slot - (slots - 1) / 2) * pitch for slot in range(slots)]
    if len(drawn) == units:
        return Column(layer, units, x, size, drawn, tuple(places), None, labelled)
    head = ceil(len(drawn) / 2)
    return Column(layer, units, x, size, drawn, tuple(places[:head] + places[head + 1 :]), places[head], labelled)
