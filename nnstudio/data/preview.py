"""Looking at a file before it is read: in an instant, however large it is.

A preview looks at the beginning of a file alone, and says so. What it recognized can be changed by a reading, and the
preview asked for again.
"""

import os
from collections.abc import Callable
from pathlib import Path

from nnstudio.data.errors import DataError
from nnstudio.data.profile import ColumnProfile, Flaw, Preview
from nnstudio.data.readers import refuse_unknown
from nnstudio.data.readers.arff_preview import preview_arff
from nnstudio.data.readers.files import refuse_unwritable, shown
from nnstudio.data.readers.idx import is_idx, preview_idx
from nnstudio.data.readers.npy import preview_npy
from nnstudio.data.readers.npz import preview_npz
from nnstudio.data.readers.parquet import preview_parquet
from nnstudio.data.readers.picture_folder import preview_folder
from nnstudio.data.readers.text_preview import preview_text
from nnstudio.data.readers.workbook import SUFFIXES as WORKBOOKS
from nnstudio.data.readers.workbook import preview_workbook
from nnstudio.data.spec import RECOGNIZED, Reading

__all__ = ["PREVIEWERS", "ColumnProfile", "Flaw", "Preview", "preview"]

Previewer = Callable[[Path, Reading], Preview]

PREVIEWERS: dict[str, Previewer] = {
    ".csv": preview_text,
    ".tsv": preview_text,
    ".tab": preview_text,
    ".txt": preview_text,
    ".data": preview_text,
    ".arff": preview_arff,
    ".parquet": preview_parquet,
    ".feather": preview_parquet,
    ".npy": preview_npy,
    ".npz": preview_npz,
    **dict.fromkeys(WORKBOOKS, preview_workbook),
}


def preview(path: Path, reading: Reading = RECOGNIZED) -> Preview:
    """What the file at `path` looks like, what `reading` leaves open being recognized; a DataError says why nothing of
    it can be shown."""
    try:
        refuse_unwritable(path)
        previewer = _previewer(path)
        if previewer is None:
            refuse_unknown(path)
        return (previewer or preview_text)(path, reading)
    except DataError as error:
        raise DataError(shown(str(error))) from None  # a file's name may hold anything


def _previewer(path: Path) -> Previewer | None:
    if os.path.isdir(path):
        return preview_folder
    return preview_idx if is_idx(path) else PREVIEWERS.get(path.suffix.casefold())
