"""How many factors the chain rule multiplies, against the lecture's own counts and against all paths written down."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization
from nnstudio.explain.counts import by_backpropagation, count_of, remark, written_out
from nnstudio.explain.route import links_to, obstacle

from ..engine.drawn import UNIT_RANGE  # noqa: TID252 — tests are in no package that could be named


def plain(*widths, bias=False, sigma="tanh"):
    return ModelSpec(NetworkSpec(widths[0], tuple(LayerSpec(n, sigma, bias=bias) for n in widths[1:])))


@pytest.mark.parametrize(("widths", "parameters", "factors", "needed"), [((1, 1, 1), 2, 8, 6), ((2, 2, 2), 8, 52, 18)])
def test_the_lectures_networks_have_eight_and_fifty_two_factors(widths, parameters, factors, needed):
    spec = plain(*widths)
    assert spec.network.parameters == parameters
    assert written_out(spec) == factors
    assert by_backpropagation(spec) == needed


def test_a_network_for_digits_is_counted_at_once_and_exactly():
    spec = plain(784, 512, 512, 10, bias=True)
    assert count_of(spec, 1).paths == 5120
    assert written_out(spec) == 401_920 * 5120 * 7 + 262_656 * 10 * 5 + 5130 * 3
    assert by_backpropagation(spec) == 669_706 + 512 * 512 + 512 * 10 + 512 + 512 + 10 + 10


def test_counts_are_exact_beyond_what_a_float_can_hold():
    spec = plain(*[997] * 12)
    assert count_of(spec, 1).paths == 997**10
    assert written_out(spec) == sum(997**2 * 997 ** (11 - n) * (2 * (11 - n) + 3) for n in range(1, 12))


def test_a_softmax_is_passed_from_any_output_to_any_sum_unless_it_is_fused_with_the_cost():
    network = NetworkSpec(2, (LayerSpec(2, "tanh"), LayerSpec(3, "softmax")))
    apart, fused = ModelSpec(network, "mse"), ModelSpec(network, "cross_entropy")
    assert (count_of(apart, 2).paths, count_of(apart, 1).paths) == (3, 9)
    assert (count_of(fused, 2).paths, count_of(fused, 1).paths) == (1, 3)
    assert count_of(apart, 1).length == count_of(fused, 1).length + 1
    assert remark(apart) == ""
    assert remark(fused).startswith("Softmax and cross-entropy are worked out as one here")


def test_a_normalization_stands_in_the_way_of_what_lies_before_it():
    layers = LayerSpec(3, "tanh"), LayerSpec(3, "tanh", normalization=Normalization.BATCH), LayerSpec(1)
    spec = ModelSpec(NetworkSpec(2, layers))
    assert obstacle(spec, 3) == ""
    assert obstacle(spec, 2) == obstacle(spec, 1)
    assert obstacle(spec, 1).startswith("Layer 2 has batch normalization, which joins the samples of the mini-batch")
    assert written_out(spec) is None
    assert remark(spec) == "Of the whole network there is no count, for it has a normalization."


@st.composite
def small(draw):
    """1 to 4 layers of 1 to 5 units, with any activations and costs that go together."""
    name = draw(st.sampled_from(Cost.names()))
    sigmas = st.sampled_from(Activation.names())
    last = sigmas.filter(lambda s: cost(name).outputs != UNIT_RANGE or activation(s).range == UNIT_RANGE)
    made = st.builds(LayerSpec, st.integers(1, 5), sigmas, bias=st.booleans(), dropout=st.sampled_from([0.0, 0.5]))
    hidden = draw(st.lists(made, max_size=3))
    output = LayerSpec(draw(st.integers(1, 5)), draw(last), bias=draw(st.booleans()))
    return ModelSpec(NetworkSpec(draw(st.integers(1, 5)), (*hidden, output)), name)


def brute(links, unit, walked=()):
    """Every path to a unit, written down link by link as (of, by, a unit of one, a unit of the other)."""
    if len(walked) == len(links):
        if walked[-1][-1] == unit:
            yield walked
        return
    link, before = links[len(walked)], walked[-1][-1] if walked else 0
    for column in range(link.columns) if link.dense else (before,):
        yield from brute(links, unit, (*walked, (link.of, link.by, before, column)))


@settings(max_examples=200, deadline=None)
@given(small())
def test_counts_are_those_of_all_paths_written_down(spec):
    assume(written_out(spec) < 100_000)
    total, different, parameters = 0, set(), 0
    for layer in range(1, len(spec.network.layers) + 1):
        own = spec.network.layers[layer - 1]
        into = spec.network.widths[layer - 1] + own.bias
        for unit in range(own.units):
            paths = list(brute(links_to(spec, layer), unit))
            assert len(paths) == count_of(spec, layer).paths
            assert {len(path) + 1 for path in paths} == {count_of(spec, layer).length}
            total += into * sum(len(path) + 1 for path in paths)
            different.update(link for path in paths for link in path)
            parameters += into
    assert written_out(spec) == total
    assert by_backpropagation(spec) == len(different) + parameters
