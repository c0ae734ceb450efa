"""The way from the explanation to the chain rule of the parameter that is chosen."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from nnstudio.engine.arena import Role
from nnstudio.explain.element import parameter_at
from nnstudio.explain.symbols import element_symbol
from nnstudio.gui.context import Context

from .section import show_if

_SHORT = "Chain rule"
_PARAMETERS = Role.WEIGHT, Role.BIAS, Role.SCALE, Role.SHIFT


class ChainLink(QPushButton):
    """Hidden while no parameter is chosen. It names the parameter where there is room for it, and never makes the
    panel wider."""

    def __init__(self, context: Context) -> None:
        super().__init__(_SHORT)
        self._context = context
        self._whole = _SHORT
        self.setObjectName("explanation_chain")
        self.setAccessibleName(_SHORT)
        self.setProperty("link", True)
        self.setToolTip("Every path from this parameter to the cost, written out")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        self.hide()

    def follow(self) -> None:
        """Be about what is chosen; the machine is the window's now."""
        chosen, machine = self._context.selection.chosen, self._context.session.machine
        found = machine.slot(chosen.slot) if chosen.slot in machine.program.arena else None
        base = None if found is None else machine.slot(found.of or found.name)
        wanted = chosen.index is not None and base is not None and base.role in _PARAMETERS
        if wanted:
            self._name(f"{_SHORT} for {element_symbol(*parameter_at(machine, chosen.slot, chosen.index))}")
        show_if(self, wanted)

    def sizeHint(self) -> QSize:
        return self._room_for(self._whole)

    def minimumSizeHint(self) -> QSize:
        return self._room_for(_SHORT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _name(self, whole: str) -> None:
        if whole != self._whole:
            self._whole = whole
            self.setAccessibleName(whole)
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        self.setText(self._whole if self.width() >= self.sizeHint().width() else _SHORT)

    def _room_for(self, text: str) -> QSize:
        around = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
        return QSize(around + self.fontMetrics().horizontalAdvance(text), super().sizeHint().height())

    def _open(self) -> None:
        self._context.tools.open("chain_rule")
