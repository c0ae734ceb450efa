"""What a new table holds and what will be made of it, in words: "3 inputs, one-hot; 2 gaps filled with the median"."""

import numpy as np

from nnstudio.data.cells import number_name
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.number_classes import may_be_classes
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.profile import ColumnProfile, Flaw
from nnstudio.data.spec import ColumnType
from nnstudio.experiment.roles import Role

from .choices import GapUse, Scaling
from .plan import Plan
from .steps import PlannedColumn

_SHORT = 1e6
_TEXTS_TO_LIST = 3
GAPS = {
    GapUse.MEDIAN: "the median",
    GapUse.MEAN: "the mean",
    GapUse.MOST_FREQUENT: "the most frequent",
    GapUse.CONSTANT: "0",
    GapUse.MARKED: "the median, and marked",
    GapUse.DROPPED: "row left out",
}
"""What stands for a gap, in the words of a choice."""
GAPS_OF_TEXT = {
    GapUse.MOST_FREQUENT: "the most frequent",
    GapUse.CONSTANT: "a category “missing”",
    GapUse.DROPPED: "row left out",
}
ENCODINGS = {Encoding.ONE_HOT: "one-hot", Encoding.ORDINAL: "by order", Encoding.BINARY: "binary"}
SCALINGS = {
    Scaling.STANDARDIZE: "standardized",
    Scaling.MIN_MAX: "0 … 1",
    Scaling.ROBUST: "by quartiles",
    Scaling.LOG: "log(1 + x)",
    Scaling.NONE: "as it is",
}


def made_of(plan: Plan, name: str) -> str:
    """What becomes of the column of that name."""
    column, planned = plan.table.column(name), plan.columns[name]
    match planned.role:
        case Role.IGNORED:
            return f"left out: {planned.reason}" if planned.reason else "left out"
        case Role.WEIGHT:
            return "how much each row counts"
        case Role.GROUP:
            return "rows alike in it stay together"
        case Role.TARGET:
            return _target(column, planned)
        case Role.INPUT:
            return _inputs(column, planned)


def held_by(profile: ColumnProfile, column: Column) -> str:
    """What a column holds: the range of its numbers, or the first of its texts."""
    if profile.kind is ColumnKind.NUMBER:
        return range_of(profile)
    texts = list(dict.fromkeys(column.values[column.filled].tolist()))
    more = " …" if len(texts) > _TEXTS_TO_LIST else ""
    return ", ".join(texts[:_TEXTS_TO_LIST]) + more


def range_of(profile: ColumnProfile) -> str:
    """From the least number of a column to its greatest; nothing where there are none."""
    if profile.least is None or profile.most is None:
        return ""
    least, most = _short(profile.least), _short(profile.most)
    return least if least == most else f"{least} … {most}"


def flaw_words(flaw: Flaw, names: tuple[str, ...]) -> str:
    """Where a flaw is, what it is and how to mend it."""
    row = "" if flaw.row is None else f"row {flaw.row + 1:,}"
    line = "" if flaw.line is None else f"line {flaw.line:,}"
    at = f"{row} ({line})" if row and line else row or line
    column = "" if flaw.column is None else f"column '{names[flaw.column]}'"
    place = ", ".join(part for part in (at, column) if part)
    said = f"{flaw.what}; {flaw.mend}"
    return f"{place}: {said}" if place else said


def _inputs(column: Column, planned: PlannedColumn) -> str:
    if planned.type is not ColumnType.CATEGORICAL:
        unit = "days" if planned.type is ColumnType.DATE else planned.numbers.unit if planned.numbers else ""
        in_unit = f" in {unit}" if unit else ""
        return f"1 input{in_unit}, and 1 for its gaps" if planned.gaps is GapUse.MARKED else f"1 input{in_unit}"
    different = _different(column)
    if planned.encoding is Encoding.BINARY:
        different = different.bit_length()
    return _counted(1 if planned.encoding is Encoding.ORDINAL else different, "input")


def _target(column: Column, planned: PlannedColumn) -> str:
    if planned.type in (ColumnType.CATEGORICAL, ColumnType.ORDINAL):
        classes = _different(column)
        return f"{classes:,} class{'' if classes == 1 else 'es'} to tell apart"
    binary = planned.type is ColumnType.BOOLEAN or _is_binary(column)
    if binary:
        return "yes or no to predict"
    doubt = f", not one of {_different(column)} classes" if may_be_classes(column) else ""
    return f"a number to predict{doubt}"


def _is_binary(column: Column) -> bool:
    values = column.values[column.filled]
    return column.kind is ColumnKind.NUMBER and len(values) > 0 and bool(np.isin(values, (0.0, 1.0)).all())


def _different(column: Column) -> int:
    return len(set(column.values[column.filled].tolist()))


def _short(value: float) -> str:
    return number_name(value) if abs(value) < _SHORT and value.is_integer() else f"{value:.4g}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
