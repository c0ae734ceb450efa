"""Small tables, and what a list of steps makes of them."""

from collections.abc import Sequence

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline import Step
from nnstudio.data.preparation import PreparedData, prepare
from nnstudio.data.sources import load
from nnstudio.data.spec import DataSpec, InlineSource

ANY = InlineSource(("a",), ((0.0,),))  # prepare looks at the table it is given, never at the source


def table(**columns: Sequence[object]) -> Dataset:
    """A table as it is read, in which None is a missing cell."""
    return load(InlineSource(tuple(columns), tuple(zip(*columns.values(), strict=True))), None)


def prepared(dataset: Dataset, *steps: Step, seed: int = 0, **spec: object) -> PreparedData:
    """The target is `y` if there is such a column, and the inputs are all others, unless they are named."""
    spec.setdefault("targets", ("y",))
    spec.setdefault("inputs", tuple(name for name in dataset.names if name not in spec["targets"]))
    return prepare(dataset, DataSpec(ANY, pipeline=steps, **spec), seed)


def refusal(dataset: Dataset, *steps: Step, **spec: object) -> str:
    with pytest.raises(DataError) as caught:
        prepared(dataset, *steps, **spec)
    message = str(caught.value)
    assert "\n" not in message
    return message


def column(data: PreparedData, name: str) -> list[float]:
    """One input of the training rows."""
    values: np.ndarray = data.train.X[:, data.input_names.index(name)]
    return values.tolist()
