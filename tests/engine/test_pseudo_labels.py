"""Pseudo-labels: which rows are lent a target, when, and what the mini-batches then are."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.batches import Batches
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.optimizers import Adam
from nnstudio.engine.pseudo_labels import Unlabelled, choose
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision

FROM_EPOCH = 3


def machine_of(*, labelled=6, unlabelled=14, batch_size=4, classes=3, from_epoch=FROM_EPOCH, confidence=0.5, **how):
    """Clusters of points around the corners of a polygon, a class each; every second row or so has a target."""
    rng = np.random.default_rng(0)
    kinds = np.arange(labelled + unlabelled) % max(classes, 2)
    angles = 2 * np.pi * kinds / max(classes, 2)
    X = np.column_stack((np.cos(angles), np.sin(angles))) + 0.3 * rng.normal(size=(len(kinds), 2))
    Y = np.eye(classes)[kinds] if classes > 1 else kinds[:, None].astype(float)
    last, cost = ("softmax", "cross_entropy") if classes > 1 else ("sigmoid", "binary_cross_entropy")
    network = NetworkSpec(2, (LayerSpec(5, "tanh"), LayerSpec(classes, last)))
    precision = how.pop("precision", Precision.FLOAT64)
    model = Model(ModelSpec(network, cost, optimizer=Adam(learning_rate=0.03), precision=precision))
    model.initialize(1)
    return Machine(
        model,
        X[:labelled],
        Y[:labelled],
        batch_size=batch_size,
        shuffle=how.pop("shuffle", True),
        seed=0,
        unlabelled=Unlabelled(X[labelled:], from_epoch, confidence),
    )


def to_epoch(machine, epoch):
    """Go on until the first mini-batch of this epoch has been loaded."""
    while machine.batches.epoch < epoch:
        machine.run_iteration()


class TestChoosing:
    def test_the_likeliest_class_is_lent_where_it_is_likely_enough(self):
        Q = np.array([[0.2, 0.7, 0.1], [0.3, 0.3, 0.4], [0.95, 0.05, 0.0], [0.1, 0.2, 0.7]])
        T, s = np.full((4, 3), 9.0), np.full(4, 9.0)
        choose(Q, T, s, 0.7)
        assert T.tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0], [0, 0, 1]]
        assert s.tolist() == [1, 0, 1, 1]

    def test_one_column_is_the_probability_of_class_1(self):
        Q = np.array([[0.9], [0.1], [0.5], [0.05], [0.95]])
        T, s = np.full((5, 1), 9.0), np.full(5, 9.0)
        choose(Q, T, s, 0.9)
        assert T.tolist() == [[1], [0], [0], [0], [1]]
        assert s.tolist() == [1, 1, 0, 1, 1]

    def test_nothing_is_lent_by_what_is_no_number(self):
        for Q in (np.full((2, 3), np.nan), np.full((2, 1), np.nan)):
            T, s = np.full(Q.shape, 9.0), np.full(2, 9.0)
            choose(Q, T, s, 0.5)
            assert not T.any()
            assert not s.any()


class TestBatches:
    def test_rows_that_are_not_in_play_are_not_visited(self):
        batches = Batches(5, 2, shuffle=True, seed=0, unlabelled=4)
        batches.begin_epoch(np.array([0, 1, 0, 1]))
        seen = np.concatenate([batches.advance().copy() for _ in range(batches.per_epoch)])
        assert batches.at_epoch_end
        assert set(seen.tolist()) == {0, 1, 2, 3, 4, 6, 8}
        assert sorted(seen[:7].tolist()) == [0, 1, 2, 3, 4, 6, 8]

    def test_an_epoch_goes_through_the_rows_in_play_again_until_it_is_as_long_as_all_rows(self):
        batches = Batches(3, 2, shuffle=True, seed=0, unlabelled=6)
        assert (batches.per_epoch, batches.sizes) == (5, (2,))
        for in_play in (np.zeros(6), np.array([1, 0, 0, 0, 0, 1])):
            batches.begin_epoch(in_play)
            seen = np.concatenate([batches.advance().copy() for _ in range(5)]).tolist()
            rows = 3 + int(in_play.sum())
            assert seen == (seen[:rows] * 10)[:10]
            assert len(set(seen)) == rows

    def test_an_epoch_that_has_begun_has_no_mini_batch_at_hand(self):
        batches = Batches(4, 2, shuffle=True, seed=0, unlabelled=3)
        batches.begin_epoch(np.ones(3))
        assert (batches.epoch, batches.number, len(batches.rows)) == (1, 0, 0)
        assert not batches.at_epoch_end

    @given(st.integers(0, 30), st.integers(0, 30), st.booleans())
    def test_they_go_on_from_a_state_as_they_would_have(self, before, after, shuffle):
        def go(batches, count):
            rows = []
            for _ in range(count):
                if batches.at_epoch_end:
                    batches.begin_epoch(np.array([batches.epoch % 2, 1, 0, batches.epoch % 3]))
                rows.append(batches.advance().tolist())
            return rows

        one, other = (Batches(5, 3, shuffle=shuffle, seed=1, unlabelled=4) for _ in range(2))
        go(one, before)
        state, rows = one.state(), one.rows.tolist()
        expected = go(one, after)
        go(other, 7)
        other.restore(state)
        assert other.rows.tolist() == rows
        assert go(other, after) == expected


class TestTheOperation:
    def test_it_comes_before_the_mini_batch_is_loaded(self):
        machine = machine_of()
        first, second = machine.program.ops[:2]
        assert (first.kind, first.phase, second.kind) == (OpKind.PSEUDO_LABELS, Phase.LOAD, OpKind.LOAD)
        assert first.reads == machine.model.parameters
        assert first.writes == ("Q", "T", "s")
        assert second.reads == ("T",)

    def test_without_rows_that_lack_a_target_it_is_not_there(self):
        model = Model(ModelSpec(NetworkSpec(2, (LayerSpec(1),))))
        machine = Machine(model, np.zeros((3, 2)), np.zeros((3, 1)), batch_size=2, shuffle=False, seed=0)
        assert machine.op.kind is OpKind.LOAD
        assert machine.op.reads == ()
        assert machine.pseudo_labelled == 0
        assert len(machine.unlabelled_rows) == 0

    @pytest.mark.parametrize("classes", [1, 3])
    @pytest.mark.parametrize("precision", Precision)
    def test_it_lends_what_the_network_predicts_at_the_beginning_of_the_epoch(self, classes, precision):
        machine = machine_of(classes=classes, confidence=0.8, precision=precision)
        for epoch in range(1, 7):
            while machine.batches.epoch < epoch:
                before = machine.model.predict(machine.X[machine.labelled :])
                machine.run_iteration()
            assert machine.value("Q").tobytes() == before.tobytes()
            best = np.maximum(before, 1 - before)[:, 0] if classes == 1 else before.max(axis=1)
            sure = (best >= 0.8) & (epoch >= FROM_EPOCH)
            label = np.argmax(before, axis=1) if classes > 1 else (before[:, 0] >= 0.5).astype(int)
            one_hot = np.eye(classes)[label] if classes > 1 else label[:, None]
            assert machine.value("s").tolist() == sure.tolist()
            assert machine.value("T").tolist() == (one_hot * sure[:, None]).tolist()
            assert machine.pseudo_labelled == sure.sum()
        assert 0 < machine.pseudo_labelled < len(machine.unlabelled_rows)

    def test_the_mini_batches_hold_true_targets_and_lent_ones(self):
        machine = machine_of()
        true = machine.Y[: machine.labelled].copy()
        to_epoch(machine, FROM_EPOCH)
        lent = set()
        for _ in range(machine.batches.per_epoch):
            rows = machine.batches.rows
            assert machine.value("X").tobytes() == machine.X[rows].tobytes()
            for y, row in zip(machine.value("Y"), rows, strict=True):
                own = row < machine.labelled
                expected = true[row] if own else machine.value("T")[row - machine.labelled]
                assert y.tolist() == expected.tolist()
                lent |= set() if own else {row}
            machine.run_iteration()
        assert len(lent) > 0
        assert machine.Y[: machine.labelled].tobytes() == true.tobytes()

    def test_before_its_epoch_only_rows_with_a_target_are_visited(self):
        machine = machine_of()
        while machine.epochs < FROM_EPOCH - 1:
            machine.run_iteration()
            assert (machine.batches.rows < machine.labelled).all()
            assert machine.pseudo_labelled == 0

    def test_before_the_other_mini_batches_it_changes_nothing(self):
        machine = machine_of()
        to_epoch(machine, FROM_EPOCH)
        kept = [machine.value(slot).tobytes() for slot in ("Q", "T", "s")]
        rows = machine.batches.rows.tolist()
        machine.step()
        assert [machine.value(slot).tobytes() for slot in ("Q", "T", "s")] == kept
        assert machine.batches.rows.tolist() == rows

    def test_epochs_are_counted_while_one_has_begun_and_nothing_is_loaded(self):
        machine = machine_of()
        while machine.epochs < 2:
            machine.run_iteration()
        machine.step()
        assert (machine.pc, machine.epochs, machine.batches.epoch, machine.batches.number) == (1, 2, 3, 0)
        assert not machine.at_epoch_end
        assert len(machine.rows) == 0
        assert machine.freshness("X") is Freshness.NEXT

    def test_its_values_are_unknown_before_it_has_run_and_stand_from_then_on(self):
        machine = machine_of()
        assert {machine.freshness(slot) for slot in ("Q", "T", "s")} == {Freshness.UNKNOWN}
        for _ in range(3 * len(machine.program.ops)):
            machine.step()
            assert {machine.freshness(slot) for slot in ("Q", "T", "s")} == {Freshness.FRESH}

    def test_rows_are_those_of_the_table(self):
        machine = machine_of(labelled=3, unlabelled=2, batch_size=2)
        assert machine.unlabelled_rows.tolist() == [3, 4]


def test_a_twin_in_another_precision_lends_alike():
    machine = machine_of(precision=Precision.FLOAT32)
    to_epoch(machine, FROM_EPOCH)
    twin = machine.twin(Precision.FLOAT64)
    assert np.array_equal(twin.value("T"), machine.value("T"))
    assert twin.batches.rows.tolist() == machine.batches.rows.tolist()
    twin.run_iteration()
    machine.run_iteration()
    assert twin.batches.rows.tolist() == machine.batches.rows.tolist()


def test_an_iteration_takes_no_memory_but_for_the_first_of_an_epoch():
    machine = machine_of(labelled=200, unlabelled=300, batch_size=50)
    to_epoch(machine, FROM_EPOCH + 1)
    machine.run_iteration()
    assert machine.pseudo_labelled > 0
    tracemalloc.start()
    try:
        machine.run_iteration()
        tracemalloc.reset_peak()
        begin, _ = tracemalloc.get_traced_memory()
        while not machine.at_epoch_end:
            machine.run_iteration()
        end, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - begin < 512
    assert peak - begin < 2048
