"""Costs and fusions: values against the textbook, gradients against differences, probabilities of exactly 0 and 1."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.activations import activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.fusion import fusion


def over(function):
    """Mean over all samples and outputs."""
    return lambda a, y: np.mean([function(p, t) for p, t in zip(a.ravel(), y.ravel(), strict=True)])


TEXTBOOK = {
    "half_mse": lambda a, y: np.sum((y - a) ** 2) / (2 * len(a)),
    "mse": over(lambda p, t: (t - p) ** 2),
    "mae": over(lambda p, t: abs(t - p)),
    "huber": over(lambda p, t: 0.5 * (p - t) ** 2 if abs(p - t) <= 1 else abs(p - t) - 0.5),
    "log_cosh": over(lambda p, t: math.log(math.cosh(p - t))),
    "binary_cross_entropy": over(lambda p, t: -(t * math.log(p) + (1 - t) * math.log(1 - p))),
    "cross_entropy": lambda a, y: -np.sum(y * np.log(a)) / len(a),
}
PROBABILITIES = ("binary_cross_entropy", "cross_entropy")
FUSED = (("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"))

by_name = pytest.mark.parametrize("name", Cost.names())
fused = pytest.mark.parametrize(("sigma", "name"), FUSED)
shapes = st.tuples(st.integers(1, 5), st.integers(1, 4))


def scratch(like, count=2):
    return tuple(np.full_like(like, np.nan) for _ in range(count))


def value(name, a, y):
    return cost(name).value(a, y, scratch(a))


def gradient(name, a, y):
    out = np.full_like(a, np.nan)
    cost(name).gradient(a, y, out, scratch(a))
    return out


def outputs_and_targets(name, seed, shape):
    rng = np.random.default_rng(seed)
    if name in PROBABILITIES:
        return rng.uniform(0.05, 0.95, shape), rng.uniform(0, 1, shape)
    return rng.normal(0, 2, shape), rng.normal(0, 2, shape)


def test_the_textbook_has_every_cost():
    assert set(TEXTBOOK) == set(Cost.names())


@by_name
@given(seed=st.integers(0, 2**32), shape=shapes)
def test_a_value_is_the_textbook_s(name, seed, shape):
    a, y = outputs_and_targets(name, seed, shape)
    assert value(name, a, y) == pytest.approx(TEXTBOOK[name](a, y), rel=1e-12)


@by_name
@given(seed=st.integers(0, 2**32), shape=shapes)
def test_a_gradient_is_the_limit_of_differences(name, seed, shape):
    a, y = outputs_and_targets(name, seed, shape)
    h, found = 1e-6, gradient(name, a, y)
    for index in np.ndindex(a.shape):
        if name == "mae" and abs(a[index] - y[index]) <= h:
            continue
        up, down = a.copy(), a.copy()
        up[index] += h
        down[index] -= h
        assert found[index] == pytest.approx((value(name, up, y) - value(name, down, y)) / (2 * h), rel=1e-5, abs=1e-8)


def test_the_mean_absolute_error_is_flat_where_it_is_met():
    assert gradient("mae", np.array([[1.0, 2.0]]), np.array([[1.0, 3.0]])).tolist() == [[0, -0.5]]


@by_name
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_farthest_outputs_do_no_harm(name, dtype):
    most = 1.0 if name in PROBABILITIES else 1e4
    a = np.array([[0.0, most], [most, 0.0]], dtype)
    y = np.array([[1.0, 0.0], [1.0, 0.0]], dtype)
    with np.errstate(all="raise", under="ignore"):
        J, slope = value(name, a, y), gradient(name, a, y)
    assert math.isfinite(J)
    assert slope.dtype == dtype
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", PROBABILITIES)
def test_a_certain_and_right_probability_costs_nothing(name):
    a = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert value(name, a, a) == pytest.approx(0, abs=1e-15)


@fused
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 5), units=st.integers(2, 4))
def test_a_fusion_is_activation_and_cost_one_after_the_other(sigma, name, seed, rows, units):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 2, (rows, units)), rng.uniform(0, 1, (rows, units))
    a = activation(sigma).value(z)
    both, dz = fusion(sigma, name), np.full_like(z, np.nan)
    written = np.full_like(z, np.nan) if both.joint else a
    assert both.value(z, written, y, scratch(z, 3)) == pytest.approx(value(name, a, y), rel=1e-10)
    np.testing.assert_allclose(written, a, rtol=1e-12)
    both.gradient(a, y, dz, scratch(z, 3))
    through = np.empty_like(z)
    activation(sigma).backward(z, a, gradient(name, a, y), through, scratch(z))
    np.testing.assert_allclose(dz, through, rtol=1e-7, atol=1e-12)


@fused
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 4), units=st.integers(2, 4))
def test_the_gradient_of_a_fusion_is_the_limit_of_differences(sigma, name, seed, rows, units):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 2, (rows, units)), rng.uniform(0, 1, (rows, units))
    both, dz, h = fusion(sigma, name), np.empty_like(z), 1e-6
    both.gradient(activation(sigma).value(z), y, dz, scratch(z, 3))
    for index in np.ndindex(z.shape):
        ends = []
        for way in (h, -h):
            moved = z.copy()
            moved[index] += way
            ends.append(both.value(moved, np.empty_like(z), y, scratch(z, 3)))
        assert dz[index] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-5, abs=1e-8)


@fused
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_fusion_is_exact_where_the_probability_has_rounded_to_0_or_1(sigma, name, dtype):
    z = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype)
    y = np.array([[0.0, 1.0], [0.0, 1.0]], dtype)
    both, a, dz = fusion(sigma, name), activation(sigma).value(z), np.empty_like(z)
    with np.errstate(all="raise", under="ignore"):
        J = both.value(z, a, y, scratch(z, 3))
        both.gradient(a, y, dz, scratch(z, 3))
    wrong_by = 1e4  # in the first row; the second is right
    assert pytest.approx(2 * wrong_by / (4 if name == "binary_cross_entropy" else 2)) == J
    assert np.isfinite(dz).all()


def test_only_the_two_usual_pairs_are_fused():
    assert fusion("softmax", "half_mse") is None
    assert fusion("tanh", "binary_cross_entropy") is None
