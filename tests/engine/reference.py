"""The same experiment in PyTorch, written with its autograd, its loss functions and its optimizers.

It shares nothing with the engine but its inputs: the first parameters, the rows of each mini-batch, the masks drawn and
the learning rate of each update. And it updates by the engine's gradients, when its own have been told: where one is 0
but for rounding, an optimizer that divides by its size would make different steps of different rounding.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from nnstudio.engine.arena import Role
from nnstudio.engine.settings import settings, switches
from nnstudio.engine.spec import Normalization

ACTIVATIONS = {
    "step": lambda z: torch.heaviside(z, torch.ones((), dtype=z.dtype)).detach() + 0 * z,
    "identity": lambda z: z * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "silu": functional.silu,
    "softplus": lambda z: functional.softplus(z, threshold=1e9),
    "softsign": functional.softsign,
    "mish": functional.mish,
    "relu6": functional.relu6,
    "hard_tanh": functional.hardtanh,
    "hard_sigmoid": functional.hardsigmoid,
    "softmax": lambda z: functional.softmax(z, dim=1),
}


class CrossEntropy(torch.autograd.Function):
    """−y log a of probabilities that may be 0, held in bounds as PyTorch holds its binary cross-entropy."""

    @staticmethod
    def forward(context, a, y):
        context.save_for_backward(a, y)
        return -(y * a.log().clamp(min=-100))

    @staticmethod
    def backward(context, slope):
        a, y = context.saved_tensors
        return -slope * y / a.clamp(min=torch.tensor(1e-12, dtype=torch.float32).item()), None


COSTS = {
    "half_mse": lambda a, y, **_: functional.mse_loss(a, y, reduction="none").sum(dim=1) / 2,
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
    "log_cosh": lambda a, y, **_: (a - y) + functional.softplus(-2 * (a - y), threshold=1e9) - math.log(2),
    "binary_cross_entropy": functional.binary_cross_entropy,
    "cross_entropy": lambda a, y, **_: CrossEntropy.apply(a, y).sum(dim=1),
}
FROM_Z = {
    ("sigmoid", "binary_cross_entropy"): functional.binary_cross_entropy_with_logits,
    ("softmax", "cross_entropy"): functional.cross_entropy,
}
OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "nadam": torch.optim.NAdam,
    "adamw": torch.optim.AdamW,
}
SETTINGS = {"learning_rate": "lr", "epsilon": "eps", "beta": "alpha"}
STATES = {
    "sgd": {"v": "momentum_buffer"},
    "adagrad": {"v": "sum"},
    "adadelta": {"v": "square_avg", "u": "acc_delta"},
    "rmsprop": {"v": "square_avg"},
    "adam": {"m": "exp_avg", "v": "exp_avg_sq"},
    "nadam": {"m": "exp_avg", "v": "exp_avg_sq"},
    "adamw": {"m": "exp_avg", "v": "exp_avg_sq"},
}
SCALARS = {"t": "step", "Πμ": "mu_product"}


def optimizer_of(made, parameters):
    """PyTorch's optimizer with the same settings."""
    chosen = {SETTINGS.get(name, name): getattr(made, name) for name in (*settings(made), *switches(made))}
    if "beta1" in chosen:
        chosen["betas"] = (chosen.pop("beta1"), chosen.pop("beta2"))
    return OPTIMIZERS[made.name](parameters, **chosen)


