"""The net has no holes: with one thing in the engine wrong, the proof that is there for it fails."""

import numpy as np
import pytest

from nnstudio.engine import costs, initializers
from nnstudio.engine.activations import Activation, Softmax
from nnstudio.engine.batches import Batches
from nnstudio.engine.costs import Cost, HalfMse
from nnstudio.engine.fusion import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from nnstudio.engine.ops import affine, clipping, dropout, judging, loading, max_norm, normalizing, penalties
from nnstudio.engine.optimizers import adadelta, adagrad, adam, adamw, moments, nadam, sgd
from nnstudio.engine.schedules import Cosine, Exponential, LinearWarmUp, OneCycle, ReduceOnPlateau, Step
from nnstudio.engine.schedules import base as schedules
from nnstudio.engine.spec import Normalization

from . import proofs
from .mutating import Mutation

PLAIN = proofs.gradients("tanh", "sigmoid", "identity")
PENALIZED = proofs.gradients("tanh", "identity", l1=0.1, l2=0.2)
BATCH = proofs.gradients("tanh", "tanh", "identity", normalization=Normalization.BATCH)
LAYER = proofs.gradients("tanh", "tanh", "identity", normalization=Normalization.LAYER)
DROPPED = proofs.gradients("tanh", "tanh", "identity", p=0.4)
SOFTMAX = proofs.gradients("tanh", "softmax")
SOFTMAX_FUSED = proofs.gradients("tanh", "softmax", cost="cross_entropy")
SIGMOID_FUSED = proofs.gradients("tanh", "sigmoid", cost="binary_cross_entropy")
MOMENTUM, NESTEROV = proofs.updates("sgd", momentum=0.9), proofs.updates("sgd", momentum=0.9, nesterov=True)
ADAM, NADAM, ADAMW = proofs.updates("adam"), proofs.updates("nadam"), proofs.updates("adamw", weight_decay=0.3)
ADAGRAD, ADADELTA, RMSPROP = proofs.updates("adagrad"), proofs.updates("adadelta"), proofs.updates("rmsprop")

