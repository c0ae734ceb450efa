"""Each step: what becomes of the columns, and in which words it is refused."""

import numpy as np
import pytest

from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale
from nnstudio.data.pipeline.clip import Limits
from nnstudio.data.pipeline.derive import Derived
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.sample import Sampling
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.spec import ColumnSpec, ColumnType, MissingTargets, MissingUse, SplitBy, SplitSpec

from .preparing import column, prepared, refusal, table

LAST = SplitSpec(validation=0.25, by=SplitBy.ORDER)


def numbers(*values: float | None, **others: object):
    return table(a=values, **others, y=[float(row) for row in range(len(values))])


class TestGaps:
    def test_rows_are_dropped_before_they_are_split(self):
        dataset = numbers(1.0, None, 3.0, 4.0, None, 6.0, 7.0, 8.0)
        data = prepared(dataset, Gaps(how=Gap.DROP), split=SplitSpec(validation=0.5))
        assert len(data.train.rows) == len(data.validation.rows) == 3
        assert not {1, 4} & {*data.train.rows.tolist(), *data.validation.rows.tolist()}
        assert data.notes == ("2 of 8 rows have gaps and are dropped",)

    def test_only_gaps_that_no_earlier_step_fills_cost_rows(self):
        dataset = numbers(1.0, None, 3.0, 4.0, b=[None, 1.0, 1.0, 1.0])
        data = prepared(dataset, Gaps(how=Gap.MEAN, columns=("a",)), Gaps(how=Gap.DROP))
        assert data.train.rows.tolist() == [1, 2, 3]
        assert column(data, "a") == [3.5, 3.0, 4.0]

    def test_what_an_encoding_would_hide_is_dropped_all_the_same(self):
        dataset = numbers(1.0, 2.0, 3.0, kind=["p", None, "q"])
        assert prepared(dataset, Encode(), Gaps(how=Gap.DROP)).train.rows.tolist() == [0, 2]

    def test_no_row_left_is_refused(self):
        message = refusal(numbers(None, 2.0, b=[1.0, None]), Gaps(how=Gap.DROP), inputs=("a", "b"))
        assert message.startswith("every row has a gap and is dropped; ")

    def test_unlabelled_rows_with_gaps_are_dropped_too(self):
        dataset = table(a=[1.0, 2.0, None, 4.0], y=[1.0, 2.0, None, None])
        assert prepared(dataset, Gaps(how=Gap.DROP)).unlabelled.rows.tolist() == [3]

    def test_a_gap_is_marked_by_a_column_of_its_own(self):
        data = prepared(numbers(1.0, None, 3.0, b=[1.0, 2.0, 3.0]), Gaps(how=Gap.MEAN, mark=True))
        assert data.input_names == ("a", "b", "a missing")
        assert column(data, "a missing") == [0.0, 1.0, 0.0]

    def test_a_mark_is_not_scaled_with_the_numbers(self):
        data = prepared(numbers(1.0, None, 3.0), Gaps(mark=True), Scale())
        assert column(data, "a missing") == [0.0, 1.0, 0.0]

    def test_the_least_of_several_most_frequent_values_is_taken(self):
        assert column(prepared(numbers(3.0, None, 1.0), Gaps(how=Gap.MOST_FREQUENT)), "a") == [3.0, 1.0, 1.0]

    def test_constants_without_a_value_are_0_and_missing(self):
        dataset = numbers(None, 2.0, 3.0, kind=["p", None, "q"])
        data = prepared(dataset, Gaps(how=Gap.CONSTANT), Encode())
        assert data.input_names == ("a", "kind=missing", "kind=p", "kind=q")
        assert column(data, "a") == [0.0, 2.0, 3.0]
        assert column(data, "kind=missing") == [0.0, 1.0, 0.0]

    def test_a_gap_that_is_left_is_refused_with_its_row(self):
        message = refusal(numbers(1.0, None, b=[1.0, 2.0]), Gaps(columns=("b",)), Scale())
        assert message.startswith("row 2, column 'a': the cell is empty; ")
        assert "add a step that fills or drops gaps" in message

    def test_a_column_that_is_all_gaps_in_training_is_refused(self):
        message = refusal(numbers(None, None, None, 4.0), Gaps(), split=LAST)
        assert message.startswith("$.data.pipeline[0]: column 'a' has a gap in every training row; ")

    def test_a_mistake_is_no_gap(self):
        dataset = table(a=[1.0, 2.0, 3.0, "4,x"], y=[1.0, 2.0, 3.0, 4.0])
        assert refusal(dataset, Gaps()).startswith("row 4, column 'a': '4,x' is not a number")

    @pytest.mark.parametrize(("value", "what"), [("none", "cannot be filled with 'none'"), (3.0, "the number 3")])
    def test_a_constant_must_suit_its_column(self, value, what):
        dataset = numbers(None, 2.0, kind=["p", None])
        name = "a" if isinstance(value, str) else "kind"
        message = refusal(dataset, Gaps(how=Gap.CONSTANT, value=value, columns=(name,)), Encode())
        assert message.startswith("$.data.pipeline[0].columns[0]: ")
        assert what in message


