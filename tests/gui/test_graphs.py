"""The curve beside a formula: it goes through the machine's number, and its tangent is the machine's slope."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op, OpKind
from nnstudio.explain.cost import share_of_row
from nnstudio.explain.element import element_at
from nnstudio.explain.reading import Reading
from nnstudio.gui.explanation.depths import Depth
from nnstudio.gui.explanation.graph_view import GraphView
from nnstudio.gui.explanation.graphs import graph_of
from nnstudio.gui.topics.topic import Mark, Shape

from ..explain.test_truth import machines  # noqa: TID252 — tests are in no package that could be named
from .test_explanation import panel, step_to

DRAWN = {
    OpKind.ACTIVATION,
    OpKind.ACTIVATION_GRADIENT,
    OpKind.COST,
    OpKind.COST_GRADIENT,
    OpKind.FUSED,
    OpKind.FUSED_GRADIENT,
}


@settings(max_examples=40, deadline=None)
@given(machines(), st.integers(0, 10_000))
def test_the_mark_is_the_machines_number_and_the_tangent_its_slope(machine: Machine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(len(machine.program.ops)):
        index, op = machine.pc, machine.op
        element = element_at(machine, op, "W1", (0, 0), int(rng.integers(machine.program.batch_size)))
        machine.step()
        reading = Reading(machine, index, element, 4)
        shape = graph_of(reading)
        assert (shape is not None) is (op.kind in DRAWN)
        if shape is not None:
            assert shape.mark is not None
            assert shape.mark.y == pytest.approx(expected(reading, op), rel=1e-9, abs=1e-12)
            assert_tangent(shape, shape.mark)


def expected(reading: Reading, op: Op) -> float:
    """The activation of the chosen neuron, or the share of the chosen sample."""
    element = reading.element
    if op.kind in (OpKind.ACTIVATION, OpKind.ACTIVATION_GRADIENT):
        return float(reading.array(f"A{reading.layer}")[element.sample, element.unit])
    at = next(n for n, one in enumerate(reading.machine.program.ops) if one.kind in (OpKind.COST, OpKind.FUSED))
    return share_of_row(Reading(reading.machine, at, element, 4), element.sample)


def assert_tangent(shape: Shape, mark: Mark) -> None:
    """That chords on both sides of the mark are about as steep as its tangent, where the curve has no corner."""
    curve = shape.curves[0].y
    if mark.slope is None or not shape.x[1] < mark.x < shape.x[-2]:
        return
    after = int(np.searchsorted(shape.x, mark.x, side="right"))
    steps = np.diff(curve[after - 2 : after + 2]) / np.diff(shape.x[after - 2 : after + 2])
    bend = np.ptp(steps)
    assert steps.min() - bend - 1e-6 <= mark.slope <= steps.max() + bend + 1e-6


def test_the_curve_stands_below_the_formula_of_an_activation(open_window) -> None:
    window = open_window("averages")
    step_to(window, OpKind.ACTIVATION)
    graph = panel(window).parts.graph
    assert isinstance(graph, GraphView)
    assert graph.isVisible()
    assert graph.accessibleName() == "Plot of a against z, at z = 0.5 it is 0.5"
    panel(window).depths.choose(Depth.MATRIX)
    assert not graph.isVisible()
    panel(window).depths.choose(Depth.SCALAR)
    assert graph.isVisible()
    step_to(window, OpKind.AFFINE)
    assert not graph.isVisible()


def test_words_are_never_drawn_over_the_graph_however_soon_it_is_painted(open_window) -> None:
    """Each step may be painted before Qt gets to what is to be laid out anew."""
    window = open_window(size=(1280, 800))
    content = panel(window).sections[0].parentWidget()
    drawn = 0
    for _ in range(2 * len(window.debugger.machine.program.ops)):
        window.context.session.step_over()
        graph = panel(window).parts.graph
        drawn += graph is not None and graph.isVisible()
        assert content.height() >= content.layout().heightForWidth(content.width())
    assert drawn
