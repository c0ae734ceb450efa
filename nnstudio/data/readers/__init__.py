"""Reading a table from a file: one format a module, chosen by the file's suffix."""

import os
from collections.abc import Callable
from pathlib import Path

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.readers.csv import read_csv

READERS: dict[str, Callable[[Path], Dataset]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".tab": read_csv,
    ".txt": read_csv,
    ".data": read_csv,
}


def read(path: Path) -> Dataset:
    """The table in the file at `path`; a DataError says why it can't be read, and where."""
    reader = READERS.get(path.suffix.casefold())
    if reader is None and os.path.exists(path) and not path.is_dir():
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        raise DataError(
            f"{path.name}: {ending} can't be read, only {', '.join(READERS)}; "
            + ("export the table as CSV" if path.suffix else "if it is a table as text, rename it to end in .csv")
        )
    return (reader or read_csv)(path)