class TestEncode:
    def test_binary_digits_count_from_one(self):
        dataset = numbers(*range(5), kind=["d", "a", "b", "c", "a"])
        data = prepared(dataset, Encode(how=Encoding.BINARY), inputs=("kind",))
        assert data.input_names == ("kind bit 1", "kind bit 2", "kind bit 3")
        assert data.train.X.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 0, 1]]

    @pytest.mark.parametrize(
        ("how", "row", "says"),
        [
            (Encoding.ONE_HOT, [0, 0], "it is 0 in all columns of the encoding"),
            (Encoding.BINARY, [0, 0], "it is 0 in all columns of the encoding"),
            (Encoding.ORDINAL, [-1], "it counts as −1"),
        ],
    )
    def test_a_category_that_was_never_learned_is_defined_and_noted(self, how, row, says):
        dataset = numbers(*range(4), kind=["p", "q", "p", "new"])
        data = prepared(dataset, Encode(how=how), inputs=("kind",), split=LAST)
        assert data.validation.X.tolist() == [row]
        assert data.notes == (f"step 1: 'kind' is 'new' in 1 row, which no training row is: {says}",)

    def test_a_column_of_numbers_can_be_named(self):
        data = prepared(numbers(3.0, 10.0, 3.0), Encode(columns=("a",)))
        assert data.input_names == ("a=3", "a=10")

    def test_categories_that_are_numbers_are_sorted_as_numbers(self):
        categories = {"a": ColumnSpec(type=ColumnType.CATEGORICAL)}
        data = prepared(numbers(10.0, 9.0, 0.5), Encode(), columns=categories)
        assert data.input_names == ("a=0.5", "a=9", "a=10")

    def test_names_that_are_taken_get_a_number(self):
        dataset = table(kind=["p", "q"], **{"kind=p": [1.0, 2.0]}, y=[1.0, 2.0])
        assert prepared(dataset, Encode()).input_names == ("kind=p (2)", "kind=q", "kind=p")

    def test_text_that_no_step_encodes_is_refused(self):
        message = refusal(numbers(1.0, 2.0, kind=["p", "q"]), Scale())
        assert message.startswith("column 'kind' holds text, and inputs are numbers; ")
        assert "add a step that encodes it" in message


class TestScale:
    def test_each_column_can_be_scaled_in_its_own_way(self):
        dataset = numbers(0.0, 5.0, 10.0, b=[0.0, np.e - 1, 0.0])
        data = prepared(dataset, Scale(how=Scaler.MIN_MAX, columns=("a",)), Scale(how=Scaler.LOG, columns=("b",)))
        assert pytest.approx(np.array([[0.0, 0.0], [0.5, 1.0], [1.0, 0.0]])) == data.train.X

    @pytest.mark.parametrize("how", [Scaler.STANDARDIZE, Scaler.MIN_MAX, Scaler.ROBUST])
    def test_a_constant_column_is_only_moved_and_noted(self, how):
        data = prepared(numbers(0.1, 0.1, 0.1), Scale(how=how))
        assert column(data, "a") == pytest.approx([0.0] * 3, abs=1e-15)
        assert "step 1: 'a' is 0.1 in every training row, so there is nothing to scale it by" in data.notes

    def test_the_logarithm_of_a_negative_number_is_refused_with_its_row(self):
        message = refusal(numbers(1.0, 2.0, -5.0), Scale(how=Scaler.LOG))
        assert message.startswith("$.data.pipeline[0]: row 3 of 'a' is -5, and log(1 + x) needs numbers above −1; ")

    def test_numbers_too_large_are_refused(self):
        assert "too large to scale" in refusal(numbers(1e300, -1e300), Scale())

    def test_text_is_refused_with_its_place(self):
        message = refusal(numbers(1.0, 2.0, kind=["p", "q"]), Scale(columns=("a", "kind")), Encode())
        assert message.startswith("$.data.pipeline[0].columns[1]: 'kind' holds text, and this step needs numbers; ")


