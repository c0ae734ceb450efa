"""What is lit in the drawing while it is pointed at elsewhere: a path from the cost back to a parameter."""

from PySide6.QtCore import QObject, Signal

from nnstudio.explain.terms import Place


class Lighting(QObject):
    """`path` holds neurons, weights and biases as elements of their slots; `changed` says that it is another one."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: tuple[Place, ...] = ()

    def light(self, path: tuple[Place, ...]) -> None:
        """Light this path and no other; none with an empty one."""
        if path != self.path:
            self.path = path
            self.changed.emit()
