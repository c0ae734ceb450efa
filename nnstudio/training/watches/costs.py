"""Watches of the cost, of all rows of a part at the ends of epochs, as the history has it."""

from bisect import bisect_left
from collections.abc import Iterator
from math import inf, isfinite

from nnstudio.engine.machine import Machine
from nnstudio.training.history import History

from .watch import SAGEMAKER, UMLAUT, Measured, Scene, Side, Threshold, Watch, When


class CostNotFalling(Watch):
    """The number of epochs since the training cost was last lower than ever before."""

    name = "cost_not_falling"
    title = "Cost not falling"
    explanation = (
        "For so many epochs the training cost has not come below its lowest so far. It has converged or is stuck: "
        "another learning rate, or a larger network if the cost is still high."
    )
    source = SAGEMAKER.format("LossNotDecreasing")
    thresholds = (Threshold("epochs", "epochs without a decrease", Side.AT_LEAST, 10.0, "epochs", 1.0),)
    when = When.EPOCH

    def measure(self, scene: Scene) -> Iterator[Measured]:
        history, entry = scene.history, _entry(scene)
        lowest = bisect_left(history.lowest, -history.lowest[entry], 0, entry, key=float.__neg__)
        yield Measured(0, float(history.epochs[entry] - history.epochs[lowest]), slot="J")


class CostDiverging(Watch):
    """The training cost by its lowest so far."""

    name = "cost_diverging"
    title = "Cost diverging"
    explanation = (
        "The training cost has grown to a multiple of its lowest so far, or beyond all numbers: the updates overshoot. "
        "A smaller learning rate or gradient clipping helps."
    )
    source = f"{UMLAUT} looks for it; the threshold is our own"
    thresholds = (Threshold("ratio", "cost / lowest cost", Side.ABOVE, 2.0, "×", 1.0),)
    when = When.EPOCH

    def measure(self, scene: Scene) -> Iterator[Measured]:
        history, entry = scene.history, _entry(scene)
        cost, lowest = history.train_cost[entry], history.lowest[entry]
        yield Measured(0, _divided(cost, lowest) if isfinite(cost) else inf, slot="J")


class Overfitting(Watch):
    """(validation cost − training cost) / training cost."""

    name = "overfitting"
    title = "Overfitting"
    explanation = (
        "The cost of the validation rows is higher than that of the training rows by more than this share: the network "
        "learns its rows by heart. More data, a smaller network, dropout, a penalty or early stopping help."
    )
    source = f"{SAGEMAKER.format('Overfit')}; {UMLAUT}"
    thresholds = (Threshold("gap", "(validation − training) / training", Side.ABOVE, 0.1, least=-1.0),)
    when = When.EPOCH

    def problem(self, machine: Machine, history: History) -> str | None:
        return None if history.validation_cost else "There are no validation rows; split some off in Data."

    def measure(self, scene: Scene) -> Iterator[Measured]:
        history, entry = scene.history, _entry(scene)
        yield Measured(0, _divided(history.validation_cost[entry], history.train_cost[entry]) - 1, slot="J")


def _entry(scene: Scene) -> int:
    """The record of the epoch that ended last where the machine stands: in the past there are later ones."""
    history: History = scene.history
    return min(bisect_left(history.epochs, scene.machine.epochs), len(history) - 1)


def _divided(above: float, below: float) -> float:
    """0 / 0 is 1: the one is as large as the other."""
    if below:
        return above / below
    return inf if above else 1.0
