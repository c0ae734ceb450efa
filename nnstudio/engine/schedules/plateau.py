"""Reduce on plateau: when the cost has not fallen for some epochs, the learning rate does.

J̄ = ΣJ / n is the mean of J over the n mini-batches of an epoch: the cost of training, as it was met along the way,
penalty included, not that of validation, which a machine does not see. An epoch is bad unless J̄ lies below the best
one by more than the part ε of it. After more than P bad epochs in a row the factor f falls to γ f (not below r), and
the next C epochs are not counted as bad (PyTorch's ReduceLROnPlateau with its relative threshold; what it lacks is
the rule that a change of α below 1e-8 is none).
"""

from dataclasses import dataclass
from functools import partial
from math import inf

from nnstudio.engine.optimizers import Link
from nnstudio.engine.settings import setting

from .base import MOST_EPOCHS, Schedule, ScheduleMemory, share

_REMEMBERED = ("k", "J_sum", "J_best", "bad", "rest", "f")


@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    name = "reduce_on_plateau"
    title = "Reduce on plateau"
    summary = "Lowers the learning rate whenever the cost of training has not fallen for some epochs."
    formula = typst = "f"
    where = "f: falls to γ f after more than P epochs without progress"
    scalars = {"k": 0.0, "J_sum": 0.0, "J_best": inf, "bad": 0.0, "rest": 0.0, "f": 1.0}
    span = 1.0

    factor: float = share(0.1, "Factor", "γ", "()")
    patience: int = setting(10, "Patience", "P", 0, MOST_EPOCHS, unit="epochs")
    threshold: float = share(1e-4, "Threshold", "ε", "[)")
    cooldown: int = setting(0, "Cool-down", "C", 0, MOST_EPOCHS, unit="epochs")
    least: float = share(0.0, "Least", "r")

    def chain(self, memory: ScheduleMemory) -> tuple[Link, ...]:
        tick = Link("α ← α₀ f", "alpha <- alpha_0 f", ("alpha0", "f"), ("alpha",), partial(_tick, memory))
        watch = Link(
            "ΣJ ← ΣJ + J, f ← γ f on a plateau",
            'Sigma J <- Sigma J + J, quad f <- gamma f "on a plateau"',
            ("J", *_REMEMBERED),
            _REMEMBERED,
            partial(self._watch, memory),
        )
        return tick, watch

    def factors(self, per_epoch: float, epochs: float) -> None:
        return None

    def _watch(self, memory: ScheduleMemory) -> None:
        count, total = memory.scalars["k"], memory.scalars["J_sum"]
        number = count.item() % memory.per_epoch + 1
        count.fill(count.item() + 1)
        total.fill(memory.cost.item() + (total.item() if number > 1 else 0.0))
        if number == memory.per_epoch:
            self._judge(memory, total.item() / memory.per_epoch)

    def _judge(self, memory: ScheduleMemory, mean: float) -> None:
        """The end of an epoch."""
        best, bad, rest, f = (memory.scalars[name] for name in ("J_best", "bad", "rest", "f"))
        if mean < best.item() * (1 - self.threshold):
            best.fill(mean)
            bad.fill(0)
        else:
            bad.fill(bad.item() + 1)
        if rest.item() > 0:
            rest.fill(rest.item() - 1)
            bad.fill(0)
        if bad.item() > self.patience:
            f.fill(max(f.item() * self.factor, self.least))
            rest.fill(self.cooldown)
            bad.fill(0)


def _tick(memory: ScheduleMemory) -> None:
    memory.rate.fill(memory.base.item() * memory.scalars["f"].item())
