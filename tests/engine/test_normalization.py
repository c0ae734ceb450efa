"""Batch and layer normalization: PyTorch's numbers forward, backward and in the running statistics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.checks import check_batches
from nnstudio.engine.machine import Freshness, Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import OpKind
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, SpecError

BATCH, LAYER = Normalization.BATCH, Normalization.LAYER


def machine_of(kind, seed=0, rows=10, batch_size=4, units=3):
    network = NetworkSpec(3, (LayerSpec(units, "tanh", normalization=kind), LayerSpec(2)))
    model = Model(ModelSpec(network, "mse", optimizer=Sgd(0.1)))
    rng = np.random.default_rng(seed)
    parameters = model.store.family("parameters")
    parameters[...] = rng.normal(size=parameters.shape)
    data = rng.normal(2, 3, (rows, 3)), rng.normal(size=(rows, 2))
    return Machine(model, *data, batch_size=batch_size, shuffle=False, seed=1)


def torch_twin(torch, machine, kind):
    """The same network in PyTorch, with the same parameters."""
    units = machine.value("b1").size
    norm = torch.nn.BatchNorm1d(units) if kind is BATCH else torch.nn.LayerNorm(units)
    net = torch.nn.Sequential(torch.nn.Linear(3, units), norm, torch.nn.Tanh(), torch.nn.Linear(units, 2)).double()
    names = ("W1", "b1", "gamma1", "beta1", "W2", "b2")
    with torch.no_grad():
        for tensor, name in zip(net.parameters(), names, strict=True):
            tensor.copy_(torch.tensor(machine.value(name).copy()))
    return net, dict(zip(names, net.parameters(), strict=True))


@pytest.mark.parametrize("kind", [BATCH, LAYER])
@given(seed=st.integers(0, 1000), rows=st.sampled_from([8, 10, 11]))
def test_every_number_is_pytorch_s_over_several_epochs_with_a_ragged_batch(kind, seed, rows):
    torch = pytest.importorskip("torch")
    machine = machine_of(kind, seed, rows)
    net, named = torch_twin(torch, machine, kind)
    sgd = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(7):
        machine.run_iteration()
        sgd.zero_grad()
        hidden = net[1](net[0](torch.tensor(machine.value("X").copy())))
        hidden.retain_grad()
        loss = torch.nn.functional.mse_loss(net[3](net[2](hidden)), torch.tensor(machine.value("Y").copy()))
        loss.backward()
        sgd.step()
        np.testing.assert_allclose(machine.value("N1"), hidden.detach().numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(machine.value("dN1"), hidden.grad.numpy(), rtol=1e-9, atol=1e-12)
        steepest = max(1.0, *(np.abs(machine.value(f"d{name}")).max() for name in named))
        for name, tensor in named.items():  # the slope of b1 is nothing but the rounding of others'
            np.testing.assert_allclose(machine.value(f"d{name}"), tensor.grad.numpy(), rtol=1e-8, atol=1e-11 * steepest)
            np.testing.assert_allclose(machine.value(name), tensor.detach().numpy(), rtol=1e-8, atol=1e-11)
        if kind is BATCH:
            np.testing.assert_allclose(machine.value("rmu1"), net[1].running_mean.numpy(), rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(machine.value("rvar1"), net[1].running_var.numpy(), rtol=1e-9, atol=1e-12)
    net.eval()
    outputs = net(torch.tensor(machine.X)).detach().numpy()
    np.testing.assert_allclose(machine.model.predict(machine.X), outputs, rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(machine.model.evaluate(machine.X, machine.Y).outputs, outputs, rtol=1e-8, atol=1e-11)


Z = [[1.0, 2.0, 4.0], [3.0, -1.0, 0.5], [0.0, 0.25, -2.0], [2.0, 2.0, 2.0]]
GAMMA, BETA = [1.0, 2.0, 0.5], [0.0, -1.0, 0.25]
dN = [[0.1, 0.2, -0.3], [0.4, -0.5, 0.6], [-0.7, 0.8, 0.9], [1.0, 0.0, -0.1]]
EXPECTED = {
    BATCH: {
        "N1": [
            [-0.447211807, 0.874395932, 0.906338983],
            [1.34163542, -3.860920107, 0.107317612],
            [-1.34163542, -1.887871757, -0.463411938],
            [0.447211807, 0.874395932, 0.449755343],
        ],
        "dgamma1": [1.878289588, 0.547520917, -1.889114813],
        "dbeta1": [0.8, 0.5, 1.1],
        "dZ1": [
            [0.098385095, -0.084105325, 0.010261683],
            [-0.384597646, -0.677463198, 0.043427563],
            [-0.241498883, 1.161361585, -0.011154003],
            [0.527711434, -0.399793061, -0.042535243],
        ],
        "rmu1": [0.15, 0.08125, 0.1125],
        "rvar1": [1.066666667, 1.1140625, 1.539583333],
    },
    LAYER: {
        "N1": [
            [-1.069041531, -1.534520766, 0.918150957],
            [1.313195896, -3.222331516, 0.148984931],
            [0.579321265, 0.655203615, -0.453461536],
            [0.0, -1.0, 0.25],
        ],
        "dgamma1": [0.01284932, 1.164212248, -1.788339422],
        "dbeta1": [0.8, 0.5, 1.1],
        "dZ1": [
            [-0.131720428, 0.197581973, -0.065861545],
            [-0.115031951, -0.191723777, 0.306755728],
            [-1.196847717, 1.063865889, 0.132981828],
            [216.088973445, -100.138792572, -115.950180873],
        ],
    },
}


@pytest.mark.parametrize("kind", [BATCH, LAYER])
def test_numbers_of_pytorch(kind):
    """BatchNorm1d(3) and LayerNorm(3) with weight (1, 2, ½) and bias (0, −1, ¼), forward and from ∂J/∂n backward."""
    machine = machine_of(kind)
    arena = machine.program.arena
    arena["Z1"][...], arena["gamma1"][...], arena["beta1"][...] = Z, GAMMA, BETA
    for op in machine.program.ops:
        if op.layer == 1 and op.kind in (OpKind.MEAN, OpKind.VARIANCE, OpKind.NORMALIZE, OpKind.SCALE):
            op.run()
    arena["dN1"][...] = dN
    for op in machine.program.ops:
        if op.kind in (OpKind.SCALE_GRADIENT, OpKind.SHIFT_GRADIENT, OpKind.NORMALIZED_GRADIENT):
            op.run()
        if op.kind in (OpKind.NORMALIZE_GRADIENT, OpKind.RUNNING):
            op.run()
    for slot, expected in EXPECTED[kind].items():
        np.testing.assert_allclose(arena[slot], expected, rtol=1e-6, atol=1e-8, err_msg=slot)


def test_scales_begin_at_one_and_predictions_at_mean_0_and_variance_1():
    machine = machine_of(BATCH)
    machine.model.initialize(3)
    assert machine.value("gamma1").tolist() == machine.value("rvar1").tolist() == [1, 1, 1]
    assert machine.value("beta1").tolist() == machine.value("rmu1").tolist() == [0, 0, 0]


def test_running_statistics_last_and_only_training_moves_them():
    machine = machine_of(BATCH)
    machine.run_iteration()
    kept = machine.value("rmu1").copy(), machine.value("rvar1").copy()
    machine.model.predict(machine.X)
    machine.model.evaluate(machine.X, machine.Y)
    for op in machine.program.ops[:-2]:
        op.run()
    np.testing.assert_array_equal(kept, (machine.value("rmu1"), machine.value("rvar1")))
    assert machine.freshness("rmu1") is Freshness.LASTING
    machine.run_iteration()
    assert not np.array_equal(kept[0], machine.value("rmu1"))


def test_scales_shifts_and_running_statistics_are_carried_over():
    old, new = machine_of(BATCH), machine_of(BATCH, seed=1)
    old.run_iteration()
    assert new.model.copy_fitting_parameters(old.model) == ("W1", "W2", "b1", "b2", "gamma1", "beta1")
    for name in ("gamma1", "beta1", "rmu1", "rvar1"):
        assert new.value(name).tobytes() == old.value(name).tobytes()


def test_predicting_one_row_is_the_same_as_predicting_it_among_many():
    for kind in (BATCH, LAYER):
        machine = machine_of(kind)
        machine.run_iteration()
        whole = machine.model.predict(machine.X)
        for row in range(len(machine.X)):
            np.testing.assert_allclose(machine.model.predict(machine.X[row : row + 1])[0], whole[row])


@pytest.mark.parametrize(("rows", "size"), [(9, 4), (5, 2), (3, 1), (1, 32)])
def test_a_row_alone_cannot_be_normalized_by_its_batch(rows, size):
    def spec(kind):
        return ModelSpec(NetworkSpec(3, (LayerSpec(4), LayerSpec(4, normalization=kind), LayerSpec(2))))

    check_batches(spec(LAYER), rows, min(size, rows))
    check_batches(spec(BATCH), rows + 1, min(size, rows + 1)) if size > 1 else None
    with pytest.raises(SpecError, match=r"layer 2: batch normalization needs two rows .*another mini-batch size, or"):
        check_batches(spec(BATCH), rows, min(size, rows))
