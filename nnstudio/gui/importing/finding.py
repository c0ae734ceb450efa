"""Finding a place in a file in the background: somewhere behind its first rows something is wrong."""

from functools import partial

from nnstudio.data.excerpt import excerpt
from nnstudio.data.places import Place
from nnstudio.experiment.importing.draft import ImportDraft

from .file_work import FileWork


class Finding(FileWork):
    """`done` carries the excerpt of the file."""

    def find(self, draft: ImportDraft, place: Place) -> None:
        """Find the rows around a place in the file of this draft."""
        self.begin(partial(excerpt, draft.path, draft.preview.reading, place))
