"""The values that options of the command line take: each reads a text, or says what is wrong with it."""

import argparse
from collections.abc import Callable
from math import inf


def whole_number(least: int) -> Callable[[str], int]:
    """A whole number from `least` on."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not least <= value < 2**63:
            raise argparse.ArgumentTypeError(f"{value} must be at least {least} and below 2^63")
        return value

    return number


def real_number(least: float, *, open_: bool = False) -> Callable[[str], float]:
    """A finite number that is at least `least`, or above it."""

    def number(text: str) -> float:
        value = _float(text)
        if not (least < value < inf if open_ else least <= value < inf):
            raise argparse.ArgumentTypeError(f"{text} must be {'more than' if open_ else 'at least'} {least:g}")
        return value

    return number


def tolerance(text: str) -> float:
    """A relative error that a gradient check allows."""
    value = _float(text)
    if not 1e-8 <= value < 1:
        raise argparse.ArgumentTypeError(
            f"{value:g} must be below 1 and at least 1e-08, since no difference of rounded numbers is more exact"
        )
    return value


def size(text: str) -> tuple[int, int]:
    """Width and height of a window in pixels."""
    width, cross, height = text.partition("x")
    if not (
        cross and width.isdigit() and height.isdigit() and 400 <= int(width) <= 8000 and 300 <= int(height) <= 8000
    ):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1600x1000 (400x300 to 8000x8000)")
    return int(width), int(height)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
