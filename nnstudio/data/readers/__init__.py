"""Reading a table from a file: one format a module, chosen by the file's name."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.arff import read_arff
from nnstudio.data.readers.csv import read_csv
from nnstudio.data.readers.files import refuse_unwritable, shown
from nnstudio.data.readers.idx import is_idx, read_idx
from nnstudio.data.readers.npy import read_npy
from nnstudio.data.readers.npz import read_npz
from nnstudio.data.readers.parquet import read_parquet
from nnstudio.data.readers.picture_folder import read_folder
from nnstudio.data.readers.workbook import SUFFIXES as WORKBOOKS
from nnstudio.data.readers.workbook import read_workbook
from nnstudio.data.spec import RECOGNIZED, Reading

Reader = Callable[[Path, Reading, Progress], Dataset]

READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".tab": read_csv,
    ".txt": read_csv,
    ".data": read_csv,
    ".arff": read_arff,
    ".parquet": read_parquet,
    ".feather": read_parquet,
    ".npy": read_npy,
    ".npz": read_npz,
    **dict.fromkeys(WORKBOOKS, read_workbook),
}

PATTERNS: tuple[str, ...] = (*(f"*{suffix}" for suffix in READERS), "*.idx", "*.idx.gz", "*idx?-*")
"""How the files that can be read are named, for the dialog in which one is chosen."""


def read(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in the file at `path`, what `reading` leaves open being recognized; a DataError says why it can't be
    read, and where. `progress` is told the share done, and may raise Cancelled."""
    try:
        refuse_unwritable(path)
        reader = reader_of(path)
        if reader is None:
            refuse_unknown(path)
        table = (reader or read_csv)(path, reading, progress)
    except DataError as error:
        raise DataError(shown(str(error))) from None  # a file's name may hold anything
    return replace(table, name=shown(table.name), source=shown(table.source))


def reader_of(path: Path) -> Reader | None:
    """The reader for what is at `path`, judged by its name; None if there is none."""
    if os.path.isdir(path):
        return read_folder
    return read_idx if is_idx(path) else READERS.get(path.suffix.casefold())


def refuse_unknown(path: Path) -> None:
    """A DataError says that no reader is for the file at `path`, if there is one."""
    if os.path.exists(path) and not path.is_dir():
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        raise DataError(
            f"{path.name}: {ending} can't be read, only {', '.join(READERS)} and IDX files (train-images-idx3-ubyte); "
            + ("export the table as CSV" if path.suffix else "if it is a table as text, rename it to end in .csv")
        )
