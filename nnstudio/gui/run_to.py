"""Run to: the chosen operation, a layer, an epoch, the next rise of the cost."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from nnstudio.training.goals import Goal
from nnstudio.training.keyframes import Moment

from .context import Context

_MOST_EPOCHS = 100_000_000


class RunTo(QObject):
    """Carries out what is chosen in the menu of that name."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window

    def operation(self) -> None:
        """Until the operation that is chosen in the program comes next."""
        chosen = self._context.selection.chosen.op
        if chosen is None:
            self._context.session.message.emit("Choose an operation in the program first, by a click on it")
        else:
            self._context.session.run_to_operation(chosen)

    def epoch(self, epoch: int) -> None:
        """To the end of an epoch: by going there where the run has been before, else by training."""
        session = self._context.session
        moment = Moment(epoch * session.machine.batches.per_epoch)
        if moment <= session.debugger.timeline.furthest:
            session.travel.go_to(moment)
        else:
            session.run_to(Goal.at(epoch))

    def rise(self) -> None:
        """To the end of the next epoch whose training cost is above that of the one before."""
        self._context.session.run_to(Goal.RISE)

    def ask_epoch(self) -> None:
        """Ask which epoch, and go there."""
        dialog = QInputDialog(self._window)
        dialog.setObjectName("run_to_epoch_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Run to the end of an epoch")
        dialog.setLabelText("Epoch; one that the run has come to already is gone back to")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(0, _MOST_EPOCHS)
        dialog.setIntValue(self._context.session.machine.epochs + 10)
        dialog.intValueSelected.connect(self.epoch)
        dialog.open()

    def layers_menu(self, parent: QMenu) -> QMenu:
        """A menu of the layers of the network as it is when the menu is opened."""
        menu = QMenu("Layer", parent)
        menu.setObjectName("run_to_layer_menu")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(partial(self._fill, menu))
        return menu

    def _fill(self, menu: QMenu) -> None:
        session = self._context.session
        menu.clear()
        depth = session.run.model.depth
        for layer in range(1, depth + 1):
            name = "Output layer" if layer == depth else f"Hidden layer {layer}"
            action = menu.addAction(name, partial(session.run_to_layer, layer))
            action.setEnabled(session.paused)
            action.setToolTip("" if session.paused else "pause first")
