"""The chain rule for one parameter, in numbers: its paths for a sample, their sum, and the gradient they add up to.

The gradient is the sum over the samples of the mini-batch of the sums over the paths, and a penalty on the weights is
a term of its own. A batch normalization on the way joins the samples: then the paths that end in one sample begin in
all of them. The machine gets there backwards, layer by layer; both agree but for rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.machine import Machine

from .counts import Count
from .factors import factors_of, joined, last_factor, last_factors, lent_by, step_of, still_lent
from .handing_back import handed_back, sizes_back
from .paths import Paths
from .route import COST, Link, links_to
from .steps import Joined

_MOST_WRITTEN, _MOST_SAMPLES = 20_000, 256
"""As many products, of as many samples, are added up one by one; more are added up layer by layer."""
_STRICT = 4503.6
"""A relative difference of so many units of the last place counts as none: 1e-12 in float64."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A weight, a bias, or a scale or shift of a normalization, and the sample whose paths are looked at, from 0."""

    machine: Machine
    slot: str
    index: tuple[int, ...]
    sample: int

    @property
    def layer(self) -> int:
        layer = self.machine.slot(self.slot).layer
        assert layer is not None
        return layer

    @property
    def unit(self) -> int:
        """The unit of the layer in which all paths end."""
        return self.index[0]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        added_behind = self.machine.slot(self.slot).role in (Role.SCALE, Role.SHIFT)
        return links_to(self.machine.model.spec, self.layer, "N" if added_behind else "Z")

    @property
    def batch_size(self) -> int:
        return self.machine.program.batch_size

    @property
    def count(self) -> Count:
        return Count(self.paths.count, len(self.links) + 1)

    @cached_property
    def crossings(self) -> int:
        """How many of the first links are gone over in all samples: up to the last that joins them."""
        return max((n for n, link in enumerate(self.links, 1) if link.crossing), default=0)

    @cached_property
    def factors(self) -> tuple[np.ndarray | Joined | None, ...]:
        """The numbers of each link for the paths of the sample, None where they are not known."""
        return self._factors(self.sample)

    @cached_property
    def last(self) -> float | None:
        return last_factor(self.machine, self.slot, self.index, self.sample)

    @property
    def known(self) -> bool:
        return self.last is not None and all(factors is not None for factors in self.factors)

    @property
    def overwritten(self) -> bool:
        """Whether the way leads over weights that have been changed since the pass backward."""
        lent = filter(None, map(lent_by, self.links))
        return not all(still_lent(self.machine, slot) for slot in lent)

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
            samples = range(self.batch_size)
            return np.array([_added(self._of(sample).products.tolist()) for sample in samples])
        slopes = handed_back(self.machine, self.links)[:, self.unit].astype(np.float64)
        parts: np.ndarray = slopes * last_factors(self.machine, self.slot, self.index)
        return parts

    @property
    def part(self) -> float | None:
        """The sum over the paths of the sample."""
        return float(self.parts[self.sample]) if self.parts is not None else None

    @property
    def added_singly(self) -> bool:
        """Whether the products are added up one by one, and not layer by layer."""
        samples = self.batch_size
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
        far = difference * (abs(gradient) or 1.0)
        return far <= _STRICT * self._unit * abs(gradient) or far <= self._rounding

    @property
    def cancels(self) -> bool:
        """Whether the gradient is nothing but rounding, though what is added up is not: so it is with a bias before a
        batch normalization, whose mean takes it away."""
        return self.agrees and 0 < abs(self.gradient or 0.0) <= self._rounding

    @cached_property
    def size(self) -> float:
        """The sum of all that is added up, of all samples and without signs: what rounding is to be measured by. The
        factors must be known."""
        sizes = sizes_back(self.machine, self.links)[:, self.unit]
        last = np.abs(last_factors(self.machine, self.slot, self.index))
        return float(np.sum(sizes * last)) + abs(self.penalty or 0.0)

    @property
    def _unit(self) -> float:
        return float(np.finfo(self.machine.model.dtype).eps)

    @property
    def _rounding(self) -> float:
        return 8 * self._unit * self.size

    def _of(self, sample: int) -> Paths:
        return self._paths(self._factors(sample), last_factor(self.machine, self.slot, self.index, sample))

    def _factors(self, sample: int) -> tuple[np.ndarray | Joined | None, ...]:
        """Up to the last crossing link those of all samples, which that one gathers into the one."""
        return tuple(self._of_link(link, n, sample) for n, link in enumerate(self.links, 1))

    def _of_link(self, link: Link, n: int, sample: int) -> np.ndarray | Joined | None:
        if link.crossing and n < self.crossings:
            return joined(self.machine, link)
        return factors_of(self.machine, link, slice(None) if n < self.crossings else slice(sample, sample + 1))

    def _paths(self, factors: Sequence[np.ndarray | Joined | None], last: float | None) -> Paths:
        steps = [
            step_of(link, self._unknown(link, n) if one is None else one)
            for n, (link, one) in enumerate(zip(self.links, factors, strict=True), 1)
        ]
        return Paths(steps, self.unit, float("nan") if last is None else last)

    def _unknown(self, link: Link, n: int) -> np.ndarray | Joined:
        """The factors of the nth link while they are not known."""
        batch = self.batch_size
        samples = batch if n < self.crossings else 1
        if link.crossing and n < self.crossings:
            return Joined(np.full((batch, link.columns), np.nan), np.ones(link.columns))
        shape: tuple[int, ...] = (batch, 1, link.columns) if link.crossing else (link.columns,)
        if link.dense:
            shape = (samples if link.of == COST else link.rows, link.columns)
        return np.full(shape, np.nan)

    def _fresh(self, slot: str) -> float | None:
        return float(self.machine.value(slot)[self.index]) if self.machine.is_fresh(slot) else None


def _added(numbers: list[float]) -> float:
    return fsum(numbers) if all(map(isfinite, numbers)) else float(np.sum(numbers))
