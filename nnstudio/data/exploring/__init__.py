"""Looking at a table before learning from it: what each column holds, how columns go together, what is probably wrong.

Read in this order: `summary` (one column in a few numbers), `histogram` (one column as bars), `dates` (both for dates),
`grouping` (which class a row is of), `correlation` (two columns), `findings` (what deserves a warning, and what would
mend it). All of it is about the table as it was read; nothing here changes it.
"""

from .correlation import correlations
from .dates import dates_histogram_of, dates_summary_of
from .findings import Finding, FindingKind, findings, repeated_rows
from .grouping import NO_GROUP, Grouping, grouping_of
from .histogram import Histogram, histogram_of
from .summary import DateSummary, NumberSummary, Summary, TextSummary, summary_of

__all__ = [
    "NO_GROUP",
    "DateSummary",
    "Finding",
    "FindingKind",
    "Grouping",
    "Histogram",
    "NumberSummary",
    "Summary",
    "TextSummary",
    "correlations",
    "dates_histogram_of",
    "dates_summary_of",
    "findings",
    "grouping_of",
    "histogram_of",
    "repeated_rows",
    "summary_of",
]
