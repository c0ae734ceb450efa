"""Learning rates side by side: which to try, and what to say of each.

- A rate **diverges** where a number is no longer finite, or the cost ends above where it began.
- A rate **crawls** where in the same time it takes J less than a tenth of the way that the best one takes it.
- The **best** is the one with the lowest cost in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor, isfinite, log10

from .course import Course

CRAWLING_SHARE = 0.1
MOST_RATES = 10


class Verdict(StrEnum):
    """What becomes of a rate."""

    UNDER_WAY = "under way"
    BEST = "best"
    LEARNS = "learns"
    CRAWLS = "crawls"
    DIVERGES = "diverges"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and why."""

    verdict: Verdict
    why: str = ""


def ladder(rate: float) -> tuple[float, ...]:
    """Rates around this one, about three times each other: two below for each above, since a rate that is too large
    shows itself at once."""
    around = {rounded(rate * factor) for factor in (0.01, 1 / 30, 0.1, 1 / 3, 10 / 3, 10.0)}
    return tuple(sorted({rate, *around}))


def rounded(rate: float, digits: int = 2) -> float:
    """To so many significant digits, as a person would write it."""
    if not (isfinite(rate) and rate > 0):
        return rate
    return round(rate, digits - 1 - floor(log10(rate)))


def judge(courses: Sequence[Course]) -> tuple[Judged, ...]:
    """What to say of each, compared with the best of them."""
    costs = [course.cost for course in courses if course.finished and not _explodes(course)]
    best = min((cost for cost in costs if isfinite(cost)), default=float("nan"))
    return tuple(_judge(course, best) for course in courses)


def _judge(course: Course, best: float) -> Judged:
    if course.diverged:
        epoch = course.epochs + 1
        return Judged(Verdict.DIVERGES, f"not finite in epoch {epoch}")
    if not course.finished or not course.costs:
        return Judged(Verdict.UNDER_WAY)
    if _explodes(course):
        return Judged(Verdict.DIVERGES, "ends above where it began")
    if course.cost == best:
        return Judged(Verdict.BEST)
    fallen, could_fall = course.costs[0] - course.cost, course.costs[0] - best
    if fallen < CRAWLING_SHARE * could_fall:
        return Judged(Verdict.CRAWLS, f"{100 * fallen / could_fall:.1f} % of the way of the best")
    return Judged(Verdict.LEARNS)


def _explodes(course: Course) -> bool:
    return bool(course.diverged) or not course.cost <= course.costs[0]
