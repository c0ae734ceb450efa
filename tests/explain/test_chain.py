"""The sum over all paths is the gradient: of every parameter of random networks, and of two worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.activations import Activation, activation
from nnstudio.engine.costs import Cost, cost
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind, Phase
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec
from nnstudio.explain.chain import Chain
from nnstudio.explain.gradcheck import check_gradients

from ..engine.drawn import FEWEST, UNIT_RANGE, machine_of, sometimes  # noqa: TID252 — tests are in no package that could be named


@st.composite
def specs(draw, normalizations=(Normalization.NONE,)):
    """1 to 4 layers of 1 to 5 units: every activation and cost, dropout, penalties, and as asked normalization."""
    name = draw(st.sampled_from(Cost.names()))
    last = [s for s in Activation.names() if cost(name).outputs != UNIT_RANGE or activation(s).range == UNIT_RANGE]

    def layer(sigmas, least=1, dropout=0.0):
        sigma = draw(st.sampled_from(sigmas))
        normalization = draw(st.sampled_from(normalizations))
        fewest = FEWEST if normalization is Normalization.LAYER else 2 if sigma == "softmax" else 1
        units = draw(st.integers(max(least, fewest), 5))
        return LayerSpec(units, sigma, bias=draw(st.booleans()), dropout=dropout, normalization=normalization)

    hidden = [layer(Activation.names(), dropout=draw(sometimes(0.3))) for _ in range(draw(st.integers(0, 3)))]
    output = layer(last, least=2 if name == "cross_entropy" else 1)
    penalties = RegularizationSpec(l1=draw(sometimes(0.05)), l2=draw(sometimes(0.1)))
    return ModelSpec(NetworkSpec(draw(st.integers(1, 5)), (*hidden, output)), name, penalties)


def step_to(machine, phase):
    while machine.op.phase is not phase:
        machine.step()


def chains(machine, sample=0):
    for slot in machine.model.parameters:
        for index in np.ndindex(machine.slot(slot).shape):
            yield Chain(machine, slot, index, sample)


@settings(max_examples=200, deadline=None)
@given(specs(), st.integers(0, 2**32))
def test_the_sum_over_paths_is_the_gradient_of_every_parameter(spec, seed):
    agrees_everywhere(machine_of(spec, seed, rows=3, batch_size=3))


@pytest.mark.parametrize("name", Cost.names())
def test_so_it_is_with_every_activation_before_every_cost(name):
    """What is drawn may miss one."""
    for sigma in Activation.names():
        possible = cost(name).outputs != UNIT_RANGE or activation(sigma).range == UNIT_RANGE
        output = LayerSpec(2, sigma if possible else "sigmoid")
        agrees_everywhere(machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, sigma), output)), name), batch_size=2))


@settings(max_examples=40, deadline=None)
@given(specs(tuple(Normalization)), st.integers(0, 2**32))
def test_so_it_is_through_normalizations_and_with_samples_that_have_weights(spec, seed):
    agrees_everywhere(machine_of(spec, seed, rows=4, batch_size=4, weighted=seed % 3 == 0))


def agrees_everywhere(machine):
    step_to(machine, Phase.UPDATE)
    for chain in chains(machine):
        gradient = machine.value(f"d{chain.slot}")[chain.index]
        samples = range(machine.program.batch_size)
        products = [replace(chain, sample=sample).paths.products for sample in samples] if chain.added_singly else []
        totals = [chain.total, *[sum(each.sum() for each in products) + (chain.penalty or 0.0)] * bool(products)]
        for total in totals:
            assert abs(total - gradient) <= 1e-12 * abs(gradient) + 2e-15 * chain.size
        assert chain.agrees


@pytest.mark.parametrize("kind", [Normalization.BATCH, Normalization.LAYER])
def test_through_a_normalization_the_sum_is_the_slope_that_differences_find(kind):
    layers = LayerSpec(3, "tanh", normalization=kind), LayerSpec(4, "sigmoid", normalization=kind), LayerSpec(2)
    machine = machine_of(ModelSpec(NetworkSpec(2, layers)), rows=4, batch_size=4)
    step_to(machine, Phase.UPDATE)
    measured = {check.slot: check.numeric for check in check_gradients(machine).slots}
    for chain in chains(machine, sample=2):
        assert chain.total == pytest.approx(measured[chain.slot][chain.index], rel=1e-6, abs=1e-9)


def test_a_bias_before_a_batch_normalization_has_no_gradient_but_rounding():
    layers = LayerSpec(3, "tanh", normalization=Normalization.BATCH), LayerSpec(1)
    machine = machine_of(ModelSpec(NetworkSpec(2, layers)), rows=5, batch_size=5)
    step_to(machine, Phase.UPDATE)
    bias, weight = Chain(machine, "b1", (0,), 0), Chain(machine, "W1", (0, 0), 0)
    assert abs(bias.total) < 1e-15 < bias.size
    assert bias.agrees
    assert not weight.cancels


def test_a_softmax_that_is_nearly_sure_is_not_accused_of_its_rounding():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "softmax"),)), "binary_cross_entropy"))
    machine.write("b1", (0,), 16.0)
    step_to(machine, Phase.UPDATE)
    assert machine.value("A1")[:, 0].min() > 1 - 1e-4
    assert all(chain.agrees for chain in chains(machine))


def test_what_is_not_the_gradient_does_not_agree():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2)))))
    step_to(machine, Phase.UPDATE)
    chain = Chain(machine, "W1", (1, 0), 0)
    machine.program.arena["dW1"][1, 0] *= 1 + 1e-11
    assert 5e-12 < chain.difference < 2e-11
    assert not chain.agrees


def test_very_many_paths_are_added_up_layer_by_layer():
    wide = [LayerSpec(30, "sigmoid") for _ in range(4)]
    machine = machine_of(ModelSpec(NetworkSpec(3, (*wide, LayerSpec(2)))))
    step_to(machine, Phase.UPDATE)
    chain = Chain(machine, "W1", (4, 1), 1)
    assert chain.paths.count == 30**3 * 2
    assert not chain.added_singly
    assert chain.agrees


def test_very_many_samples_are_added_up_layer_by_layer():
    spec = ModelSpec(NetworkSpec(3, (LayerSpec(4, "softmax", dropout=0.3), LayerSpec(3, "softmax"))), "mse")
    machine = machine_of(spec, rows=300, batch_size=300)
    step_to(machine, Phase.UPDATE)
    for chain in chains(machine, sample=7):
        assert not chain.added_singly
        assert chain.agrees
        np.testing.assert_allclose(chain.part, chain.paths.products.sum(), rtol=1e-10, atol=1e-18)


def test_a_float32_network_is_held_to_its_own_precision():
    spec = ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(1))), precision=Precision.FLOAT32)
    machine = machine_of(spec)
    step_to(machine, Phase.UPDATE)
    assert all(chain.agrees for chain in chains(machine))


def test_the_lectures_one_one_one_by_hand():
    spec = ModelSpec(NetworkSpec(1, (LayerSpec(1, "sigmoid", bias=False), LayerSpec(1, "identity", bias=False))))
    machine = machine_of(spec, rows=1, batch_size=1)
    machine.write("W1", (0, 0), 0.0)
    machine.write("W2", (0, 0), 3.0)
    machine.X[:], machine.Y[:] = 2.0, 0.5
    step_to(machine, Phase.UPDATE)
    first, second = Chain(machine, "W1", (0, 0), 0), Chain(machine, "W2", (0, 0), 0)
    # a1 = 0.5, a2 = 1.5, dJ/da2 = 1, da2/dz2 = 1, dz2/da1 = 3, da1/dz1 = 0.25, dz1/dw1 = 2, dz2/dw2 = 0.5
    assert [path.factors for path in first.paths] == [(1.0, 1.0, 3.0, 0.25, 2.0)]
    assert [path.factors for path in second.paths] == [(1.0, 1.0, 0.5)]
    assert (first.total, second.total) == (1.5, 0.5)


def test_factors_are_known_once_computed_and_until_they_are_written_over():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2, "tanh")))), rows=3, batch_size=3)
    early = Chain(machine, "W1", (0, 0), 0)
    assert not early.known
    assert early.total is None
    assert early.difference is None
    step_to(machine, Phase.BACKWARD)
    assert Chain(machine, "W1", (0, 0), 0).factors[0] is None
    machine.step()
    ready = Chain(machine, "W1", (0, 0), 0)
    assert ready.known
    assert ready.gradient is None
    machine.run_iteration()
    late, output = Chain(machine, "W1", (0, 0), 0), Chain(machine, "W2", (0, 0), 0)
    assert late.overwritten
    assert late.part is None
    assert output.agrees, "no weights are on the way to the output layer's own"


def test_a_weight_that_was_set_after_the_pass_back_through_it_is_no_factor():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2, "tanh")))), rows=3, batch_size=3)
    while machine.op.kind is not OpKind.INPUT_GRADIENT:
        machine.step()
    machine.write("W2", (0, 0), 9.0)
    step_to(machine, Phase.UPDATE)
    assert Chain(machine, "W1", (0, 0), 0).agrees, "set before, it is what the slopes went back along"
    machine.write("W2", (0, 0), 7.0)
    assert Chain(machine, "W1", (0, 0), 0).overwritten


def test_a_scale_that_was_set_after_the_pass_back_through_it_is_no_factor():
    layers = LayerSpec(3, "tanh", normalization=Normalization.LAYER), LayerSpec(2)
    machine = machine_of(ModelSpec(NetworkSpec(2, layers)))
    step_to(machine, Phase.UPDATE)
    machine.write("gamma1", (0,), 9.0)
    set_since = Chain(machine, "W1", (0, 0), 0)
    assert set_since.overwritten
    assert set_since.part is None
    assert Chain(machine, "gamma1", (0,), 0).agrees, "its own number is no factor of its paths"


def test_paths_behind_a_batch_normalization_come_from_every_sample():
    batch = LayerSpec(2, "tanh", normalization=Normalization.BATCH)
    machine = machine_of(ModelSpec(NetworkSpec(2, (batch, batch, LayerSpec(1)))), rows=4, batch_size=4)
    step_to(machine, Phase.UPDATE)
    first, second = Chain(machine, "W1", (0, 0), 3), Chain(machine, "W2", (0, 0), 3)
    assert (second.paths.count, first.paths.count) == (4, 4 * 4 * 2)
    assert {path.samples[0] for path in first.paths} == {0, 1, 2, 3}
    assert Chain(machine, "beta2", (0,), 3).paths.count == 1


def test_a_softmax_is_differentiated_by_the_engine_itself():
    machine = machine_of(ModelSpec(NetworkSpec(2, (LayerSpec(3, "softmax"),)), "mse"))
    step_to(machine, Phase.UPDATE)
    a = machine.value("A1")[0]
    np.testing.assert_allclose(Chain(machine, "b1", (0,), 0).factors[1][0], np.diag(a) - np.outer(a, a), atol=1e-15)
