"""What the network says of each row agrees with the metrics and with the arithmetic in the table's units."""

import numpy as np
import pytest

from nnstudio import resources
from nnstudio.data.preparation import PartName
from nnstudio.experiment.open import open_file
from nnstudio.training.metrics import Metric
from nnstudio.training.run import Run, build
from nnstudio.training.verdicts import verdicts


def run_of(sample: str) -> Run:
    run = build(open_file(resources.path("experiments", f"{sample}.nns.json")))
    for _ in range(30):
        run.machine.run_iteration()
    return run


@pytest.mark.parametrize("sample", ["iris", "circles", "wine"])
def test_the_share_of_right_rows_is_the_accuracy(sample: str) -> None:
    run = run_of(sample)
    found, measured = verdicts(run.model, run.data), run.measuring.measure().values
    for part in run.data.parts:
        own = [not wrong for place, wrong in zip(found.places, found.wrong, strict=True) if place.part is part]
        assert np.mean(own) == pytest.approx(measured[part, Metric.ACCURACY])


def test_errors_of_values_are_in_the_units_of_the_table() -> None:
    run = run_of("diabetes")
    found, measured = verdicts(run.model, run.data), run.measuring.measure().values
    train = np.array([place.part is PartName.TRAINING for place in found.places])
    assert found.error[train].mean() == pytest.approx(measured[PartName.TRAINING, Metric.MAE])
    column = run.dataset.column(run.data.target_names[0]).values
    assert found.targets[:, 0] == pytest.approx(column[found.table_rows])
    assert not found.by_class
    assert not found.wrong.any()


def test_confidence_and_error_add_up_where_a_row_is_right() -> None:
    run = run_of("iris")
    found = verdicts(run.model, run.data)
    right = ~found.wrong
    assert found.confidence[right] + found.error[right] == pytest.approx(np.ones(right.sum()))
    binary = run_of("circles")
    told = verdicts(binary.model, binary.data)
    assert (told.confidence >= 0.5).all()
    assert ((told.error < 0.5) <= ~told.wrong).all()
