"""Looking at a table: its numbers are those of pandas, SciPy and NumPy; each warning comes where it should."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ks_2samp

from nnstudio.data import sources
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.exploring import (
    NO_GROUP,
    FindingKind,
    NumberSummary,
    TextSummary,
    correlations,
    findings,
    grouping_of,
    histogram_of,
    summary_of,
)
from nnstudio.data.exploring.drift import distance, drifts
from nnstudio.data.preparation import prepare
from nnstudio.data.samples import SAMPLES
from nnstudio.data.spec import DataSpec, InlineSource, SplitSpec

NUMBERS = st.floats(-1e6, 1e6, width=32)
SOME = arrays(np.float64, st.integers(2, 60), elements=NUMBERS)


def numbers(values, name="x"):
    values = np.asarray(values, dtype=np.float64)
    missing = np.isnan(values)
    return Column(name, ColumnKind.NUMBER, values, missing=missing if missing.any() else None)


def texts(values, name="t"):
    cells = np.array(values, dtype=object)
    missing = cells == ""
    return Column(name, ColumnKind.TEXT, cells, missing=missing if missing.any() else None)


def looked_at(columns, rows, **spec):
    data = DataSpec(InlineSource(tuple(columns), tuple(rows)), **spec)
    dataset = sources.load(data.source, None)
    return {finding.kind: finding for finding in findings(dataset, prepare(dataset, data, 0))}


@given(SOME)
def test_a_summary_is_that_of_pandas(values):
    summary, series = summary_of(numbers(values)), pd.Series(values)
    assert isinstance(summary, NumberSummary)
    told = series.describe()
    found = [summary.mean, summary.deviation, summary.least, summary.lower, summary.median, summary.upper, summary.most]
    assert np.allclose(found, told[["mean", "std", "min", "25%", "50%", "75%", "max"]], rtol=1e-12, atol=1e-9)
    assert summary.distinct == series.nunique()
    low, high = summary.fences
    assert summary.outliers == int(((series < low) | (series > high)).sum())


def test_gaps_are_counted_and_left_out():
    summary = summary_of(numbers([1, np.nan, 3, np.nan]))
    assert (summary.count, summary.gaps, summary.mean, summary.distinct) == (2, 2, 2.0, 2)


def test_a_column_of_gaps_alone_is_unknown():
    summary = summary_of(numbers([np.nan, np.nan]))
    assert (summary.count, summary.gaps) == (0, 2)
    assert np.isnan(summary.mean)
    assert len(histogram_of(numbers([np.nan, np.nan])).counts[0]) == 1


def test_texts_have_their_most_frequent_values():
    summary = summary_of(texts(["b", "a", "b", "", "c"]))
    assert summary == TextSummary(count=4, gaps=1, distinct=3, frequent=(("b", 2), ("a", 1), ("c", 1)))


@given(SOME)
def test_every_row_is_in_one_bar(values):
    histogram = histogram_of(numbers(values))
    assert histogram.counts.sum() == len(values)
    assert (np.diff(histogram.edges) > 0).all()
    if not histogram.names:
        assert np.array_equal(histogram.totals, np.histogram(values, histogram.edges)[0])


def test_few_whole_numbers_have_a_bar_each():
    histogram = histogram_of(numbers([1, 1, 2, 4]))
    assert histogram.totals.tolist() == [2, 1, 0, 1]
    assert histogram.edges.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]


def test_bars_are_split_by_class():
    grouping = grouping_of(texts(["no", "yes", "no", ""], "answer"))
    histogram = histogram_of(numbers([1, 1, 2, 2]), grouping)
    assert grouping.names == ("no", "yes")
    assert grouping.of.tolist() == [0, 1, 0, NO_GROUP]
    assert histogram.counts.tolist() == [[1, 1], [1, 0]]


def test_many_texts_share_the_last_bar():
    histogram = histogram_of(texts([f"t{n:02}" for n in range(30)] + ["t29"]))
    assert histogram.names[0] == "t29"
    assert histogram.names[-1] == "19 others"
    assert histogram.totals.sum() == 31


def test_a_column_of_too_many_values_makes_no_groups():
    assert grouping_of(numbers(np.arange(50))) is None
    assert grouping_of(numbers(np.ones(5))) is None
    assert grouping_of(numbers([3, 1, 3, np.nan])).names == ("1", "3")


@given(arrays(np.float64, st.tuples(st.integers(3, 40), st.integers(2, 5)), elements=st.floats(-100, 100)))
def test_correlations_are_those_of_pandas_gaps_included(table):
    table[0, 0] = np.nan
    columns = [numbers(table[:, n], f"x{n}") for n in range(table.shape[1])]
    ours, theirs = correlations(columns), pd.DataFrame(table).corr().to_numpy()
    known = np.isfinite(ours) & np.isfinite(theirs)
    spread = np.nanstd(table, axis=0)
    telling = known & (np.minimum.outer(spread, spread) > 1e-3)  # hardly varying columns are rounding alone
    assert np.allclose(ours[telling], theirs[telling], atol=1e-6)


def test_a_constant_column_has_no_correlation():
    found = correlations([numbers([1, 2, 3]), numbers([5, 5, 5])])
    assert found[0, 0] == pytest.approx(1)
    assert np.isnan(found[0, 1])
    assert np.isnan(found[1, 1])


@given(SOME, SOME)
def test_the_distance_of_two_samples_is_that_of_scipy(one, other):
    assert distance(one, other) == pytest.approx(ks_2samp(one, other, method="asymp").statistic, abs=1e-12)


def test_samples_of_one_source_rarely_drift():
    rng = np.random.default_rng(0)
    assert not any(drifts(rng.normal(size=200), rng.normal(size=100)) for _ in range(200))
    assert drifts(rng.normal(size=200), rng.normal(1, 1, size=100))


def test_the_samples_give_no_false_alarm():
    quiet = ("averages", "xor", "circles", "spirals", "sine", "wine", "diabetes")
    for name in quiet:
        spec = SAMPLES[name].data
        dataset = sources.load(spec.source, None)
        assert findings(dataset, prepare(dataset, spec, 0)) == (), name


def test_constant_and_nearly_constant_columns_are_found():
    rows = [(n * 0.37 % 1, 5.0, float(n == 7), "ab"[n % 2]) for n in range(200)]
    found = looked_at(("x", "same", "rare", "class"), rows)
    assert found[FindingKind.CONSTANT].columns == ("same",)
    assert found[FindingKind.NEARLY_CONSTANT].columns == ("rare",)
    assert "99.5 %" in found[FindingKind.NEARLY_CONSTANT].text


def test_repeated_rows_are_found_and_those_that_validation_shares():
    rows = [(float(n), float(-n % 7), "ab"[n % 2]) for n in range(30)] * 2
    found = looked_at(("x", "z", "class"), rows, split=SplitSpec(validation=0.5))
    assert found[FindingKind.DUPLICATE_ROWS].text.startswith("30 rows repeat")
    assert "looks better than it is" in found[FindingKind.SHARED_ROWS].text


def test_a_rare_class_is_found():
    rows = [(n * 0.37 % 1, "rare" if n < 5 else "common") for n in range(100)]
    assert (
        "'rare' is the class of 5 rows of 100 to learn from, 5 %"
        in looked_at(("x", "class"), rows)[FindingKind.IMBALANCE].text
    )


def test_columns_on_a_line_and_of_different_size_are_found():
    rng = np.random.default_rng(0)
    rows = [(x, 1000 * x + 3, z, "ab"[n % 2]) for n, (x, z) in enumerate(rng.normal(size=(40, 2)).tolist())]
    found = looked_at(("x", "thousandfold", "z", "class"), rows)
    assert found[FindingKind.ALIKE].columns == ("thousandfold",)
    assert found[FindingKind.SCALES].columns[-1] == "thousandfold"
    assert FindingKind.SCALES not in looked_at(("x", "thousandfold", "z", "class"), rows, standardize=True)


def test_far_values_are_found():
    values = [*np.linspace(0, 1, 60).tolist(), 99.0]
    rows = [(value, "ab"[n % 2]) for n, value in enumerate(values)]
    assert found_text(rows).startswith("'x' has values further out")


def found_text(rows):
    return looked_at(("x", "class"), rows)[FindingKind.FAR_OUT].text


def test_parts_that_differ_are_found():
    rng = np.random.default_rng(0)
    rows = [(x, "ab"[n % 2]) for n, x in enumerate(rng.normal(size=300).tolist())]
    data = DataSpec(InlineSource(("x", "class"), tuple(rows)), split=SplitSpec(validation=0.4))
    dataset = sources.load(data.source, None)
    prepared = prepare(dataset, data, 0)
    assert findings(dataset, prepared) == ()
    dataset.columns[0].values[prepared.validation.rows] += 1
    (finding,) = findings(dataset, prepare(dataset, data, 0))
    assert finding.kind is FindingKind.DRIFT
    assert finding.columns == ("x",)
