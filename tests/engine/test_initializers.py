"""Initializers: the spread each promises, and that the generator alone decides."""

import numpy as np
import pytest

from nnstudio.engine.initializers import Initializer, initializer

UNITS, INPUTS = 300, 200
DEVIATION = {
    "zeros": 0,
    "constant": 0,
    "uniform": 1 / np.sqrt(12),
    "normal": 0.1,
    "xavier_uniform": np.sqrt(2 / (INPUTS + UNITS)),
    "xavier_normal": np.sqrt(2 / (INPUTS + UNITS)),
    "he_uniform": np.sqrt(2 / INPUTS),
    "he_normal": np.sqrt(2 / INPUTS),
    "lecun_normal": np.sqrt(1 / INPUTS),
    "orthogonal": np.sqrt(1 / UNITS),
}

by_name = pytest.mark.parametrize("name", Initializer.names())


@by_name
def test_the_weights_have_the_promised_mean_and_deviation(name):
    weights = initializer(name).draw(np.random.default_rng(0), UNITS, INPUTS)
    assert weights.shape == (UNITS, INPUTS)
    assert weights.std() == pytest.approx(DEVIATION[name], rel=0.02, abs=1e-12)
    assert weights.mean() == pytest.approx(0.1 if name == "constant" else 0, abs=0.01)


@by_name
def test_the_same_generator_draws_the_same_weights(name):
    first, again = (initializer(name).draw(np.random.default_rng(5), 4, 3) for _ in range(2))
    assert first.tobytes() == again.tobytes()


@by_name
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_the_smallest_layers_have_weights_too(name, shape):
    assert np.isfinite(initializer(name).draw(np.random.default_rng(0), *shape)).all()


@pytest.mark.parametrize("shape", [(4, 7), (7, 4), (5, 5)])
def test_orthogonal_rows_or_columns_are_orthonormal(shape):
    weights = initializer("orthogonal").draw(np.random.default_rng(0), *shape)
    product = weights @ weights.T if shape[0] <= shape[1] else weights.T @ weights
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-12)
    assert weights.flags.c_contiguous
