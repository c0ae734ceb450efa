"""Comma-separated values, and the same with semicolons or tabs: the format every program can write.

`text` makes sure that it is text, `layout` finds delimiter, header and rows. pandas then turns the cells into numbers,
since it does so at the speed of C; the columns it does not take for numbers are read again as text and looked at by our
own rule (`cells`), which can say what is wrong with a cell and where.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.cells import MISSING, column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.layout import Layout, layout_of
from nnstudio.data.readers.text import read_text
from nnstudio.data.spec import RECOGNIZED, Reading

# pandas compares letter by letter.
_MISSING = sorted({spelling(word) for word in MISSING for spelling in (str.lower, str.upper, str.title)} | {"NaN"})


def read_csv(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a delimited text file; a DataError says why it can't be read, and on which line."""
    layout = layout_of(read_text(path))
    table = _parse(layout)
    numbers = {index: values.astype(np.float64) for index, values in table.items() if values.dtype.kind in "iuf"}
    texts = _parse_as_text(layout, sorted(table.keys() - numbers.keys()))
    columns = {**_number_columns(layout, numbers), **_text_columns(layout, texts)}
    return Dataset(path.stem, tuple(columns[index] for index in sorted(columns)), source=path.name)


def _number_columns(layout: Layout, numbers: dict[int, NDArray[np.float64]]) -> dict[int, Column]:
    flaws = {index: ~np.isfinite(values) for index, values in numbers.items()}
    mistakes = {index: np.isinf(values) for index, values in numbers.items()}
    asked = (*flaws.values(), *mistakes.values())
    written = layout.written({int(np.argmax(flaw)) for flaw in asked if flaw.any()})
    return {index: _number_column(layout, index, values, written) for index, values in numbers.items()}


def _number_column(layout: Layout, index: int, values: NDArray[np.float64], written: dict[int, list[str]]) -> Column:
    return column_from_numbers(layout.names[index], values, layout.locate, lambda row: written[row][index].strip())


def _text_columns(layout: Layout, texts: dict[int, NDArray[Any]]) -> dict[int, Column]:
    return {
        index: column_from_cells(layout.names[index], cells, layout.locate, layout.decimal_comma)
        for index, cells in texts.items()
    }


def _parse(layout: Layout) -> dict[int, NDArray[Any]]:
    """Every column by its index, of the type pandas takes it for, NaN where a number is missing."""
    return _read(layout, na_values=_MISSING, keep_default_na=False)


def _parse_as_text(layout: Layout, indices: list[int]) -> dict[int, NDArray[Any]]:
    """These columns as they are written."""
    return _read(layout, usecols=indices, dtype=object, na_filter=False) if indices else {}


def _read(layout: Layout, **how: Any) -> dict[int, NDArray[Any]]:
    import pandas as pd  # here, not above: it takes half a second, and most runs never read a file

    if tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1):
        how["float_precision"] = "round_trip"  # before 3.1 the default may miss the nearest float64 by one bit
    frame = pd.read_csv(
        io.BytesIO(layout.text.raw),
        encoding=layout.text.encoding,
        sep=layout.delimiter,
        header=None,
        names=list(range(len(layout.names))),
        index_col=False,
        skiprows=sorted(layout.skip),
        skip_blank_lines=False,
        skipinitialspace=True,
        decimal=layout.decimal,  # for speed alone: what pandas does not take for numbers, `cells` reads again
        low_memory=False,
        **how,
    )
    if len(frame) != len(layout.lines):
        raise DataError(
            f"{layout.text.path.name} has quotes that can be read in two ways; "
            'write a quote inside a quoted cell twice ("")'
        )
    return {int(index): frame[index].to_numpy() for index in frame.columns}
