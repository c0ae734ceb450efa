"""New rows get the prediction that the same rows get in training, or are told why they get none."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.errors import DataError
from nnstudio.data.fitted import DifferenceKind
from nnstudio.data.harmless import harmless, write_harmless
from nnstudio.data.pipeline import Encode, Gaps, Scale
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.open import open_sample
from nnstudio.training.predicting import predict, typed_table, usual_row
from nnstudio.training.run import Run, build

ROWS = tuple((n / 3, ("Bonn", "Ulm", "Köln")[n % 3], "yes" if n % 2 else "no") for n in range(30))
MESSY = Experiment(
    data=DataSpec(
        InlineSource(("size", "city", "bought"), ROWS),
        inputs=("size", "city"),
        targets=("bought",),
        pipeline=(Gaps(how=Gap.MEDIAN), Scale(), Encode()),
    ),
    network=Network((LayerSpec(4, "tanh"), LayerSpec(2, "softmax"))),
)


def trained(experiment: Experiment = MESSY) -> Run:
    run = build(experiment)
    for _ in range(5):
        run.machine.run_iteration()
    return run


def test_the_table_itself_is_predicted_as_in_training() -> None:
    run = trained()
    found = predict(run.model, run.data, run.dataset)
    expected = run.model.predict(run.data.train.X)
    assert found.outputs[run.data.train.rows] == pytest.approx(expected, abs=1e-12)
    row = int(run.data.train.rows[0])
    assert found.class_of(row)[0] == run.data.classes[int(expected[0].argmax())]


def test_values_come_in_the_units_of_the_table() -> None:
    run = trained(open_sample("diabetes"))
    found = predict(run.model, run.data, run.dataset)
    expected = run.data.original_targets(run.model.predict(run.data.train.X))
    assert found.outputs[run.data.train.rows] == pytest.approx(expected)
    assert not found.by_class


def test_typed_rows_are_read_with_comma_or_point() -> None:
    run = trained()
    one, other = (predict(run.model, run.data, typed_table(run.data, [[size, "Ulm"]])) for size in ("2,5", " 2.5 "))
    assert one.outputs.tobytes() == other.outputs.tobytes()
    assert one.known(0)


def test_what_cannot_be_read_gets_no_prediction_and_says_why() -> None:
    run = trained()
    found = predict(run.model, run.data, typed_table(run.data, [["much", "Ulm"], ["", "Ulm"], ["3", "Rome"]]))
    assert [found.known(row) for row in range(3)] == [False, True, True]  # the gap is filled, the city unseen
    kinds = {difference.kind for difference in found.differences}
    assert {DifferenceKind.OTHER_TYPE, DifferenceKind.UNSEEN} <= kinds
    assert found.row(0)[-1] == ""


def test_a_missing_column_is_named() -> None:
    run = trained()
    table = typed_table(run.data, [["1", "Ulm"]])
    with pytest.raises(DataError, match="no column 'city'"):
        predict(run.model, run.data, type(table)("new", table.columns[:1]))


def test_the_usual_row_is_a_row_that_can_be_predicted() -> None:
    run = trained()
    row = usual_row(run.dataset, run.data)
    assert row[1] in ("Bonn", "Ulm", "Köln")
    assert predict(run.model, run.data, typed_table(run.data, [row])).known(0)


def test_predictions_are_exported_at_full_precision(tmp_path: Path) -> None:
    run = trained()
    found = predict(run.model, run.data, run.dataset)
    found.write_csv(tmp_path / "out.csv")
    header, *rows = csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines())
    assert header == ["size", "city", "bought", "prediction", "confidence", "output no", "output yes"]
    assert np.array([row[5:] for row in rows], dtype=np.float64).tobytes() == found.outputs.tobytes()
    assert found.count_known() == len(rows)


@given(st.text(min_size=1))
def test_no_text_begins_as_a_formula(text: str) -> None:
    cell = str(harmless(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


def test_numbers_are_left_alone_and_text_is_not() -> None:
    written = io.StringIO()
    write_harmless(written, ["=x", "y"], [[-1.5, "=1+2"], [2, "-3"]])
    assert written.getvalue() == "'=x,y\n-1.5,'=1+2\n2,'-3\n"
