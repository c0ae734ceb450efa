"""The formats that can be read, by a file's name: one module each, loaded when a file of it is looked at or read."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress
from nnstudio.data.spec import Reading

if TYPE_CHECKING:
    from nnstudio.data.excerpt import Excerpt
    from nnstudio.data.places import Place
    from nnstudio.data.profile import Preview

IDX_NAME = re.compile(r"([-_.]idx\d(-\w+)?|\.idx)(\.gz)?$", re.IGNORECASE)
"""How IDX files are named: train-images-idx3-ubyte, t10k-labels.idx1-ubyte.gz, digits.idx."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read, how one looks at the beginning of a file of it, and at rows from within; each as
    module:function."""

    read: str
    preview: str
    excerpt: str = "table_excerpt:excerpt_of_table"

    def reader(self) -> Callable[[Path, Reading, Progress], Dataset]:
        """What reads a file of the format."""
        return _loaded(self.read)

    def previewer(self) -> "Callable[[Path, Reading], Preview]":
        """What looks at a file of the format."""
        return _loaded(self.preview)

    def excerpter(self) -> "Callable[[Path, Reading, Place, Progress], Excerpt]":
        """What finds rows within a file of the format."""
        return _loaded(self.excerpt)


TEXT = Format("csv:read_csv", "text_preview:preview_text", "text_excerpt:excerpt_of_text")
ARFF = Format("arff:read_arff", "arff_preview:preview_arff")
PARQUET = Format("parquet:read_parquet", "parquet:preview_parquet")
WORKBOOK = Format("workbook:read_workbook", "workbook:preview_workbook", "workbook:excerpt_of_workbook")
IDX = Format("idx:read_idx", "idx:preview_idx")
PICTURES = Format("picture_folder:read_folder", "picture_folder:preview_folder")

FORMATS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".data"), TEXT),
    ".arff": ARFF,
    **dict.fromkeys((".parquet", ".feather"), PARQUET),
    ".npy": Format("npy:read_npy", "npy:preview_npy"),
    ".npz": Format("npz:read_npz", "npz:preview_npz"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), WORKBOOK),
}
"""By suffix, in small letters."""

PATTERNS: tuple[str, ...] = (*(f"*{suffix}" for suffix in FORMATS), "*.idx", "*.idx.gz", "*idx?-*")
"""How the files that can be read are named, for the dialog in which one is chosen."""


def format_of(path: Path) -> Format:
    """The format of what is at `path`, judged by its name; text if there is nothing. A DataError says that a file of
    such a name can't be read."""
    if os.path.isdir(path):
        return PICTURES
    if IDX_NAME.search(path.name):
        return IDX
    found = FORMATS.get(path.suffix.casefold())
    if found is None and os.path.exists(path):
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        raise DataError(
            f"{path.name}: {ending} can't be read, only {', '.join(FORMATS)} and IDX files (train-images-idx3-ubyte); "
            + ("export the table as CSV" if path.suffix else "if it is a table as text, rename it to end in .csv")
        )
    return found or TEXT


def _loaded(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    return getattr(import_module(f"{__package__}.{module}"), name)  # type: ignore[no-any-return]
