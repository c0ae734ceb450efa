"""AdamW: Adam with weight decay taken off the parameters directly, not through the gradient (Loshchilov & Hutter 2019).

θ ← θ − α λ θ comes first, over all parameters, as PyTorch does it.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnstudio.engine.settings import setting

from . import moments
from .adam import Adam
from .base import Link, Memory


@dataclass(frozen=True)
class AdamW(Adam):
    name = "adamw"
    title = "AdamW"
    summary = "Adam that also pulls every parameter towards 0, apart from the gradient."

    weight_decay: float = setting(0.01, "Weight decay", "λ", 0.0, 1e6)

    def chain(self, memory: Memory) -> tuple[Link, ...]:
        step = self.step(memory)
        run = partial(_decay_and_step, memory, self.weight_decay, step)
        label = "θ ← θ (1 − α λ) − α m̂ / (√v̂ + ε)"
        typst = "theta <- theta (1 - alpha lambda) - alpha hat(m) / (sqrt(hat(v)) + epsilon)"
        return (
            moments.count(memory),
            moments.first_moment(memory, self.beta1),
            moments.second_moment(memory, self.beta2),
            Link(label, typst, step.reads, step.writes, run),
        )


def _decay_and_step(memory: Memory, decay: float, step: Link) -> None:
    np.multiply(memory.parameters, 1 - memory.rate.item() * decay, memory.parameters)
    step.run()
