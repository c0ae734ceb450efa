"""The curve of an operation in the column of its explanation, as wide as there is room for."""

from nnstudio.gui.topics.picture import ShapePicture

_WIDEST, _NARROWEST = 360, 160


class GraphView(ShapePicture):
    def __init__(self) -> None:
        super().__init__(_WIDEST)
        self.setObjectName("explanation_graph")
        self.setMinimumWidth(_NARROWEST)
