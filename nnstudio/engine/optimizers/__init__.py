"""Optimizers: how the gradient ∂J/∂θ becomes a change of the parameters θ.

Each is a short chain of links, and each link becomes one operation of the program: momentum, then the step; the two
moments of Adam, then the step. All parameters lie in one flat array, so a link is a few array operations, however
many layers there are. Definitions and defaults are PyTorch's.
"""

from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam
from .adamw import AdamW
from .base import Link, Memory, Optimizer, optimizer
from .nadam import NAdam
from .rmsprop import RmsProp
from .sgd import Sgd

# The order of menus: the simplest first.
Optimizer.registry = {kind.name: kind for kind in (Sgd, Adagrad, Adadelta, RmsProp, Adam, NAdam, AdamW)}

__all__ = ["Adadelta", "Adagrad", "Adam", "AdamW", "Link", "Memory", "NAdam", "Optimizer", "RmsProp", "Sgd"]
__all__ += ["optimizer"]
