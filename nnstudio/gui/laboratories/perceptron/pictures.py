"""What the chart, the legend and the readings show of a single neuron, and of the neuron at hand."""

from dataclasses import dataclass
from math import inf

import numpy as np

from nnstudio.explain.neuron_at_hand import NeuronAtHand
from nnstudio.explain.numbers import short
from nnstudio.explain.perceptron import Figure, Perceptron
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.laboratories.function_chart import Band, Dot, Drawing, value_range
from nnstudio.gui.laboratories.readings import Reading
from nnstudio.gui.plots.legend import Key
from nnstudio.gui.plots.line_chart import Trace
from nnstudio.gui.plots.markers import DASHES, Look, Marker
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.theme import Theme

REACH = 10.0
"""The curves go from −10 to 10."""
_PLACES = 1001
_SLOPE_DASH = (6.0, 4.0)
_MARKERS = (Marker.CIRCLE, Marker.SQUARE, Marker.TRIANGLE)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """All that is shown; `axes` are the names of both."""

    drawing: Drawing
    keys: tuple[Key, ...]
    readings: tuple[Reading, ...]
    table: Table
    axes: tuple[str, str]


def of_figure(figure: Figure, own: Perceptron, x: float, theme: Theme, *, slopes: bool) -> Picture:
    """One of the figures of single neurons, read at x."""
    neurons = figure.neurons(own)
    places = np.linspace(-REACH, REACH, _PLACES)
    looks = _looks(figure, theme)
    names = [_name(figure, neuron) for neuron in neurons]
    columns = [(name, neuron.outputs(places)) for name, neuron in zip(names, neurons, strict=True)]
    drawn = list(zip(columns, looks, strict=False))
    traces = [Trace(places, y, look.fill, dash) for (_, y), (look, dash) in drawn]
    keys = [Key(name, look.fill, dash) for (name, _), (look, dash) in drawn]
    if slopes:
        columns += [(f"slope, {name}", neuron.slopes(places)) for name, neuron in zip(names, neurons, strict=True)]
        of_slopes = columns[len(neurons) :]
        colours = [theme.backward] if figure is Figure.ONE else [look.fill for look, _ in looks]
        traces += [Trace(places, y, colour, (2.0, 3.0)) for (_, y), colour in zip(of_slopes, colours, strict=False)]
        keys.append(Key("σ′(z)", theme.backward if figure is Figure.ONE else theme.muted, (2.0, 3.0)))
    dots = [
        Dot(x, neuron.reading(x).a, look, short(neuron.reading(x).a, 3) if len(neurons) == 1 else "")
        for neuron, (look, _) in zip(neurons, looks, strict=False)
    ]
    bands = _bands(own, theme) if figure is Figure.STEP else ()
    bounds = _widest([neuron.function.range for neuron in neurons])
    drawing = Drawing((-REACH, REACH), value_range(traces, bounds), tuple(traces), tuple(dots), bands, x)
    table = ["x", *(name for name, _ in columns)], np.column_stack([places, *(y for _, y in columns)])
    return Picture(drawing, tuple(keys), _readings(figure, own, x, theme), table, ("x", "a"))


def of_neuron(hand: NeuronAtHand, x: float | None, theme: Theme, *, slopes: bool) -> Picture:
    """The neuron at hand along its input, read at x; without one at the sample's, where it is known."""
    at = hand.x if x is None else x
    reach = [hand.low, hand.high] if at is None else [min(hand.low, at), max(hand.high, at)]
    places = np.linspace(reach[0], reach[1], _PLACES)
    outputs, derivatives = hand.outputs(places), hand.slopes(places)
    traces, keys = [Trace(places, outputs, theme.forward)], [Key(_output(hand), theme.forward)]
    if slopes:
        traces.append(Trace(places, derivatives, theme.backward, _SLOPE_DASH))
        keys.append(Key("its slope ∂a/∂z", theme.backward, _SLOPE_DASH))
    dots: tuple[Dot, ...] = ()
    if at is not None:
        a = float(hand.outputs(np.array([at]))[0])
        dots = (Dot(at, a, _dot(theme.forward, theme), short(a, 3)),)
        if hand.x is not None and at != hand.x:
            sample = float(hand.outputs(np.array([hand.x]))[0])
            dots = (Dot(hand.x, sample, Look(Marker.CIRCLE, theme.panel, theme.forward, 2.0)), *dots)
    drawing = Drawing((reach[0], reach[1]), value_range(traces, hand.function.range), tuple(traces), dots, (), at)
    table = [hand.symbol, "output", "slope"], np.column_stack((places, outputs, derivatives))
    return Picture(drawing, tuple(keys), _hand_readings(hand, at, theme), table, (hand.symbol, _output(hand)))


