"""From the clipboard to the data of the experiment: a block that was copied from a spreadsheet, as one step to undo."""

from PySide6.QtWidgets import QApplication

from nnstudio.data.errors import DataError
from nnstudio.explain.numbers import count
from nnstudio.gui.document import Document

_LONGEST = 2_000_000


def paste_data(document: Document) -> None:
    """Learn from the table in the clipboard, or say why there is none."""
    from nnstudio.data.readers import pasted  # neither is needed to start
    from nnstudio.experiment.table_edits import paste_table

    text = QApplication.clipboard().text()
    if len(text) > _LONGEST:
        document.refused.emit(
            f"the clipboard has {count(len(text))} characters, more than can be pasted; save them as a file and open it"
        )
        return
    try:
        edit = paste_table(document.experiment, pasted.read(text))
    except DataError as error:
        document.refused.emit(str(error))
    else:
        document.apply(edit)
