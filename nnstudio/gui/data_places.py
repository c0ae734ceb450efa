"""Where a project's data are: a person is asked before a file outside its folder is read, and for one that is gone."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from .document import Document


class ReadAgain(Protocol):
    """Read the project once more: its data wherever they are said to be, or from where they were `located`."""

    def __call__(self, follow: bool = False, located: Path | None = None) -> object: ...


def is_asked_about(error: Exception) -> bool:
    """Whether an error is that a project's data are not where they may be read."""
    return _elsewhere(error) is not None or _missing(error) is not None


class DataPlaces(QObject):
    """Of one window."""

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._action: Callable[[], object] = lambda: None
        document.data_elsewhere.connect(self._ask_for_step)

    def ask(self, name: str, error: Exception, again: ReadAgain) -> bool:
        """Ask for what it takes to read a project whose data are not where they may be read; false if that is not what
        the error says."""
        if (place := _elsewhere(error)) is not None:
            self._ask_to_follow(name, place, partial(again, follow=True))
        elif (place := _missing(error)) is not None:
            self._ask_where(name, str(error), partial(self._locate, place, again))
        else:
            return False
        return True

    def _ask_for_step(self, place: str, action: Callable[[], object]) -> None:
        self._ask_to_follow("this step", place, action)

    def _ask_to_follow(self, what: str, place: str, action: Callable[[], object]) -> None:
        """A project may name any file of this computer as its data: whether to read it is up to the person."""
        box = self._box("data_elsewhere", QMessageBox.Icon.Question, action)
        box.setText(f"Read the data of {what} from another folder?")
        box.setInformativeText(f"They are in {place}. Read them if you know where this project comes from.")
        yes, no = box.addButton(QMessageBox.StandardButton.Yes), box.addButton(QMessageBox.StandardButton.Cancel)
        yes.clicked.connect(self._act)
        box.setDefaultButton(no)
        box.open()

    def _ask_where(self, name: str, says: str, action: Callable[[], object]) -> None:
        box = self._box("data_missing", QMessageBox.Icon.Warning, action)
        box.setText(f"The data of {name} are not where they were")
        box.setInformativeText(f"{says[:1].upper()}{says[1:]}, or say where it is now. It is known by its SHA-256.")
        locate = box.addButton("Locate…", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        locate.clicked.connect(self._act)
        box.setDefaultButton(locate)
        box.open()

    def _box(self, name: str, icon: QMessageBox.Icon, action: Callable[[], object]) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setObjectName(name)
        box.setIcon(icon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._action = action
        return box

    def _act(self) -> None:
        self._action()

    def _locate(self, place: str, again: ReadAgain) -> None:
        """A name without a suffix was a folder of pictures."""
        was = Path(place)
        dialog = QFileDialog(self._window, f"Where is {was.name}?", str(was.parent))
        dialog.setObjectName("locate_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mode = QFileDialog.FileMode
        dialog.setFileMode(mode.ExistingFile if was.suffix else mode.Directory)
        self._again = again
        dialog.fileSelected.connect(self._located)
        dialog.open()

    def _located(self, name: str) -> None:
        self._again(located=Path(name))


def _elsewhere(error: Exception) -> str | None:
    """Where data are that nobody has agreed to read."""
    place: str | None = getattr(error, "elsewhere", None)
    return place


def _missing(error: Exception) -> str | None:
    """Where data were."""
    place: str | None = getattr(error, "missing", None)
    return place
