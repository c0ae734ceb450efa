"""What the explorer says of a column, of two, and of what it found."""

from nnstudio.data.dataset import Dataset
from nnstudio.data.exploring import DateSummary, Grouping, NumberSummary, Summary
from nnstudio.explain.numbers import count, short

FINE = "Nothing to warn of: no constant columns, no repeated rows, no rare classes, no gaps, and the parts are alike"
LOOKING = "Looking through the data …"


def rows(number: int) -> str:
    """A number of rows."""
    return "1 row" if number == 1 else f"{count(number)} rows"


def of_column(summary: Summary) -> str:
    """A column in a line."""
    gaps = f" · {count(summary.gaps)} missing" if summary.gaps else ""
    distinct = f"{count(summary.distinct)} different"
    if isinstance(summary, DateSummary):
        return f"{summary.first} to {summary.last} · {distinct}{gaps}" if summary.count else f"no dates{gaps}"
    if not isinstance(summary, NumberSummary):
        frequent = ", ".join(f"{text} {count(number)}" for text, number in summary.frequent)
        return f"{distinct}{gaps} · most frequent: {frequent}" if frequent else f"no values{gaps}"
    if not summary.count:
        return f"no numbers{gaps}"
    quartiles = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}".join(map(short, (summary.lower, summary.median, summary.upper)))
    outliers = f" · {count(summary.outliers)} outside the fences" if summary.outliers else ""
    return (
        f"{short(summary.least)} to {short(summary.most)} · mean {short(summary.mean)} ± {short(summary.deviation)} · "
        f"quartiles {quartiles} · {distinct}{gaps}{outliers}"
    )


def of_fences(summary: Summary) -> str:
    """What the fences are, for a tooltip."""
    if not isinstance(summary, NumberSummary) or not summary.count:
        return ""
    low, high = summary.fences
    return (
        f"Fences: {short(low)} and {short(high)}, one and a half times the distance of the quartiles outside of them "
        "(Tukey). ± is the standard deviation, with n − 1."
    )


def of_classes(grouping: Grouping | None) -> str:
    """How many rows each class has."""
    if grouping is None:
        return ""
    total = max(int(grouping.counts.sum()), 1)
    parts = [
        f"{name} {count(int(number))} ({100 * number / total:.3g} %)"
        for name, number in zip(grouping.names, grouping.counts, strict=True)
    ]
    return f"{grouping.title}: " + ", ".join(parts)


def of_pair(one: str, other: str, r: float) -> str:
    """Two columns in a line."""
    if one == other:
        return "Choose two different columns"
    if r != r:
        return "One of them does not vary, so they have no correlation"
    strength = "no" if abs(r) < 0.1 else "a weak" if abs(r) < 0.4 else "a clear" if abs(r) < 0.8 else "a strong"
    return f"r = {short(r, 3)}: {strength} straight line through them; r sees no other relation"


def drawn(dataset: Dataset, number: int) -> str:
    """That not all rows are drawn, where that is so."""
    return f"{count(number)} of {count(dataset.rows)} rows drawn" if number < dataset.rows else ""


def warnings(number: int) -> str:
    """The name of the page of warnings."""
    return f"Warnings · {number}" if number else "Warnings"
