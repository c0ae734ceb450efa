"""Workbooks: .xlsx and .xls of Excel, .ods of LibreOffice, read by python-calamine.

calamine is a reader in Rust that knows all three. It trusts what it reads, so each file is looked at first
(`sheet_bounds`). The sheet is the one chosen, or the first that has a table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.excerpt import Excerpt, around
from nnstudio.data.places import Place
from nnstudio.data.profile import Preview
from nnstudio.data.progress import Progress, between, silent
from nnstudio.data.readers.archives import archive, archive_in, refuse_too_tight
from nnstudio.data.readers.array_preview import preview_of, rows_for
from nnstudio.data.readers.files import opened, size_of
from nnstudio.data.readers.grid import Grid, grid_of, written
from nnstudio.data.readers.ods_check import check_ods
from nnstudio.data.readers.ods_head import head_of_ods
from nnstudio.data.readers.sheet_bounds import MOST_BYTES, ErrorCells
from nnstudio.data.readers.xls_check import check_xls
from nnstudio.data.readers.xlsx_check import check_xlsx
from nnstudio.data.readers.xlsx_head import LARGE, head_of_xlsx
from nnstudio.data.spec import RECOGNIZED, Reading

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_HEADS = {".xlsx": head_of_xlsx, ".xlsm": head_of_xlsx, ".ods": head_of_ods}
_LARGEST_XLS = 300_000_000
_ROWS_AT_ONCE = 1_000
_CHECKED = 0.4  # of the time that reading takes
_OPENED = 0.7  # of what is left of it


def read_workbook(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """The table in a sheet of a workbook; a DataError says why it can't be read, or in which cell."""
    errors = _check(path, between(progress, 0.0, _CHECKED))
    with _workbook(path, path) as book:
        _, grid = _grid(path, book, reading, errors, between(progress, _CHECKED, 1.0))
    return Dataset(path.stem, grid.table(reading.decimal), source=path.name)


def preview_workbook(path: Path, reading: Reading) -> Preview:
    """The preview of a workbook, with the sheets that may be chosen."""
    source, errors, cut = _beginning(path, reading.sheet)
    with _workbook(path, source) as book:
        names = tuple(book.sheet_names)
        sheet, grid = _grid(path, book, reading, errors, silent)
    first = grid.first(rows_for(len(grid.names)))
    return preview_of(
        path,
        Dataset(path.stem, first.table(reading.decimal), source=path.name),
        structs.replace(reading, sheet=sheet, header=grid.header),
        len(first.rows) == len(grid.rows) and sheet not in cut,
        _grounds(reading, grid),
        {"sheet": names},
        [[written(row[column]) for row in first.rows] for column in first.columns],
    )


def excerpt_of_workbook(path: Path, reading: Reading, place: Place, progress: Progress = silent) -> Excerpt:
    """The rows around a place in a sheet, as they are written there."""
    errors = _check(path, between(progress, 0.0, _CHECKED))
    with _workbook(path, path) as book:
        _, grid = _grid(path, book, reading, errors, between(progress, _CHECKED, 1.0))
    row = min(place.row or 0, len(grid.rows) - 1)
    part = around(row)
    rows = tuple(tuple(written(cells[column]) for column in grid.columns) for cells in grid.rows[part])
    return Excerpt(part.start, rows, row)


def _beginning(path: Path, chosen: str | None) -> tuple[Path | BytesIO, ErrorCells, frozenset[str]]:
    """The file, or of a large one its beginning; its cells with an error, and the sheets that are cut short in it."""
    suffix = path.suffix.casefold()
    if suffix in _HEADS:
        with archive(path, MOST_BYTES) as packed:
            refuse_too_tight(packed)
            found = _HEADS[suffix](packed, chosen) if sum(packed.sizes.values()) > LARGE else None
        if found is not None:
            head, cut = found
            with archive_in(path, head, MOST_BYTES) as beginning:
                errors = (check_ods if suffix == ".ods" else check_xlsx)(beginning, silent)
            head.seek(0)
            return head, errors, cut
    return path, _check(path, silent), frozenset()


def _grounds(reading: Reading, grid: Grid) -> dict[str, str]:
    """Why the sheet and the header are taken for what they are."""
    numbers = "is not of numbers alone" if grid.header else "is of numbers alone"
    return {
        "sheet": "it is the first with a table" if reading.sheet is None else "it was chosen",
        "header": f"the first row {numbers}" if reading.header is None else "it was chosen",
    }


def _check(path: Path, progress: Progress) -> ErrorCells:
    suffix = path.suffix.casefold()
    if suffix == ".xls":
        with opened(path) as file:
            if size_of(file) > _LARGEST_XLS:
                raise DataError(
                    f"{path.name} has {size_of(file) / 1e6:,.0f} MB, more than an .xls file can; save it anew"
                )
            data = file.read()
        return check_xls(path.name, data, progress)
    with archive(path, MOST_BYTES) as packed:
        refuse_too_tight(packed)
        return (check_ods if suffix == ".ods" else check_xlsx)(packed, progress)


@contextmanager
def _workbook(path: Path, source: Path | BytesIO) -> Iterator["CalamineWorkbook"]:
    """The workbook at `path`, or what stands for it, open; whatever goes wrong in reading it becomes a DataError."""
    import python_calamine as calamine  # here, not above: most runs never read a workbook

    try:
        with calamine.CalamineWorkbook.from_object(source) as book:
            yield book
    except calamine.PasswordError:
        raise DataError(f"{path.name} is protected by a password; save it without one") from None
    except calamine.CalamineError as error:
        raise DataError(
            f"{path.name} is damaged or no {path.suffix} file ({_first_line(error)}); save it anew"
        ) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, and no Exception
            raise
        raise DataError(f"{path.name} is damaged: its reader gave up on it; save it anew") from None


def _grid(
    path: Path, book: "CalamineWorkbook", reading: Reading, errors: ErrorCells, progress: Progress
) -> tuple[str, Grid]:
    """The name of the chosen sheet, or of the first that has a table, and the table."""
    names = list(book.sheet_names)
    if reading.sheet is not None and reading.sheet not in names:
        listed = ", ".join(f"'{name}'" for name in names[:12])
        raise DataError(f"{path.name} has no sheet '{reading.sheet}'; its sheets are {listed}")
    refused: DataError | None = None
    for name in names if reading.sheet is None else [reading.sheet]:
        progress(0.0)
        try:
            sheet = book.get_sheet_by_name(name)
            left = sheet.start[1] if sheet.start else 0
            rows = _rows(sheet, left, errors.get(name, {}), progress)
            return name, grid_of(f"{path.name}, sheet '{name}'", rows, reading.header, left)
        except DataError as error:
            refused = refused or error
    raise refused or DataError(f"{path.name} has no sheets; add one with a table")


def _rows(sheet: "CalamineSheet", left: int, errors: dict[tuple[int, int], str], progress: Progress) -> list[list[Any]]:
    """All rows of a sheet from its first one, without the `left` blank columns; errors as what they say."""
    rows: list[list[Any]] = []
    height = max(sheet.total_height, 1)
    for number, row in enumerate(sheet.iter_rows()):
        if number % _ROWS_AT_ONCE == 0:
            progress(min(1.0, _OPENED + (1.0 - _OPENED) * number / height))
        rows.append(row)
    for (row_number, column), text in errors.items():
        if row_number <= len(rows) and left < column <= left + len(rows[row_number - 1]):
            rows[row_number - 1][column - left - 1] = text
    return rows


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:80]
