"""What an experiment says about its data leads to the table, and is itself written and read without loss."""

import os
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from nnstudio.data import readers
from nnstudio.data.dataset import ColumnKind
from nnstudio.data.errors import DataError
from nnstudio.data.preview import preview
from nnstudio.data.sources import load
from nnstudio.data.spec import (
    Colour,
    DataSpec,
    FileSource,
    InlineSource,
    MissingTargets,
    MissingUse,
    Reading,
    SampleSource,
    SplitSpec,
    TargetKind,
)


def test_inline_rows_become_columns():
    table = load(InlineSource(("x", "kind"), ((1.0, "a"), (0.1, "b"))), None)
    assert table.column("x").values.tolist() == [1.0, 0.1]
    assert table.column("x").values.dtype == np.float64
    assert table.column("kind").kind is ColumnKind.TEXT
    assert table.column("kind").values.tolist() == ["a", "b"]


def test_a_word_among_inline_numbers_is_located():
    column = load(InlineSource(("x",), ((0.1,), (0.30000000000000004,), ("abc",))), None).column("x")
    assert column.values[:2].tolist() == [0.1, 0.30000000000000004]
    assert column.problem.startswith("row 3, column 'x': 'abc' is not a number")


def test_null_is_a_missing_cell():
    table = load(InlineSource(("x", "kind"), ((1.0, None), (None, "b"), (0.5, "null"))), None)
    x, kind = table.columns
    assert np.isnan(x.values[1])
    assert x.missing.tolist() == [False, True, False]
    assert x.problem == "row 2, column 'x': the cell is empty; fill it in or delete the row"
    assert (x.mistake, x.target_problem) == (None, None)
    assert kind.kind is ColumnKind.TEXT
    assert kind.missing.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (InlineSource(("a", "b"), ((1.0, 2.0), (1.0,))), "row 2 of the inline data has 1 value, expected 2"),
        (InlineSource(("a", "a"), ((1.0, 2.0),)), "two columns named 'a'"),
        (InlineSource(("a",), ()), "no columns or no rows"),
        (InlineSource((), ((),)), "no columns or no rows"),
    ],
)
def test_broken_inline_data_are_refused(source, message):
    with pytest.raises(DataError, match=message):
        load(source, None)


def test_a_file_is_looked_up_beside_the_experiment(tmp_path):
    (tmp_path / "flowers.csv").write_text("a,b\n1,2\n")
    assert load(FileSource("flowers.csv"), tmp_path).name == "flowers"
    assert load(FileSource(str(tmp_path / "flowers.csv")), None).rows == 1


def test_a_sample_passes_its_wishes_on():
    table = load(SampleSource("sine", rows=7, noise=0.0, seed=3), None)
    assert table.rows == 7
    np.testing.assert_allclose(table.column("y").values, np.sin(np.pi * table.column("x").values))


@pytest.mark.parametrize(
    "source",
    [
        InlineSource(("a", "b"), ((1.0, "x"), (2.0, None))),
        SampleSource("iris"),
        SampleSource("sine", 5, 0.5, 2),
        FileSource("flowers.csv"),
        FileSource("digits.idx3-ubyte", Reading(labels="digits.idx1-ubyte", size=(28, 28), colour=Colour.GREY)),
    ],
)
@pytest.mark.parametrize("use", MissingUse)
def test_a_spec_is_written_and_read_without_loss(source, use):
    spec = DataSpec(
        source, ("a",), ("b",), True, SplitSpec(0.2, 0.1), TargetKind.CLASSES, True, MissingTargets(use, 3, 0.8)
    )
    assert msgspec.json.decode(msgspec.json.encode(spec), type=DataSpec) == spec
    assert msgspec.json.decode(msgspec.json.encode(DataSpec(source)), type=DataSpec) == DataSpec(source)


def test_a_sample_source_is_written_briefly_and_always_with_its_kind():
    assert msgspec.json.encode(SampleSource("iris")) == b'{"kind":"sample","name":"iris"}'


def test_a_file_source_names_what_was_chosen_for_its_reading_alone():
    assert msgspec.json.encode(FileSource("a.csv")) == b'{"kind":"file","path":"a.csv"}'
    chosen = FileSource("a.csv", Reading(delimiter=";", header=False))
    assert msgspec.json.encode(chosen) == (b'{"kind":"file","path":"a.csv","reading":{"delimiter":";","header":false}}')


def test_a_file_of_labels_moves_with_its_pictures():
    source = FileSource("digits", Reading(labels="numbers", colour=Colour.RGB))
    moved = source.at(lambda path: f"/there/{path}")
    assert moved == FileSource("/there/digits", Reading(labels="/there/numbers", colour=Colour.RGB))
    assert FileSource("a.csv").at(lambda path: f"/there/{path}") == FileSource("/there/a.csv")


def test_an_unknown_key_is_refused_with_its_place():
    with pytest.raises(msgspec.ValidationError, match=r"`sed`.*\$\.source"):
        msgspec.json.decode(b'{"source": {"kind": "sample", "name": "iris", "sed": 1}}', type=DataSpec)


@pytest.mark.parametrize(
    ("name", "title"),
    [("two\nlines", "two\\nlines"), ("🐈‍⬛", "🐈‍⬛"), ("חתול", "חתול"), ("\u202egnp.tac", "\\u202egnp.tac")],
)
def test_a_name_of_any_kind_is_shown_as_one_line(tmp_path, name, title):
    (tmp_path / f"{name}.csv").write_text("a,b\n1,2\n")
    assert load(FileSource(f"{name}.csv"), tmp_path).name == title
    (tmp_path / f"{name}.csv").write_text("")
    with pytest.raises(DataError) as caught:
        load(FileSource(f"{name}.csv"), tmp_path)
    assert str(caught.value).startswith(f"{title}.csv is empty; ")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
def test_a_name_that_no_experiment_can_hold_is_refused(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.csv")
    with open(path, "w") as file:
        file.write("a,b\n1,2\n")
    for look in (readers.read, preview):
        with pytest.raises(DataError, match=r"caf\\xe9\.csv has bytes in its name that are not UTF-8; rename it"):
            look(Path(os.fsdecode(path)))
