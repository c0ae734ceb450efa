"""The proofs of the engine, each as a function that raises where something is wrong.

They are the tests themselves, on examples that are fixed, so a mutation is held against what a developer would run.
"""

import inspect
from collections.abc import Callable
from functools import partial

from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec

from ..parity import test_parity  # noqa: TID252 — tests are in no package that could be named
from . import (
    test_clipping,
    test_costs,
    test_dropout,
    test_initializers,
    test_machine,
    test_normalization,
    test_optimizers,
    test_sample_weights,
    test_schedules,
)
from .drawn import machine_of
from .test_gradients import hold_gradients

Proof = Callable[[], object]


def gradients(
    *names: str,
    cost: str = "half_mse",
    p: float = 0.0,
    normalization: Normalization = Normalization.NONE,
    l1: float = 0.0,
    l2: float = 0.0,
) -> Proof:
    """The gradient check, for a layer with each of these activations; `p` is the dropout of all but the last."""
    hidden = tuple(LayerSpec(3, name, dropout=p, normalization=normalization) for name in names[:-1])
    spec = ModelSpec(NetworkSpec(2, (*hidden, LayerSpec(2, names[-1]))), cost, RegularizationSpec(l1, l2))

    def proof() -> None:
        for seed in (0, 1):  # targets that are one-hot, and others
            hold_gradients(machine_of(spec, seed))

    return proof


def slots() -> None:
    """Traces against PyTorch's numbers, slot by slot."""
    for path in test_parity.CASES:
        test_parity.test_each_slot_has_the_value_of_autograd(path)


def updates(name: str, **settings: object) -> Proof:
    """An optimizer against its definition, number by number."""
    definition = test_optimizers.test_updates_follow_the_definition
    return _with(definition, name=name, given_settings=settings, seed=1, steps=4, scale=1.0)


def value_of(cost: str) -> Proof:
    """A cost against the textbook."""
    return _with(test_costs.test_a_value_is_the_textbook_s, name=cost, seed=0, shape=(3, 2))


def fused(sigma: str, cost: str) -> Proof:
    """A fusion against its activation and its cost, one after the other."""
    one_after_the_other = test_costs.test_a_fusion_is_activation_and_cost_one_after_the_other
    return _with(one_after_the_other, sigma=sigma, name=cost, seed=0, rows=3, units=2)


def rates_of(kind: type) -> Proof:
    """The schedules of one kind against PyTorch's numbers."""

    def proof() -> None:
        for made, rates in test_schedules.PYTORCH:
            if isinstance(made, kind):
                test_schedules.test_rates_are_the_numbers_of_pytorch(made, rates)

    return proof


def plateau() -> None:
    test_schedules.test_a_plateau_by_hand()
    test_schedules.test_a_new_best_must_be_better_by_more_than_the_threshold()
    test_schedules.test_while_it_cools_down_no_epoch_is_bad()


def rate_by_rate() -> None:
    test_schedules.test_a_schedule_s_rate_is_written_before_the_update()


def normalized() -> None:
    """A batch normalization against PyTorch's numbers, its running statistics too."""
    test_normalization.test_numbers_of_pytorch(Normalization.BATCH)


def weighted(sigma: str, cost: str) -> Proof:
    """Samples with weights against rows repeated."""
    return partial(test_sample_weights.test_a_weight_counts_like_a_row_repeated, sigma, cost)


def masks() -> None:
    test_dropout.test_a_share_of_the_outputs_is_dropped_and_the_rest_is_as_much_larger(0.1, Precision.FLOAT64)
    test_dropout.test_nothing_is_dropped_where_the_network_is_asked_or_judged()


def deviation_of(initializer: str) -> Proof:
    """The spread of the first weights."""
    return partial(test_initializers.test_the_weights_have_the_promised_mean_and_deviation, initializer)


def mini_batches() -> None:
    """What each iteration sees of the data."""
    for test in (
        test_machine.test_a_mini_batch_holds_its_rows_of_the_data,
        test_machine.test_epochs_and_ragged_batches_are_counted,
        test_machine.test_with_shuffling_each_epoch_visits_every_row_once_in_a_new_order,
    ):
        test(_ten_rows())


def _with(test: Callable[..., object], **arguments: object) -> Proof:
    """A property on one example, without a search for a smaller one."""
    return partial(test.hypothesis.inner_test, **arguments)  # type: ignore[attr-defined]


weights_of_rows = test_sample_weights.test_a_mini_batch_has_the_weights_of_its_rows
_ten_rows = inspect.unwrap(test_machine.machine)
cut_off = _with(test_clipping.test_each_value_is_cut_off_at_the_limit, seed=1, limit=0.1)
scaled_down = _with(
    test_clipping.test_the_whole_gradient_keeps_its_direction_and_is_at_most_as_long_as_the_limit, seed=1, limit=0.1
)
short_weights = _with(test_clipping.test_no_unit_has_longer_weights_than_the_limit, seed=1, limit=0.5)
