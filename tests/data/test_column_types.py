"""A column taken for what a user says it is: as an input, and as a target."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.dates import DateOrder, DatePart, date_order, part_of, read_date
from nnstudio.data.pipeline import Encode, Gaps, Scale
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.preparation import Task
from nnstudio.data.spec import ColumnSpec, ColumnType

from .pipeline.preparing import column, prepared, refusal, table

dates = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def taken(cells: list[object], **said: object) -> dict[str, object]:
    """A table of this column, and what is said of it."""
    return {"dataset": table(a=cells, y=list(range(len(cells)))), "columns": {"a": ColumnSpec(**said)}}


class TestDates:
    @given(dates)
    def test_a_date_is_its_days_since_1970(self, day):
        expected = (day - date(1970, 1, 1)).days
        assert read_date(day.isoformat(), None) == expected
        assert read_date(day.strftime("%d.%m.%Y"), DateOrder.DAY_FIRST) == expected
        assert read_date(f"{day.month}/{day.day}/{day.year}", DateOrder.MONTH_FIRST) == expected
        assert read_date(day.strftime("%Y/%m/%d"), None) == expected

    @given(dates)
    def test_its_parts_are_those_of_the_calendar(self, day):
        days = np.array([float((day - date(1970, 1, 1)).days), np.nan])
        found = {part: part_of(days, part) for part in DatePart}
        assert [found[part][0] for part in DatePart] == [day.year, day.month, day.day, day.isoweekday(), 0]
        assert all(np.isnan(values[1]) for values in found.values())

    @given(st.integers(0, 86_399))
    def test_the_time_of_day_is_a_fraction(self, second):
        clock = timedelta(seconds=second)
        text = f"2026-11-25T{clock}" if second >= 36_000 else f"2026-11-25T0{clock}"
        days = read_date(text, None)
        assert days == pytest.approx(20_782 + second / 86_400, abs=1e-9)
        assert part_of(np.array([days]), DatePart.HOUR).tolist() == [second // 3600]

    def test_times_elsewhere_count_as_utc(self):
        assert read_date("2026-11-25T01:00+02:00", None) == read_date("2026-11-24T23:00Z", None)

    @pytest.mark.parametrize("text", ["2026-02-30", "31.04.2026", "25/13/2026", "yesterday", "", "12", "1.2.3.4"])
    def test_what_is_no_date_is_not_read_as_one(self, text):
        assert np.isnan(read_date(text, DateOrder.DAY_FIRST))

    @pytest.mark.parametrize(
        ("texts", "order"),
        [
            (["3/4/2026", "13/4/2026"], DateOrder.DAY_FIRST),
            (["3/4/2026", "4/13/2026"], DateOrder.MONTH_FIRST),
            (["3.4.2026"], DateOrder.DAY_FIRST),
            (["3/3/2026"], DateOrder.DAY_FIRST),
            (["3/4/2026"], None),
            (["2026-04-03"], DateOrder.DAY_FIRST),
        ],
    )
    def test_what_comes_first_is_told_by_the_dates_or_must_be_said(self, texts, order):
        assert date_order(texts) is order

    def test_years_of_two_digits_are_of_1970_to_2069(self):
        assert read_date("25.11.26", None) == read_date("2026-11-25", None)
        assert read_date("25.11.70", None) == read_date("1970-11-25", None)

    def test_a_column_of_dates_becomes_days_with_the_parts_behind(self):
        cells = ["25.11.2026", "1.1.1970", "31.12.1969"]
        data = prepared(**taken(cells, type=ColumnType.DATE, parts=(DatePart.YEAR, DatePart.WEEKDAY)))
        assert data.input_names == ("a", "a year", "a weekday")
        assert data.train.X.tolist() == [[20_782, 2026, 3], [0, 1970, 4], [-1, 1969, 3]]

    def test_dates_of_which_the_order_is_not_known_are_refused(self):
        message = refusal(**taken(["3/4/2026", "1/2/2026"], type=ColumnType.DATE))
        assert message.startswith("$.data.columns.a.dates is missing: ")
        data = prepared(**taken(["3/4/2026", "1/2/1970"], type=ColumnType.DATE, dates=DateOrder.MONTH_FIRST))
        assert column(data, "a")[1] == 1.0

    def test_what_is_no_date_is_refused_with_its_row(self):
        message = refusal(**taken(["2026-11-25", "soon"], type=ColumnType.DATE))
        assert message.startswith("row 2, column 'a': 'soon' is not a date such as 2026-11-25; ")


class TestInputs:
    def test_an_ordinal_column_counts_by_its_order(self):
        cells = ["low", "high", "middle", "low"]
        said = {"type": ColumnType.ORDINAL, "order": ("low", "middle", "high")}
        assert column(prepared(**taken(cells, **said)), "a") == [0, 2, 1, 0]
        hot = prepared(taken(cells, **said)["dataset"], Encode(columns=("a",)), columns={"a": ColumnSpec(**said)})
        assert hot.input_names == ("a=low", "a=middle", "a=high")

    def test_an_ordinal_column_of_text_needs_its_order_and_every_category_in_it(self):
        message = refusal(**taken(["low", "high"], type=ColumnType.ORDINAL))
        assert message.startswith("$.data.columns.a.order is missing; ")
        message = refusal(**taken(["low", "high"], type=ColumnType.ORDINAL, order=("low",)))
        assert message.startswith("row 2, column 'a': 'high' is not one of low; ")
        message = refusal(**taken(["low", "high"], type=ColumnType.ORDINAL, order=("low", "low")))
        assert message == "$.data.columns.a.order names a category twice; name each once"

    @pytest.mark.parametrize(
        "cells", [["yes", "No", "YES"], [1.0, 0.0, 1.0], ["TRUE", "false", "t"], ["Ja", "nein", "ja"]]
    )
    def test_a_boolean_column_is_1_and_0(self, cells):
        assert column(prepared(**taken(cells, type=ColumnType.BOOLEAN)), "a") == [1, 0, 1]

    def test_a_boolean_column_is_not_scaled_with_the_numbers(self):
        made = taken(["yes", "no", "no"], type=ColumnType.BOOLEAN)
        assert column(prepared(made["dataset"], Scale(), columns=made["columns"]), "a") == [1, 0, 0]

    def test_what_is_neither_yes_nor_no_is_refused_with_its_row(self):
        message = refusal(**taken([1.0, 0.0, 2.0], type=ColumnType.BOOLEAN))
        assert message.startswith("row 3, column 'a': '2' is not yes or no, true or false, 1 or 0; ")

    def test_text_is_read_as_numbers_with_either_decimal_sign(self):
        cells = ["1,5", "x", "y", "2.5"]
        message = refusal(**taken(cells, type=ColumnType.NUMERIC))
        assert message.startswith("row 2, column 'a': 'x' is not a number; ")
        dataset = table(a=["1,5", "1,5", "3.0", ""], y=[0, 1, 2, 3])
        data = prepared(dataset, Gaps(), columns={"a": ColumnSpec(type=ColumnType.NUMERIC)})
        assert column(data, "a") == [1.5, 1.5, 3.0, 2.0]

    def test_gaps_stay_gaps(self):
        dataset = table(a=["low", None, "high"], y=[0, 1, 2])
        said = ColumnSpec(type=ColumnType.ORDINAL, order=("low", "high"))
        assert column(prepared(dataset, Gaps(), columns={"a": said}), "a") == [0.0, 0.5, 1.0]

    def test_a_column_that_does_not_exist_is_refused(self):
        message = refusal(table(age=[1.0], y=[1.0]), columns={"agee": ColumnSpec()})
        assert "$.data.columns: inline data has no column 'agee'; did you mean 'age'?" in message


class TestTargets:
    def test_numbers_said_to_be_categories_are_classes(self):
        made = table(x=[1.0, 2.0, 3.0], y=[10.0, 9.0, 10.0])
        data = prepared(made, columns={"y": ColumnSpec(type=ColumnType.CATEGORICAL)})
        assert (data.task, data.classes) == (Task.CLASSES, ("9", "10"))

    def test_classes_come_in_their_order(self):
        made = table(x=[1.0, 2.0, 3.0], y=["low", "high", "middle"])
        said = ColumnSpec(type=ColumnType.ORDINAL, order=("low", "middle", "high", "extreme"))
        data = prepared(made, columns={"y": said})
        assert data.classes == ("low", "middle", "high")
        assert data.train.Y.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]

    def test_a_class_that_is_not_in_the_order_is_refused(self):
        made = table(x=[1.0, 2.0], y=["low", "high"])
        message = refusal(made, columns={"y": ColumnSpec(type=ColumnType.ORDINAL, order=("low", "middle"))})
        assert message.startswith("column 'y' has 'high', which is not among the categories of its order; ")

    def test_yes_and_no_are_one_target_of_1_and_0(self):
        made = table(x=[1.0, 2.0, 3.0], y=["yes", "no", None])
        data = prepared(made, columns={"y": ColumnSpec(type=ColumnType.BOOLEAN)})
        assert data.train.Y.tolist() == [[1], [0]]
        assert data.unlabelled.rows.tolist() == [2]

    def test_dates_can_be_predicted_as_days(self):
        made = table(x=[1.0, 2.0], y=["2026-11-25", "2026-11-26"])
        data = prepared(made, columns={"y": ColumnSpec(type=ColumnType.DATE)}, standardize_targets=True)
        assert data.original_targets(data.train.Y)[:, 0] == pytest.approx([20_782, 20_783])


def test_an_ordinal_encoding_of_an_ordinal_column_changes_nothing():
    made = table(a=["low", "high"], y=[0, 1])
    said = {"a": ColumnSpec(type=ColumnType.ORDINAL, order=("low", "high"))}
    assert column(prepared(made, Encode(how=Encoding.ORDINAL), columns=said), "a") == [0, 1]
