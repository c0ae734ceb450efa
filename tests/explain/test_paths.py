"""Paths along a layered graph, against all of them tried one by one."""

from itertools import pairwise, product
from math import fsum, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.explain.paths import Path, Paths


@st.composite
def graphs(draw):
    """Links of random sizes, a few of them one factor a unit; some factors 0, some equal."""
    widths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    digits = draw(st.sampled_from([0, 1, 12]))
    links = []
    for rows, columns in pairwise((1, *widths)):
        links.append(rng.normal(size=(rows, columns)).round(digits))
        links += [rng.normal(size=columns).round(digits) for _ in range(draw(st.integers(0, 2)))]
    return Paths(links, draw(st.integers(0, widths[-1] - 1)), float(rng.normal())), links


def tried(paths, links):
    """Every path as units and factors, by trying all choices of a unit behind each link."""
    for units in product(*(range(link.shape[-1]) for link in links)):
        befores = (0, *units[:-1])
        if units[-1] == paths._end and all(
            link.ndim == 2 or a == b for link, a, b in zip(links, befores, units, strict=True)
        ):
            factors = [
                link[a, b] if link.ndim == 2 else link[b] for link, a, b in zip(links, befores, units, strict=True)
            ]
            yield units, (*map(float, factors), paths._last)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_the_paths_are_all_there_are(made):
    paths, links = made
    all_of_them = list(tried(paths, links))
    assert [(path.units, path.factors) for path in paths] == all_of_them
    assert paths.count == len(all_of_them)
    products = [prod(factors) for _, factors in all_of_them]
    np.testing.assert_allclose(paths.products, products, rtol=1e-13)
    assert paths.total == pytest.approx(fsum(products), rel=1e-12, abs=1e-13)
    assert paths.size == pytest.approx(fsum(map(abs, products)), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 12))
def test_the_largest_paths_are_those_that_sorting_all_of_them_finds(made, most):
    paths, links = made
    sizes = sorted((abs(prod(factors)) for _, factors in tried(paths, links)), reverse=True)[:most]
    found = paths.largest(most)
    assert len(set(found)) == len(found)
    shown = [abs(path.product) for path in found]
    if paths.count > most:
        assert shown == pytest.approx(sizes, rel=1e-12, abs=1e-300)
    else:
        assert sorted(shown, reverse=True) == pytest.approx(sizes)


def test_the_largest_of_very_many_paths_are_found_at_once():
    rng = np.random.default_rng(1)
    links = [rng.normal(size=(1, 10)), *(rng.normal(size=(rows, 300)) for rows in (10, *[300] * 8))]
    paths = Paths(links, 7, 0.5)
    assert paths.count == 10 * 300**8
    found = paths.largest(20)
    assert found[0].product == pytest.approx(max((path.product for path in found), key=abs))
    assert all(abs(a.product) >= abs(b.product) * (1 - 1e-12) for a, b in pairwise(found))


def test_factors_that_are_not_numbers_come_in_reading_order():
    paths = Paths([np.ones((1, 3)), np.array([[1.0], [np.nan], [9.0]])], 0, 1.0)
    assert [path.units for path in paths.largest(2)] == [(0, 0), (1, 0)]


def test_a_path_knows_its_product():
    assert Path((0, 1), (2.0, -3.0, 0.5)).product == -3.0
