"""Activations: values against the textbook, slopes against differences, and no number too large for them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.spec import SpecError


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


TEXTBOOK = {
    "step": lambda z: 1.0 if z >= 0 else 0.0,
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "gelu": lambda z: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z * sigmoid(z),
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "softsign": lambda z: z / (1 + abs(z)),
    "mish": lambda z: z * math.tanh(math.log(1 + math.exp(z))),
    "relu6": lambda z: min(max(z, 0.0), 6.0),
    "hard_tanh": lambda z: min(max(z, -1.0), 1.0),
    "hard_sigmoid": lambda z: min(max(z / 6 + 0.5, 0.0), 1.0),
}
KINKS = {"step": [0], "relu": [0], "leaky_relu": [0], "elu": [0], "selu": [0], "relu6": [0, 6]}
KINKS |= {"hard_tanh": [-1, 1], "hard_sigmoid": [-3, 3]}
SLOPE_AT_KINK = {"step": {0: 0}, "relu": {0: 0}, "leaky_relu": {0: 0.01}, "relu6": {0: 0, 6: 0}}
SLOPE_AT_KINK |= {"hard_tanh": {-1: 0, 1: 0}, "hard_sigmoid": {-3: 0, 3: 0}}

by_name = pytest.mark.parametrize("name", Activation.names())
elementwise = pytest.mark.parametrize("name", TEXTBOOK)
moderate = st.floats(-20, 20)


def test_the_textbook_has_every_elementwise_activation():
    assert set(TEXTBOOK) == {name for name in Activation.names() if activation(name).elementwise}


@elementwise
@given(z=moderate)
def test_a_value_is_the_textbook_s(name, z):
    assert activation(name).value(np.array([z]))[0, 0] == pytest.approx(TEXTBOOK[name](z), rel=1e-12, abs=1e-9)


@elementwise
@given(z=moderate)
def test_a_slope_is_the_limit_of_differences(name, z):
    h = 1e-5
    if any(abs(z - kink) <= h for kink in KINKS.get(name, ())):
        return
    sigma = activation(name)
    low, high = sigma.value(np.array([z - h, z + h]))[0]
    assert sigma.slope_value(np.array([z]))[0, 0] == pytest.approx((high - low) / (2 * h), rel=2e-5, abs=1e-7)


@pytest.mark.parametrize(("name", "slopes"), SLOPE_AT_KINK.items())
def test_a_slope_at_a_kink_is_pytorch_s(name, slopes):
    for z, slope in slopes.items():
        assert activation(name).slope_value(np.array([float(z)]))[0, 0] == slope


@by_name
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 4), units=st.integers(2, 5))
def test_backward_is_the_chain_rule(name, seed, rows, units):
    """∂/∂z of Σ w·σ(z), for any w, softmax included."""
    rng = np.random.default_rng(seed)
    z, w = rng.normal(size=(2, rows, units))
    sigma, h = activation(name), 1e-6
    if any(np.abs(z - kink).min() <= h for kink in KINKS.get(name, ())):
        return
    dz = np.empty_like(z)
    sigma.backward(z, sigma.value(z), w, dz, (np.empty_like(z), np.empty_like(z)))
    for index in np.ndindex(z.shape):
        moved = z.copy()
        moved[index] += h
        up = np.sum(w * sigma.value(moved))
        moved[index] -= 2 * h
        down = np.sum(w * sigma.value(moved))
        assert dz[index] == pytest.approx((up - down) / (2 * h), rel=1e-5, abs=1e-7)


@by_name
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_weighted_sum_is_too_large(name, dtype):
    z = np.array([[1e4, -1e4, 0.0], [30.0, -30.0, 800.0], [-800.0, 1e-30, -0.0]], dtype)
    sigma = activation(name)
    low, high = sigma.range
    with np.errstate(all="raise", under="ignore"):
        a, slope = sigma.value(z), sigma.slope_value(z)
        dz = np.empty_like(z)
        sigma.backward(z, a, np.ones_like(z), dz, (np.empty_like(z), np.empty_like(z)))
    assert a.dtype == slope.dtype == dtype
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()
    assert np.isfinite(dz).all()
    assert (a >= low - 1e-5).all()
    assert (a <= high).all()


@by_name
@given(z=st.floats(-1e4, 1e4))
def test_a_value_lies_in_the_stated_range(name, z):
    low, high = activation(name).range
    assert low - 1e-5 <= activation(name).value(np.array([[z, -z]]))[0, 0] <= high


@by_name
def test_nothing_but_the_output_and_scratch_is_written(name):
    z = np.linspace(-3, 3, 6).reshape(2, 3)
    sigma, before = activation(name), z.copy()
    a, da, dz = sigma.value(z), np.ones_like(z), np.empty_like(z)
    kept = a.copy()
    sigma.backward(z, a, da, dz, (np.empty_like(z), np.empty_like(z)))
    assert z.tobytes() == before.tobytes()
    assert a.tobytes() == kept.tobytes()
    assert (da == 1).all()


@by_name
def test_it_has_formulas_to_show(name):
    sigma = activation(name)
    for formula in (sigma.formula, sigma.slope_formula, sigma.typst):
        assert formula.strip()
    assert "Z1" in sigma.formula.format(z="Z1", a="A1")


def test_softmax_rows_sum_to_one_and_ignore_a_shift():
    z = np.random.default_rng(0).normal(size=(5, 4))
    a = activation("softmax").value(z)
    np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(activation("softmax").value(z + 1000), a, rtol=1e-10)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(SpecError, match=r"no activation 'rellu'; did you mean 'relu'\?"):
        activation("rellu")
