"""Giving a column another role, and the steps that this needs."""

import numpy as np
import pytest

from nnstudio.data import sources
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline import Encode, Gaps
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.roles import Role, role_of, set_role, with_needed_steps

COLUMNS = ("size", "colour", "weight", "person", "kind")
ROWS = tuple(
    (float(n) if n != 3 else None, ("red", "green", None)[n % 3], 1.0 + n % 2, f"p{n % 4}", "ab"[n % 2])
    for n in range(24)
)
EXPERIMENT = Experiment(
    data=DataSpec(InlineSource(COLUMNS, ROWS), inputs=("weight",), targets=("kind",)),
    network=Network((LayerSpec(2, "softmax"),)),
)


def changed(*moves: tuple[str, Role], experiment: Experiment = EXPERIMENT) -> Experiment:
    for name, role in moves:
        dataset = sources.load(experiment.data.source, None)
        data = prepare(dataset, experiment.data, 0)
        experiment = set_role(experiment, dataset, data, (name,), role).experiment
    return experiment


def roles(experiment: Experiment) -> dict[str, Role]:
    dataset = sources.load(experiment.data.source, None)
    data = prepare(dataset, experiment.data, 0)
    return {name: role_of(name, experiment.data, dataset, data) for name in COLUMNS}


def test_an_input_with_gaps_gets_them_filled() -> None:
    made = changed(("size", Role.INPUT))
    assert made.data.inputs == ("size", "weight")
    assert made.data.pipeline == (Gaps(how=Gap.MEDIAN),)
    data = prepare(sources.load(made.data.source, None), made.data, 0)
    assert np.isfinite(data.train.X).all()


def test_text_becomes_an_input_one_hot() -> None:
    made = changed(("colour", Role.INPUT))
    assert made.data.pipeline == (Gaps(how=Gap.MOST_FREQUENT, columns=("colour",)), Encode())
    assert roles(made)["colour"] is Role.INPUT


def test_steps_that_are_there_are_not_added_again() -> None:
    made = changed(("colour", Role.INPUT), ("size", Role.INPUT), ("person", Role.INPUT))
    assert sum(isinstance(step, Encode) for step in made.data.pipeline) == 1
    assert with_needed_steps(made.data, sources.load(made.data.source, None)) == made.data


def test_weight_and_group_leave_the_inputs() -> None:
    made = changed(("size", Role.INPUT), ("weight", Role.WEIGHT), ("person", Role.GROUP))
    assert roles(made) == {
        "size": Role.INPUT,
        "colour": Role.IGNORED,
        "weight": Role.WEIGHT,
        "person": Role.GROUP,
        "kind": Role.TARGET,
    }
    assert changed(("weight", Role.IGNORED), experiment=made).data.weight is None


def test_text_is_a_target_alone_and_numbers_go_together() -> None:
    assert changed(("size", Role.INPUT), ("person", Role.TARGET)).data.targets == ("person",)
    alone = changed(("size", Role.INPUT), ("weight", Role.TARGET))
    assert alone.data.targets == ("weight",)
    assert "kind" not in alone.data.inputs


def test_the_last_target_and_the_last_input_stay() -> None:
    with pytest.raises(DataError, match="'kind' is the target; choose another column as the target first"):
        changed(("kind", Role.IGNORED))
    with pytest.raises(DataError, match="'weight' is the last input"):
        changed(("weight", Role.IGNORED))
