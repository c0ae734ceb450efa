"""Parameters to a file and from one: the network's as it stands, and as the initial ones of another run."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from nnstudio.experiment.edits import set_parameters
from nnstudio.gui.document import REFUSALS
from nnstudio.gui.files import here
from nnstudio.gui.session import Session
from nnstudio.gui.widgets.save_dialog import save_dialog

_KINDS = {"NumPy arrays": ".npz", "JSON": ".json", "safetensors": ".safetensors"}


class Parameters(QObject):
    """Of one window. What is read is an edit that can be undone, and the run begins anew with it."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def export(self) -> None:
        dialog = save_dialog(self._window, "Export the parameters", _KINDS, self._folder / "parameters")
        dialog.setObjectName("export_parameters_dialog")
        dialog.fileSelected.connect(self._export_chosen)
        dialog.open()

    def import_(self) -> None:
        dialog = QFileDialog(self._window, "Import parameters", str(self._folder))
        dialog.setObjectName("import_parameters_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"Parameters ({' '.join(f'*{suffix}' for suffix in _KINDS.values())})")
        dialog.fileSelected.connect(self._import_chosen)
        dialog.open()

    def write(self, path: Path) -> bool:
        """Write the parameters as they stand; false, with the reason told, if they cannot be."""
        from nnstudio.project.parameters import write_parameters  # as in `read`: not needed to start

        if not self._session.paused:
            self._session.failed.emit("Not exported: pause first; while training the parameters are under way")
            return False
        try:
            write_parameters(self._session.run.model, path)
        except REFUSALS as error:
            self._session.failed.emit(f"Not exported: {error}")
            return False
        self._session.message.emit(f"Exported the parameters to {path.name}")
        return True

    def read(self, path: Path) -> bool:
        """Begin anew with the parameters in a file; false, with the reason told, if they do not fit."""
        from nnstudio.project.parameters import read_parameters

        session, document = self._session, self._session.document
        session.take()
        try:
            values = read_parameters(session.run.model, path)
        except REFUSALS as error:
            session.failed.emit(f"Not imported: {error}")
            return False
        told = {name: values[name].tolist() for name in session.run.model.parameters}
        edit = set_parameters(document.experiment, told, f"Import {path.name}")
        if edit.experiment == document.experiment:
            session.reset()  # it began with these very values
            return True
        done = document.apply(edit)
        if done and values.keys() > told.keys():
            session.message.emit(
                "Running statistics of batch normalizations are not imported; they are found by training"
            )
        return done

    def _export_chosen(self, name: str) -> None:
        self.write(Path(name))

    def _import_chosen(self, name: str) -> None:
        self.read(Path(name))

    @property
    def _folder(self) -> Path:
        return self._session.document.folder or here()
