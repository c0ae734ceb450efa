"""Looking at a file before it is read: in an instant, however large it is.

A preview looks at the beginning of a file alone, and says so. What it recognized can be changed by a reading, and the
preview asked for again.
"""

from collections.abc import Callable
from pathlib import Path

from nnstudio.data.profile import ColumnProfile, Flaw, Preview
from nnstudio.data.readers import refuse_unknown
from nnstudio.data.readers.text_preview import preview_text
from nnstudio.data.spec import RECOGNIZED, Reading

__all__ = ["PREVIEWERS", "ColumnProfile", "Flaw", "Preview", "preview"]

Previewer = Callable[[Path, Reading], Preview]

PREVIEWERS: dict[str, Previewer] = {
    ".csv": preview_text,
    ".tsv": preview_text,
    ".tab": preview_text,
    ".txt": preview_text,
    ".data": preview_text,
}


def preview(path: Path, reading: Reading = RECOGNIZED) -> Preview:
    """What the file at `path` looks like, what `reading` leaves open being recognized; a DataError says why nothing of
    it can be shown."""
    previewer = PREVIEWERS.get(path.suffix.casefold())
    if previewer is None:
        refuse_unknown(path)
    return (previewer or preview_text)(path, reading)
