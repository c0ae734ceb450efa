"""Comma-separated values, and the same with semicolons or tabs: the format every program can write.

`text` makes sure that it is text, `layout` finds delimiter, header and rows. pandas then turns the cells into numbers,
since it does so at the speed of C; the columns it does not take for numbers are read again as text and looked at by our
own rule (`cells`), which can say what is wrong with a cell and where.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.data.cells import column_from_cells, column_from_numbers
from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.readers.layout import Layout, layout_of
from nnstudio.data.readers.text import read_text


def read_csv(path: Path) -> Dataset:
    """The table in a delimited text file; a DataError says why it can't be read, and on which line."""
    layout = layout_of(read_text(path))
    table = _parse(layout)
    numbers = {index for index in range(len(layout.names)) if table[index].dtype.kind in "iuf"}
    texts = _parse(layout, sorted(set(table) - numbers))
    columns = tuple(
        _numbers(layout, index, table[index]) if index in numbers else _cells(layout, index, texts[index])
        for index in range(len(layout.names))
    )
    return Dataset(path.stem, columns, source=path.name)


def _numbers(layout: Layout, index: int, values: Any) -> Column:
    return column_from_numbers(
        layout.names[index], values.astype(np.float64), layout.locate, lambda row: layout.cell(row, index)
    )


def _cells(layout: Layout, index: int, cells: Any) -> Column:
    return column_from_cells(layout.names[index], cells, layout.locate, layout.decimal_comma)


def _parse(layout: Layout, as_text: list[int] | None = None) -> dict[int, Any]:
    """The columns by index: all of them with pandas' guess of their types, or some of them as text."""
    if as_text == []:
        return {}
    import pandas as pd  # here, not above: it takes half a second, and most runs never read a file

    frame = pd.read_csv(
        io.BytesIO(layout.text.raw),
        encoding=layout.text.encoding,
        sep=layout.delimiter,
        header=None,
        names=list(range(len(layout.names))),
        usecols=as_text,
        index_col=False,
        skiprows=sorted(layout.skip),
        skip_blank_lines=False,
        skipinitialspace=True,
        dtype=None if as_text is None else object,
        na_filter=False,
        decimal="," if layout.decimal_comma else ".",
        float_precision="round_trip",  # the default may miss the nearest float64 by one in the last place
        low_memory=False,
    )
    if len(frame) != layout.rows:
        raise DataError(
            f"{layout.text.path.name} has quotes that can be read in two ways; "
            'write a quote inside a quoted cell twice ("")'
        )
    return {int(index): frame[index].to_numpy() for index in frame.columns}
