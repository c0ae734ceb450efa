"""Colours: one for one kind of thing, everywhere. Two themes, and the system's choice between them.

Phases and roles each have a colour that reads at 4.5:1 on its ground; sign has a diverging map, blue for positive and
orange for negative, used for values alone.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.engine.arena import Role
from nnstudio.engine.ops import Phase


class Mode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as #rrggbb."""

    dark: bool
    ground: str
    panel: str
    field: str
    hover: str
    line: str
    text: str
    muted: str
    stale: str
    accent: str
    on_accent: str
    chosen: str
    warning: str
    error: str
    positive: str
    negative: str
    neutral: str
    train: str
    validation: str
    test: str
    load: str
    forward: str
    cost: str
    backward: str
    update: str
    parameter: str
    breakpoint: str
    classes: tuple[str, ...]
    """Colours of classes, told apart by marker shape too."""

    def phase(self, phase: Phase) -> QColor:
        return QColor(getattr(self, phase.value))

    def role(self, role: Role) -> QColor:
        """Parameters, what flows forward, the cost, what flows back, what updates: each has its own."""
        return QColor(getattr(self, _ROLE_COLOURS[role]))

    def diverging(self, values: np.ndarray) -> np.ndarray:
        """RGBA (…, 4) uint8 of values in [−1, 1]: orange, neutral, blue; NaN is transparent."""
        position = np.clip(np.nan_to_num(values, nan=0.0), -1, 1)[..., None]
        middle, high, low = (np.array(QColor(name).getRgbF()) for name in (self.neutral, self.positive, self.negative))
        colours = np.where(position >= 0, middle + (high - middle) * position, middle + (low - middle) * -position)
        rgba: np.ndarray = np.rint(colours * 255).astype(np.uint8)
        rgba[np.isnan(values)] = 0
        return rgba

    def sign(self, value: float, scale: float = 1.0) -> QColor:
        """The diverging colour of one value, where `scale` is the largest magnitude."""
        rgba = self.diverging(np.array(value / scale if scale else 0.0))
        return QColor(*(int(part) for part in rgba))


_ROLE_COLOURS = {
    Role.INPUT: "load",
    Role.TARGET: "load",
    Role.SAMPLE_WEIGHT: "load",
    Role.PSEUDO_LABEL: "load",
    Role.WEIGHT: "parameter",
    Role.BIAS: "parameter",
    Role.SCALE: "parameter",
    Role.SHIFT: "parameter",
    Role.SUM: "forward",
    Role.STATISTIC: "forward",
    Role.ACTIVATION: "forward",
    Role.MASK: "forward",
    Role.COST: "cost",
    Role.GRADIENT: "backward",
    Role.OPTIMIZER: "update",
    Role.SCHEDULE: "update",
    Role.RATE: "update",
    Role.RUNNING: "update",
    Role.SETTING: "update",
}

LIGHT = Theme(
    dark=False,
    ground="#f1f3f6",
    panel="#ffffff",
    field="#eef1f5",
    hover="#e4e9f0",
    line="#dfe3e9",
    text="#1a1d23",
    muted="#5c6370",
    stale="#6f7683",
    accent="#1a62d0",
    on_accent="#ffffff",
    chosen="#e0eafb",
    warning="#8f6200",
    error="#b3261e",
    positive="#0877bd",
    negative="#f59322",
    neutral="#f6f6f4",
    train="#1a62d0",
    validation="#b4540a",
    test="#6b4fbb",
    load="#5c6370",
    forward="#0e7c86",
    cost="#8f6200",
    backward="#a23b72",
    update="#3a7d1e",
    parameter="#1a62d0",
    breakpoint="#c4291d",
    classes=(
        "#f59322",
        "#0877bd",
        "#3a7d1e",
        "#a23b72",
        "#6b4fbb",
        "#8f6200",
        "#0e7c86",
        "#b3261e",
        "#5c6370",
        "#c2588f",
    ),
)
DARK = Theme(
    dark=True,
    ground="#14161a",
    panel="#1d2026",
    field="#292d35",
    hover="#333843",
    line="#323741",
    text="#e8eaee",
    muted="#a2a9b5",
    stale="#868d99",
    accent="#5e9bff",
    on_accent="#0a1730",
    chosen="#26344d",
    warning="#e0b040",
    error="#ff8a80",
    positive="#3d9be0",
    negative="#f0993a",
    neutral="#2b2f37",
    train="#6aa5ff",
    validation="#f2a65a",
    test="#b3a1f2",
    load="#a2a9b5",
    forward="#4fc3cc",
    cost="#e0b040",
    backward="#e58bb8",
    update="#8ccb6b",
    parameter="#7fb2ff",
    breakpoint="#ff7a6e",
    classes=(
        "#f0993a",
        "#3d9be0",
        "#8ccb6b",
        "#e58bb8",
        "#a994f0",
        "#e0b040",
        "#4fc3cc",
        "#ff8a80",
        "#a2a9b5",
        "#d98cb4",
    ),
)
