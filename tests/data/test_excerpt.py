"""Rows from within a file: what a message says is wrong somewhere is found there, as it is written."""

import numpy as np
import pytest

from nnstudio.data.errors import DataError
from nnstudio.data.excerpt import BEFORE, BEHIND, Excerpt, excerpt
from nnstudio.data.places import Place, place_in
from nnstudio.data.preparation import prepare
from nnstudio.data.preview import preview
from nnstudio.data.progress import Cancelled
from nnstudio.data.readers import read
from nnstudio.data.spec import RECOGNIZED, DataSpec, FileSource

from .books import xlsx

ROWS = 3000
SOUND = [f"{n},{n % 7}.5,{n % 5}\n" for n in range(ROWS)]


def table(path, row=None, instead="", header="a,height,y\n"):
    rows = [instead if n == row else line for n, line in enumerate(SOUND)]
    path.write_bytes((header + "".join(rows)).encode("latin-1"))
    return path


def refused(path):
    """The message with which a file is refused that is learned from as it is previewed."""
    reading = preview(path).reading
    with pytest.raises(DataError) as caught:
        prepare(read(path, reading), DataSpec(FileSource(str(path)), inputs=("a", "height"), targets=("y",)), 0)
    return str(caught.value)


def found(path) -> tuple[Place, Excerpt]:
    """What the message about a file leads to."""
    seen = preview(path)
    place = place_in(refused(path), path.name, seen.names)
    assert place is not None
    return place, excerpt(path, seen.reading, place)


@pytest.mark.parametrize(
    ("instead", "column", "shown"),
    [
        ("9,tall,1\n", 1, ("9", "tall", "1")),
        ("9,,1\n", 1, ("9", "", "1")),
        ("9,1e400,1\n", 1, ("9", "1e400", "1")),
        ("9,1,1,1\n", None, ("9", "1", "1")),
        ("9\n", None, ("9", "", "")),
        ('9,"1,1\n', None, ("9", '"1', "1\\n")),
    ],
)
def test_every_flaw_of_a_text_file_is_found_by_what_is_said_of_it(tmp_path, instead, column, shown):
    place, part = found(table(tmp_path / "row 7, line 8.csv", 2000, instead))
    assert (part.row, place.column) == (2000, column)
    assert part.rows[part.row - part.first] == shown
    assert part.rows[0] == tuple(SOUND[2000 - BEFORE].strip().split(","))
    assert part.first == 2000 - BEFORE
    assert len(part.rows) == BEFORE + 1 + BEHIND or shown[1] == '"1'


def test_what_is_no_text_is_shown_by_its_code(tmp_path):
    part = excerpt(table(tmp_path / "t.csv", 2000, "9,\0,1\n"), RECOGNIZED, Place(None, line=2002))
    assert part.rows[part.row - part.first] == ("9", "\\x00", "1")


def test_blank_lines_and_cells_of_several_lines_count_as_they_are_read(tmp_path):
    path = tmp_path / "t.csv"
    notes = [f'{n},"two\nlines",{n % 7}.5,{n % 5}\n' + "\n" * (n % 3 == 0) for n in range(2000)]
    path.write_text("a,note,height,y\n" + "".join(notes) + "9,here,tall,1\n")
    _, part = found(path)
    assert (part.row, part.rows[part.row - part.first]) == (2000, ("9", "here", "tall", "1"))


def test_the_last_row_and_the_first_have_fewer_rows_around_them(tmp_path):
    path = table(tmp_path / "t.csv")
    last = excerpt(path, preview(path).reading, Place(ROWS - 1))
    assert (last.first, len(last.rows)) == (ROWS - 1 - BEFORE, BEFORE + 1)
    first = excerpt(path, preview(path).reading, Place(0))
    assert (first.first, len(first.rows)) == (0, BEHIND + 1)


def test_a_workbook_is_shown_as_its_cells_are_written(tmp_path):
    rows = [(n, "tall" if n == 400 else n / 4, n % 5) for n in range(500)]
    path = tmp_path / "t.xlsx"
    path.write_bytes(xlsx(Sheet=[("a", "height", "y"), *rows]))
    place, part = found(path)
    assert place == Place(400, 1)
    assert part.rows[part.row - part.first] == ("400", "tall", "0")


def test_an_array_is_shown_as_numbers(tmp_path):
    numbers = np.arange(1500.0).reshape(500, 3)
    numbers[300, 1] = np.inf
    np.save(tmp_path / "t.npy", numbers)
    seen = preview(tmp_path / "t.npy")
    with pytest.raises(DataError) as caught:
        prepare(read(tmp_path / "t.npy"), DataSpec(FileSource("t.npy"), inputs=(seen.names[1],)), 0)
    place = place_in(str(caught.value), "t.npy", seen.names)
    assert place is not None
    part = excerpt(tmp_path / "t.npy", seen.reading, place)
    assert part.rows[part.row - part.first] == ("900", "inf", "902")


def test_what_names_no_place_leads_nowhere():
    assert place_in("line 3.csv is empty; it needs 12 rows", "line 3.csv", ("a",)) is None


def test_looking_can_be_given_up(tmp_path):
    path = table(tmp_path / "t.csv")
    reading = preview(path).reading

    def cancel(_share):
        raise Cancelled

    with pytest.raises(Cancelled):
        excerpt(path, reading, Place(2000), cancel)
