"""What is found of learning rates, in sentences."""

from nnstudio.explain.numbers import short
from nnstudio.gui.widgets.number_field import written
from nnstudio.training.comparisons.rates import CRAWLING_SHARE, Verdict

from .state import RatesState

PURPOSE = (
    "The same network, from the same initial weights and through the same mini-batches, at several learning rates α."
)
RULE = (
    "Range test (Smith 2017): α grows by the same factor after each update. Proposed is a tenth of the rate at which "
    "the smoothed cost is lowest."
)
MEANINGS = (
    "diverges: a number is no longer finite, or the cost ends above where it began\n"
    f"crawls: less than {100 * CRAWLING_SHARE:g} % of the way that the best rate takes the cost\n"
    "best: the lowest cost of the training rows in the end"
)


def found(state: RatesState) -> str:
    """The rates by what becomes of them."""
    named: dict[Verdict, list[str]] = {}
    for rate, judged in zip(state.rates, state.verdicts, strict=True):
        named.setdefault(judged.verdict, []).append(written(rate))
    parts = []
    if Verdict.BEST in named:
        parts.append(f"α = {named[Verdict.BEST][0]} ends lowest")
    for verdict, one, several in ((Verdict.CRAWLS, "crawls", "crawl"), (Verdict.DIVERGES, "diverges", "diverge")):
        rates = named.get(verdict, [])
        if rates:
            parts.append(f"{_listed(rates)} {one if len(rates) == 1 else several}")
    return "; ".join(parts) + "." if parts else ""


def proposed(state: RatesState) -> str:
    """What the range test has found."""
    proposal = state.proposal
    if state.range is None or not state.range.finished:
        return ""
    if proposal is None:
        return "The cost falls at no rate of the range: there is nothing to propose."
    beyond = "" if proposal.blew_up else "; it has not blown up within the range"
    lowest = f"The smoothed cost is lowest at α = {short(proposal.lowest_at, 3)}{beyond}"
    return f"{lowest}. Proposed: {written(proposal.rate)}."


def _listed(rates: list[str]) -> str:
    return rates[0] if len(rates) == 1 else f"{', '.join(rates[:-1])} and {rates[-1]}"
