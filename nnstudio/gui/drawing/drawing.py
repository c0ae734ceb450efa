"""The drawing at hand: a sheet of points that becomes the data of the document as soon as they can be learned from.

Each stroke is one step to undo. It changes the sheet and, where there is something to learn, the experiment with it;
where there is not yet (points of one class only), the points stay on the sheet and the document keeps its data.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from nnstudio.data.drawn import Sheet, is_sheet, sheet_of
from nnstudio.data.errors import DataError
from nnstudio.experiment.drawn_edits import use_sheet
from nnstudio.experiment.edits import Change
from nnstudio.gui.document import Document


class Drawing(QObject):
    """`sheet` is what is on the plane, `learned` whether the document learns from it, and `refusal` why it does not
    where it seemed that it could."""

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.sheet = Sheet()
        self.refusal = ""
        self.learned = False
        self._follow()
        document.changed.connect(self._document_changed)

    def take(self, sheet: Sheet, label: str) -> None:
        """Another sheet, as one step to undo."""
        if sheet == self.sheet:
            return
        stack = self._document.undo_stack
        stack.beginMacro(label)
        stack.push(_Replace(self, self.sheet, sheet, label))
        learnable = not sheet.missing
        refusal = self._document.attempt(use_sheet(self._document.experiment, sheet, label)) if learnable else None
        stack.endMacro()
        self.refusal = refusal or ""
        self._compare()
        self.changed.emit()

    def present(self) -> Sheet:
        """The document's data as a sheet; a DataError says why they cannot be drawn on."""
        document = self._document
        return sheet_of(document.dataset, document.experiment.data, document.data)

    def show(self, sheet: Sheet) -> None:
        """Put a sheet in place of the one at hand."""
        self.sheet, self.refusal = sheet, ""
        self._compare()
        self.changed.emit()

    def _document_changed(self, change: Change) -> None:
        if change == Change.ALL:
            self.show(Sheet())
        if change & Change.DATA:
            self._follow()

    def _follow(self) -> None:
        """Show the document's points where they are a drawing, as after Undo, or when one has been opened."""
        self._compare()
        if is_sheet(self._document.experiment.data) and not self.learned:
            try:
                self.show(self.present())
            except DataError:
                return  # the table is larger than a drawing, or has text

    def _compare(self) -> None:
        """Find out whether the document has the points of the sheet."""
        spec = self._document.experiment.data
        self.learned = not self.sheet.missing and self.sheet.spec(spec).source == spec.source


class _Replace(QUndoCommand):
    def __init__(self, drawing: Drawing, before: Sheet, after: Sheet, label: str) -> None:
        super().__init__(label)
        self._drawing, self._before, self._after = drawing, before, after

    def undo(self) -> None:
        self._drawing.show(self._before)

    def redo(self) -> None:
        self._drawing.show(self._after)
