"""What a network is trained as: its layers, what it is judged by, and how it learns. All a program is compiled from."""

from dataclasses import dataclass, field

from .optimizers import Optimizer, Sgd
from .schedules import Constant, Schedule
from .spec import NetworkSpec, Precision, RegularizationSpec


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that a compiled model depends on, but for the data and the initial values."""

    network: NetworkSpec
    cost: str = "half_mse"
    regularization: RegularizationSpec = field(default_factory=RegularizationSpec)
    optimizer: Optimizer = field(default_factory=Sgd)
    precision: Precision = Precision.FLOAT64
    schedule: Schedule = field(default_factory=Constant)
