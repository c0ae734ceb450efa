"""Optimizers against their definitions, written out one number at a time, and against PyTorch where it is installed."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine.optimizers import Memory, Optimizer, Sgd, optimizer
from nnstudio.engine.settings import settings, switches
from nnstudio.engine.spec import SpecError


def sgd(θ, g, t, s, o):
    s["v"] = g if t == 1 else o.momentum * s["v"] + g
    if not o.momentum:
        return θ - o.learning_rate * g
    return θ - o.learning_rate * (g + o.momentum * s["v"] if o.nesterov else s["v"])


def adagrad(θ, g, t, s, o):
    s["v"] = s.get("v", 0) + g * g
    return θ - o.learning_rate * g / (sqrt(s["v"]) + o.epsilon)


def adadelta(θ, g, t, s, o):
    s["v"] = o.rho * s.get("v", 0) + (1 - o.rho) * g * g
    step = sqrt(s.get("u", 0) + o.epsilon) / sqrt(s["v"] + o.epsilon) * g
    s["u"] = o.rho * s.get("u", 0) + (1 - o.rho) * step * step
    return θ - o.learning_rate * step


def rmsprop(θ, g, t, s, o):
    s["v"] = o.beta * s.get("v", 0) + (1 - o.beta) * g * g
    return θ - o.learning_rate * g / (sqrt(s["v"]) + o.epsilon)


def adam(θ, g, t, s, o):
    s["m"] = o.beta1 * s.get("m", 0) + (1 - o.beta1) * g
    s["v"] = o.beta2 * s.get("v", 0) + (1 - o.beta2) * g * g
    m, v = s["m"] / (1 - o.beta1**t), s["v"] / (1 - o.beta2**t)
    return θ - o.learning_rate * m / (sqrt(v) + o.epsilon)


def adamw(θ, g, t, s, o):
    return adam(θ * (1 - o.learning_rate * o.weight_decay), g, t, s, o)


def nadam(θ, g, t, s, o):
    mu, ahead = (o.beta1 * (1 - 0.5 * 0.96 ** (n * 0.004)) for n in (t, t + 1))
    s["p"] = s.get("p", 1) * mu
    s["m"] = o.beta1 * s.get("m", 0) + (1 - o.beta1) * g
    s["v"] = o.beta2 * s.get("v", 0) + (1 - o.beta2) * g * g
    mean = (1 - mu) * g / (1 - s["p"]) + ahead * s["m"] / (1 - s["p"] * ahead)
    return θ - o.learning_rate * mean / (sqrt(s["v"] / (1 - o.beta2**t)) + o.epsilon)


DEFINITIONS = {f.__name__: f for f in (sgd, adagrad, adadelta, rmsprop, adam, nadam, adamw)}
VARIANTS = [(name, {}) for name in DEFINITIONS]
VARIANTS += [("sgd", {"momentum": 0.9}), ("sgd", {"momentum": 0.7, "nesterov": True})]
VARIANTS += [("adam", {"beta1": 0.0, "beta2": 0.5}), ("adamw", {"weight_decay": 0.3}), ("rmsprop", {"beta": 0.0})]

variants = pytest.mark.parametrize(("name", "given_settings"), VARIANTS, ids=str)


def memory(made, start):
    state = {key: np.zeros_like(start) for key in made.state_families}
    scalars = {key: np.array(value) for key, value in made.scalars.items()}
    return Memory(start.copy(), np.zeros_like(start), np.array(made.learning_rate, start.dtype), state, scalars)


def test_every_optimizer_is_defined_here():
    assert set(DEFINITIONS) == set(Optimizer.names())


@variants
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 8), scale=st.sampled_from([1e-6, 1.0, 1e3]))
def test_updates_follow_the_definition(name, given_settings, seed, steps, scale):
    rng = np.random.default_rng(seed)
    made = optimizer(name, **given_settings)
    at = memory(made, rng.normal(size=3))
    chain = made.chain(at)
    expected, kept = at.parameters.tolist(), [{}, {}, {}]
    for t in range(1, steps + 1):
        at.gradients[...] = scale * rng.normal(size=3)
        for link in chain:
            link.run()
        expected = [
            DEFINITIONS[name](θ, g, t, s, made) for θ, g, s in zip(expected, at.gradients.tolist(), kept, strict=True)
        ]
        np.testing.assert_allclose(at.parameters, expected, rtol=1e-9, atol=1e-12)


@variants
def test_updates_are_pytorch_s(name, given_settings):
    torch = pytest.importorskip("torch")
    kinds = {"sgd": "SGD", "adagrad": "Adagrad", "adadelta": "Adadelta", "rmsprop": "RMSprop", "adam": "Adam"}
    kinds |= {"nadam": "NAdam", "adamw": "AdamW"}
    made = optimizer(name, **given_settings)
    names = {"learning_rate": "lr", "epsilon": "eps", "beta": "alpha"}
    chosen = {names.get(k, k): getattr(made, k) for k in (*settings(made), *switches(made))}
    if "beta1" in chosen:
        chosen["betas"] = (chosen.pop("beta1"), chosen.pop("beta2"))
    rng = np.random.default_rng(0)
    at = memory(made, rng.normal(size=5))
    theirs = torch.tensor(at.parameters.copy(), requires_grad=True)
    peer, chain = getattr(torch.optim, kinds[name])([theirs], **chosen), made.chain(at)
    for _ in range(10):
        at.gradients[...] = rng.normal(size=5)
        theirs.grad = torch.tensor(at.gradients.copy())
        peer.step()
        for link in chain:
            link.run()
        np.testing.assert_allclose(at.parameters, theirs.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("name", Optimizer.names())
def test_the_learning_rate_is_read_at_each_step(name):
    made = optimizer(name)
    at = memory(made, np.ones(2))
    at.gradients[...] = 1
    at.rate.fill(0)
    for link in made.chain(at):
        link.run()
    assert at.parameters.tolist() == [1, 1]


def test_plain_descent_keeps_no_velocity():
    assert Sgd(0.1).state_families == {}
    assert list(Sgd(0.1, 0.9).state_families) == ["v"]


@pytest.mark.parametrize(
    ("name", "given_settings", "message"),
    [
        ("sgd", {"learning_rate": 0}, "learning_rate is 0; it must be above 0 and at most 1e\\+06"),
        ("sgd", {"learning_rate": -1}, "learning_rate is -1; it must be above 0"),
        ("sgd", {"learning_rate": float("nan")}, "learning_rate is nan; it must be above 0"),
        ("sgd", {"learning_rate": float("inf")}, "learning_rate is inf; it must be"),
        ("sgd", {"learning_rate": 1e308}, "learning_rate is 1e\\+308; it must be above 0 and at most"),
        ("sgd", {"learning_rate": 10**400}, "learning_rate has 401 digits; it must be above 0"),
        ("sgd", {"learning_rate": "fast"}, "learning_rate is 'fast'; it must be a number"),
        ("sgd", {"learning_rate": True}, "learning_rate is True; it must be a number"),
        ("sgd", {"momentum": 1.0}, "momentum is 1; it must be at least 0 and below 1"),
        ("sgd", {"nesterov": True}, "nesterov needs a momentum above 0"),
        ("sgd", {"momentum": 0.9, "nesterov": 1}, "nesterov is 1; it must be true or false"),
        ("sgd", {"momentum": "a lot", "nesterov": True}, "momentum is 'a lot'"),
        ("adam", {"momentum": 0.9}, "adam has no setting 'momentum'; it has beta1, beta2, epsilon, learning_rate"),
        ("adam", {"epsilon": 0}, "epsilon is 0; it must be above 0"),
        ("addam", {}, "there is no optimizer 'addam'; did you mean 'adam'"),
    ],
)
def test_a_setting_outside_its_domain_is_refused(name, given_settings, message):
    with pytest.raises(SpecError, match=message):
        optimizer(name, **given_settings)
