"""Columns of dates: their bars are the counts of pandas by day, month and year, in order, with none left out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.exploring import NO_GROUP, DateSummary, Grouping, dates_histogram_of, dates_summary_of

GAP = float("nan")


def days(*texts):
    return np.array([GAP if not text else np.datetime64(text, "D").astype(float) for text in texts])


@given(
    st.lists(st.integers(-200_000, 200_000), min_size=1, max_size=40),
    st.sampled_from([1, 10, 300, 5_000]),
)
def test_the_bars_are_the_counts_of_pandas(numbers, spread):
    values = numbers[0] + np.array(numbers) % spread + 0.25  # at six in the morning
    found = dates_histogram_of(values)
    unit = {10: "D", 7: "M", 4: "Y"}[len(found.names[0])]
    dates = pd.Series(np.floor(values).astype(int).astype("datetime64[D]").astype("datetime64[s]"))
    counts = dates.dt.to_period(unit).value_counts().sort_index()
    every = pd.period_range(counts.index[0], counts.index[-1], freq=unit)
    assert found.names == tuple(map(str, every))
    assert found.totals.tolist() == counts.reindex(every, fill_value=0).tolist()


@pytest.mark.parametrize(
    ("first", "last", "begin", "end", "bars"),
    [
        ("2026-02-27", "2026-03-02", "2026-02-27", "2026-03-02", 4),
        ("2025-11-30", "2026-02-01", "2025-11", "2026-02", 4),
        ("1969-05-05", "1973-01-01", "1969", "1973", 5),
        ("1961-01-01", "2001-01-01", "1960–1969", "2000–2009", 5),
        ("1799-12-31", "2201-01-01", "1700–1799", "2200–2299", 6),
    ],
)
def test_a_bar_is_as_short_a_time_as_leaves_few_enough(first, last, begin, end, bars):
    found = dates_histogram_of(days(first, last))
    assert (found.names[0], found.names[-1], len(found.names)) == (begin, end, bars)
    assert (found.counts[0, 0], found.counts[0, -1], found.totals.sum()) == (1, 1, 2)


def test_bars_are_split_by_class_and_leave_out_gaps_and_rows_of_none():
    grouping = Grouping("y", ("no", "yes"), np.array([0, 1, 1, NO_GROUP, 0]))
    found = dates_histogram_of(days("2026-01-01", "2026-01-01", "2026-01-02", "2026-01-02", ""), grouping)
    assert found.counts.tolist() == [[1, 0], [1, 1]]


def test_the_summary_of_dates_is_from_when_to_when():
    found = dates_summary_of(days("2026-03-05", "", "2025-12-31", "2025-12-31"))
    assert found == DateSummary(count=3, gaps=1, distinct=2, first="2025-12-31", last="2026-03-05")
    assert dates_summary_of(days("2026-03-05", "2026-03-05")).constant


def test_a_column_without_any_date_has_no_bars():
    assert dates_histogram_of(days("", "")).totals.sum() == 0
    assert dates_summary_of(days("", "")) == DateSummary(0, 2, 0, "", "")
