"""Folds hold what those of scikit-learn hold: as many rows, as many of each class, and groups that stay together.

Which rows they are is drawn, and need not be the same.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data.spec import SplitBy, SplitSpec
from nnstudio.data.splitting import Split, Telling, split_rows

theirs = pytest.importorskip("sklearn.model_selection")

many = settings(max_examples=60)
seeds = st.integers(0, 2**40)
folds = st.integers(2, 6)


def dealt(rows: int, k: int, seed: int, labels=None, groups=None, by=SplitBy.STRATIFIED) -> list[Split]:
    """One split a fold, in which it validates."""
    made = [
        split_rows(rows, labels, SplitSpec(by=by, folds=k, fold=n + 1), seed, Telling(groups=groups)) for n in range(k)
    ]
    assert sorted(np.concatenate([split.validation for split in made]).tolist()) == list(range(rows))
    for split in made:
        assert not len(split.test)
        assert sorted([*split.train, *split.validation]) == list(range(rows))
    return made


def sizes(validated) -> list[int]:
    """How many rows each fold has, the largest first."""
    return sorted(map(len, validated), reverse=True)


@many
@given(st.integers(6, 200), folds, seeds, st.sampled_from([SplitBy.RANDOM, SplitBy.ORDER]))
def test_folds_are_as_large_as_those_of_kfold(rows, k, seed, by):
    ours = dealt(rows, k, seed, by=by)
    assert sizes(split.validation for split in ours) == sizes(v for _, v in theirs.KFold(k).split(np.zeros(rows)))


@many
@given(st.lists(st.sampled_from([0, 0, 0, 1, 1, 2]), min_size=12, max_size=120), folds, seeds)
def test_each_class_is_shared_out_as_by_stratified_kfold(kinds, k, seed):
    labels = np.unique(kinds, return_inverse=True)[1]
    if np.bincount(labels).min() < k:
        k = 2
        labels = np.append(labels, np.repeat(np.unique(labels), 2))
    ours = [np.bincount(labels[s.validation], minlength=3) for s in dealt(len(labels), k, seed, labels)]
    of = theirs.StratifiedKFold(k, shuffle=True, random_state=seed % 2**32).split(labels, labels)
    counted = [np.bincount(labels[v], minlength=3) for _, v in of]
    assert np.sort(ours, axis=0).tolist() == np.sort(counted, axis=0).tolist()
    assert np.ptp(ours, axis=0).max() <= 1


@many
@given(st.lists(st.integers(0, 15), min_size=6, max_size=150), folds, seeds)
def test_groups_are_shared_out_as_by_group_kfold_and_are_on_one_side(cells, k, seed):
    groups = np.unique([*cells, *range(20, 20 + k)], return_inverse=True)[1]
    rows = len(groups)
    ours = dealt(rows, k, seed, groups=groups, by=SplitBy.GROUP)
    for split in ours:
        assert not set(groups[split.train]) & set(groups[split.validation])
    of = theirs.GroupKFold(k).split(np.zeros(rows), groups=groups)
    assert sizes(split.validation for split in ours) == sizes(v for _, v in of)


@many
@given(st.lists(st.sampled_from([0, 0, 0, 1, 1, 2]), min_size=12, max_size=200), st.floats(0.1, 0.5), seeds)
def test_a_single_split_is_as_large_as_that_of_train_test_split_and_keeps_its_shares(kinds, share, seed):
    labels = np.unique([*kinds, 0, 0, 1, 1, 2, 2], return_inverse=True)[1]
    rows = len(labels)
    ours = split_rows(rows, labels, SplitSpec(share), seed)
    left, kept = theirs.train_test_split(np.arange(rows), test_size=round(rows * share), random_state=0)
    assert abs(len(ours.validation) - len(kept)) <= 1
    assert abs(len(ours.train) - len(left)) <= 1
    wanted = np.bincount(labels) * len(ours.validation) / rows
    assert np.abs(np.bincount(labels[ours.validation], minlength=3) - wanted).max() <= 1 + 1e-9
