"""The preview of an ARFF file: what it declares of its columns, and its first rows."""

from itertools import islice
from pathlib import Path

import msgspec

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import Preview, profile_of, profile_of_nothing
from nnstudio.data.readers.arff import GrowingTable, Row, filled_lines, read_header, read_rows
from nnstudio.data.readers.encodings import Encoding, Witness
from nnstudio.data.readers.text import open_text
from nnstudio.data.spec import Reading

_MOST_CELLS = 50_000
_FEWEST_ROWS = 3
_MOST_ROWS = 1_000
_MOST_BYTES = 1 << 20


def preview_arff(path: Path, reading: Reading) -> Preview:
    """The preview of the ARFF file at `path`; a DataError says why nothing of it can be shown."""
    text = open_text(path, reading.encoding)
    encoding = text.encoding
    if encoding is None:
        head, whole = text.head(_MOST_BYTES)
        witness = Witness()
        witness.see(head, 1)
        encoding = witness.verdict(text.name)
        encoding = encoding if whole else Encoding(encoding.name, f"{encoding.grounds}, as far as it was looked at")
    lines = filled_lines(text, encoding)
    attributes = read_header(text.name, lines)
    most = max(_FEWEST_ROWS, min(_MOST_ROWS, _MOST_CELLS // len(attributes)))
    rows: list[Row] = []
    problem = None
    try:
        rows.extend(islice(read_rows(text.name, lines, attributes), most))
    except DataError as error:
        problem = str(error)
    table = GrowingTable(text.name, attributes)
    table.take(rows)
    return Preview(
        path=path,
        reading=msgspec.structs.replace(reading, encoding=encoding.name),
        grounds={"encoding": encoding.grounds},
        columns=tuple(
            profile_of(column, number, [cells[number] for _, cells in rows], lines=table.lines)
            for number, column in enumerate(table.columns())
        )
        if rows
        else tuple(profile_of_nothing(attribute.name) for attribute in attributes),
        rows=tuple(tuple(cells) for _, cells in rows),
        looked_at=len(rows),
        whole=problem is None and len(rows) < most,
        table=lambda: Dataset(path.stem, table.columns(), source=path.name),
        problem=problem if rows or problem else f"{text.name} has no rows after @data; add at least one",
    )
