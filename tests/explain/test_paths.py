"""Paths along a layered graph, against all of them tried one by one."""

from itertools import pairwise, product
from math import fsum, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.explain.paths import Path, Paths
from nnstudio.explain.steps import Joined, across, fan, gather, own, start

NO_WAY = np.nan


@st.composite
def graphs(draw):
    """Steps of every kind and random sizes, some factors 0, some equal; beside each the same as a matrix of all nodes
    by all nodes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    digits, crossings = draw(st.sampled_from([0, 1, 12])), draw(st.integers(0, 2))
    samples, units = draw(st.integers(1, 3)) if crossings else 1, draw(st.integers(1, 3))

    def drawn(*shape):
        return rng.normal(size=shape).round(digits)

    slopes = drawn(samples, units)
    made = [(start(slopes), slopes.reshape(1, -1))]
    for kind in draw(
        st.permutations(["across"] * crossings + draw(st.lists(st.sampled_from(["fan", "own"]), max_size=2)))
    ):
        if kind == "across":
            crossings -= 1
            factors = drawn(samples, samples if crossings else 1, units)
            behind = factors.shape[1]
            rows = factors.transpose(0, 2, 1).reshape(-1, behind)
            made.append(
                (across(rows, units, behind) if crossings else gather(factors[:, 0]), spread_over_samples(factors))
            )
            samples = behind
        else:
            alike, columns = draw(st.booleans()), draw(st.integers(1, 3)) if kind == "fan" else 1
            factors = drawn(1 if alike else samples, units, columns)
            made.append(
                (
                    fan(factors.reshape(-1, columns), units) if kind == "fan" else own(factors, units),
                    spread_over_units(np.broadcast_to(factors, (samples, units, columns)), kind),
                )
            )
            units = columns if kind == "fan" else units
    end = draw(st.integers(0, units - 1))
    return Paths([step for step, _ in made], end, 0.75), [matrix for _, matrix in made], end


def spread_over_samples(factors):
    before, behind, units = factors.shape
    matrix = np.full((before, units, behind, units), NO_WAY)
    for s, t, u in np.ndindex(before, behind, units):
        matrix[s, u, t, u] = factors[s, t, u]
    return matrix.reshape(before * units, behind * units)


def spread_over_units(factors, kind):
    samples, units, columns = factors.shape
    width = columns if kind == "fan" else units
    matrix = np.full((samples, units, samples, width), NO_WAY)
    for s, u, v in np.ndindex(samples, units, columns):
        matrix[s, u, s, v if kind == "fan" else u] = factors[s, u, v]
    return matrix.reshape(samples * units, samples * width)


def tried(made):
    """The nodes and factors of every path, by trying all choices of a node behind each link."""
    _, links, end = made
    for nodes in product(*(range(link.shape[1]) for link in links)):
        factors = [link[a, b] for link, a, b in zip(links, (0, *nodes[:-1]), nodes, strict=True)]
        if nodes[-1] == end and not np.isnan(factors).any():
            yield nodes, (*map(float, factors), 0.75)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_the_paths_are_all_there_are(made):
    paths, all_of_them = made[0], list(tried(made))
    assert [path.factors for path in paths] == [factors for _, factors in all_of_them]
    assert len({(path.units, path.samples) for path in paths}) == paths.count == len(all_of_them)
    products = [prod(factors) for _, factors in all_of_them]
    np.testing.assert_allclose(paths.products, products, rtol=1e-13)
    assert paths.total == pytest.approx(fsum(products), rel=1e-12, abs=1e-13)
    assert paths.size == pytest.approx(fsum(map(abs, products)), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 12))
def test_the_largest_paths_are_those_that_sorting_all_of_them_finds(made, most):
    paths = made[0]
    sizes = sorted((abs(prod(factors)) for _, factors in tried(made)), reverse=True)[:most]
    found = paths.largest(most)
    assert len(set(found)) == len(found)
    shown = [abs(path.product) for path in found]
    if paths.count > most:
        assert shown == pytest.approx(sizes, rel=1e-12, abs=1e-300)
    else:
        assert sorted(shown, reverse=True) == pytest.approx(sizes)


def test_the_largest_of_very_many_paths_are_found_at_once():
    rng = np.random.default_rng(1)
    steps = [start(rng.normal(size=(1, 10))), *(fan(rng.normal(size=(rows, 300)), rows) for rows in (10, *[300] * 8))]
    paths = Paths(steps, 7, 0.5)
    assert paths.count == 10 * 300**8
    found = paths.largest(20)
    assert found[0].product == pytest.approx(max((path.product for path in found), key=abs))
    assert all(abs(a.product) >= abs(b.product) * (1 - 1e-12) for a, b in pairwise(found))


def test_factors_that_are_not_numbers_come_in_reading_order():
    paths = Paths([start(np.ones((1, 3))), fan(np.array([[1.0], [np.nan], [9.0]]), 3)], 0, 1.0)
    assert [path.units for path in paths.largest(2)] == [(0, 0), (1, 0)]


def test_a_path_knows_the_samples_that_it_goes_through():
    slopes, joined = np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]])
    first, second = Paths([start(slopes), gather(joined)], 0, 1.0)
    assert (first.samples, second.samples) == ((0, 0), (1, 0))
    assert (first.product, second.product) == (3.0, 8.0)


def test_a_path_knows_its_product():
    assert Path((0, 1), (2.0, -3.0, 0.5)).product == -3.0


def test_what_a_batch_normalization_joins_is_its_derivative():
    """Against the difference quotient of (z − mean) / √(variance + ε)."""
    rng, tiny = np.random.default_rng(2), 1e-6
    z = rng.normal(size=(5, 3))

    def normalized(z):
        return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)

    joined = Joined(normalized(z), np.sqrt(z.var(axis=0) + 1e-5))
    for i, j, unit in np.ndindex(5, 5, 3):
        step = np.zeros_like(z)
        step[j, unit] = tiny
        slope = (normalized(z + step) - normalized(z - step))[i, unit] / (2 * tiny)
        assert joined[i * 3 + unit : i * 3 + unit + 1][0, j] == pytest.approx(slope, abs=1e-6)
    assert len(joined) == 15


def test_a_search_through_many_numbers_tells_how_far_it_is_and_ends_when_it_is_told_to():
    rng = np.random.default_rng(3)
    joined = Joined(rng.normal(size=(60, 200)), np.ones(200))
    paths = Paths(
        [start(rng.normal(size=(60, 200))), across(joined, 200, 60), gather(rng.normal(size=(60, 200)))], 7, 1.0
    )
    told = []
    found = paths.found(20, lambda done, of: told.append(done / of))
    assert found.paths == paths.largest(20)
    assert found.size == paths.size
    assert told == sorted(told)
    assert told[-1] == 1.0

    def enough(_done, _of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        paths.found(20, enough)


def test_paths_that_are_kept_apart_stay_as_they_were():
    weights = np.array([[1.0, 2.0]])
    paths = Paths([start(np.ones((1, 1))), fan(weights, 1), own(np.ones(2), 2)], 1, 1.0)
    kept = paths.apart()
    assert kept.same_as(paths)
    weights[0, 1] = 3.0
    now = Paths([start(np.ones((1, 1))), fan(weights, 1), own(np.ones(2), 2)], 1, 1.0)
    assert not kept.same_as(now)
    assert kept.total == 2.0
