"""A column that is renamed stays what it is used for; one that is deleted leaves nothing that names it."""

from dataclasses import replace

import msgspec
import pytest

from nnstudio.data.pipeline import Clip, Scale
from nnstudio.data.preparation import prepare
from nnstudio.data.sources import load
from nnstudio.data.spec import ColumnSpec, ColumnType, DataSpec, InlineSource, SplitBy, SplitSpec
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment import table_edits
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import open_sample

ROWS = tuple((float(n), n * 0.5, 1.0 + n, "a" if n % 2 else "b", "x" if n % 3 else "y") for n in range(12))
DATA = DataSpec(
    InlineSource(("size", "weight", "count", "kind", "family"), ROWS),
    ("size", "weight"),
    ("kind",),
    columns={"size": ColumnSpec(type=ColumnType.NUMERIC)},
    pipeline=(Clip(columns=("size",), low=1.0), Scale(columns=("size", "weight"))),
    weight="count",
    group="family",
    split=SplitSpec(validation=0.3, by=SplitBy.GROUP),
)

KEYS = set(ColumnSpec.__struct_fields__)
"""Words of the format that are no names of columns, though one is called so."""


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(data=DATA, network=Network((LayerSpec(2, "softmax"),)), cost="cross_entropy")


@pytest.mark.parametrize("name", DATA.source.columns)
def test_a_renamed_column_is_used_as_before(experiment: Experiment, name: str) -> None:
    edit = table_edits.rename_column(experiment, name, "renamed")
    assert edit.label == f"Rename {name} to renamed"
    assert name not in names_in(edit.experiment.data)
    old = prepare(load(DATA.source, None), DATA, 0)
    new = prepare(load(edit.experiment.data.source, None), edit.experiment.data, 0)
    assert new.train.X.tobytes() == old.train.X.tobytes()
    assert new.train.Y.tobytes() == old.train.Y.tobytes()
    assert new.train.rows.tolist() == old.train.rows.tolist()


@pytest.mark.parametrize("name", DATA.source.columns)
def test_nothing_names_a_deleted_column(experiment: Experiment, name: str) -> None:
    data = table_edits.remove_column(experiment, name).experiment.data
    assert name not in names_in(data)
    if name != "kind":  # without its target the data need another, which is for the user to choose
        prepare(load(data.source, None), data, 0)


def test_a_step_for_a_deleted_column_alone_goes_with_it(experiment: Experiment) -> None:
    data = table_edits.remove_column(experiment, "size").experiment.data
    assert data.pipeline == (Scale(columns=("weight",)),)


def test_initial_weights_go_with_an_input(experiment: Experiment) -> None:
    given = replace(experiment, parameters={"W1": [[1.0, 2.0], [3.0, 4.0]]})
    assert table_edits.remove_column(given, "size").experiment.parameters is None
    assert table_edits.remove_column(given, "count").experiment.parameters is not None


def test_only_a_table_in_the_experiment_is_edited() -> None:
    with pytest.raises(ExperimentError, match="copy the data into the experiment first"):
        table_edits.add_row(open_sample("circles"), 0)


def names_in(data: DataSpec) -> set[str]:
    """Every text in a spec but the cells of its table."""

    def texts(value: object) -> set[str]:
        if isinstance(value, str):
            return {value}
        if isinstance(value, dict):
            return {text for pair in value.items() for part in pair for text in texts(part)} - KEYS
        return {text for part in value for text in texts(part)} if isinstance(value, list | tuple) else set()

    raw = msgspec.to_builtins(data)
    raw["source"] = raw["source"]["columns"]
    return texts(list(raw.values()))
