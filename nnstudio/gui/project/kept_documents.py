"""Edits out of a project: of the documents before and after them there is the text alone, until they are needed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer

from nnstudio.data.spec import FileSource
from nnstudio.experiment import file
from nnstudio.gui.document import REFUSALS, Content, Document
from nnstudio.gui.undoing import Command, move_to
from nnstudio.project import DataElsewhereError, LeftRun


@dataclass(slots=True, eq=False)
class KeptDocument:
    """A document as text. When it is needed, `put_back` is given its run, if there is one, and the content that the
    text has become."""

    text: str
    run: LeftRun | None = None
    put_back: Callable[[LeftRun, Content], object] | None = None
    content: Content | None = None

    def load(self, document: Document) -> Content:
        """Raise one of `REFUSALS` if its data are gone, or it cannot run any more: a DataElsewhereError if they are
        outside the project's folder, and nobody has agreed to read them."""
        if self.content is None:
            experiment = file.decode(self.text)
            source = experiment.data.source
            if isinstance(source, FileSource) and not document.may_read(source.paths):
                says = f"the data of this step are outside the project's folder, in {source.path}"
                raise DataElsewhereError(says, source.path)
            self.content = document.content_of(experiment)
            if self.run is not None and self.put_back is not None:
                self.put_back(self.run, self.content)
        return self.content


class KeptReplace(Command):
    """One document in place of another; where its data are gone, that is refused."""

    def __init__(self, document: Document, sides: tuple[KeptDocument, KeptDocument], label: str) -> None:
        super().__init__(label)
        self._document, self._sides = document, sides

    def unmake(self) -> None:
        self._show(self._sides[0])

    def make(self) -> None:
        self._show(self._sides[1])

    @property
    def sides(self) -> tuple[KeptDocument, KeptDocument]:
        return self._sides

    @property
    def before(self) -> KeptDocument:
        return self._sides[0]

    @property
    def after(self) -> KeptDocument:
        return self._sides[1]

    def _show(self, kept: KeptDocument) -> None:
        try:
            self._document.show(kept.load(self._document))
        except DataElsewhereError as error:
            self._document.data_elsewhere.emit(error.elsewhere, partial(self._show_allowed, kept))
        except REFUSALS as error:
            self._document.refused.emit(str(error))
            there = self._document.undo_stack.index()  # as it is until this step is behind
            if self._document.refused_at is None:
                self._document.refused_at = there
            QTimer.singleShot(0, partial(self._stay, there - 1 if kept is self._sides[0] else there + 1))
        else:
            self._document.refused_at = None

    def _stay(self, now: int) -> None:
        """What could not be shown is no place to be at, to save or to go on from."""
        document = self._document
        if document.refused_at is not None and document.undo_stack.index() == now:
            move_to(document.undo_stack, document.refused_at)
            document.refused_at = None

    def _show_allowed(self, kept: KeptDocument) -> None:
        source = file.decode(kept.text).data.source
        if isinstance(source, FileSource):
            self._document.allow(source.paths)
        self._show(kept)
