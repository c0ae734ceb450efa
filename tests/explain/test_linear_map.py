"""A product of matrices as a formula: its numbers are those of the matrices."""

import re
from itertools import pairwise

import numpy as np
import pytest

from nnstudio.explain.linear_map import can_be_shown, fitted, matrix, product


def read(text):
    """The matrices of a plain text, as an independent reader sees them."""
    found = re.findall(r"\[([^\]]*)\]", text.replace("−", "-"))
    return [np.array([[float(cell) for cell in row.split()] for row in one.split(";")]) for one in found]


@pytest.mark.parametrize("widths", [(2, 3, 1), (3, 4, 2, 2)])
def test_the_factors_that_are_shown_make_the_product_that_is_shown(widths):
    rng = np.random.default_rng(0)
    layers = [rng.normal(size=(after, before)) for before, after in pairwise(widths)]
    W = np.linalg.multi_dot(layers[::-1])
    shown = read(product(layers, W, rng.normal(size=len(W)), 4).plain)
    factors, made = shown[:-2], shown[-2]
    assert [factor.shape for factor in factors] == [layer.shape for layer in layers[::-1]]
    np.testing.assert_allclose(np.linalg.multi_dot(factors), made, atol=0.1)  # the factors have two decimals
    np.testing.assert_allclose(made, W, atol=5e-5)


def test_many_numbers_are_left_to_their_symbols():
    rng = np.random.default_rng(0)
    layers = [rng.normal(size=(30, 2)), rng.normal(size=(1, 30))]
    formula = product(layers, layers[1] @ layers[0], np.zeros(1), 4)
    assert formula.plain.startswith("W = W²W¹ = [")
    assert len(read(formula.plain)) == 2


def test_a_matrix_is_written_in_both_forms():
    written = matrix(np.array([[1.5, -2.0], [0.0, 1e-9]]), 2)
    assert written.plain == "[1.50 −2.00; 0.00 1.0e−09]"
    assert written.typst == 'mat(delim: "[", 1.50, -2.00; 0.00, 1.0 dot 10^(-9))'


def test_least_squares_have_hats():
    assert fitted(np.array([[1.0, 2.0]]), np.array([3.0]), 1).plain == "Ŵ = [1.0 2.0], b̂ = [3.0]"


def test_what_cannot_be_read_is_not_shown():
    assert can_be_shown(np.zeros((6, 12)))
    assert not can_be_shown(np.zeros((7, 2)))
    assert not can_be_shown(np.zeros((1, 13)))
