"""The laboratories on data that a whole list of steps prepares, and whose rows weigh differently: the numbers are those
of the run."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data import sources
from nnstudio.data.pipeline import Components, Encode, Gaps, Polynomial, Scale
from nnstudio.data.preparation import PartName, prepare
from nnstudio.data.spec import ClassWeighting, DataSpec, InlineSource, SplitSpec
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.open import fit
from nnstudio.explain.landscape.ground import Rows
from nnstudio.explain.numbers import short
from nnstudio.gui.laboratories.batches.view import BatchesView
from nnstudio.gui.laboratories.landscape.view import LandscapeView
from nnstudio.gui.main_window import MainWindow
from nnstudio.training.metrics import Metric

from .test_batches import trained
from .test_landscape import finish, to_update

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    rng = np.random.default_rng(0)
    a, b, weight = rng.normal(5, 3, 60).tolist(), rng.normal(-1, 9, 60).tolist(), rng.uniform(0.2, 3, 60).tolist()
    kinds = rng.choice(["oak", "fern", "moss"], 60).tolist()
    rows = tuple(
        (None if n % 17 == 3 else a[n], b[n], kinds[n], weight[n], "yes" if a[n] * b[n] > 0 else "no")
        for n in range(60)
    )
    spec = DataSpec(
        InlineSource(("a", "b", "kind", "weight", "y"), rows),
        inputs=("a", "b", "kind"),
        standardize=True,
        split=SplitSpec(0.2),
        pipeline=(Gaps(mark=True), Encode(), Scale(), Polynomial(degree=2), Components(count=4)),
        weight="weight",
        class_weights=ClassWeighting.BALANCED,
    )
    data = prepare(sources.load(spec.source, None), spec, 0)
    assert data.input_names[:5] == ("component 1", "component 2", "component 3", "component 4", "kind=fern")
    path = tmp_path / "prepared.nns.json"
    file.save(fit(Experiment(data=spec, network=Network(()), training=TrainingSpec(16, 9)), data), path)
    return open_window(path)


def test_the_cost_landscape_has_the_weighted_cost_and_its_slope(window: MainWindow, qtbot: QtBot) -> None:
    view = window.context.tools.open("landscape")
    assert isinstance(view, LandscapeView)
    window.context.selection.choose("W1", (0, 3))
    to_update(window)
    finish(qtbot, view)
    machine, run = window.debugger.machine, window.context.session.run
    assert view.surveying.facts.slope == float(machine.value("dW1")[0, 3])
    assert view.controls.readings.value("J here") == short(machine.cost, 6)
    view.controls.rows.setCurrentText(Rows.TRAINING)
    assert view.surveying.request is not None
    assert view.surveying.request.rows is Rows.TRAINING
    finish(qtbot, view)
    part = run.data.train
    assert part.weights is not None
    assert part.weights.std() > 0.1
    likely = (part.Y * run.model.predict(part.X)).sum(axis=1)
    expected = -float((part.weights * np.log(likely)).mean())
    assert view.controls.readings.value("J here") == short(expected, 6)


def test_mini_batches_of_weighted_rows_come_to_what_plain_runs_come_to(window: MainWindow, qtbot: QtBot) -> None:
    view = window.context.tools.open("batches")
    assert isinstance(view, BatchesView)
    view.epochs.setValue(4)
    view.bar.button.click()
    qtbot.waitUntil(lambda: len(view.cost.curves) == 3 and not view.comparing.at_work, timeout=60_000)
    for size, curve in zip((len(window.context.document.data.train.X), 16, 1), view.cost.curves, strict=True):
        assert curve.y[-1] == trained(view, size).run.history.of(PartName.TRAINING, Metric.COST)[-1]
