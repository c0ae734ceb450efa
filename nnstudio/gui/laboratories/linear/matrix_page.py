"""The linear network as one matrix, beside that of least squares: typeset, and as text where that fails."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from nnstudio.explain.explanation import Formula
from nnstudio.explain.linear_map import can_be_shown, fitted, product
from nnstudio.gui.context import Context

from . import words
from .state import LinearState, Way


class MatrixPage(QScrollArea):
    """`formulas` are what it shows."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setObjectName("linear_matrix")
        self.setAccessibleName("The linear network as one matrix")
        self.formulas: tuple[Formula, ...] = ()
        self.heads = [_words(words.TRAINED), _words("Least squares")]
        self.pictures = [QLabel(), QLabel()]
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for head, picture in zip(self.heads, self.pictures, strict=True):
            picture.setTextFormat(Qt.TextFormat.PlainText)
            picture.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(head)
            column.addWidget(picture)
            column.addSpacing(8)
        column.addStretch(1)
        self.setWidget(content)

    def show_state(self, state: LinearState) -> None:
        """The matrices as they stand."""
        model, linear, squares = state.model(Way.LINEAR), state.collapsed, state.fitted
        data = self._context.document.data
        scaled = bool((data.input_scale != 1).any() or (data.target_scale != 1).any())
        trained = words.STANDARDIZED if scaled else words.TRAINED
        self.heads[0].setText(trained if data.plain else words.PREPARED)
        if model is None or linear is None or squares is None:
            self.formulas = ()
        elif not can_be_shown(linear.W):
            self.formulas = ()
            self.heads[0].setText(words.TOO_LARGE)
        else:
            decimals = self._context.settings.decimals
            layers = [model.store[f"W{n}"] for n in range(1, model.depth + 1)]
            self.formulas = (
                product(layers, linear.W, linear.b, decimals),
                fitted(squares.map.W, squares.map.b, decimals),
            )
        self._typeset()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._typeset()

    def _typeset(self) -> None:
        for head, label in zip(self.heads[1:], self.pictures[1:], strict=True):
            head.setVisible(bool(self.formulas))
            label.setVisible(bool(self.formulas))
        self.pictures[0].setVisible(bool(self.formulas))
        if not self.formulas or not self.isVisible():
            return
        theme, width = self._context.appearance.theme, max(self.viewport().width() - 8, 64)
        sources = [formula.typst for formula in self.formulas]
        found = self._context.typesetter.pictures(sources, width, theme, self.devicePixelRatioF())
        for label, picture, formula in zip(self.pictures, found, self.formulas, strict=True):
            label.setAccessibleName(formula.plain)
            label.setToolTip(formula.plain)
            if picture is None:
                label.setText(formula.plain)
            else:
                label.setPixmap(picture)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label
