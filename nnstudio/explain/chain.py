"""The chain rule for one parameter, in numbers: its paths for a sample, their sum, and the gradient they add up to.

The gradient is the sum over the samples of the mini-batch of the sums over the paths, and a penalty on the weights is
a term of its own. The machine gets there backwards, layer by layer; both agree but for rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Machine

from .factors import factors_of, handed_back, last_factor, last_factors, sizes_of, weights_known
from .paths import Paths
from .route import Link, links_to, obstacle

_MOST_WRITTEN, _MOST_SAMPLES = 20_000, 256
"""As many products, of as many samples, are added up one by one; more are added up layer by layer."""
_STRICT = 4503.6
"""A relative difference of so many units of the last place counts as none: 1e-12 in float64."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A weight or a bias, and the sample whose paths are looked at, from 0."""

    machine: Machine
    slot: str
    index: tuple[int, ...]
    sample: int

    @property
    def layer(self) -> int:
        layer = self.machine.slot(self.slot).layer
        assert layer is not None
        return layer

    @cached_property
    def refusal(self) -> str:
        """Why this parameter has no expansion, empty where it has one."""
        if self.machine.slot(self.slot).role not in (Role.WEIGHT, Role.BIAS):
            return "The chain rule is written out for weights and biases: choose one in the drawing or the inspector."
        return obstacle(self.machine.model.spec, self.layer)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return links_to(self.machine.model.spec, self.layer)

    @cached_property
    def factors(self) -> tuple[np.ndarray | None, ...]:
        """The numbers of each link for the sample, None where they are not known."""
        return tuple(factors_of(self.machine, link, self.sample) for link in self.links)

    @cached_property
    def last(self) -> float | None:
        return last_factor(self.machine, self.slot, self.index, self.sample)

    @property
    def known(self) -> bool:
        return self.last is not None and all(factors is not None for factors in self.factors)

    @property
    def overwritten(self) -> bool:
        """Whether the way leads over weights that have been changed since the pass backward."""
        return any(link.of[0] == "Z" and not weights_known(self.machine, link.layer + 1) for link in self.links)

    @cached_property
    def paths(self) -> Paths:
        """Those of the sample; a factor that is not known is NaN."""
        return self._paths(self.factors, self.last)

    @cached_property
    def parts(self) -> np.ndarray | None:
        """The sum over the paths of each sample of the mini-batch; None where a factor is not known."""
        if not self.known:
            return None
        if self.added_singly:
            samples = range(self.machine.program.batch_size)
            return np.array([_added(self._of(sample).products.tolist()) for sample in samples])
        slopes = handed_back(self.machine, self.links)[:, self.index[0]].astype(np.float64)
        parts: np.ndarray = slopes * last_factors(self.machine, self.slot, self.index)
        return parts

    @property
    def part(self) -> float | None:
        """The sum over the paths of the sample."""
        return float(self.parts[self.sample]) if self.parts is not None else None

    @property
    def added_singly(self) -> bool:
        """Whether the products are added up one by one, and not layer by layer."""
        samples = self.machine.program.batch_size
        return samples <= _MOST_SAMPLES and self.paths.count * samples <= _MOST_WRITTEN

    @property
    def penalized(self) -> bool:
        return f"dP{self.slot}" in self.machine.program.arena

    @property
    def penalty(self) -> float | None:
        """What the penalty adds, None where there is none or it is not computed yet."""
        return self._fresh(f"dP{self.slot}") if self.penalized else None

    @cached_property
    def total(self) -> float | None:
        """The sum over all samples and paths, and the penalty's term."""
        if self.parts is None or (self.penalized and self.penalty is None):
            return None
        return _added([*self.parts.tolist(), self.penalty or 0.0])

    @property
    def gradient(self) -> float | None:
        """The machine's own, None before it is computed."""
        return self._fresh(f"d{self.slot}")

    @property
    def difference(self) -> float | None:
        """How far the sum is from the machine's gradient, as a share of that; None while there is nothing to compare,
        or where one of them is not finite."""
        total, gradient = self.total, self.gradient
        if total is None or gradient is None or not (isfinite(total) and isfinite(gradient)):
            return None
        return abs(total - gradient) / (abs(gradient) or 1.0)

    @property
    def agrees(self) -> bool:
        """Whether the difference is rounding: 1e-12 of the gradient in float64, or a few units in the last place of
        the sum of all that is added up, where that cancels."""
        difference, gradient = self.difference, self.gradient
        if difference is None or gradient is None:
            return False
        unit = float(np.finfo(self.machine.model.dtype).eps)
        far = difference * (abs(gradient) or 1.0)
        return far <= _STRICT * unit * abs(gradient) or far <= 8 * unit * self.size

    @property
    def size(self) -> float:
        """The sum of all that is added up, of all samples and without signs: what rounding is to be measured by. The
        factors must be known."""
        samples = range(self.machine.program.batch_size)
        return sum(self._size_of(sample) for sample in samples) + abs(self.penalty or 0.0)

    def _size_of(self, sample: int) -> float:
        factors = [sizes_of(self.machine, link, sample) for link in self.links]
        return self._paths(factors, last_factor(self.machine, self.slot, self.index, sample)).size

    def _of(self, sample: int) -> Paths:
        factors = [factors_of(self.machine, link, sample) for link in self.links]
        return self._paths(factors, last_factor(self.machine, self.slot, self.index, sample))

    def _paths(self, factors: Sequence[np.ndarray | None], last: float | None) -> Paths:
        shown = [_unknown(link) if one is None else one for link, one in zip(self.links, factors, strict=True)]
        return Paths(shown, self.index[0], float("nan") if last is None else last)

    def _fresh(self, slot: str) -> float | None:
        return float(self.machine.value(slot)[self.index]) if self.machine.is_fresh(slot) else None


def _added(numbers: list[float]) -> float:
    return fsum(numbers) if all(map(isfinite, numbers)) else float(np.sum(numbers))


def _unknown(link: Link) -> np.ndarray:
    return np.full((link.rows, link.columns) if link.dense else link.columns, np.nan)
