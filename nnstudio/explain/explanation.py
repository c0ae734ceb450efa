"""What an explanation is: a plain sentence, and formulas as typesetting source and as plain text.

The typesetting source holds own symbols and numbers alone. Colours are functions named by the kind of number
(`parameter`, `forward`, `backward`, …) which whoever typesets it defines; so is `small`, for the rows of numbers, and
`ledger`, for the terms of a sum below each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """One statement; `caption` is a few plain words to put above it, `focus` how far down (from 0 to 1) a long one
    is to be in sight."""

    typst: str
    plain: str
    caption: str = ""
    focus: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """An operation in words and formulas; `note` says why numbers are missing, `result` is the number it ends in."""

    headline: str
    formulas: tuple[Formula, ...]
    note: str = ""
    result: float | None = None

    @property
    def plain(self) -> str:
        return "\n".join(_lines(self))


def _lines(explanation: Explanation) -> Iterable[str]:
    if explanation.headline:
        yield explanation.headline
    if explanation.note:
        yield explanation.note
    for formula in explanation.formulas:
        if formula.caption:
            yield formula.caption
        yield formula.plain
