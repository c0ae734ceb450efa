"""The watches in the order of a list: what stops learning first, then the cost, then what to look at besides."""

from .activations import DeadRelu, PoorInitialization, Saturation
from .costs import CostDiverging, CostNotFalling, Overfitting
from .gradients import ExplodingGradient, UpdateRatio, VanishingGradient
from .settings import Inputs, LearningRate
from .slots import Unchanged, ZeroOrNan
from .watch import Watch

WATCHES: tuple[Watch, ...] = (
    DeadRelu(),
    Saturation(),
    VanishingGradient(),
    ExplodingGradient(),
    UpdateRatio(),
    CostNotFalling(),
    CostDiverging(),
    Overfitting(),
    ZeroOrNan(),
    PoorInitialization(),
    Unchanged(),
    LearningRate(),
    Inputs(),
)
BY_NAME = {watch.name: watch for watch in WATCHES}