def _readings(figure: Figure, own: Perceptron, x: float, theme: Theme) -> tuple[Reading, ...]:
    if figure in (Figure.WEIGHT, Figure.BIAS):
        looks = _looks(figure, theme)
        return tuple(
            Reading(f"a, {_name(figure, neuron)}", short(neuron.reading(x).a), look.fill, strong=True)
            for neuron, (look, _) in zip(figure.neurons(own), looks, strict=True)
        )
    found = own.reading(x)
    z = Reading("z = w₀·x + w₁·1", short(found.z))
    if figure is Figure.STEP:
        low, high = own.function.range
        step = Reading("step", "1, it fires" if own.fires(x) else "0, it does not fire", theme.validation, strong=True)
        if own.activation == "step":
            return z, step
        return (
            z,
            step,
            Reading(own.function.title, short(found.a), theme.forward, strong=True),
            Reading("its range", f"{short(low, 3)} to {short(high, 3)}"),
        )
    return (
        z,
        Reading("a = σ(z)", short(found.a), theme.forward, strong=True),
        Reading("σ′(z)", short(found.slope), theme.backward),
        Reading("∂a/∂w₀ = σ′(z)·x", short(found.by_weight), theme.backward),
        Reading("∂a/∂w₁ = σ′(z)·1", short(found.by_bias), theme.backward),
    )


def _hand_readings(hand: NeuronAtHand, at: float | None, theme: Theme) -> tuple[Reading, ...]:
    """What the weights as they stand make of x; and what the machine computed with those before the update."""
    layer, unit = hand.at.layer, hand.at.unit
    rows = (
        Reading(element_symbol(f"W{layer}", (unit, hand.at.input)), short(hand.weight), theme.parameter),
        Reading("bias and other inputs, c", short(hand.constant), theme.parameter),
    )
    if at is None:
        return (*rows, Reading(hand.symbol, "—"))
    place = np.array([at])
    z, a, slope = (float(of(place)[0]) for of in (hand.sums, hand.outputs, hand.slopes))
    found = (
        *rows,
        Reading(f"z = w·{hand.symbol} + c", short(z)),
        Reading(_output(hand), short(a), theme.forward, strong=True),
        Reading("∂a/∂z", short(slope), theme.backward),
    )
    if at == hand.x and hand.a is not None and short(hand.a) != short(a):
        return (*found, Reading("before the update", short(hand.a)))
    return found


def _output(hand: NeuronAtHand) -> str:
    return element_symbol(f"A{hand.at.layer}", (0, hand.at.unit))


def _name(figure: Figure, neuron: Perceptron) -> str:
    if figure is Figure.WEIGHT:
        return f"w₀ = {short(neuron.weight)}"
    if figure is Figure.BIAS:
        return f"w₁ = {short(neuron.bias)}"
    return neuron.function.title


def _looks(figure: Figure, theme: Theme) -> list[tuple[Look, tuple[float, ...]]]:
    """How the curves of a figure look: by colour, by dashes, and by the markers on them."""
    colours = [theme.classes[number] for number in (1, 2, 3)]
    if figure in (Figure.ONE, Figure.STEP):
        colours = [theme.forward, theme.validation]
    dashes = zip(colours, _MARKERS, DASHES, strict=False)
    return [(_dot(colour, theme, marker), dash) for colour, marker, dash in dashes]


def _dot(colour: str, theme: Theme, marker: Marker = Marker.CIRCLE) -> Look:
    return Look(marker, colour, theme.panel, 1.5)


def _bands(own: Perceptron, theme: Theme) -> tuple[Band, ...]:
    """Where a step fires, and where it does not."""
    firing = own.firing()
    if firing is None:
        return (Band(-inf, inf, theme.muted, "does not fire"),)
    low, high = firing
    silent = [stretch for stretch in ((-inf, low), (high, inf)) if stretch[0] < stretch[1]]
    return Band(low, high, theme.validation, "fires"), *(Band(*ends, theme.muted, "does not fire") for ends in silent)


def _widest(ranges: list[tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in ranges), max(high for _, high in ranges)
