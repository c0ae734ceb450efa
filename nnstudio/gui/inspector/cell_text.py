"""The number in a cell: signed, with as many decimals as fit the column, and how wide a column should be."""

from collections.abc import Callable
from dataclasses import dataclass

from nnstudio.engine.arena import Role
from nnstudio.explain.numbers import fixed

UNKNOWN = "—"
PADDING = 3
MOST_WIDTH = 88
_FEWEST = 3
_SIGNED = (Role.WEIGHT, Role.BIAS, Role.SHIFT, Role.SUM, Role.GRADIENT)
_ROOM = 24
_BREATH = 6


class Measure:
    """How wide a text of digits is; each character is measured once."""

    def __init__(self, advance: Callable[[str], float]) -> None:
        self._advance = advance
        self._widths: dict[str, float] = {}

    def __call__(self, text: str) -> float:
        widths = self._widths
        try:
            return sum([widths[character] for character in text])
        except KeyError:
            for character in set(text):
                widths[character] = self._advance(character)
            return self(text)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the cells of a table are set: their width, the decimals, and whether in the small type size."""

    width: int
    decimals: int
    small: bool


def signed(role: Role) -> bool:
    """Whether positive values carry a plus sign: where the sign is what one looks for."""
    return role in _SIGNED


def cell_text(value: float | None, decimals: int, plus: bool, room: float, measure: Measure) -> str:
    """The number as `fixed` writes it; shorter where it would not fit, never hidden: 3e−04."""
    if value is None:
        return UNKNOWN
    sign = "+" if plus and value > 0 else ""
    text = sign + fixed(value, decimals)
    if measure(text) <= room:
        return text
    if "e" not in text:
        for fewer in range(decimals - 1, 0, -1):
            text = sign + fixed(value, fewer)
            if measure(text) <= room:
                return text
    return sign + f"{value:.0e}".replace("-", "−")


def fit(columns: int, available: float, scale: float, decimals: int, body: Measure, small: Measure) -> Fit:
    """The largest type and the most decimals with which all columns are seen at once; else small, and to be scrolled.

    `scale` is the largest magnitude in the table.
    """
    few = min(_FEWEST, decimals)
    for measure, places in ((body, decimals), (body, few), (small, decimals), (small, few)):
        needed = _needed(scale, places, measure) + (0 if measure is small else _BREATH)
        if needed * columns <= available:
            width = min(available / columns, max(needed + _ROOM, MOST_WIDTH))
            return Fit(int(width), places, measure is small)
    return Fit(int(_needed(scale, decimals, small)) + 1, decimals, True)


def _needed(scale: float, decimals: int, measure: Measure) -> float:
    """Room for the widest number; tiny ones are in scientific notation."""
    digits = len(str(int(min(scale, 1e7))))
    text = "−" + "8" * digits + "." + "8" * decimals
    if 0 < scale < 10 ** (1 - decimals):
        text = "−8." + "8" * (decimals - 1) + "e−88"
    return measure(text) + 2 * PADDING