class TestClip:
    def test_values_beyond_the_limits_are_put_on_them(self):
        assert column(prepared(numbers(-9.0, 0.5, 9.0), Clip(low=0.0, high=1.0)), "a") == [0.0, 0.5, 1.0]
        assert column(prepared(numbers(-9.0, 0.5, 9.0), Clip(high=1.0)), "a") == [-9.0, 0.5, 1.0]

    @pytest.mark.parametrize(
        ("step", "message"),
        [
            (Clip(), "$.data.pipeline[0] has neither low nor high; "),
            (Clip(low=2.0, high=1.0), "$.data.pipeline[0].low is 2, but high is 1; "),
            (Clip(how=Limits.QUANTILES, high=95.0), "$.data.pipeline[0].high is 95; a quantile is from 0 to 1"),
        ],
    )
    def test_limits_that_cannot_be_are_refused(self, step, message):
        assert refusal(numbers(1.0, 2.0), step).startswith(message)


class TestDerivedColumns:
    def test_they_can_take_the_place_of_what_they_are_made_of(self):
        step = Derive(what=(Derived.SQUARE,), columns=("a",), keep=False)
        assert prepared(numbers(1.0, 2.0, b=[3.0, 4.0]), step).input_names == ("b", "a²")

    def test_polynomial_terms_are_named_by_their_powers(self):
        data = prepared(numbers(1.0, 2.0, b=[3.0, 4.0]), Polynomial(degree=3))
        assert data.input_names == ("a", "b", "a²", "a·b", "b²", "a³", "a²·b", "a·b²", "b³")

    def test_too_many_columns_are_refused_before_they_are_made(self):
        wide = table(**{f"x{n}": [1.0, 2.0] for n in range(200)}, y=[1.0, 2.0])
        assert "columns, more than 10,000; use a lower degree" in refusal(wide, Polynomial(degree=4))
        assert "columns, more than 10,000; name the columns" in refusal(wide, Derive())

    def test_numbers_that_grow_too_large_are_refused(self):
        message = refusal(numbers(1e200, 2.0), Polynomial())
        assert message.startswith("input 'a²' is too large to be a number in row 1; ")
        message = refusal(numbers(1e200, 2.0), Polynomial(), Components(count=1))
        assert message.startswith("$.data.pipeline[1]: column 'a²' has numbers that are too large; ")

    def test_a_degree_must_be_at_least_two(self):
        assert refusal(numbers(1.0, 2.0), Polynomial(degree=1)).startswith("$.data.pipeline[0].degree is 1; ")


class TestComponents:
    def test_they_take_the_place_of_the_numbers_and_say_what_they_carry(self):
        dataset = numbers(1.0, 2.0, 3.0, b=[2.0, 4.0, 6.0], kind=["p", "q", "p"])
        data = prepared(dataset, Encode(), Components(share=0.9))
        assert data.input_names == ("component 1", "kind=p", "kind=q")
        assert data.stages[2].found == "100 % of the variance"

    @pytest.mark.parametrize(
        ("step", "message"),
        [
            (Components(), "$.data.pipeline[0] needs either count or share; "),
            (Components(count=1, share=0.5), "$.data.pipeline[0] needs either count or share; "),
            (Components(count=0), "$.data.pipeline[0].count is 0; "),
            (Components(count=3), "$.data.pipeline[0].count is 3, more than the 1 there are; "),
            (Components(share=1.0), "$.data.pipeline[0].share is 1; "),
        ],
    )
    def test_what_cannot_be_is_refused(self, step, message):
        assert refusal(numbers(1.0, 2.0, 4.0), step).startswith(message)

    def test_a_gap_is_refused_with_its_row(self):
        message = refusal(numbers(1.0, None, 3.0), Components(count=1), Gaps())
        assert message.startswith("$.data.pipeline[0]: column 'a' has a gap in row 2, ")


