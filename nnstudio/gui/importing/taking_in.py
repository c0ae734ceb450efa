"""Reading a whole table in the background and making an experiment on it; what is open is not touched by it."""

from functools import partial

from nnstudio.data.progress import Progress
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.open import open_table
from nnstudio.gui.document import Content
from nnstudio.training.run import validate

from .file_work import FileWork


class TakingIn(FileWork):
    """`done` carries the content for the document."""

    def start(self, draft: ImportDraft) -> None:
        """Read the file of this draft as it is shown there."""
        self.begin(partial(_content, draft))


def _content(draft: ImportDraft, progress: Progress) -> Content:
    opened = open_table(draft.path, draft.reading, draft.shown, progress)
    validate(opened.experiment, opened.data)
    return Content(opened.experiment, opened.table, opened.data)
