"""What an update adds: θ and −α ∂J/∂θ; β₁ m and (1 − β₁) ∂J/∂θ; 0.9 μ̄ and 0.1 μ."""

from nnstudio.engine.ops.normalizing import MOMENTUM
from nnstudio.engine.optimizers import Sgd

from .reading import Reading
from .update import foretold, inputs_of, target_of
from .writing import Kind, Math, Quantity, Style

Addend = tuple[Quantity, Quantity | None]
"""A number, or a product of two."""
_DECAYS = {"m": "β₁", "v": "β₂", "u": "ρ"}
_SQUARE = ("v", "u")


def link_addends(reading: Reading) -> tuple[Addend, ...] | None:
    """Of one link of the optimizer at the chosen parameter; None where it multiplies or counts."""
    family, values = target_of(reading)[0], inputs_of(reading)
    if family == "θ":
        return (values["θ"], None), _step(reading, values)
    if family in reading.machine.model.spec.optimizer.state_families and family != "Δ":
        return _state(family, values)
    return None


def running_addends(reading: Reading) -> tuple[Addend, Addend]:
    """Of a running mean or variance."""
    slot, at = reading.op.writes[0], (reading.element.unit,)
    own, new = reading.quantity(slot, *at), reading.quantity(reading.op.reads[1], *at)
    m = reading.batch_size
    share = _setting(f"{MOMENTUM:g}", f"{MOMENTUM:g}", MOMENTUM)
    if slot.startswith("rvar"):
        symbol = Math(f"{MOMENTUM:g} m \\/ (m - 1)", f"{MOMENTUM:g} m / (m − 1)")
        share = Quantity(symbol, MOMENTUM * m / (m - 1), Kind.UPDATE, Style.SETTING)
    kept = _setting(f"{1 - MOMENTUM:g}", f"{1 - MOMENTUM:g}", 1 - MOMENTUM)
    return (kept, own), (share, new)


def _step(reading: Reading, values: dict[str, Quantity]) -> Addend:
    """What is added to the parameter: −α g, −α v, or what a longer formula makes of them."""
    optimizer = reading.machine.model.spec.optimizer
    direct = isinstance(optimizer, Sgd) and not optimizer.nesterov
    along = "v" if direct and "v" in values else "g" if direct else "Δ"
    if along in values and values["α"].value is not None:
        rate = Quantity(Math("- alpha", "−α"), -values["α"].value, Kind.UPDATE, Style.SETTING)
        return rate, values[along]
    after, before = foretold(reading), values["θ"].value
    step = None if after is None or before is None else after - before
    return Quantity(Math('"the step"', "the step"), step, Kind.UPDATE), None


def _state(family: str, values: dict[str, Quantity]) -> tuple[Addend, ...]:
    """What is kept of the state, and what the gradient adds to it."""
    own, g = values[family], values["Δ" if family == "u" else "g"]
    added = _squared(g) if family in _SQUARE and "μ" not in values else g
    if "μ" in values:
        return (values["μ"], own), (added, None)
    decay = next((values[key] for key in (_DECAYS[family], "ρ", "β") if key in values), None)
    if decay is None or decay.value is None:
        return (own, None), (added, None)
    symbol = Math(f"(1 - {decay.symbol.typst})", f"(1 − {decay.symbol.plain})")
    rest = Quantity(symbol, 1 - decay.value, Kind.UPDATE, Style.SETTING)
    return (decay, own), (rest, added)


def _squared(g: Quantity) -> Quantity:
    symbol = Math(f"({g.symbol.typst})^2", f"({g.symbol.plain})²")
    return Quantity(symbol, None if g.value is None else g.value * g.value, g.kind)


def _setting(typst: str, plain: str, value: float) -> Quantity:
    return Quantity(Math(typst, plain), value, Kind.UPDATE, Style.SETTING)
