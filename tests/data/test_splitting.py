"""Ways to split the rows: what each of them promises, for any rows."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold

from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import SplitBy, SplitSpec
from nnstudio.data.splitting import Telling, split_rows

from .pipeline.preparing import prepared, refusal, table

few = settings(max_examples=40)
seeds = st.integers(0, 2**40)
shares = st.floats(0.0, 0.45)


def parts_of(data: PreparedData) -> list[list[int]]:
    return [part.rows.tolist() for part in (data.train, data.validation, data.test)]


def numbered(rows: int, **columns: object):
    """A table whose input is the number of the row."""
    numbers = [float(row) for row in range(rows)]
    return table(x=numbers, **columns, y=numbers)


def classes(kinds: list[str]):
    return table(x=[float(row) for row in range(len(kinds))], y=kinds)


class TestAtRandom:
    def test_classes_are_passed_over_where_that_is_asked_for(self):
        kinds = ["a"] * 16 + ["b"] * 4
        random = [
            sum(
                row >= 16
                for row in prepared(classes(kinds), seed=seed, split=SplitSpec(0.5, by=SplitBy.RANDOM)).train.rows
            )
            for seed in range(12)
        ]
        assert len(set(random)) > 1
        for seed in range(12):
            kept = prepared(classes(kinds), seed=seed, split=SplitSpec(0.5)).train.rows
            assert sum(row >= 16 for row in kept) == 2

    def test_without_classes_both_ways_are_the_same(self):
        random, stratified = (SplitSpec(0.3, 0.2, by=by) for by in (SplitBy.RANDOM, SplitBy.STRATIFIED))
        assert parts_of(prepared(numbered(20), split=random)) == parts_of(prepared(numbered(20), split=stratified))

    def test_a_part_without_a_class_is_noted(self):
        data = prepared(classes(["a"] * 19 + ["b"]), split=SplitSpec(0.2, by=SplitBy.STRATIFIED))
        assert data.notes == ("no validation row is of class 'b'",)
        data = prepared(classes([*"aaaabcdefg"]), split=SplitSpec(0.1))
        assert data.notes == ("no validation row is of the classes 'b', 'c', 'd' and 3 more",)


class TestByGroup:
    @few
    @given(st.lists(st.integers(0, 9), min_size=4, max_size=60), shares, shares, seeds, st.sampled_from([0, 2, 3]))
    def test_no_group_is_in_two_parts(self, groups, validation, test, seed, folds):
        if folds > len(set(groups)) - 1:
            folds = 0
        dataset = numbered(len(groups), patient=groups)
        spec = SplitSpec(validation, 0.0 if folds else test, by=SplitBy.GROUP, folds=folds)
        data = prepared(dataset, seed=seed, inputs=("x",), group="patient", split=spec)
        parts = parts_of(data)
        assert sorted(chain(*parts)) == list(range(len(groups)))
        seen = [{groups[row] for row in rows} for rows in parts]
        assert not seen[0] & seen[1]
        assert not seen[0] & seen[2]
        assert not seen[1] & seen[2]
        assert parts[0]

    def test_shares_are_met_as_nearly_as_the_groups_allow(self):
        groups = [f"p{row // 5}" for row in range(100)]
        spec = SplitSpec(validation=0.2, test=0.1, by=SplitBy.GROUP)
        parts = parts_of(prepared(numbered(100, patient=groups), inputs=("x",), group="patient", split=spec))
        assert [len(rows) for rows in parts] == [70, 20, 10]

    def test_groups_that_are_too_large_leave_a_part_empty_and_that_is_noted(self):
        spec = SplitSpec(validation=0.1, by=SplitBy.GROUP)
        data = prepared(numbered(10, patient=["p", "q"] * 5), inputs=("x",), group="patient", split=spec)
        assert data.notes == ("the groups are too large for a validation part of 0.1; there is none",)

    def test_the_group_must_be_named_and_known(self):
        spec = SplitSpec(0.2, by=SplitBy.GROUP)
        assert "$.data.group names no column" in refusal(numbered(4), split=spec)
        gap = numbered(4, patient=["p", "q", None, "p"])
        message = refusal(gap, inputs=("x",), group="patient", split=spec)
        assert message == "$.data.group: row 3 of 'patient' is empty, so its group is not known; fill it in"
        message = refusal(numbered(4, patient=["p"] * 4), inputs=("x",), group="x", split=spec)
        assert message == "$.data.group: column 'x' is an input already; choose one of the two"


class TestByOrder:
    @few
    @given(st.integers(2, 60), shares, shares, seeds)
    def test_the_first_rows_train_and_the_last_are_tested(self, rows, validation, test, seed):
        data = prepared(numbered(rows), seed=seed, split=SplitSpec(validation, test, by=SplitBy.ORDER))
        parts = parts_of(data)
        assert list(chain(*parts)) == list(range(rows))
        assert parts[0]
        assert len(parts[2]) == round(rows * test)
        assert abs(len(parts[1]) - rows * validation) <= 1

    def test_folds_are_blocks(self):
        folds = [
            parts_of(prepared(numbered(10), split=SplitSpec(0, 0.2, by=SplitBy.ORDER, folds=4, fold=fold)))
            for fold in (1, 2, 3, 4)
        ]
        assert [parts[1] for parts in folds] == [[0, 1], [2, 3], [4, 5], [6, 7]]
        assert {tuple(parts[2]) for parts in folds} == {(8, 9)}


class TestByColumn:
    def test_the_cells_say_it(self):
        dataset = numbered(5, part=["train", "Validation", "test", " training ", "val"])
        data = prepared(dataset, inputs=("x",), split=SplitSpec(by=SplitBy.COLUMN, column="part"))
        assert parts_of(data) == [[0, 3], [1, 4], [2]]

    def test_it_is_no_input_by_itself(self):
        dataset = numbered(3, part=["train", "train", "test"])
        data = prepared(dataset, inputs=(), split=SplitSpec(by=SplitBy.COLUMN, column="part"))
        assert data.features == ("x",)

    @pytest.mark.parametrize("word", ["later", "", "1"])
    def test_another_word_is_refused_with_its_row(self, word):
        dataset = numbered(3, part=["train", word, "test"])
        message = refusal(dataset, inputs=("x",), split=SplitSpec(by=SplitBy.COLUMN, column="part"))
        assert message.startswith(f"$.data.split.column: row 2 of 'part' is '{word}'; ")

    def test_no_column_no_training_row_or_folds_are_refused(self):
        by = SplitBy.COLUMN
        assert "$.data.split.column names none" in refusal(numbered(3), split=SplitSpec(by=by))
        dataset = numbered(2, part=["test", "val"])
        assert "no row to train on" in refusal(dataset, inputs=("x",), split=SplitSpec(by=by, column="part"))
        message = refusal(dataset, inputs=("x",), split=SplitSpec(by=by, column="part", folds=2))
        assert message.startswith("$.data.split.folds is given, but a column says")


class TestFolds:
    @few
    @given(st.lists(st.sampled_from("aab"), min_size=12, max_size=60), st.integers(2, 5), shares, seeds)
    def test_each_row_validates_once_and_classes_keep_their_shares(self, kinds, folds, test, seed):
        labels = np.array([kind == "b" for kind in kinds], dtype=np.int64)
        made = [
            split_rows(len(kinds), labels, SplitSpec(0.3, test, folds=folds, fold=n + 1), seed) for n in range(folds)
        ]
        validated = np.concatenate([split.validation for split in made])
        assert sorted([*validated.tolist(), *made[0].test.tolist()]) == list(range(len(kinds)))
        sizes = [len(split.validation) for split in made]
        assert max(sizes) - min(sizes) <= 1
        rare = [int(labels[split.validation].sum()) for split in made]
        assert max(rare) - min(rare) <= 1
        for split in made:
            assert split.test.tolist() == made[0].test.tolist()
            assert sorted([*split.train, *split.validation, *split.test]) == list(range(len(kinds)))

    def test_they_are_as_stratified_as_those_of_scikit_learn(self):
        labels = np.array([0] * 13 + [1] * 8 + [2] * 5)
        theirs = [np.bincount(labels[v], minlength=3) for _, v in StratifiedKFold(4).split(labels, labels)]
        ours = [
            np.bincount(labels[split_rows(26, labels, SplitSpec(folds=4, fold=n), 3).validation], minlength=3)
            for n in (1, 2, 3, 4)
        ]
        assert sorted(map(tuple, np.sort(ours, axis=0).T)) == sorted(map(tuple, np.sort(theirs, axis=0).T))

    def test_groups_are_whole_in_folds_of_like_size(self):
        groups = np.repeat(np.arange(9), [8, 6, 4, 4, 3, 3, 2, 2, 1])
        made = [
            split_rows(33, None, SplitSpec(by=SplitBy.GROUP, folds=3, fold=n), 0, Telling(groups=groups))
            for n in (1, 2, 3)
        ]
        assert [len(split.validation) for split in made] == [11, 11, 11]

    @pytest.mark.parametrize(
        ("split", "message"),
        [
            (SplitSpec(folds=1), "$.data.split.folds is 1; cross-validation needs at least 2"),
            (SplitSpec(folds=-3), "$.data.split.folds is -3;"),
            (SplitSpec(folds=3, fold=4), "$.data.split.fold is 4; it must be from 1 to 3"),
            (SplitSpec(folds=3, fold=0), "$.data.split.fold is 0;"),
            (SplitSpec(folds=9), "$.data.split.folds is 9, more than the 4 rows there are"),
        ],
    )
    def test_folds_that_cannot_be_are_refused(self, split, message):
        with pytest.raises(DataError) as caught:
            split_rows(4, None, split, 0)
        assert message in str(caught.value)
