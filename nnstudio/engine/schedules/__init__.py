"""Schedules: how the learning rate α changes while training goes on.

A long step gets far at first, a short one comes to rest at last. So a schedule multiplies the rate that was set, α₀,
by a factor of its own: α ← α₀ · factor, an operation before the optimizer's. Settings are in epochs. Step and
exponential decay and the plateau change α between two epochs, the others a little at every update. Definitions and
defaults are PyTorch's, where it has them.
"""

from .base import Curve, Schedule, ScheduleMemory, schedule
from .constant import Constant
from .cosine import Cosine
from .exponential import Exponential
from .one_cycle import OneCycle
from .plateau import ReduceOnPlateau
from .step import Step
from .warm_up import LinearWarmUp

# The order of menus: the simplest first.
Schedule.registry = {
    kind.name: kind for kind in (Constant, Step, Exponential, LinearWarmUp, Cosine, OneCycle, ReduceOnPlateau)
}

__all__ = ["Constant", "Cosine", "Curve", "Exponential", "LinearWarmUp", "OneCycle", "ReduceOnPlateau", "Schedule"]
__all__ += ["ScheduleMemory", "Step", "schedule"]
