"""What is known of the rates as curves, marks and rows of a table."""

import numpy as np

from nnstudio.explain.numbers import fixed
from nnstudio.gui.laboratories.comparing.curves_chart import Curve, Mark, ramp
from nnstudio.gui.plots.picture import Table
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.number_field import written
from nnstudio.training.comparisons.range_test import smoothed
from nnstudio.training.comparisons.rates import Verdict

from .state import RatesState
from .table import RateRow

_HEADROOM = 1.5
"""How far above the highest cost before the lowest one the picture of the range test reaches."""
_NAMED = (Verdict.DIVERGES, Verdict.CRAWLS)


def race_curves(state: RatesState, chosen: float | None, theme: Theme) -> list[Curve]:
    """The cost of each rate against the epoch, from cool to hot; the chosen one, or else the best, stands out."""
    curves = []
    colours = ramp(len(state.rates), theme)
    for course, rate, judged, colour in zip(state.courses, state.rates, state.verdicts, colours, strict=True):
        if len(course.costs):
            label = f"{written(rate)}  {judged.verdict}" if judged.verdict in _NAMED else written(rate)
            strong = rate == chosen or (chosen is None and judged.verdict is Verdict.BEST)
            costs = np.array(course.costs)
            curves.append(Curve(label, np.arange(float(len(costs))), costs, colour, strong=strong))
    return curves


def rows(state: RatesState, theme: Theme) -> list[RateRow]:
    """A row a rate."""
    colours = ramp(len(state.rates), theme)
    return [
        RateRow(
            rate,
            written(rate),
            fixed(course.cost) if course.costs else "—",
            "" if judged.verdict is Verdict.UNDER_WAY else judged.verdict.value,
            judged.why,
            colour,
            strong=judged.verdict is Verdict.BEST,
            wrong=judged.verdict is Verdict.DIVERGES,
        )
        for course, rate, judged, colour in zip(state.courses, state.rates, state.verdicts, colours, strict=True)
    ]


def range_curves(state: RatesState, theme: Theme) -> tuple[list[Curve], list[Mark], float | None]:
    """The costs of the range test against the rate, as they are and smoothed; where the lowest one and the proposal
    are; and how high the picture reaches."""
    rates, costs = _range(state)
    if not len(rates):
        return [], [], None
    smooth = smoothed(costs)
    curves = [
        Curve("mini-batch", rates, costs, theme.stale, faint=True),
        Curve("smoothed", rates, smooth, theme.cost, strong=True),
    ]
    marks = []
    if (proposal := state.proposal) is not None:
        marks = [
            Mark(proposal.rate, f"proposed {written(proposal.rate)}", theme.accent),
            Mark(proposal.lowest_at, "lowest", theme.muted),
        ]
    return curves, marks, _HEADROOM * float(smooth[: int(np.argmin(smooth)) + 1].max())


def race_table(state: RatesState) -> Table:
    """The cost of each rate by epoch."""
    longest = max((len(course.costs) for course in state.courses), default=0)
    table = np.full((longest, 1 + len(state.courses)), np.nan)
    table[:, 0] = np.arange(longest)
    for place, course in enumerate(state.courses, 1):
        table[: len(course.costs), place] = course.costs
    return ["epoch", *(f"learning rate {written(rate)}" for rate in state.rates)], table


def range_table(state: RatesState) -> Table:
    """The rate of each update of the range test, and its cost."""
    rates, costs = _range(state)
    return ["learning rate", "cost", "smoothed"], np.column_stack((rates, costs, smoothed(costs)))


def _range(state: RatesState) -> tuple[np.ndarray, np.ndarray]:
    if state.range is None:
        return np.empty(0), np.empty(0)
    return np.array(state.range.rates), np.array(state.range.costs)
