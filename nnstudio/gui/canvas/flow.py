"""Carries a gradient back: once after an operation, for less than a second, and then it has stopped by itself."""

from PySide6.QtCore import QAbstractAnimation, QObject, QVariantAnimation, Signal

_MILLISECONDS = 900


class Flow(QObject):
    """`moved` carries the layer and how far the dashes have run, from 0 to 1; `ended` says that they have passed."""

    moved = Signal(int, float)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._layer = 0
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(_MILLISECONDS)
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self.ended)

    @property
    def running(self) -> bool:
        return self._animation.state() is QAbstractAnimation.State.Running

    def start(self, layer: int) -> None:
        """Let gradients flow back along the edges into `layer`."""
        self._animation.stop()
        self._layer = layer
        self._animation.start()

    def stop(self) -> None:
        if self.running:
            self._animation.stop()
            self.ended.emit()

    def _step(self, progress: float) -> None:
        self.moved.emit(self._layer, progress)
