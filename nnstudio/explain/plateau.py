"""What reduce on plateau keeps in mind: the mean of J over an epoch, the best one so far, and what follows."""

import numpy as np

from nnstudio.engine.schedules import ReduceOnPlateau

from .explanation import Explanation, Formula
from .forward import equation
from .reading import Reading
from .writing import BECOMES, Kind, Math, Quantity, Style, equals, formula, result

_TOTAL = Math("Sigma J", "ΣJ")
_MEAN = Math("overline(J)", "J̄")


def watch(reading: Reading, made: ReduceOnPlateau) -> Explanation:
    """ΣJ ← ΣJ + J; at the end of an epoch its mean is judged."""
    n = reading.machine.batches.per_epoch
    number = int((float(reading.array("k")) - reading.ran) % n) + 1
    cost = reading.quantity("J")
    before, total = _totals(reading, cost.value, first=number == 1)
    template = Math("{J}", "{J}") if number == 1 else Math("{S} + {J}", "{S} + {J}")
    quantities = {"J": cost} if number == 1 else {"S": Quantity(_TOTAL, before, Kind.UPDATE), "J": cost}
    left = _TOTAL.coloured(Kind.UPDATE)
    formulas = [equation(reading, left, template, quantities, total, Kind.UPDATE, sign=BECOMES)]
    if number == n:
        formulas += _judgement(reading, made, total, n)
    headline = f"the cost of this epoch so far, mini-batch {number} of {n}"
    return Explanation(headline, tuple(formulas), "", total)


def _totals(reading: Reading, cost: float | None, *, first: bool) -> tuple[float | None, float | None]:
    """ΣJ before and after; what it was before is told only where it is certain to the last digit shown."""
    after = reading.result("J_sum")
    if after is None:
        before = 0.0 if first else float(reading.array("J_sum"))
        return before, None if cost is None else before + cost
    if cost is None or float(np.spacing(max(abs(after), abs(cost)))) > 0.01 * 10**-reading.decimals:
        return None, after
    return after - cost, after


def _judgement(reading: Reading, made: ReduceOnPlateau, total: float | None, n: int) -> list[Formula]:
    """The mean of the epoch, and once it has been judged what came of it."""
    quantities = {
        "S": Quantity(_TOTAL, total, Kind.UPDATE),
        "n": Quantity(Math("n", "n"), n, Kind.UPDATE, Style.WHOLE),
    }
    mean, template = None if total is None else total / n, Math("{S:b}/{n:b}", "{S:b} / {n:b}")
    left, caption = _MEAN.coloured(Kind.UPDATE), "The epoch is over; its mean is"
    found = [equation(reading, left, template, quantities, mean, Kind.UPDATE, caption)]
    if not reading.ran:
        return found
    patience = f"Bad epochs in a row; with more than {made.patience} the rate falls"
    return [
        *found,
        _now(reading, Math("min overline(J)", "min J̄"), "J_best", "The best mean so far", Style.FIXED),
        _now(reading, Math('"bad"', "bad"), "bad", patience, Style.WHOLE),
        _now(reading, Math("f", "f"), "f", "What the next epoch multiplies α₀ by", Style.SETTING),
    ]


def _now(reading: Reading, symbol: Math, slot: str, caption: str, style: Style) -> Formula:
    value = result(float(reading.array(slot)), reading.decimals, Kind.UPDATE, style)
    return formula(equals(symbol.coloured(Kind.UPDATE), value), caption=caption)
