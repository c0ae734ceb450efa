"""The ladder: Term | Neuron | Operation | Phase | Mini-batch | Epoch, of which one is how far "next" goes."""

from nnstudio.training.cursor import Level

from .stepping import Stepping
from .widgets.segmented import Segmented


class Ladder(Segmented):
    """Choosing a rung goes there, where it lies below the operation; walking by keys moves the mark."""

    def __init__(self, stepping: Stepping) -> None:
        super().__init__([level.value.capitalize() for level in Level], "How far one step goes")
        self._stepping = stepping
        self._following = False
        self.setToolTip("How far Next (F10) goes; F11 goes down the ladder and Shift+F11 up")
        self._show()
        self.chosen.connect(self._choose)
        stepping.level_changed.connect(self._show)

    def _show(self) -> None:
        self._following = True
        self.choose(self._stepping.level.value.capitalize())
        self._following = False

    def _choose(self, text: str) -> None:
        if not self._following:
            self._stepping.choose(Level(text.lower()))
