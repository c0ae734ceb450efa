"""What the program is, in a box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from nnstudio import __version__


def show_about(parent: QWidget) -> None:
    """Open the box; it blocks nothing."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About NN Studio")
    box.setText(f"<b>NN Studio {__version__}</b>")
    box.setInformativeText("A debugger for learning machines. MIT licence. Built on PySide6, pyqtgraph and NumPy.")
    box.open()
