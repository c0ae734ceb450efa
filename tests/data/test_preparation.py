"""From a table to training, validation and test arrays: what is promised about them, and what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData, Task, prepare
from nnstudio.data.samples import sample
from nnstudio.data.sources import load
from nnstudio.data.spec import (
    ColumnSpec,
    ColumnType,
    DataSpec,
    InlineSource,
    MissingTargets,
    MissingUse,
    SplitBy,
    SplitSpec,
    TargetKind,
)

ANY = InlineSource(("a",), ((0.0,),))  # prepare looks at the table it is given, never at the source


def table(**columns: list[float] | list[str]) -> Dataset:
    return Dataset("table", tuple(_column(name, values) for name, values in columns.items()))


def _column(name: str, values: list[float] | list[str]) -> Column:
    if isinstance(values[0], str):
        return Column(name, ColumnKind.TEXT, np.array(values, dtype=object))
    return Column(name, ColumnKind.NUMBER, np.array(values, dtype=np.float64))


def prepared(dataset: Dataset, seed: int = 0, **spec: object) -> PreparedData:
    return prepare(dataset, DataSpec(ANY, **spec), seed)


def refusal(dataset: Dataset, **spec: object) -> str:
    with pytest.raises(DataError) as caught:
        prepared(dataset, **spec)
    message = str(caught.value)
    assert "\n" not in message
    return message


class TestAutoencoder:
    def test_the_targets_are_the_inputs_as_they_are_prepared(self):
        dataset = table(a=[1.0, 2.0, 3.0, 4.0], b=[5.0, 5.0, 7.0, 9.0], kind=["p", "q", "p", "q"])
        data = prepared(dataset, target_kind=TargetKind.INPUTS, standardize=True, split=SplitSpec(validation=0.25))
        assert data.autoencoder
        assert data.target_names == data.input_names == ("a", "b")
        assert (data.task, data.classes) == (Task.VALUES, ())
        assert len(data.validation.X) == 1
        for part in (data.train, data.validation, data.test):
            assert part.Y is part.X
        assert data.train.Y.mean(axis=0) == pytest.approx(0.0, abs=1e-15)
        assert data.original_targets(data.train.Y) == pytest.approx(data.original_inputs(data.train.X), abs=0)

    def test_inputs_that_are_not_named_are_all_columns_of_numbers(self):
        data = prepared(table(a=[1.0, 2.0], y=[3.0, 4.0], name=["p", "q"]), target_kind=TargetKind.INPUTS)
        assert data.input_names == ("a", "y")

    def test_named_inputs_are_the_targets_in_their_order(self):
        data = prepared(
            table(a=[1.0, 2.0], b=[0.0, 1.0], y=[3.0, 4.0]), inputs=("y", "a"), target_kind=TargetKind.INPUTS
        )
        assert data.target_names == ("y", "a")

    def test_standardize_targets_has_no_effect_of_its_own(self):
        data = prepared(table(a=[1.0, 3.0]), target_kind=TargetKind.INPUTS, standardize_targets=True)
        assert data.train.Y.tolist() == [[1.0], [3.0]]

    def test_a_constant_column_is_noted_once(self):
        notes = prepared(table(a=[1.0, 2.0], b=[4.0, 4.0]), target_kind=TargetKind.INPUTS).notes
        assert notes == ("input 'b' is 4 in every training row; nothing can be learned from it",)

    def test_a_named_target_is_refused(self):
        message = refusal(table(a=[1.0, 2.0], y=[1.0, 2.0]), targets=("y",), target_kind=TargetKind.INPUTS)
        assert message.startswith("the targets are the inputs themselves, and column 'y' is named as a target too; ")

    def test_text_is_no_input_here_either(self):
        message = refusal(table(kind=["a", "b"], y=[1.0, 2.0]), inputs=("kind", "y"), target_kind=TargetKind.INPUTS)
        assert message.startswith("column 'kind' holds text, and inputs are numbers; ")


def gappy(**columns: list[object]) -> Dataset:
    """A table as it is read, in which None is a missing cell."""
    rows = tuple(zip(*columns.values(), strict=True))
    return load(InlineSource(tuple(columns), rows), None)


class TestRowsWithoutATarget:
    def test_they_are_left_out_and_counted(self):
        data = prepared(gappy(a=[1.0, 2.0, 3.0, 4.0], y=[5.0, None, 7.0, None]))
        assert data.train.rows.tolist() == [0, 2]
        assert data.train.Y.tolist() == [[5.0], [7.0]]
        assert data.unlabelled.rows.tolist() == [1, 3]
        assert data.unlabelled.X.tolist() == [[2.0], [4.0]]
        assert data.notes == ("2 of 4 rows have no target and are left out",)

    def test_without_any_there_are_none(self):
        data = prepared(table(a=[1.0, 2.0], y=[1.0, 2.0]))
        assert data.unlabelled.X.shape == (0, 1)
        assert data.unlabelled.rows.dtype == np.int64

    def test_classes_are_those_that_occur(self):
        data = prepared(gappy(a=[1.0, 2.0, 3.0, 4.0, 5.0], kind=["moss", "", "fern", "n/a", "moss"]), targets=("kind",))
        assert data.classes == ("fern", "moss")
        assert data.train.rows.tolist() == [0, 2, 4]
        assert data.train.Y.tolist() == [[0, 1], [1, 0], [0, 1]]

    def test_a_row_that_lacks_one_of_its_targets_lacks_its_target(self):
        data = prepared(gappy(a=[1.0, 2.0, 3.0], p=[1.0, None, 3.0], q=[4.0, 5.0, None]), targets=("p", "q"))
        assert data.train.rows.tolist() == [0]
        assert data.unlabelled.rows.tolist() == [1, 2]

    @given(st.lists(st.booleans(), min_size=4, max_size=40).filter(lambda known: sum(known) >= 4), st.integers(0, 9))
    def test_the_others_are_split_as_if_they_were_alone(self, known, seed):
        y = [float(row) if has else None for row, has in enumerate(known)]
        whole = gappy(a=[float(row) for row in range(len(known))], y=y)
        alone = gappy(a=[value for value in y if value is not None], y=[value for value in y if value is not None])
        share = SplitSpec(validation=0.25, test=0.25)
        spec = {"inputs": ("a",), "targets": ("y",), "split": share, "standardize": True}
        left, right = prepared(whole, seed, **spec), prepared(alone, seed, **spec)
        for part in ("train", "validation", "test"):
            assert getattr(left, part).X.tobytes() == getattr(right, part).X.tobytes()
            assert getattr(left, part).Y.tobytes() == getattr(right, part).Y.tobytes()
        parts = (left.train, left.validation, left.test, left.unlabelled)
        assert sorted(row for part in parts for row in part.rows.tolist()) == list(range(len(known)))

    def test_pseudo_labelled_rows_count_for_the_scale_of_the_inputs(self):
        dataset = gappy(a=[0.0, 2.0, 10.0], y=[0.0, 1.0, None])
        left_out = prepared(dataset, standardize=True)
        assert (left_out.input_mean.tolist(), left_out.input_scale.tolist()) == ([1.0], [1.0])
        learned = prepared(dataset, standardize=True, missing_targets=MissingTargets(MissingUse.PSEUDO_LABELS))
        assert learned.input_mean.tolist() == [4.0]
        assert learned.notes == ()
        assert np.concatenate((learned.train.X, learned.unlabelled.X)).mean() == pytest.approx(0.0)

    def test_an_autoencoder_has_none(self):
        data = prepared(gappy(a=[1.0, 2.0], y=[None, 1.0]), inputs=("a",), target_kind=TargetKind.INPUTS)
        assert len(data.unlabelled.rows) == 0

    def test_no_target_at_all_is_refused(self):
        message = refusal(gappy(a=[1.0, 2.0], y=[None, None]), inputs=("a",), targets=("y",))
        assert message == "every cell of the target 'y' is missing; fill in some of them"
        message = refusal(gappy(a=[1.0, 2.0], p=[None, 1.0], q=[1.0, None]), targets=("p", "q"))
        assert message.startswith("no row has all of the targets 'p', 'q'; ")

    def test_one_class_alone_is_refused(self):
        message = refusal(gappy(a=[1.0, 2.0, 3.0], kind=["moss", None, "moss"]), targets=("kind",))
        assert message.startswith(
            "every filled-in row of 'kind' is 'moss'; a class target needs at least two classes, "
        )

    def test_a_mistake_among_the_targets_is_not_a_missing_target(self):
        dataset = gappy(a=[1.0, 2.0, 3.0, 4.0, 5.0], y=[None, 1.0, "1.O", 2.0, 3.0])
        assert refusal(dataset, targets=("y",)).startswith("row 3, column 'y': '1.O' is not a number; ")

    def test_an_input_must_still_be_there(self):
        assert refusal(gappy(a=[1.0, None], y=[1.0, 2.0]), inputs=("a",)).startswith(
            "row 2, column 'a': the cell is empty"
        )


class TestWithoutASplit:
    def test_all_rows_train_in_their_order(self):
        data = prepared(table(a=[3.0, 1.0, 2.0], b=[6.0, 4.0, 5.0], y=[1.0, 2.0, 3.0]))
        assert data.input_names == ("a", "b")
        assert data.target_names == ("y",)
        assert data.task is Task.VALUES
        assert data.classes == ()
        assert data.train.rows.tolist() == [0, 1, 2]
        assert data.train.rows.dtype == np.int64
        assert data.train.X.tolist() == [[3, 6], [1, 4], [2, 5]]
        assert data.train.Y.tolist() == [[1], [2], [3]]
        assert data.validation.X.shape == data.test.X.shape == (0, 2)
        assert data.validation.Y.shape == data.test.Y.shape == (0, 1)
        assert data.notes == ()

    def test_one_row_is_enough(self):
        data = prepared(table(a=[3.0], y=[1.0]), standardize=True)
        assert data.train.X.tolist() == [[0.0]]
        assert data.input_scale.tolist() == [1.0]
        assert data.notes == ()

    def test_inputs_come_in_the_order_asked_for(self):
        data = prepared(table(a=[1.0, 2.0], b=[3.0, 4.0], y=[5.0, 6.0]), inputs=("b", "a"), targets=("y",))
        assert data.train.X.tolist() == [[3, 1], [4, 2]]

    def test_default_inputs_leave_out_the_target_that_was_chosen(self):
        assert prepared(table(a=[1.0, 2.0], b=[3.0, 4.0]), targets=("a",)).input_names == ("b",)

    def test_several_values_can_be_predicted_at_once(self):
        data = prepared(table(a=[1.0, 2.0], b=[3.0, 4.0], c=[5.0, 6.0]), inputs=("a",), targets=("c", "b"))
        assert data.train.Y.tolist() == [[5, 3], [6, 4]]

    def test_arrays_are_contiguous_and_can_not_be_written_to(self):
        data = prepared(sample("iris").load(), split=SplitSpec(0.2, 0.2))
        for part in (data.train, data.validation, data.test):
            for array in (part.X, part.Y):
                assert array.flags.c_contiguous
                assert array.dtype == np.float64
                assert not array.flags.writeable


class TestClasses:
    def test_text_is_encoded_one_hot_with_its_classes_sorted(self):
        data = prepared(table(a=[1.0, 2.0, 3.0, 4.0], kind=["dog", "cat", "dog", "ant"]))
        assert data.task is Task.CLASSES
        assert data.classes == data.target_names == ("ant", "cat", "dog")
        assert data.train.Y.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]]

    def test_numbers_as_classes_are_sorted_as_numbers(self):
        data = prepared(table(a=[1.0] * 3, y=[10.0, 9.0, 0.5]), target_kind=TargetKind.CLASSES)
        assert data.classes == ("0.5", "9", "10")
        assert data.train.Y.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]

    def test_numbers_are_values_unless_asked_for(self):
        assert prepared(table(a=[1.0, 2.0], y=[0.0, 1.0])).task is Task.VALUES

    def test_class_targets_are_never_standardized(self):
        data = prepared(table(a=[1.0, 2.0], kind=["a", "b"]), standardize_targets=True)
        assert data.train.Y.tolist() == [[1, 0], [0, 1]]


class TestStandardization:
    def test_it_agrees_with_scikit_learn_on_the_training_rows(self):
        dataset = sample("wine").load()
        data = prepared(dataset, standardize=True, split=SplitSpec(0.3, 0.2))
        X = np.column_stack([column.values for column in dataset.columns[:-1]])
        scaler = StandardScaler().fit(X[data.train.rows])
        for part in (data.train, data.validation, data.test):
            np.testing.assert_allclose(part.X, scaler.transform(X[part.rows]), atol=1e-12)

    def test_the_other_rows_do_not_leak_into_it(self):
        values = np.arange(20.0)
        spec = {"standardize": True, "split": SplitSpec(0.25)}
        before = prepared(table(a=values.tolist(), y=values.tolist()), **spec)
        values[before.validation.rows] = 1e6
        after = prepared(table(a=values.tolist(), y=values.tolist()), **spec)
        assert after.train.X.tobytes() == before.train.X.tobytes()

    def test_targets_are_standardized_and_read_back(self):
        data = prepared(sample("diabetes").load(), standardize_targets=True)
        assert abs(data.train.Y.mean()) < 1e-12
        assert abs(data.train.Y.std() - 1.0) < 1e-12
        raw = sample("diabetes").load().column("progression").values[:, None]
        np.testing.assert_allclose(data.original_targets(data.train.Y), raw)

    def test_inputs_are_translated_both_ways(self):
        data = prepared(sample("wine").load(), standardize=True)
        X = data.original_inputs(data.train.X)
        np.testing.assert_allclose(X[:, 0], sample("wine").load().column("alcohol").values)
        np.testing.assert_allclose(data.standardized_inputs(X), data.train.X, atol=1e-12)

    def test_without_it_nothing_changes_by_a_bit(self):
        values = [0.1, -0.0, 1e300]
        data = prepared(table(a=values, y=[1.0, 2.0, 3.0]))
        assert data.train.X.tobytes() == np.array(values).tobytes()
        assert data.input_mean.tolist() == [0.0]
        assert data.input_scale.tolist() == [1.0]

    @pytest.mark.parametrize("standardize", [False, True])
    def test_a_constant_input_keeps_its_scale_and_is_noted(self, standardize):
        # The computed deviation of 0.1 in 3 rows is not 0 but 1.4e-17: dividing by it would be nonsense.
        data = prepared(table(a=[0.1] * 3, b=[1.0, 2.0, 3.0], y=[1.0, 2.0, 3.0]), standardize=standardize)
        assert data.input_scale[0] == 1.0
        assert data.notes == ("input 'a' is 0.1 in every training row; nothing can be learned from it",)

    def test_many_constant_inputs_are_noted_together(self):
        columns = {name: [float(number)] * 2 for number, name in enumerate("abcd")}
        notes = prepared(table(**columns, e=[1.0, 2.0], y=[1.0, 2.0])).notes
        assert notes == (
            "4 of 5 inputs are the same in every training row ('a', 'b', 'c', …); nothing can be learned from them",
        )

    def test_a_constant_target_is_noted(self):
        data = prepared(table(a=[1.0, 2.0], y=[7.0, 7.0]), standardize_targets=True)
        assert data.notes == ("target 'y' is 7 in every training row; nothing can be learned from it",)

    def test_numbers_too_large_are_refused(self):
        message = refusal(table(a=[1e300, -1e300], y=[1.0, 2.0]), standardize=True)
        assert "column 'a' has numbers as large as 1e+300" in message


shares = st.floats(0.0, 0.9)


class TestSplit:
    @given(st.integers(1, 60), shares, shares, st.integers(0, 2**40))
    def test_every_row_is_in_one_part_in_ascending_order(self, rows, validation, test, seed):
        assume(validation + test < 1.0)
        values = np.arange(float(rows))
        split = SplitSpec(validation, test, by=SplitBy.RANDOM)  # two rows of 0 and 1 are two classes
        data = prepared(table(a=values.tolist(), y=values.tolist()), seed, split=split)
        parts = [data.train, data.validation, data.test]
        assert sorted(np.concatenate([part.rows for part in parts]).tolist()) == list(range(rows))
        for part in parts:
            assert (np.diff(part.rows) > 0).all()
            assert part.X[:, 0].tolist() == part.rows.tolist() == part.Y[:, 0].tolist()
        assert len(data.train.rows) >= 1
        assert abs(len(data.validation.rows) - rows * validation) <= 1
        assert abs(len(data.test.rows) - rows * test) <= 1

    def test_a_column_of_0_and_1_has_two_classes(self):
        kinds = [1.0 if row % 10 == 0 else 0.0 for row in range(100)]
        for seed in range(5):
            data = prepared(table(a=list(range(100)), y=kinds), seed, split=SplitSpec(0.2, 0.3))
            ones = [int(part.Y.sum()) for part in (data.train, data.validation, data.test)]
            assert ones == [5, 2, 3]

    @given(st.lists(st.sampled_from("abc"), min_size=4, max_size=80), shares, shares, st.integers(0, 99))
    def test_each_class_keeps_its_share(self, kinds, validation, test, seed):
        assume(validation + test < 1.0)
        assume(len(set(kinds)) > 1)
        dataset = table(a=[0.0] * len(kinds), kind=kinds)
        data = prepared(dataset, seed, split=SplitSpec(validation, test))
        for kind in set(kinds):
            count = {
                name: sum(kinds[row] == kind for row in part.rows)
                for name, part in (("train", data.train), ("validation", data.validation), ("test", data.test))
            }
            assert count["train"] >= 1
            assert abs(count["validation"] - validation * kinds.count(kind)) < 1
            assert abs(count["test"] - test * kinds.count(kind)) < 1

    def test_a_quarter_of_iris_is_a_quarter_of_each_species(self):
        data = prepared(sample("iris").load(), split=SplitSpec(validation=0.2, test=0.1))
        assert data.train.Y.sum(axis=0).tolist() == [35, 35, 35]
        assert data.validation.Y.sum(axis=0).tolist() == [10, 10, 10]
        assert data.test.Y.sum(axis=0).tolist() == [5, 5, 5]

    def test_it_depends_on_the_seed_alone(self):
        spec = {"split": SplitSpec(0.3)}
        first = prepared(sample("iris").load(), 1, **spec).validation.rows
        assert first.tolist() == prepared(sample("iris").load(), 1, **spec).validation.rows.tolist()
        assert first.tolist() != prepared(sample("iris").load(), 2, **spec).validation.rows.tolist()

    def test_its_generator_is_its_own(self):
        dataset = table(a=list(range(10)), y=list(range(10)))
        rows = prepared(dataset, 7, split=SplitSpec(0.3)).validation.rows
        assert rows.tolist() == sorted(np.random.default_rng([7, 2]).permutation(10)[:3].tolist())

    def test_too_few_rows_for_a_part_are_noted(self):
        data = prepared(table(a=[1.0, 2.0], y=[1.0, 2.0]), split=SplitSpec(validation=0.1))
        assert data.notes == ("0.1 of 2 rows is too little for a validation row; there is no validation part",)

    @pytest.mark.parametrize(
        ("split", "message"),
        [
            (SplitSpec(validation=-0.1), "the validation share is -0.1"),
            (SplitSpec(test=1.0), "the test share is 1;"),
            (SplitSpec(test=float("nan")), "the test share is nan"),
            (SplitSpec(0.5, 0.5), r"validation (0.5) and test (0.5) together leave no row to train on"),
        ],
    )
    def test_shares_that_leave_no_training_row_are_refused(self, split, message):
        assert message in refusal(table(a=[1.0, 2.0], y=[1.0, 2.0]), split=split)


class TestRefusals:
    def test_a_single_class(self):
        message = refusal(table(a=[1.0, 2.0], species=["setosa", "setosa"]), targets=("species",))
        assert message.startswith("every row of 'species' is 'setosa'; a class target needs at least two classes")

    def test_a_single_class_of_numbers(self):
        message = refusal(table(a=[1.0, 2.0], y=[3.0, 3.0]), target_kind=TargetKind.CLASSES)
        assert message.startswith("every row of 'y' is '3'; ")

    def test_a_text_input(self):
        message = refusal(table(kind=["a", "b"], y=[1.0, 2.0]), inputs=("kind",), targets=("y",))
        assert message.startswith("column 'kind' holds text, and inputs are numbers; ")

    def test_a_column_that_is_input_and_target(self):
        assert "'y' is both an input and a target" in refusal(table(y=[1.0, 2.0]), inputs=("y",), targets=("y",))

    def test_a_column_listed_twice(self):
        message = refusal(table(a=[1.0, 2.0], y=[1.0, 2.0]), inputs=("a", "a"), targets=("y",))
        assert "'a' is listed twice as input" in message

    @pytest.mark.parametrize(("inputs", "targets"), [(("bad",), ("a",)), (("a",), ("bad",))])
    def test_a_column_with_a_problem(self, inputs, targets):
        bad = Column("bad", ColumnKind.NUMBER, np.array([1.0, np.nan]), "row 2 (line 3), column 'bad': 'x' is not")
        dataset = Dataset("t", (*table(a=[1.0, 2.0]).columns, bad))
        assert refusal(dataset, inputs=inputs, targets=targets) == "row 2 (line 3), column 'bad': 'x' is not"

    def test_an_absent_column(self):
        assert "no column 'z'" in refusal(table(a=[1.0], y=[1.0]), inputs=("z",))
        assert "no column 'z'" in refusal(table(a=[1.0], y=[1.0]), targets=("z",))

    def test_more_than_a_thousand_classes(self):
        message = refusal(table(a=[0.0] * 1001, id=list(map(float, range(1001)))), target_kind=TargetKind.CLASSES)
        assert "column 'id' has 1,001 different classes, more than 1,000" in message

    def test_two_text_targets(self):
        dataset = table(a=[1.0, 2.0], p=["a", "b"], q=["c", "d"])
        assert "there are 2: 'p', 'q'" in refusal(dataset, targets=("p", "q"))

    def test_text_and_numbers_as_targets_together(self):
        dataset = table(a=[1.0, 2.0], p=["a", "b"], q=[1.0, 2.0])
        assert "there are 2: 'p', 'q'" in refusal(dataset, inputs=("a",), targets=("p", "q"))

    def test_text_as_values(self):
        dataset = table(a=[1.0, 2.0], p=["a", "b"])
        assert "column 'p' holds text" in refusal(dataset, target_kind=TargetKind.VALUES)

    def test_a_table_without_inputs(self):
        assert "no column of numbers left to be the input ('y' is the target); " in refusal(table(y=[1.0, 2.0]))
        mixed = table(y=[1.0, 2.0], word=["a", "b"])
        assert "('y' is the target, 'word' holds text); add one" in refusal(mixed, targets=("y",))


def test_a_single_class_that_is_passed_over_is_told():
    made = prepared(table(a=[1, 3, 5], b=[2, 4, 7], kind=["x", "x", "x"]))
    assert made.target_names == ("b",)
    assert made.notes == ("'kind' is left out: it is 'x' in every row, and a single class cannot be learned",)
    assert prepared(table(a=[1, 3, 5], b=[2, 4, 7], name=["x", "y", "z"])).notes == ()


def test_whole_numbers_that_may_be_classes_are_values_until_somebody_says_so():
    ratings = table(size=[n / 7 for n in range(70)], rating=[n % 7 + 3 for n in range(70)])
    doubted = prepared(ratings)
    assert (doubted.task, doubted.perhaps_classes) == (Task.VALUES, True)
    assert doubted.notes == ("'rating' holds whole numbers, 3 … 9: values, or classes?",)
    numeric = {"rating": ColumnSpec(type=ColumnType.NUMERIC)}
    for said in ({"target_kind": TargetKind.VALUES}, {"columns": numeric}, {"target_kind": TargetKind.CLASSES}):
        settled = prepared(ratings, **said)
        assert (settled.perhaps_classes, settled.notes) == (False, ())
    assert not prepared(ratings, targets=("size",), inputs=("rating",)).perhaps_classes
