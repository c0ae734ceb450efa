"""The laboratory of one neuron: weight and bias under sliders, the lecture's two figures, fires or not, and the chosen
neuron of the network along one of its inputs."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.engine.activations import Activation, activation
from nnstudio.explain.neuron_at_hand import (
    NeuronAtHand,
    NeuronInput,
    NotDrawableError,
    neuron_at_hand,
    neuron_chosen,
)
from nnstudio.explain.perceptron import Figure, Perceptron
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.laboratories.function_chart import FunctionChart
from nnstudio.gui.laboratories.readings import Readings
from nnstudio.gui.laboratories.saving import ChartExport, SaveButton
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.form import Form, FormRow
from nnstudio.gui.widgets.number_slider import NumberSlider
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.gui.widgets.side_column import SideColumn
from nnstudio.gui.wording import titled

from .pictures import REACH, Picture, of_figure, of_neuron

AT_HAND = "At hand"
_COLUMN = 256
_MOST_INPUTS = 200
_PURPOSES = {
    Figure.ONE: "One neuron, a = σ(w₀·x + w₁·1): the weight makes its curve steep or flat, the bias moves it.",
    Figure.WEIGHT: "The weight makes the curve steep: the same neuron with three weights.",
    Figure.BIAS: "The bias moves the curve to the side, which no weight can: the same neuron with three biases.",
    Figure.STEP: "A step fires or does not. A smooth activation says how much, and has a slope to learn by.",
}
_AT_HAND = "The chosen neuron of the network along one input, the others as they are in the chosen sample."


class PerceptronView(ToolView):
    """`own` is the neuron under the sliders, `read_at` the x where it is read; `hand` is the one of the network, None
    while it is not shown or has no curve. A choice of input goes through the selection, as everywhere."""

    interval = 0.1

    def compose(self) -> None:
        self.own, self.read_at = Perceptron(), 1.0
        self.hand: NeuronAtHand | None = None
        self._hand_x: float | None = None
        self._asked: tuple[NeuronInput, int] | None = None
        self._slopes = {Figure.ONE.value, AT_HAND}
        """Where the derivative is drawn, too."""
        self._picture: Picture | None = None
        self.setObjectName("perceptron_laboratory")
        self._add_header()
        self.purpose = QLabel()
        self.purpose.setWordWrap(True)
        self.purpose.setProperty("muted", True)
        self.legend = Legend(Qt.Orientation.Horizontal)
        self.chart = FunctionChart("perceptron_chart", "Output of a neuron over its input")
        self.chart.placed.connect(self._placed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.purpose)
        halves = QHBoxLayout()
        halves.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.legend)
        left.addWidget(self.chart, 1)
        halves.addLayout(left, 1)
        halves.addWidget(SideColumn(self._controls()))
        column.addLayout(halves, 1)
        self.figures.chosen.connect(self._figure_chosen)

    @property
    def figure(self) -> Figure | None:
        """The figure that is shown; None for the neuron at hand."""
        return None if self.figures.current == AT_HAND else Figure(self.figures.current)

    def rebuild(self) -> None:
        self.hand, self._hand_x, self._asked = None, None, None

    def refresh(self) -> None:
        theme = self.context.appearance.theme
        if self.chart.theme is not theme:
            self.chart.set_theme(theme)
        if self.figure is None:
            self._read_network()
        self._show()

    def _add_header(self) -> None:
        self.figures = Segmented([*(figure.value for figure in Figure), AT_HAND], "Figure")
        self.save = SaveButton("perceptron_save", self.context, self._export)
        self.header.add(self.figures)
        self.header.add(self.save)

    def _controls(self) -> QWidget:
        self.activation = Choice("perceptron_activation", "Activation")
        every = [activation(name) for name in Activation.names()]
        self.activation.set_options(
            Option(one.name, titled(one.title), one.summary) for one in every if one.elementwise
        )
        self.activation.choose(self.own.activation)
        self.activation.chosen.connect(self._activation_chosen)
        self.weight = NumberSlider("perceptron_weight", "Weight w₀", -REACH, REACH)
        self.bias = NumberSlider("perceptron_bias", "Bias w₁", -REACH, REACH)
        self.place = NumberSlider("perceptron_x", "Input x", -REACH, REACH)
        self.weight.show_value(self.own.weight)
        self.bias.show_value(self.own.bias)
        self.weight.changed.connect(self._weight_changed)
        self.bias.changed.connect(self._bias_changed)
        self.place.changed.connect(self._placed)
        self.input = Choice("perceptron_input", "Input of the neuron")
        self.input.chosen.connect(self._input_chosen)
        self.derivative = QCheckBox("Derivative σ′(z)")
        self.derivative.setObjectName("perceptron_derivative")
        self.derivative.toggled.connect(self._derivative_toggled)
        self.neuron = QLabel()
        self.neuron.setProperty("heading", True)
        self.readings = Readings("perceptron_readings", "What the neuron does with this input")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("muted", True)
        for slider in (self.weight, self.bias, self.place):
            slider.rejected.connect(self.context.session.message)
        return self._arranged()

    def _arranged(self) -> QWidget:
        form = Form()
        form.addWidget(self.neuron)
        self._activation_row = form.add("activation σ", self.activation)
        self._weight_row = FormRow("w₀", self.weight, fill=True)
        self._bias_row = FormRow("w₁", self.bias, fill=True)
        self._place_row = FormRow("x", self.place, fill=True)
        self._input_row = form.add("along input", self.input)
        for row in (self._weight_row, self._bias_row, self._place_row):
            form.addWidget(row)
        for row in (self._weight_row, self._bias_row, self._place_row):
            row.label.setFixedWidth(24)
        form.addWidget(self.derivative)
        form.addSpacing(8)
        form.addWidget(self.readings)
        form.addWidget(self.problem)
        form.addStretch(1)
        box = QWidget()
        box.setFixedWidth(_COLUMN)
        box.setLayout(form)
        return box

    def _show(self) -> None:
        """Draw what is chosen. The single neurons are the laboratory's own, at any time."""
        self._show_controls()
        theme, slopes = self.context.appearance.theme, self.figures.current in self._slopes
        if self.figure is not None:
            self._picture = of_figure(self.figure, self.own, self.read_at, theme, slopes=slopes)
        elif self.hand is not None:
            self._picture = of_neuron(self.hand, self._hand_x, theme, slopes=slopes)
        else:
            self._picture = None
        self.save.set_possible(self._picture is not None, "there is no curve to save")
        for part in (self.chart, self.legend, self.readings):
            part.setVisible(self._picture is not None)
        if self._picture is not None:
            self.chart.name_axes(*self._picture.axes)
            self.chart.show_drawing(self._picture.drawing)
            self.legend.show_keys(self._picture.keys, theme)
            self.readings.show_rows(self._picture.readings)
            self._show_place(self._picture.drawing.at)

    def _show_controls(self) -> None:
        figure = self.figure
        self.purpose.setText(_AT_HAND if figure is None else _PURPOSES[figure])
        self._activation_row.setVisible(figure is not None)
        self._weight_row.setVisible(figure not in (None, Figure.WEIGHT))
        self._bias_row.setVisible(figure not in (None, Figure.BIAS))
        self._input_row.setVisible(figure is None)
        self.neuron.setVisible(figure is None)
        self.problem.setVisible(figure is None and self.hand is None)
        self._place_row.setVisible(figure is not None or self.hand is not None)
        blocked = self.derivative.blockSignals(True)
        self.derivative.setChecked(self.figures.current in self._slopes)
        self.derivative.blockSignals(blocked)

    def _show_place(self, at: float | None) -> None:
        low, high = self.chart.x_range
        self.place.set_range(low, high)
        self.place.show_value(float(f"{self.read_at if at is None else at:.4g}"))

    def _read_network(self) -> None:
        """The chosen neuron as the machine stands, or why it has no curve. Where another one is chosen, or another
        sample, it is read at the sample's input again."""
        machine, chosen = self.context.session.machine, self.context.selection.chosen
        at = neuron_chosen(machine, chosen.slot, chosen.index, self._asked[0].input if self._asked else 0)
        if (at, chosen.sample) != self._asked:
            self._asked, self._hand_x = (at, chosen.sample), None
        self._offer_inputs(at)
        layer = machine.model.activations[at.layer - 1]
        self.neuron.setText(f"{element_symbol(f'A{at.layer}', (0, at.unit))} · {layer.title}")
        try:
            self.hand = neuron_at_hand(machine, at, chosen.sample)
        except NotDrawableError as error:
            self.hand = None
            self.problem.setText(str(error))

    def _offer_inputs(self, at: NeuronInput) -> None:
        width = self.context.session.machine.model.spec.network.widths[at.layer - 1]
        inputs = [*range(min(width, _MOST_INPUTS)), *([at.input] if at.input >= _MOST_INPUTS else [])]
        slot = "X" if at.layer == 1 else f"A{at.layer - 1}"
        self.input.set_options(Option(str(one), element_symbol(slot, (0, one))) for one in inputs)
        self.input.choose(str(at.input))

    def _figure_chosen(self, _text: str) -> None:
        if self.figure is not None:
            self._show()
        elif self.context.session.paused:
            self.refresh()

    def _activation_chosen(self, name: str) -> None:
        self.own = replace(self.own, activation=name)
        self._show()

    def _weight_changed(self, weight: float) -> None:
        self.own = replace(self.own, weight=weight)
        self._show()

    def _bias_changed(self, bias: float) -> None:
        self.own = replace(self.own, bias=bias)
        self._show()

    def _placed(self, x: float) -> None:
        if self.figure is None:
            self._hand_x = x
        else:
            self.read_at = x
        self._show()

    def _derivative_toggled(self, on: bool) -> None:
        if on:
            self._slopes.add(self.figures.current)
        else:
            self._slopes.discard(self.figures.current)
        self._show()

    def _input_chosen(self, key: str) -> None:
        if self._asked is not None:
            at = self._asked[0]
            self.context.selection.choose(f"W{at.layer}", (at.unit, int(key)))

    def _export(self) -> ChartExport:
        assert self._picture is not None
        return ChartExport("Perceptron", self.chart, self._picture.keys, self._picture.table)
