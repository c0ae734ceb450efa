"""How many factors the chain rule multiplies, against the lecture's own counts and against all paths written down."""

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization
from nnstudio.explain.counts import by_backpropagation, count_of, remark, written_out
from nnstudio.explain.route import links_to

from ..engine.drawn import UNIT_RANGE  # noqa: TID252 — tests are in no package that could be named


def plain(*widths, bias=False, sigma="tanh"):
    return ModelSpec(NetworkSpec(widths[0], tuple(LayerSpec(n, sigma, bias=bias) for n in widths[1:])))


@pytest.mark.parametrize(("widths", "parameters", "factors", "needed"), [((1, 1, 1), 2, 8, 6), ((2, 2, 2), 8, 52, 18)])
def test_the_lectures_networks_have_eight_and_fifty_two_factors(widths, parameters, factors, needed):
    spec = plain(*widths)
    assert spec.network.parameters == parameters
    assert written_out(spec, 1) == factors
    assert by_backpropagation(spec, 1) == needed


def test_a_network_for_digits_is_counted_at_once_and_exactly():
    spec = plain(784, 512, 512, 10, bias=True)
    assert count_of(spec, 1, 1).paths == 5120
    assert written_out(spec, 1) == 401_920 * 5120 * 7 + 262_656 * 10 * 5 + 5130 * 3
    assert by_backpropagation(spec, 1) == 669_706 + 512 * 512 + 512 * 10 + 512 + 512 + 10 + 10


def test_counts_are_exact_beyond_what_a_float_can_hold():
    spec = plain(*[997] * 12)
    assert count_of(spec, 1, 1).paths == 997**10
    assert written_out(spec, 1) == sum(997**2 * 997 ** (11 - n) * (2 * (11 - n) + 3) for n in range(1, 12))


def test_a_softmax_is_passed_from_any_output_to_any_sum_unless_it_is_fused_with_the_cost():
    network = NetworkSpec(2, (LayerSpec(2, "tanh"), LayerSpec(3, "softmax")))
    apart, fused = ModelSpec(network, "mse"), ModelSpec(network, "cross_entropy")
    assert (count_of(apart, 2, 1).paths, count_of(apart, 1, 1).paths) == (3, 9)
    assert (count_of(fused, 2, 1).paths, count_of(fused, 1, 1).paths) == (1, 3)
    assert count_of(apart, 1, 1).length == count_of(fused, 1, 1).length + 1
    assert remark(apart) == ""
    assert remark(fused).startswith("Softmax and cross-entropy are worked out as one here")


def test_a_batch_normalization_lets_every_path_come_from_any_sample():
    layers = LayerSpec(3, "tanh"), LayerSpec(3, "tanh", normalization=Normalization.BATCH), LayerSpec(1)
    spec = ModelSpec(NetworkSpec(2, layers))
    assert [count_of(spec, n, 10).paths for n in (3, 2, 1)] == [1, 10, 30]
    assert count_of(spec, 2, 10, "N").paths == 1
    assert (count_of(spec, 2, 10, "N").length, count_of(spec, 2, 10).length) == (5, 7)
    assert remark(spec).startswith("For ∂h/∂z of a normalization backpropagation needs still fewer")


@st.composite
def small(draw):
    """1 to 4 layers of 1 to 5 units, with any activations, costs and normalizations that go together."""
    name = draw(st.sampled_from(Cost.names()))
    sigmas = st.sampled_from(Activation.names())
    last = sigmas.filter(lambda s: cost(name).outputs != UNIT_RANGE or activation(s).range == UNIT_RANGE)
    plainly = draw(st.booleans())
    normalization = st.just(Normalization.NONE) if plainly else st.sampled_from(Normalization)

    def layer(sigma, dropout):
        units, bias = draw(st.integers(1, 5)), draw(st.booleans())
        return LayerSpec(units, sigma, bias=bias, dropout=dropout, normalization=draw(normalization))

    hidden = [layer(draw(sigmas), draw(st.sampled_from([0.0, 0.5]))) for _ in range(draw(st.integers(0, 3)))]
    return ModelSpec(NetworkSpec(draw(st.integers(1, 5)), (*hidden, layer(draw(last), 0.0))), name)


def brute(links, node, samples, walked=()):
    """Every path to a node (a sample and a unit), written down link by link as (of, by, a node of one, of the other),
    over all samples of the mini-batch."""
    if len(walked) == len(links):
        if walked[-1][-1] == node:
            yield walked
        return
    link, before = links[len(walked)], walked[-1][-1] if walked else None
    for behind in product(range(samples), range(link.columns)):
        if before is None or leads(link, before, behind):
            yield from brute(links, node, samples, (*walked, (link.of, link.by, before, behind)))


def leads(link, before, behind):
    if link.crossing:
        return before[1] == behind[1]
    return before[0] == behind[0] and (link.dense or before[1] == behind[1])


@settings(max_examples=200, deadline=None)
@given(small(), st.integers(1, 3))
def test_counts_are_those_of_all_paths_written_down(spec, samples):
    if not any(layer.normalization is Normalization.BATCH for layer in spec.network.layers):
        samples = 1
    assume(samples * written_out(spec, samples) < 100_000)
    total, different = 0, set()
    for layer, own in enumerate(spec.network.layers, 1):
        into = spec.network.widths[layer - 1] + own.bias
        for end, parameters in (("Z", into), ("N", 2 * own.normalized)) if own.normalized else (("Z", into),):
            links = links_to(spec, layer, end)
            for node in product(range(samples), range(own.units)):
                paths = list(brute(links, node, samples))
                assert len(paths) == count_of(spec, layer, samples, end).paths
                assert {len(path) + 1 for path in paths} == {count_of(spec, layer, samples, end).length}
                total += parameters * sum(len(path) + 1 for path in paths)
                different.update(link for path in paths for link in path)
    assert written_out(spec, samples) * samples == total
    assert by_backpropagation(spec, samples) * samples == len(different) + spec.network.parameters * samples
