"""What is known of the rates that are compared, without a widget."""

from dataclasses import dataclass, field

import numpy as np

from nnstudio.training.comparisons.contender import Contender
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.range_test import Proposal, RangeStretch, RangeTest, propose
from nnstudio.training.comparisons.rates import Judged, Verdict, judge
from nnstudio.training.comparisons.task import Task


@dataclass(slots=True, eq=False)
class RatesState:
    """`courses` has one for each rate, `range` what the range test has found so far."""

    rates: tuple[float, ...] = ()
    epochs: int = 1
    courses: tuple[Course, ...] = ()
    test: RangeTest = field(default_factory=RangeTest)
    range: RangeStretch | None = None

    def begin(self, rates: tuple[float, ...], epochs: int) -> list[Task]:
        """Forget what was known, and say what is to be done: a contender a rate, and the range test."""
        self.rates, self.epochs, self.range = rates, epochs, None
        self.courses = tuple(Course(Contender(epochs, learning_rate=rate)) for rate in rates)
        return [*(course.contender for course in self.courses), self.test]

    def take(self, number: int, report: object) -> None:
        """The report of a task, by its number in what `begin` returned."""
        if isinstance(report, RangeStretch):
            self.range = report
        else:
            self.courses[number].take(report)  # type: ignore[arg-type]

    @property
    def share(self) -> float:
        """How much is done."""
        tested = len(self.range.rates) / self.test.updates if self.range else 0.0
        if self.range is not None and self.range.finished:
            tested = 1.0
        shares = [*(course.share for course in self.courses), tested]
        return sum(shares) / len(shares)

    @property
    def verdicts(self) -> tuple[Judged, ...]:
        return judge(self.courses)

    @property
    def best(self) -> float | None:
        """The best rate; None where there is none, or not yet."""
        found = (rate for rate, judged in zip(self.rates, self.verdicts, strict=True) if judged.verdict is Verdict.BEST)
        return next(found, None) if self.courses and all(course.finished for course in self.courses) else None

    @property
    def proposal(self) -> Proposal | None:
        """What the range test proposes, once it is over."""
        if self.range is None or not self.range.finished:
            return None
        return propose(self.test, np.array(self.range.rates), np.array(self.range.costs))
