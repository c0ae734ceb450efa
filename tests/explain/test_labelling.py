"""Pseudo-labels in words: what the operation is going to do, what it did, and one row of numbers."""

import pytest

from nnstudio.engine.machine import Machine
from nnstudio.experiment.open import open_sample
from nnstudio.explain.element import Element
from nnstudio.explain.explanation import Explanation
from nnstudio.explain.formulas import explain
from nnstudio.explain.numbers import digits
from nnstudio.training.run import build


@pytest.fixture
def machine() -> Machine:
    """Six points with a class and 300 without; from epoch 20 on pseudo-labels, of a confidence of at least 0.99."""
    return build(open_sample("bands")).machine


def to_epoch(machine: Machine, epoch: int) -> None:
    """To the beginning of this epoch, before anything of it has run."""
    while machine.epochs < epoch - 1:
        machine.run_iteration()


def upcoming(machine: Machine) -> Explanation:
    return explain(machine, 0, Element(), upcoming=True)


def test_before_their_epoch_rows_without_a_target_are_only_predicted(machine: Machine) -> None:
    aim = "300 rows without a target are predicted; from epoch 20 on they are learned from"
    assert upcoming(machine).headline == f"epoch 1 begins: {aim}"
    machine.step()
    assert explain(machine, 0, Element()).headline == f"epoch 1: {aim}"


def test_from_their_epoch_on_it_says_of_how_many_the_network_is_sure(machine: Machine) -> None:
    to_epoch(machine, 20)
    assert upcoming(machine).headline == (
        "epoch 20 begins: 300 rows without a target are predicted, and learned from where the network is sure"
    )
    machine.step()
    lent = machine.pseudo_labelled
    done = explain(machine, 0, Element())
    assert (
        done.headline == f"in epoch 20 the network is sure of {lent} of 300 rows without a target, and learns from them"
    )
    assert done.formulas[0].plain == "tₖ = 1 if qₖ is largest and ≥ 0.99, else 0"


def test_the_least_sure_of_the_rows_that_are_learned_from_is_written_out(machine: Machine) -> None:
    to_epoch(machine, 20)
    machine.step()
    Q, T, sure = (machine.value(slot) for slot in ("Q", "T", "s"))
    row = min((n for n in range(300) if sure[n]), key=lambda n: Q[n].max())
    example = explain(machine, 0, Element()).formulas[1]
    assert example.caption == f"Row {machine.unlabelled_rows[row] + 1}, the least sure"
    q = ", ".join(digits(float(value), 4) for value in Q[row])
    t = ", ".join(digits(float(value), 0) for value in T[row])
    assert f"({q})" in example.plain.replace("\n", " ")
    assert f"({t})" in example.plain.replace("\n", " ")


def test_where_none_is_learned_from_the_surest_is_written_out(machine: Machine) -> None:
    machine.step()
    example = explain(machine, 0, Element()).formulas[1]
    assert example.caption.endswith(", the surest")
    assert example.plain.endswith("none")


def test_before_the_other_mini_batches_of_an_epoch_the_labels_hold(machine: Machine) -> None:
    to_epoch(machine, 20)
    machine.run_iteration()
    assert upcoming(machine).headline == (
        "pseudo-labels are lent at the beginning of an epoch; those of epoch 20 still hold"
    )