GRADIENTS = [
    ("a bias forgotten", affine._affine, "np.add(Z, rows, Z)", "pass", PLAIN),
    (
        "∂J/∂W with a wrong sign",
        affine.weight_gradient,
        "partial(np.dot, arena[dz].T",
        "partial(np.dot, -arena[dz].T",
        PLAIN,
    ),
    ("∂J/∂b dropped", affine.bias_gradient, "np.ones(", "np.zeros(", PLAIN),
    (
        "∂J/∂b of one sample",
        affine.bias_gradient,
        "np.ones(len(arena[dz]), arena[dz].dtype)",
        "np.eye(len(arena[dz]))[0]",
        PLAIN,
    ),
    ("∂J/∂A through the wrong weights", affine.input_gradient, "arena[w], arena", "-arena[w], arena", PLAIN),
    ("a forgotten 1/m", HalfMse.gradient, "1 / len(a)", "1", PLAIN),
    ("1/mK for 1/m", HalfMse.gradient, "1 / len(a)", "1 / a.size", PLAIN),
    ("a forgotten 1/m behind softmax", SoftmaxCrossEntropy.gradient, "1 / len(a)", "1", SOFTMAX_FUSED),
    (
        "a forgotten Σy behind softmax",
        SoftmaxCrossEntropy.gradient,
        "np.multiply(a, rows, dz)",
        "np.copyto(dz, a)",
        proofs.fused("softmax", "cross_entropy"),
    ),
    ("1/m for 1/mK behind sigmoid", SigmoidBinaryCrossEntropy.gradient, "1 / a.size", "1 / len(a)", SIGMOID_FUSED),
    ("softmax without its sum", Softmax.backward, "np.subtract(da, rows, dz)", "np.copyto(dz, da)", SOFTMAX),
    ("∂P/∂W not added", affine._dot_plus, "np.add(out, added, out)", "pass", PENALIZED),
    ("the slope of ½ w² twice", penalties._penalty_gradient, "weights, l2, out", "weights, 2 * l2, out", PENALIZED),
    ("the slope of |w| left out", penalties._penalty_gradient, "if l1:", "if False:", PENALIZED),
    ("P without its half", penalties._penalty, "0.5 * l2", "l2", PENALIZED),
    (
        "normalizing as if μ did not depend on z",
        normalizing._normalize_gradient,
        "np.subtract(dH, s, dZ)",
        "np.copyto(dZ, dH)",
        BATCH,
    ),
    (
        "normalizing as if σ did not depend on z",
        normalizing._normalize_gradient,
        "np.subtract(dZ, s, dZ)",
        "pass",
        LAYER,
    ),
    ("dγ without its sum", normalizing._scale_gradient, "np.dot(ones, s, dgamma)", "np.copyto(dgamma, s[0])", BATCH),
    ("β forgotten", normalizing._scale, "np.add(N, s, N)", "pass", LAYER),
    (
        "dropout not undone backwards",
        dropout.dropout_gradient,
        "arena[dd], arena[m], arena[da]",
        "arena[dd], 1.0, arena[da]",
        DROPPED,
    ),
]
VALUES = [
    ("J and its slope without 1/m", HalfMse.value, "(2 * len(a))", "2", proofs.value_of("half_mse")),
    (
        "a forgotten logarithm",
        SoftmaxCrossEntropy.value,
        "np.log(row, row)",
        "pass",
        proofs.fused("softmax", "cross_entropy"),
    ),
    ("inputs of other rows", loading._load, "take_x(rows", "take_x(rows[::-1]", proofs.mini_batches),
    ("targets of other rows", loading._load, "take_y(rows", "take_y(rows[::-1]", proofs.slots),
    (
        "rows shuffled once for all",
        Batches._begin_epoch,
        "if self.shuffle:",
        "if self.shuffle and self.epoch == 1:",
        proofs.mini_batches,
    ),
    ("dropout without 1/(1 − p)", dropout._draw, "np.multiply(M, 1 / share, M)", "pass", proofs.masks),
    ("p dropped for 1 − p", dropout._draw, "np.less(M, share", "np.greater(M, share", proofs.masks),
    ("σ² of squares alone", normalizing._variance, "np.subtract(Z, s, s)", "np.copyto(s, Z)", proofs.normalized),
    ("running σ² without m/(m − 1)", normalizing.running_variance, "* m / (m - 1)", "", proofs.normalized),
    (
        "running means of the last batch alone",
        normalizing._approach,
        "np.multiply(kept, 1 - MOMENTUM, kept)",
        "kept.fill(0)",
        proofs.normalized,
    ),
    (
        "He without its factor 2",
        initializers.HeNormal.draw,
        "2 / inputs",
        "1 / inputs",
        proofs.deviation_of("he_normal"),
    ),
    (
        "Xavier with the fan-in alone",
        initializers.XavierUniform.draw,
        "(inputs + units)",
        "inputs",
        proofs.deviation_of("xavier_uniform"),
    ),
]
WEIGHTED = proofs.weighted("identity", "half_mse")
WEIGHTS = [
    ("a loss that does not count by its weight", judging._weighted_cost, "w.dot(each)", "each.sum()", WEIGHTED),
    ("divided by the sum of the weights", judging._weighted_cost, "/ len(w)", "/ w.sum()", WEIGHTED),
    (
        "a slope that does not count by its weight",
        judging._weighted_gradient,
        "np.multiply(slope, rows, slope)",
        "pass",
        WEIGHTED,
    ),
    ("weights of other rows", loading._load_weighted, "take_w(rows", "take_w(rows[::-1]", proofs.weights_of_rows),
    (
        "a sample's loss without 1/K",
        costs._mean_over_outputs,
        "1 / terms.shape[1]",
        "1",
        proofs.weighted("tanh", "huber"),
    ),
    (
        "a fused loss without 1/K",
        SigmoidBinaryCrossEntropy.losses,
        "1 / z.shape[1]",
        "1",
        proofs.weighted("sigmoid", "binary_cross_entropy"),
    ),
    (
        "a fused loss with its targets forgotten",
        SoftmaxCrossEntropy.losses,
        "np.multiply(y, logs, logs)",
        "pass",
        proofs.weighted("softmax", "cross_entropy"),
    ),
]
UPDATES = [
    ("a step uphill", sgd._descend, "np.subtract(theta", "np.add(theta", proofs.updates("sgd")),
    ("momentum forgotten", sgd._gather, "np.multiply(v, mu, v)", "v.fill(0)", MOMENTUM),
    ("momentum averaged", sgd._gather, "np.add(v, g, v)", "np.add(v, (1 - mu) * g, v)", MOMENTUM),
    ("Nesterov without looking ahead", sgd._descend_ahead, "np.add(s, g, s)", "np.copyto(s, v)", NESTEROV),
    ("Adagrad that forgets", adagrad._gather, "np.add(v, s, v)", "np.copyto(v, s)", ADAGRAD),
    ("RMSprop that sums", moments.average_square, "np.multiply(v, beta, v)", "pass", RMSPROP),
    ("RMSprop without the root", moments._step_over_root, "np.sqrt(v, s)", "np.copyto(s, v)", RMSPROP),
    ("ε under the root", moments._step_over_root, "np.sqrt(v, s)", "np.sqrt(v + epsilon, s)", RMSPROP),
    ("Adadelta that forgets its steps", adadelta._measure, "np.add(u, epsilon", "np.add(0 * u, epsilon", ADADELTA),
    ("Adam without correcting its mean", adam._step, "/ (1 - settings.beta1**t)", "", ADAM),
    ("Adam without correcting its square", adam._step, "c = sqrt(1 - settings.beta2**t)", "c = 1", ADAM),
    ("Adam one update behind", adam._step, '["t"].item()', '["t"].item() + 1', ADAM),
    ("AdamW decaying without α", adamw._decay_and_step, "memory.rate.item() * decay", "decay", ADAMW),
    ("NAdam without looking ahead", nadam._step, "settings.beta1, t + 1", "settings.beta1, t", NADAM),
    ("NAdam without its product", nadam._extend_product, "product.item() * _momentum", "_momentum", NADAM),
    ("clipping from above alone", clipping._clip, "np.maximum(out, -most, out=out)", "pass", proofs.cut_off),
    (
        "clipping by the largest instead of the norm",
        clipping._norm,
        "sqrt(np.dot(g, g))",
        "np.abs(g).max()",
        proofs.scaled_down,
    ),
    (
        "short gradients made longer",
        clipping._scale_down,
        "min(1.0, most / (norm.item() + MARGIN))",
        "most / norm.item()",
        proofs.scaled_down,
    ),
    (
        "max-norm over all units",
        max_norm._limit,
        "np.sqrt(lengths, lengths)",
        "lengths.fill(np.sqrt(lengths.sum()))",
        proofs.short_weights,
    ),
    (
        "max-norm that lengthens",
        max_norm._limit,
        "np.maximum(lengths, most, out=lengths)",
        "pass",
        proofs.short_weights,
    ),
]
SCHEDULES = [
    (
        "an update too early",
        schedules._tick,
        "factor(update, per_epoch)",
        "factor(update + 1, per_epoch)",
        proofs.rate_by_rate,
    ),
    (
        "Step one epoch off",
        Step.factor,
        "update // per_epoch //",
        "(update // per_epoch + 1) //",
        proofs.rates_of(Step),
    ),
    (
        "exponential by updates",
        Exponential.factor,
        "update // per_epoch",
        "update / per_epoch",
        proofs.rates_of(Exponential),
    ),
    ("cosine without its half", Cosine.factor, "* 0.5", "", proofs.rates_of(Cosine)),
    ("restarts of one length", Cosine.place, "self.growth == 1", "True", proofs.rates_of(Cosine)),
    ("warm-up from 0", LinearWarmUp.factor, "self.start + (1 - self.start)", "1", proofs.rates_of(LinearWarmUp)),
    (
        "one cycle with its top an update late",
        OneCycle.place,
        "self.rise * updates - 1",
        "self.rise * updates",
        proofs.rates_of(OneCycle),
    ),
    (
        "a plateau one epoch late",
        ReduceOnPlateau._judge,
        "bad.item() > self.patience",
        "bad.item() > self.patience + 1",
        proofs.plateau,
    ),
    ("no rest after a plateau", ReduceOnPlateau._judge, "rest.fill(self.cooldown)", "pass", proofs.plateau),
    ("any progress is progress", ReduceOnPlateau._judge, " * (1 - self.threshold)", "", proofs.plateau),
]
MUTATIONS = [Mutation(*row) for row in (*GRADIENTS, *VALUES, *WEIGHTS, *UPDATES, *SCHEDULES)]