class Reference:
    """It begins with the parameters of a machine, in copies."""

    def __init__(self, machine):
        self.spec = machine.model.spec
        self.layers = self.spec.network.layers
        self.parameters = {
            name: nn.Parameter(torch.tensor(machine.value(name).copy())) for name in machine.model.parameters
        }
        running = [slot.name for slot in machine.slots() if slot.role is Role.RUNNING]
        self.running = {name: torch.tensor(machine.value(name).copy()) for name in running}
        self.optimizer = optimizer_of(self.spec.optimizer, list(self.parameters.values()))

    def iteration(self, X, Y, w, masks, rate, gradients):
        """One iteration on these rows, of weights w if they have some, with the mask of each layer that has one. The
        value of each slot at its end."""
        self.optimizer.zero_grad()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        values, J = self._forward(torch.tensor(X), torch.tensor(Y), None if w is None else torch.tensor(w), masks)
        J.backward()
        slots = {name: value.detach() for name, value in values.items()}
        slots |= {f"d{name}": value.grad for name, value in values.items() if value.retains_grad}
        slots = {name: value for name, value in slots.items() if value is not None}  # J is not computed from A if fused
        slots |= {f"d{name}": parameter.grad.clone() for name, parameter in self.parameters.items()}
        slots |= self._penalty_gradients()
        for name, parameter in self.parameters.items():
            parameter.grad.copy_(torch.tensor(gradients[name]))
        slots |= self._clip()
        slots |= self._update(rate)
        return {name: value.detach().numpy().copy() for name, value in slots.items()}

    def _forward(self, X, Y, w, masks):
        values, out = {"X": X, "Y": Y} | ({} if w is None else {"w": w}), X
        for n, layer in enumerate(self.layers, 1):
            z = values[f"Z{n}"] = functional.linear(out, self.parameters[f"W{n}"], self.parameters.get(f"b{n}"))
            if layer.normalized:
                values |= self._normalize(n, layer, z)
                z = values[f"N{n}"]
            out = values[f"A{n}"] = ACTIVATIONS[layer.activation](z)
            if layer.dropout:
                values[f"M{n}"] = torch.tensor(masks[n])
                values[f"D{n}"] = out = out * values[f"M{n}"]
        name = self.spec.cost
        fused = FROM_Z.get((self.layers[-1].activation, name))
        losses = fused(z, Y, reduction="none") if fused else COSTS[name](out, Y, reduction="none")
        losses = losses.mean(dim=1) if losses.dim() > 1 else losses
        J = C = (losses if w is None else w[:, 0] * losses).mean()
        if self.spec.regularization.penalizes:
            values["C"], values["P"] = C, self._penalty()
            J = C + values["P"]
        for value in values.values():
            if value.requires_grad:
                value.retain_grad()
        return values | {"J": J}, J

    def _normalize(self, n, layer, z):
        batch = layer.normalization is Normalization.BATCH
        if batch:
            running = self.running[f"rmu{n}"], self.running[f"rvar{n}"]
            h = functional.batch_norm(z, *running, training=True)
        else:
            h = functional.layer_norm(z, (layer.units,))
        shared = {"dim": 0} if batch else {"dim": 1, "keepdim": True}
        statistics = {f"mu{n}": z.detach().mean(**shared), f"var{n}": z.detach().var(correction=0, **shared)}
        return statistics | {f"H{n}": h, f"N{n}": self.parameters[f"gamma{n}"] * h + self.parameters[f"beta{n}"]}

    def _penalty(self):
        weights = torch.cat([value.flatten() for name, value in self.parameters.items() if name[0] == "W"])
        return self.spec.regularization.l1 * weights.abs().sum() + self.spec.regularization.l2 / 2 * (weights**2).sum()

    def _penalty_gradients(self):
        if not self.spec.regularization.penalizes:
            return {}
        weights = [name for name in self.parameters if name[0] == "W"]
        found = torch.autograd.grad(self._penalty(), [self.parameters[name] for name in weights])
        return {f"dP{name}": slope for name, slope in zip(weights, found, strict=True)}

    def _clip(self):
        """What clipping makes of the gradients that the optimizer will read."""
        limits, parameters, slots = self.spec.regularization, self.parameters, {}
        if limits.clip_value:
            nn.utils.clip_grad_value_(parameters.values(), limits.clip_value)
            slots |= {f"cd{name}": parameter.grad.clone() for name, parameter in parameters.items()}
        if limits.clip_norm:
            slots["gnorm"] = nn.utils.clip_grad_norm_(parameters.values(), limits.clip_norm)
            slots |= {f"nd{name}": parameter.grad.clone() for name, parameter in parameters.items()}
        return slots

    def _update(self, rate):
        before = {name: parameter.detach().clone() for name, parameter in self.parameters.items()}
        self.optimizer.step()
        made, slots = self.spec.optimizer, {}
        for key, theirs in STATES[made.name].items():
            if key in made.state_families:
                slots |= {f"{key}{name}": self._state(name)[theirs] for name in self.parameters}
        slots |= {key: torch.as_tensor(self._state("W1")[SCALARS[key]]) for key in made.scalars}
        if "Δ" in made.state_families:
            slots |= {f"Δ{name}": (before[name] - self.parameters[name]) / rate for name in self.parameters}
        if self.spec.regularization.max_norm:
            self._limit(self.spec.regularization.max_norm)
        return slots | self.parameters | self.running

    def _state(self, name):
        return self.optimizer.state[self.parameters[name]]

    def _limit(self, most):
        with torch.no_grad():
            for name, weights in self.parameters.items():
                if name[0] == "W":
                    lengths = weights.norm(dim=1, keepdim=True)
                    weights.copy_(torch.where(lengths > most, weights * (most / lengths), weights))
