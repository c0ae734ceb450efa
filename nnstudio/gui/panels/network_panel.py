"""The network's layers and how it learns. Every change is an edit of the document; the controls follow it."""

from itertools import pairwise

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from nnstudio.engine.spec import NetworkSpec
from nnstudio.experiment.edits import Change
from nnstudio.gui.context import Context
from nnstudio.gui.network.facts import parameter_note, parameter_sum
from nnstudio.gui.network.layer_list import LayerList
from nnstudio.gui.network.training_form import TrainingForm
from nnstudio.gui.topics.guide import Guide
from nnstudio.gui.widgets.form import heading
from nnstudio.gui.widgets.panel_scroll import PanelScroll

from .panel import Panel


class NetworkPanel(Panel):
    """Rows of layers above, settings of the training below; the number of parameters stays in view."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "network_panel", "Layers")
        self.guide = Guide(self, context.appearance, context.typesetter)
        self.layers = LayerList(context, self.guide)
        self.training = TrainingForm(context, self.guide)
        scroll = PanelScroll()
        scroll.column.addWidget(self.layers)
        scroll.column.addSpacing(8)
        scroll.column.addWidget(heading("Training"))
        scroll.column.addWidget(self.training)
        scroll.column.addStretch(1)
        self.body.setContentsMargins(0, 0, 0, 8)
        self.body.addWidget(scroll)
        self.layers.details.opened.connect(self._order_focus)
        self.training.opened.connect(self._order_focus)
        self._follow()

    def document_changed(self, change: Change) -> None:
        self._follow()

    def _follow(self) -> None:
        document = self.context.document
        network = NetworkSpec(len(document.data.input_names), document.experiment.network.layers)
        self.header.note.setText(parameter_note(network))
        parts = "a weight for each input of a unit, and a bias"
        if any(layer.normalized for layer in network.layers):
            parts += "; where its sums are normalized, also a scale γ and a shift β"
        self.header.note.setToolTip(f"{parameter_sum(network)}: {parts}")
        self.layers.follow()
        self.training.follow()
        self._order_focus()

    def showEvent(self, event: QShowEvent) -> None:
        self._order_focus()  # only now are all controls of one window
        super().showEvent(event)

    def _order_focus(self) -> None:
        for control, following in pairwise([*self.layers.controls(), *self.training.controls()]):
            QWidget.setTabOrder(control, following)