@pytest.mark.parametrize("proof", {id(mutation.proof): mutation.proof for mutation in MUTATIONS}.values())
def test_a_proof_holds_while_nothing_is_wrong(proof):
    proof()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_a_mutation_is_noticed(mutation, monkeypatch):
    mutation.apply(monkeypatch)
    with pytest.raises(AssertionError):
        mutation.proof()


@pytest.mark.parametrize("name", Activation.names())
def test_a_slope_a_little_off_is_noticed(name, monkeypatch):
    kind = Activation.class_named(name)
    backward = kind.backward

    def off(self, z, a, da, dz, scratch):
        backward(self, z, a, da, dz, scratch)
        np.add(dz, 1e-5, dz)

    monkeypatch.setattr(kind, "backward", off)
    with pytest.raises(AssertionError):
        proofs.gradients(name, "identity")()


@pytest.mark.parametrize("name", Cost.names())
def test_a_slope_of_a_cost_a_little_off_is_noticed(name, monkeypatch):
    kind = Cost.class_named(name)
    gradient = kind.gradient

    def off(self, a, y, out, scratch):
        gradient(self, a, y, out, scratch)
        np.multiply(out, 1 + 1e-5, out)

    monkeypatch.setattr(kind, "gradient", off)
    last = "softmax" if name == "binary_cross_entropy" else "sigmoid"
    with pytest.raises(AssertionError):
        proofs.gradients("tanh", last, cost=name)()


@pytest.mark.parametrize("name", Cost.names())
def test_a_cost_that_is_wrong_together_with_its_slope_is_noticed(name, monkeypatch):
    """The gradient check cannot see this; the textbook can."""
    kind = Cost.class_named(name)
    value = kind.value
    monkeypatch.setattr(kind, "value", lambda self, a, y, scratch: len(a) * value(self, a, y, scratch))
    with pytest.raises(AssertionError):
        proofs.value_of(name)()
