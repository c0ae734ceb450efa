"""Inputs that steps make of the columns: what is drawn and read stays in the columns of the table."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from msgspec import structs
from PySide6.QtWidgets import QApplication

from nnstudio.data import sources
from nnstudio.data.pipeline import Derive, Encode, Gaps, Sample, Scale, Step
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.experiment.data_edits import add_step
from nnstudio.experiment.document import Experiment
from nnstudio.experiment.file import save
from nnstudio.experiment.open import fit, open_sample
from nnstudio.gui.data.reading import Reader
from nnstudio.gui.data.table_model import TableModel
from nnstudio.gui.document import Content
from nnstudio.gui.panels.canvas_panel import CanvasPanel
from nnstudio.gui.plots.inference import predict
from nnstudio.gui.plots.plane import Plane
from nnstudio.gui.plots.views import Subject, View
from nnstudio.gui.theme import LIGHT
from nnstudio.training.run import Run

from .conftest import OpenWindow


def content_of(experiment: Experiment) -> Content:
    """The experiment with a network for its data."""
    data = prepare(sources.load(experiment.data.source, None), experiment.data, experiment.seed)
    return Content.load(fit(replace(experiment, parameters=None), data), None)


def content_with(name: str, *steps: Step) -> Content:
    """A sample's experiment with these steps."""
    experiment = open_sample(name)
    return content_of(replace(experiment, data=structs.replace(experiment.data, pipeline=steps)))


def test_the_plane_of_two_columns_is_drawn_however_many_inputs_are_made_of_them() -> None:
    content = content_with("circles", Derive(), Scale())
    assert len(content.data.input_names) == 7
    assert Subject(content.data).views == (View.MAP, View.CONFUSION)
    run = Run(content.experiment, content.dataset, content.data)
    plane = Plane(content.data)
    x1, x2 = plane.places(3).T
    raw = np.column_stack((x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)))
    columns = [content.dataset.column(name).values[content.data.train.rows] for name in ("x1", "x2")]
    a, b = columns
    learned = np.column_stack((a, b, a**2, b**2, a * b, np.sin(a), np.sin(b)))
    np.testing.assert_allclose(plane.grid(3), (raw - learned.mean(axis=0)) / learned.std(axis=0), atol=1e-12)
    assert predict(run.model, plane.grid(3)).shape == (9, 1)


def test_one_column_has_its_curve_whatever_is_derived_of_it() -> None:
    data = content_with("sine", Derive()).data
    assert (data.input_names, data.features) == (("x", "x²", "sin x"), ("x",))
    assert Subject(data).views == (View.CURVE, View.PREDICTIONS)


def test_points_lie_where_the_table_has_them() -> None:
    content = content_with("circles", Scale(), Derive())
    subject = Subject(content.data)
    rows = content.data.train.rows[subject.train.chosen]
    np.testing.assert_array_equal(subject.inputs(subject.train)[:, 0], content.dataset.column("x1").values[rows])


def test_the_sample_at_hand_is_read_as_the_table_has_it() -> None:
    source = InlineSource(("size", "kind", "y"), ((2.5, "oak", 1.0), (None, "fern", 2.0), (4.0, "oak", 3.0)))
    spec = DataSpec(source, ("size", "kind"), ("y",), pipeline=(Gaps(how=Gap.MEAN), Encode(), Scale()))
    content = content_of(replace(open_sample("averages"), data=spec))
    run = Run(content.experiment, content.dataset, content.data)
    run.machine.step()
    readings = [Reader(run).read(place, 3) for place in range(3)]
    by_row = {reading.position: reading.inputs for reading in readings if reading is not None}
    assert by_row == {"1 of 3": ("2.5", "oak"), "2 of 3": ("—", "fern"), "3 of 3": ("4", "oak")}


def test_rows_that_are_dropped_or_not_drawn_are_left_out_in_the_table(qapp: QApplication) -> None:
    rows = (("1", "a"), ("2", "a"), ("", "a"), ("4", "b"))
    source = InlineSource(("x", "y"), rows)
    steps = (Gaps(how=Gap.DROP), Sample(how=Sampling.UNDER))
    content = content_of(replace(open_sample("iris"), data=DataSpec(source, ("x",), ("y",), pipeline=steps)))
    model = TableModel(content.dataset, content.data, ("y",), LIGHT)
    parts = [model.data(model.index(row, 0)) for row in range(4)]
    assert parts[2:] == ["left out", "training"]
    assert sorted(parts[:2]) == ["left out", "training"]


def test_every_neuron_has_its_map_and_inputs_have_theirs(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "derived.nns.json"
    save(content_with("circles", Derive(keep=False)).experiment, path)
    window = open_window(path)
    panel = window.findChild(CanvasPanel)
    assert panel is not None
    plane = panel._plane
    assert plane is not None
    assert len(plane._layers[0].brushes) == 5
    document = window.context.document
    assert document.apply(add_step(document.experiment, Scale()))
    assert panel._plane is not plane
    assert document.data.stages[-1].shape == (len(document.data.train.X), 5)
    assert not document.apply(add_step(document.experiment, Scale(columns=("x1",))))
    assert len(document.experiment.data.pipeline) == 2
