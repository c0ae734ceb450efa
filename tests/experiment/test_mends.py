"""Each warning about the data goes away by the edit that is offered with it."""

from typing import Any

import numpy as np

from nnstudio.data import sources
from nnstudio.data.exploring import FindingKind, findings
from nnstudio.data.preparation import prepare
from nnstudio.data.spec import DataSpec, InlineSource, SampleSource, SplitBy, SplitSpec
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.mends import mend_of

RNG = np.random.default_rng(0)


def experiment(columns: tuple[str, ...], rows: list[tuple[object, ...]], **split: Any) -> Experiment:
    data = DataSpec(InlineSource(columns, tuple(rows)), split=SplitSpec(**split))  # type: ignore[arg-type]
    return Experiment(data=data, network=Network((LayerSpec(2, "softmax"),)))


def kinds(made: Experiment) -> set[FindingKind]:
    dataset = sources.load(made.data.source, None)
    return {finding.kind for finding in findings(dataset, prepare(dataset, made.data, made.seed))}


def mended(made: Experiment, kind: FindingKind) -> Experiment:
    dataset = sources.load(made.data.source, None)
    data = prepare(dataset, made.data, made.seed)
    finding = next(finding for finding in findings(dataset, data) if finding.kind is kind)
    mend = mend_of(finding, made, dataset, data)
    assert mend is not None
    assert mend.text
    return mend.make().experiment


def goes_away(made: Experiment, kind: FindingKind) -> Experiment:
    assert kind in kinds(made)
    after = mended(made, kind)
    assert kind not in kinds(after)
    return after


def test_constant_columns_and_those_that_say_the_same_are_left_out() -> None:
    rows = [(x, 2 * x, 1.0, float(n == 0), "ab"[n % 2]) for n, x in enumerate(RNG.normal(size=120).tolist())]
    made = experiment(("x", "double", "same", "rare", "class"), rows)
    for kind in (FindingKind.CONSTANT, FindingKind.NEARLY_CONSTANT, FindingKind.ALIKE):
        made = goes_away(made, kind)
    assert made.data.inputs == ("x",)


def test_repeated_rows_are_removed() -> None:
    rows: list[tuple[object, ...]] = [(float(n), "ab"[n % 2]) for n in range(20)] * 2
    made = goes_away(experiment(("x", "class"), rows, validation=0.5), FindingKind.SHARED_ROWS)
    assert isinstance(made.data.source, InlineSource)
    assert [row[0] for row in made.data.source.rows] == list(range(20))


def test_a_table_from_elsewhere_is_copied_without_its_repeats() -> None:
    made = Experiment(data=DataSpec(SampleSource("iris")), network=Network((LayerSpec(3, "softmax"),)))
    after = goes_away(made, FindingKind.DUPLICATE_ROWS)
    assert isinstance(after.data.source, InlineSource)
    assert len(after.data.source.rows) == 149


def test_columns_with_gaps_are_used_with_the_gaps_filled() -> None:
    rows = [(float(n), None if n % 5 == 0 else n / 7, "ab"[n % 2]) for n in range(40)]
    after = goes_away(experiment(("x", "holes", "class"), rows), FindingKind.GAPS)
    assert after.data.inputs == ("x", "holes")


def test_rare_classes_count_more() -> None:
    rows = [(x, "rare" if n < 5 else "common") for n, x in enumerate(RNG.normal(size=100).tolist())]
    goes_away(experiment(("x", "class"), rows), FindingKind.IMBALANCE)


def test_columns_of_different_size_are_standardized_and_far_values_clipped() -> None:
    values = RNG.normal(size=(200, 2))
    values[0, 0] = 40
    rows = [(x, 1000 * z, "ab"[n % 2]) for n, (x, z) in enumerate(values.tolist())]
    made = experiment(("x", "z", "class"), rows)
    goes_away(made, FindingKind.SCALES)
    goes_away(made, FindingKind.FAR_OUT)


def test_numbers_that_may_be_classes_are_made_classes() -> None:
    rows: list[tuple[object, ...]] = [(x, float(n % 5 + 1)) for n, x in enumerate(RNG.normal(size=60).tolist())]
    made = goes_away(experiment(("x", "rating"), rows), FindingKind.PERHAPS_CLASSES)
    assert prepare(sources.load(made.data.source, None), made.data, 0).classes == tuple("12345")


def test_parts_that_differ_are_drawn_at_random() -> None:
    rows = [(float(n), "ab"[n % 2]) for n in range(200)]
    made = experiment(("x", "class"), rows, validation=0.3, by=SplitBy.ORDER)
    assert goes_away(made, FindingKind.DRIFT).data.split.by is SplitBy.STRATIFIED
