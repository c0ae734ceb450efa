"""Where neurons stand, how edges run, and how keys walk between them: geometry without a screen."""

from itertools import pairwise

import numpy as np
import pytest

from nnstudio.gui.canvas import target as targets
from nnstudio.gui.canvas.curves import Gap
from nnstudio.gui.canvas.layout import CAPTION_HEIGHT, MOST_DRAWN, Layout, arrange, drawn_units
from nnstudio.gui.canvas.target import Walk, target_of
from nnstudio.gui.selection import Chosen

NETWORKS = [(2, 1), (2, 5, 3, 1), (4, 8, 3), (64, 32, 10), (784, 512, 512, 10), (2, *[8] * 9, 1), (24, 24, 24, 24)]
SIZES = [(320, 200), (598, 178), (830, 290), (1500, 700)]


@pytest.mark.parametrize("widths", NETWORKS)
@pytest.mark.parametrize("size", SIZES)
def test_the_drawing_always_fits_the_view(widths: tuple[int, ...], size: tuple[int, int]) -> None:
    layout = arrange(widths, *size)

    for column in layout.columns:
        assert column.left >= 0
        assert column.right <= size[0]
        assert min(column.ys) - column.size / 2 >= CAPTION_HEIGHT - 1
        assert max(column.ys) + column.size / 2 <= size[1]


@pytest.mark.parametrize("widths", NETWORKS)
@pytest.mark.parametrize("size", SIZES)
def test_columns_are_evenly_spaced_and_neurons_never_touch(widths: tuple[int, ...], size: tuple[int, int]) -> None:
    layout = arrange(widths, *size)

    steps = np.diff([column.x for column in layout.columns])
    assert np.allclose(steps, steps[0])
    for column in layout.columns:
        assert all(below - above > column.size for above, below in pairwise(column.ys))


def test_labels_have_room_under_each_neuron() -> None:
    for column in arrange((2, 5, 3, 1), 830, 340).columns:
        assert column.labelled
        assert all(below - above >= column.size + 15 for above, below in pairwise(column.ys))


def test_a_large_layer_shows_its_first_and_last_units_and_counts_the_rest() -> None:
    column = arrange((784, 512, 10), 830, 340).columns[1]

    assert column.drawn[0] == 0
    assert column.drawn[-1] == 511
    assert column.hidden == 512 - len(column.drawn)
    assert column.gap_y is not None
    assert not any(abs(y - column.gap_y) < column.size for y in column.ys)


def test_up_to_24_units_are_all_drawn() -> None:
    assert drawn_units(MOST_DRAWN, 100) == tuple(range(24))
    assert len(drawn_units(25, 100)) < 24


def test_the_nearest_edge_is_the_one_pointed_at_anywhere_along_it() -> None:
    layout = arrange((3, 4), 600, 300)
    gap = Gap.between(*layout.columns)
    for number in (0, 5, 11):
        for t in (0.05, 0.3, 0.7, 0.95):
            x = gap.left + gap.width * (1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3)
            y = gap.starts[number] + (gap.ends[number] - gap.starts[number]) * (3 * t**2 - 2 * t**3)
            found = gap.nearest(x, y, 4.0)
            assert found is not None
            near = gap.starts[found] + (gap.ends[found] - gap.starts[found]) * (3 * t**2 - 2 * t**3)
            assert near == pytest.approx(y, abs=0.5)  # where edges share an end, either is right


def test_nothing_is_near_far_from_all_edges() -> None:
    gap = Gap.between(*arrange((1, 1), 600, 300).columns)

    assert gap.nearest((gap.left + gap.right) / 2, gap.starts[0] + 3, 4.0) == 0
    assert gap.nearest((gap.left + gap.right) / 2, gap.starts[0] + 9, 4.0) is None
    assert gap.nearest(gap.left - 20, gap.starts[0], 4.0) is None


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (Chosen("W2", (0, 2)), targets.weight(2, 0, 2)),
        (Chosen("dW2", (0, 2)), targets.weight(2, 0, 2)),
        (Chosen("b1", (3,)), targets.bias(1, 3)),
        (Chosen("A1", (7, 4)), targets.neuron(1, 4)),
        (Chosen("dZ1", (7, 4)), targets.neuron(1, 4)),
        (Chosen("X", (7, 1)), targets.neuron(0, 1)),
        (Chosen("W2"), None),
        (Chosen("alpha", ()), None),
    ],
)
def test_what_is_chosen_anywhere_is_found_in_the_drawing(chosen: Chosen, found: targets.Target | None) -> None:
    assert target_of(chosen) == found


def _walk(layout: Layout) -> Walk:
    return Walk(layout, frozenset(range(1, len(layout.columns))))


def test_keys_walk_to_neighbours_and_stop_at_the_borders() -> None:
    walk = _walk(arrange((2, 5, 1), 600, 300))

    assert walk.along(targets.neuron(1, 2), 1) == targets.neuron(1, 3)
    assert walk.along(targets.neuron(1, 4), 1) == targets.neuron(1, 4)
    assert walk.sideways(targets.neuron(1, 4), -1) == targets.neuron(0, 1)
    assert walk.sideways(targets.neuron(0, 0), -1) == targets.neuron(0, 0)
    assert walk.sideways(targets.neuron(1, 0), 1) == targets.neuron(2, 0)
    assert walk.sideways(targets.bias(1, 0), -1) == targets.bias(1, 0)


def test_keys_walk_over_the_gap_of_a_large_layer() -> None:
    layout = arrange((2, 512, 1), 600, 300)
    drawn = layout.columns[1].drawn
    middle = len(drawn) // 2

    assert _walk(layout).along(targets.neuron(1, drawn[middle - 1]), 1) == targets.neuron(1, drawn[middle])


def test_every_weight_is_reached_by_keys() -> None:
    walk = _walk(arrange((2, 3, 1), 600, 300))
    at, seen = targets.weight(1, 0, 0), set()
    for _ in range(6):
        seen.add((at.unit, at.input))
        at = walk.along(at, 1)

    assert len(seen) == 6


def test_space_goes_round_a_neuron_its_bias_and_its_first_weight() -> None:
    walk = _walk(arrange((2, 3, 1), 600, 300))

    assert walk.around(targets.neuron(1, 2)) == targets.bias(1, 2)
    assert walk.around(targets.bias(1, 2)) == targets.weight(1, 2, 0)
    assert walk.around(targets.weight(1, 2, 0)) == targets.neuron(1, 2)
