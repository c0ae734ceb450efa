"""Normalization: weighted sums are brought to mean 0 and variance 1 before the activation, wherever the weights drift.

H = (Z − μ) / √(σ² + ε), and N = γ ⊙ H + β lets each unit scale and shift that as it learns to.

- Batch normalization takes the mean μ and the variance σ² of each unit over the mini-batch (Ioffe & Szegedy 2015).
  For predicting there may be no batch, so it remembers running means of both and takes these.
- Layer normalization takes them of each sample over the layer's units (Ba et al. 2016), for predicting as well.

Since μ and σ² depend on each z, so does every h on all that share them, and backpropagation through both gives
dZ = (dH − mean(dH) − H ⊙ mean(dH ⊙ H)) / √(σ² + ε), the means being taken as μ is. Definitions are PyTorch's.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nnstudio.engine.arena import Arena

from .operation import Op, OpKind, Phase

EPSILON = 1e-5
MOMENTUM = 0.1
"""The share of the newest mini-batch in the running statistics."""
Mean = Callable[[np.ndarray, np.ndarray], None]
"""Writes the means of a (samples × units) array along one axis."""


def forward(arena: Arena, layer: int) -> Iterator[Op]:
    """From Z to N; a workspace without slots for the statistics of a mini-batch takes the running ones."""
    if f"mu{layer}" in arena:
        yield mean(arena, layer)
        yield variance(arena, layer)
    yield normalize(arena, layer)
    yield scale(arena, layer)


def backward(arena: Arena, layer: int) -> Iterator[Op]:
    """From dN to dZ, and the gradients of γ and β."""
    yield scale_gradient(arena, layer)
    yield shift_gradient(arena, layer)
    yield normalized_gradient(arena, layer)
    yield normalize_gradient(arena, layer)


def remember(arena: Arena, layer: int) -> Iterator[Op]:
    """The running mean and variance go a tenth of the way to those of the mini-batch."""
    yield running_mean(arena, layer)
    yield running_variance(arena, layer)


def mean(arena: Arena, layer: int) -> Op:
    """μ = mean of Z over the samples, or over the units."""
    z, mu = f"Z{layer}", f"mu{layer}"
    run = partial(_mean(arena, layer), arena[z], arena[mu])
    label = f"{mu} = mean of {z} over {_shared(arena, layer)}"
    return Op(OpKind.MEAN, Phase.FORWARD, layer, label, "", (z,), (mu,), run)


def variance(arena: Arena, layer: int) -> Op:
    """σ² = mean of (Z − μ)²."""
    z, mu, var = f"Z{layer}", f"mu{layer}", f"var{layer}"
    run = partial(_variance, arena[z], arena[mu], _mean(arena, layer), np.empty_like(arena[z]), arena[var])
    label = f"{var} = mean of ({z} − {mu})² over {_shared(arena, layer)}"
    return Op(OpKind.VARIANCE, Phase.FORWARD, layer, label, "", (z, mu), (var,), run)


def normalize(arena: Arena, layer: int) -> Op:
    """H = (Z − μ) / √(σ² + ε)."""
    z, h = f"Z{layer}", f"H{layer}"
    mu, var = statistics_of(arena, layer)
    scratch = np.empty_like(arena[z]), np.empty_like(arena[var])
    run = partial(_normalize, arena[z], arena[mu], arena[var], scratch, arena[h])
    label = f"{h} = ({z} − {mu}) / √({var} + ε)"
    return Op(OpKind.NORMALIZE, Phase.FORWARD, layer, label, "", (z, mu, var), (h,), run)


def scale(arena: Arena, layer: int) -> Op:
    """N = γ ⊙ H + β."""
    h, gamma, beta, n = f"H{layer}", f"gamma{layer}", f"beta{layer}", f"N{layer}"
    run = partial(_scale, arena[h], arena[gamma], arena[beta], np.empty_like(arena[h]), arena[n])
    label = f"{n} = {gamma} ⊙ {h} + {beta}"
    return Op(OpKind.SCALE, Phase.FORWARD, layer, label, "", (h, gamma, beta), (n,), run)


def scale_gradient(arena: Arena, layer: int) -> Op:
    """dγ = Σ dN ⊙ H over samples."""
    dn, h, dgamma = f"dN{layer}", f"H{layer}", f"dgamma{layer}"
    run = partial(_scale_gradient, arena[dn], arena[h], _ones(arena[h]), np.empty_like(arena[h]), arena[dgamma])
    label = f"{dgamma} = Σ {dn} ⊙ {h}"
    return Op(OpKind.SCALE_GRADIENT, Phase.BACKWARD, layer, label, "", (dn, h), (dgamma,), run)


def shift_gradient(arena: Arena, layer: int) -> Op:
    """dβ = Σ dN over samples."""
    dn, dbeta = f"dN{layer}", f"dbeta{layer}"
    run = partial(np.dot, _ones(arena[dn]), arena[dn], arena[dbeta])
    return Op(OpKind.SHIFT_GRADIENT, Phase.BACKWARD, layer, f"{dbeta} = Σ {dn}", "", (dn,), (dbeta,), run)


def normalized_gradient(arena: Arena, layer: int) -> Op:
    """dH = dN ⊙ γ."""
    dn, gamma, dh = f"dN{layer}", f"gamma{layer}", f"dH{layer}"
    run = partial(_times_rows, arena[dn], arena[gamma], np.empty_like(arena[dn]), arena[dh])
    label = f"{dh} = {dn} ⊙ {gamma}"
    return Op(OpKind.NORMALIZED_GRADIENT, Phase.BACKWARD, layer, label, "", (dn, gamma), (dh,), run)


def normalize_gradient(arena: Arena, layer: int) -> Op:
    """dZ = (dH − mean(dH) − H ⊙ mean(dH ⊙ H)) / √(σ² + ε)."""
    dh, h, var, dz = f"dH{layer}", f"H{layer}", f"var{layer}", f"dZ{layer}"
    scratch = np.empty_like(arena[h]), np.empty_like(arena[var])
    run = partial(_normalize_gradient, arena[dh], arena[h], arena[var], _mean(arena, layer), scratch, arena[dz])
    label = f"{dz} = ({dh} − mean({dh}) − {h} ⊙ mean({dh} ⊙ {h})) / √({var} + ε)"
    return Op(OpKind.NORMALIZE_GRADIENT, Phase.BACKWARD, layer, label, "", (dh, h, var), (dz,), run)


def running_mean(arena: Arena, layer: int) -> Op:
    """μ̄ ← 0.9 μ̄ + 0.1 μ."""
    mu, kept = f"mu{layer}", f"rmu{layer}"
    run = partial(_approach, arena[kept], arena[mu], MOMENTUM, np.empty_like(arena[mu]))
    label = f"{kept} ← {1 - MOMENTUM:g} {kept} + {MOMENTUM:g} {mu}"
    return Op(OpKind.RUNNING, Phase.UPDATE, layer, label, "", (kept, mu), (kept,), run)


def running_variance(arena: Arena, layer: int) -> Op:
    """σ̄² ← 0.9 σ̄² + 0.1 σ² m/(m − 1), since the mean of squares around their own mean is a little small."""
    var, kept, m = f"var{layer}", f"rvar{layer}", len(arena[f"Z{layer}"])
    run = partial(_approach, arena[kept], arena[var], MOMENTUM * m / (m - 1), np.empty_like(arena[var]))
    label = f"{kept} ← {1 - MOMENTUM:g} {kept} + {MOMENTUM:g} {var} · m/(m − 1)"
    return Op(OpKind.RUNNING, Phase.UPDATE, layer, label, "", (kept, var), (kept,), run)


def statistics_of(arena: Arena, layer: int) -> tuple[str, str]:
    """The slots of mean and variance that a workspace normalizes by: its own, or the running ones."""
    own = f"mu{layer}", f"var{layer}"
    return own if own[0] in arena else (f"rmu{layer}", f"rvar{layer}")


def over_samples(arena: Arena, layer: int) -> bool:
    """Whether the means are taken over samples, for each unit, and not over units, for each sample."""
    return arena[statistics_of(arena, layer)[0]].ndim == 1


def _shared(arena: Arena, layer: int) -> str:
    return "samples" if over_samples(arena, layer) else "units"


def _mean(arena: Arena, layer: int) -> Mean:
    """Sums are products with ones, which are faster than sums at small sizes."""
    Z = arena[f"Z{layer}"]
    rows, units = Z.shape
    if over_samples(arena, layer):
        return partial(_mean_of_columns, _ones(Z), 1 / rows)
    return partial(_mean_of_rows, np.ones((units, 1), Z.dtype), 1 / units)


def _ones(like: np.ndarray) -> np.ndarray:
    return np.ones(len(like), like.dtype)


def _mean_of_columns(ones: np.ndarray, share: float, values: np.ndarray, out: np.ndarray) -> None:
    np.dot(ones, values, out)
    np.multiply(out, share, out)


def _mean_of_rows(ones: np.ndarray, share: float, values: np.ndarray, out: np.ndarray) -> None:
    np.dot(values, ones, out)
    np.multiply(out, share, out)


def _variance(Z: np.ndarray, mu: np.ndarray, mean: Mean, s: np.ndarray, var: np.ndarray) -> None:
    np.copyto(s, mu)
    np.subtract(Z, s, s)
    np.multiply(s, s, s)
    mean(s, var)


def _normalize(
    Z: np.ndarray, mu: np.ndarray, var: np.ndarray, scratch: tuple[np.ndarray, np.ndarray], H: np.ndarray
) -> None:
    s, _ = scratch
    np.copyto(s, mu)
    np.subtract(Z, s, H)
    _divide_by_deviation(H, var, scratch)


def _divide_by_deviation(values: np.ndarray, var: np.ndarray, scratch: tuple[np.ndarray, np.ndarray]) -> None:
    s, deviation = scratch
    np.add(var, EPSILON, deviation)
    np.sqrt(deviation, deviation)
    np.copyto(s, deviation)
    np.divide(values, s, values)


def _scale(H: np.ndarray, gamma: np.ndarray, beta: np.ndarray, s: np.ndarray, N: np.ndarray) -> None:
    _times_rows(H, gamma, s, N)
    np.copyto(s, beta)
    np.add(N, s, N)


def _times_rows(values: np.ndarray, row: np.ndarray, s: np.ndarray, out: np.ndarray) -> None:
    np.copyto(s, row)
    np.multiply(values, s, out)


def _scale_gradient(dN: np.ndarray, H: np.ndarray, ones: np.ndarray, s: np.ndarray, dgamma: np.ndarray) -> None:
    np.multiply(dN, H, s)
    np.dot(ones, s, dgamma)


def _normalize_gradient(
    dH: np.ndarray,
    H: np.ndarray,
    var: np.ndarray,
    mean: Mean,
    scratch: tuple[np.ndarray, np.ndarray],
    dZ: np.ndarray,
) -> None:
    s, means = scratch
    mean(dH, means)
    np.copyto(s, means)
    np.subtract(dH, s, dZ)
    np.multiply(dH, H, s)
    mean(s, means)
    np.copyto(s, means)
    np.multiply(s, H, s)
    np.subtract(dZ, s, dZ)
    _divide_by_deviation(dZ, var, scratch)


def _approach(kept: np.ndarray, new: np.ndarray, share: float, s: np.ndarray) -> None:
    np.multiply(kept, 1 - MOMENTUM, kept)
    np.multiply(new, share, s)
    np.add(kept, s, kept)
