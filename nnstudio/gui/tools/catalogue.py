"""The tools, as data: to add one is to add a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING

from nnstudio.gui.actions import ActionSpec, When

if TYPE_CHECKING:
    from .view import ToolView


class Place(Enum):
    """Where a tool's dock stands when it is opened first."""

    CENTRE = "canvas_panel"
    """A tab with the drawing: it needs room."""
    RIGHT = "explanation_panel"
    """A tab with the explanation."""
    ABOVE = "inspector_panel"
    """A tab with the inspector: the explanation and what else is to its right stay in sight."""
    BELOW = "program_panel"
    """Beside the program, a tab with the other tools there."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """`view` is the ToolView as module:class, loaded when the tool is first opened."""

    name: str
    title: str
    tip: str
    key: str | None
    place: Place
    view: str
    begins_group: bool = False
    """Whether a line parts it from the one before in the menu."""
    tab: str = ""
    """What its tab says, where that is shorter than the title."""

    @property
    def dock(self) -> str:
        """The objectName of its dock."""
        return f"{self.name}_panel"

    @property
    def action(self) -> ActionSpec:
        """What opens it."""
        return ActionSpec(f"show_{self.name}", self.title, self.tip, self.key, When.ALWAYS)

    def load(self) -> "Callable[..., ToolView]":
        module, _, name = self.view.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        "preparing",
        "Prepare the data",
        "What each column is used as, the steps that make inputs of them, and how the rows are split and weighed",
        "Ctrl+Shift+P",
        Place.CENTRE,
        "nnstudio.gui.preparing.view:PreparingView",
    ),
    ToolSpec(
        "explorer",
        "Explore the data",
        "Every column as bars, any two against each other, correlations, and what deserves a warning",
        "Ctrl+Shift+E",
        Place.CENTRE,
        "nnstudio.gui.explorer.view:ExplorerView",
    ),
    ToolSpec(
        "samples",
        "Samples",
        "Walk through the rows: what the network says of each, filtered and sorted by error, confidence or class",
        "Ctrl+Shift+M",
        Place.BELOW,
        "nnstudio.gui.samples.view:SamplesView",
    ),
    ToolSpec(
        "predicting",
        "Predict",
        "Type a row or open a table, see what the network says of it, and export the predictions",
        "Ctrl+Shift+G",
        Place.BELOW,
        "nnstudio.gui.predicting.view:PredictingView",
    ),
    ToolSpec(
        "why",
        "Why is this number?",
        "Ask why the chosen number is what it is: back through the layers, and through time",
        "Shift+F1",
        Place.RIGHT,
        "nnstudio.gui.why.view:WhyView",
    ),
    ToolSpec(
        "branches",
        "Branches",
        "Fork the run, change one thing, and see the curves part",
        "Ctrl+Shift+B",
        Place.CENTRE,
        "nnstudio.gui.branches.view:BranchesView",
    ),
    ToolSpec(
        "draw_points",
        "Draw points",
        "Draw the data by hand: points by class or value on a plane, which the network learns at once",
        "Ctrl+Shift+D",
        Place.CENTRE,
        "nnstudio.gui.drawing.view:DrawingView",
    ),
    ToolSpec(
        "watches",
        "Watches",
        "Ready-made checks of how the training goes: dead ReLU, vanishing gradient, overfitting and more",
        "Ctrl+Shift+W",
        Place.BELOW,
        "nnstudio.gui.watches.view:WatchesView",
    ),
    ToolSpec(
        "chain_rule",
        "Chain rule",
        "Every path from the chosen weight or bias to the cost, written out, and what they add up to",
        "Ctrl+Shift+H",
        Place.RIGHT,
        "nnstudio.gui.chain_rule.view:ChainRuleView",
    ),
    ToolSpec(
        "watch_list",
        "Watch list",
        "Any slot, element or expression, with its history as a small curve and as a plot",
        "Ctrl+Shift+L",
        Place.BELOW,
        "nnstudio.gui.watch_list.view:WatchListView",
    ),
    ToolSpec(
        "notes",
        "Notes",
        "Write down what was tried and seen; notes are saved with the project",
        "Ctrl+Shift+N",
        Place.RIGHT,
        "nnstudio.gui.notes.view:NotesView",
    ),
    ToolSpec(
        "lessons",
        "Lessons",
        "Learn by doing: lessons that open an experiment, ask, and check the answer against the machine",
        "F1",
        Place.ABOVE,
        "nnstudio.gui.lessons.view:LessonsView",
        begins_group=True,
    ),
    ToolSpec(
        "perceptron",
        "Perceptron, weight and bias",
        "One neuron and its curve, with sliders for its weight and its bias",
        None,
        Place.CENTRE,
        "nnstudio.gui.laboratories.perceptron.view:PerceptronView",
        begins_group=True,
        tab="Perceptron",
    ),
    ToolSpec(
        "landscape",
        "Cost landscape",
        "The cost along a parameter and over two directions, with the way of the descent",
        None,
        Place.CENTRE,
        "nnstudio.gui.laboratories.landscape.view:LandscapeView",
        tab="Landscape",
    ),
    ToolSpec(
        "rates",
        "Learning rates",
        "Several learning rates side by side, and a test that proposes one",
        None,
        Place.CENTRE,
        "nnstudio.gui.laboratories.rates.view:RatesView",
    ),
    ToolSpec(
        "batches",
        "Mini-batches",
        "Full batch, mini-batch and single sample side by side",
        None,
        Place.CENTRE,
        "nnstudio.gui.laboratories.batches.view:BatchesView",
    ),
    ToolSpec(
        "linear",
        "Linear against non-linear",
        "The same data with activations, without them, and by least squares",
        None,
        Place.CENTRE,
        "nnstudio.gui.laboratories.linear.view:LinearView",
        tab="Linear",
    ),
)