class TestSample:
    KINDS = ["a"] * 9 + ["b"] * 3

    def sampled(self, how: Sampling, seed: int = 0):
        dataset = table(x=[float(row) for row in range(12)], y=self.KINDS)
        return prepared(dataset, Sample(how=how), seed=seed, split=SplitSpec(validation=1 / 3))

    def test_undersampling_leaves_as_many_of_each_class_as_the_rarest_has(self):
        data = self.sampled(Sampling.UNDER)
        assert data.train.Y.sum(axis=0).tolist() == [2, 2]
        assert len(set(data.train.rows.tolist())) == 4
        assert data.validation.Y.sum(axis=0).tolist() == [3, 1]

    def test_oversampling_repeats_rows_as_often_as_each_other(self):
        data = self.sampled(Sampling.OVER)
        assert data.train.Y.sum(axis=0).tolist() == [6, 6]
        rows, times = np.unique(data.train.rows, return_counts=True)
        assert times[[self.KINDS[row] == "b" for row in rows]].tolist() == [3, 3]
        assert data.train.X[:, 0].tolist() == data.train.rows.tolist()

    def test_it_depends_on_the_seed_alone(self):
        split = SplitSpec(validation=0.25, by=SplitBy.ORDER)
        dataset = table(x=[float(row) for row in range(12)], y=["a", "a", "b"] * 4)
        drawn = [prepared(dataset, Sample(), seed=seed, split=split).train.rows.tolist() for seed in (0, 0, 1, 2, 3)]
        assert drawn[0] == drawn[1]
        assert len({tuple(rows) for rows in drawn}) > 1

    def test_what_comes_after_it_is_fitted_to_the_rows_it_draws(self):
        dataset = table(x=[0.0, 0.0, 0.0, 8.0], y=["a", "a", "a", "b"])
        assert prepared(dataset, Sample(how=Sampling.OVER), Scale()).train.X.mean() == pytest.approx(0.0)
        assert prepared(dataset, Scale(), Sample(how=Sampling.OVER)).train.X.mean() > 0.3

    def test_values_have_no_classes_to_draw_by(self):
        assert refusal(numbers(1.0, 2.0, 3.0), Sample()).startswith("$.data.pipeline[0]: sampling is for classes, ")

    def test_it_is_for_no_columns(self):
        dataset = table(x=[1.0, 2.0], y=["a", "b"])
        message = refusal(dataset, Sample(columns=("x",)))
        assert message == "$.data.pipeline[0].columns: sampling draws whole rows; name no columns"

    def test_zeros_and_ones_are_classes(self):
        dataset = table(x=[1.0, 2.0, 3.0], y=[0.0, 0.0, 1.0])
        assert len(prepared(dataset, Sample()).train.rows) == 2


class TestTheList:
    def test_there_is_a_stage_for_each_step_with_the_shape_after_it(self):
        dataset = numbers(1.0, None, 3.0, 4.0, kind=["p", "q", "p", "q"])
        data = prepared(dataset, Gaps(mark=True), Encode(), Scale(on=False), Derive(columns=("a",)), split=LAST)
        assert [stage.shape for stage in data.stages] == [(3, 2), (3, 3), (3, 4), (3, 4), (3, 6)]
        assert data.stages[1].names == ("a", "kind", "a missing")
        assert data.stages[3].step == Scale(on=False)
        assert data.stages[-1].names == data.input_names

    def test_a_step_that_is_off_is_passed_over_even_where_it_could_not_be_done(self):
        data = prepared(numbers(1.0, 2.0), Scale(columns=("no such",), on=False))
        assert column(data, "a") == [1.0, 2.0]
        assert data.plain

    def test_the_order_is_that_of_the_list(self):
        first = prepared(numbers(-1.0, 0.0, 3.0), Clip(low=0.0), Scale(how=Scaler.MIN_MAX))
        second = prepared(numbers(-1.0, 0.0, 3.0), Scale(how=Scaler.MIN_MAX), Clip(low=0.0))
        assert column(first, "a") == [0.0, 0.0, 1.0]
        assert column(second, "a") == [0.0, 0.25, 1.0]

    def test_standardizing_comes_behind_all_steps(self):
        data = prepared(numbers(1.0, 2.0, 3.0), Derive(what=(Derived.SQUARE,)), standardize=True)
        assert data.train.X.mean(axis=0) == pytest.approx([0.0, 0.0])
        assert data.train.X.std(axis=0) == pytest.approx([1.0, 1.0])

    def test_an_unknown_column_is_named_with_its_place_and_the_closest_there_is(self):
        message = refusal(numbers(1.0, 2.0, age=[1.0, 2.0]), Scale(), Scale(columns=("a", "agee")))
        assert message.startswith("$.data.pipeline[1].columns[1]: there is no column 'agee' at this step; ")
        assert "did you mean 'age'?" in message

    def test_a_column_that_an_earlier_step_took_away_is_unknown(self):
        message = refusal(numbers(1.0, 2.0, kind=["p", "q"]), Encode(), Gaps(columns=("kind",)))
        assert message.startswith("$.data.pipeline[1].columns[0]: there is no column 'kind' at this step; ")

    def test_a_column_named_twice_is_refused(self):
        message = refusal(numbers(1.0, 2.0), Scale(columns=("a", "a")))
        assert message == "$.data.pipeline[0].columns[1]: column 'a' is listed twice; name it once"

    def test_pseudo_labelled_rows_are_learned_from_by_the_steps_too(self):
        dataset = table(a=[0.0, 2.0, 10.0], y=["p", "q", None])
        missing = MissingTargets(MissingUse.PSEUDO_LABELS)
        data = prepared(dataset, Scale(), missing_targets=missing)
        assert np.concatenate((data.train.X, data.unlabelled.X)).mean() == pytest.approx(0.0)
        assert prepared(dataset, Scale()).train.X.mean() == pytest.approx(0.0)
