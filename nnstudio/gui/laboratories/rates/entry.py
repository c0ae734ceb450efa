"""Several learning rates in one field: 0.01 0.03 0.1, with spaces or semicolons between them, ',' or '.' within."""

import re

from nnstudio.explain.numbers import parse
from nnstudio.gui.widgets.number_field import written
from nnstudio.training.comparisons.rates import MOST_RATES

_MOST = 1e6


class RatesError(ValueError):
    """What was written is no list of rates: what is wrong, and how to mend it."""


def read(text: str) -> tuple[float, ...]:
    """The rates, ascending, each once; a RatesError says what cannot be one."""
    words = [word for word in re.split(r"[;\s]+", text.strip()) if word]
    rates = set()
    for word in words:
        rate = parse(word.removesuffix(","))
        if rate is None or not 0 < rate <= _MOST:
            raise RatesError(f"“{word}” is no learning rate; write numbers above 0 such as 0.01 0.03 0.1")
        rates.add(rate)
    if not rates:
        raise RatesError("write at least one learning rate, such as 0.01 0.03 0.1")
    if len(rates) > MOST_RATES:
        raise RatesError(f"{len(rates)} rates are more than can be told apart; write at most {MOST_RATES}")
    return tuple(sorted(rates))


def write(rates: tuple[float, ...]) -> str:
    return "  ".join(map(written, rates))
