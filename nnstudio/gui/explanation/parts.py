"""What stands between an explanation and what comes next: the sketch of an idea, matrices, or the curve at work.

Each is made, and its code loaded, when it is first looked at, and only what is looked at is computed.
"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from nnstudio.explain.explanation import Explanation
from nnstudio.gui.context import Context

from .depths import Depth
from .section import show_if

if TYPE_CHECKING:
    from nnstudio.explain.grids import Grid
    from nnstudio.explain.matrices import MatrixEquation
    from nnstudio.explain.reading import Reading

    from .graph_view import GraphView
    from .idea_view import IdeaView
    from .matrix_view import MatrixView


class Parts:
    """Widgets at `place` in a column."""

    def __init__(self, context: Context, column: QVBoxLayout, place: int) -> None:
        self._context, self._column, self._place = context, column, place
        self.idea: IdeaView | None = None
        self.matrices: MatrixView | None = None
        self.graph: GraphView | None = None
        self._equation: MatrixEquation | None = None

    def show_idea(self, reading: "Reading") -> Explanation:
        """What the operation is for; its sentence, and what a person did to it. A curve that can be drawn with its
        numbers needs no sketch."""
        from nnstudio.explain.by_hand import by_hand
        from nnstudio.explain.ideas import Sketch, idea_of
        from nnstudio.explain.words import operation

        from .idea_view import IdeaView

        if self.idea is None:
            self.idea = IdeaView()
            self._column.insertWidget(self._place, self.idea)
        idea = idea_of(reading)
        self.idea.show_idea(idea, self._context.appearance.theme)
        drawn = self.show_graph(reading)
        show_if(self.idea.sketch, not drawn or idea.sketch not in (Sketch.CURVE, Sketch.SLOPE))
        return Explanation(operation(reading), (), by_hand(reading))

    def show_matrices(self, reading: "Reading") -> Explanation:
        """All numbers of the operation; its sentence and its equation."""
        from nnstudio.explain.matrices import matrices

        from .matrix_view import MatrixView

        theme = self._context.appearance.theme
        if self.matrices is None:
            self.matrices = MatrixView(theme)
            self.matrices.element_chosen.connect(self._choose)
            self._column.insertWidget(self._place, self.matrices)
        self._equation = self._so_far(matrices(reading))
        self.matrices.show_equation(self._equation, reading.decimals, theme)
        return self._equation.explanation

    def _so_far(self, equation: "MatrixEquation") -> "MatrixEquation":
        """With what has been passed of an operation that is gone into."""
        cursor, opened = self._context.stepping.cursor, self._context.stepping.opened
        if cursor is None or opened is None:
            return equation
        from nnstudio.explain.visited import visited

        return visited(equation, opened, cursor.element if cursor.term is None else cursor.element - 1)

    def show_graph(self, reading: "Reading") -> bool:
        """The curve of the operation; whether it has one."""
        from .graph_view import GraphView
        from .graphs import graph_of

        shape = graph_of(reading)
        if shape is not None:
            if self.graph is None:
                self.graph = GraphView()
                self._column.insertWidget(self._place + (self.idea is not None), self.graph)
            self.graph.show_shape(shape, self._context.appearance.theme)
        if self.graph is not None:
            show_if(self.graph, shape is not None)
        return shape is not None

    def keep(self, depth: Depth | None) -> None:
        """Hide all but what belongs to this depth."""
        if self.idea is not None:
            show_if(self.idea, depth is Depth.IDEA)
        if self.matrices is not None:
            show_if(self.matrices, depth is Depth.MATRIX)
        if self.graph is not None and depth not in (Depth.IDEA, Depth.SCALAR):
            show_if(self.graph, False)

    def text(self) -> list[Explanation]:
        """What is shown here as text: the idea's sentence, or the numbers of the matrices."""
        if self.idea is not None and not self.idea.isHidden():
            return [Explanation(self.idea.sentence.text(), ())]
        if self._equation is not None and self.matrices is not None and not self.matrices.isHidden():
            return [self._equation.numbers(self._context.settings.decimals)]
        return []

    def _choose(self, grid: "Grid", row: int, column: int) -> None:
        """An element in the whole window; an operation that is chosen stays so."""
        from nnstudio.explain.grids import SAMPLES

        selection = self._context.selection
        op = selection.chosen.op
        if not grid.slot:
            selection.choose_sample(grid.pins(row, column)[SAMPLES])
            return
        selection.choose(*grid.place(row, column))
        if op is not None:
            selection.choose_op(op)
