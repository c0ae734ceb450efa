"""The steps that a plan needs: gaps are filled first, then text is encoded, then numbers are scaled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nnstudio.data.numerals import Numerals
from nnstudio.data.pipeline import Encode, Gaps, Scale, Step
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.pipeline.gaps import Gap
from nnstudio.data.pipeline.scale import Scaler
from nnstudio.data.spec import ColumnType
from nnstudio.experiment.roles import Role

from .choices import GapUse, Scaling

_GAPS = {
    GapUse.MEDIAN: Gap.MEDIAN,
    GapUse.MEAN: Gap.MEAN,
    GapUse.MOST_FREQUENT: Gap.MOST_FREQUENT,
    GapUse.CONSTANT: Gap.CONSTANT,
    GapUse.MARKED: Gap.MEDIAN,
    GapUse.DROPPED: Gap.DROP,
}


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """What becomes of a column. Only categories have an `encoding`, only numbers on a scale a `scaling`; `reason` says
    why it is left out where nobody chose that, `numbers` how text is written that is taken for numbers."""

    role: Role
    type: ColumnType
    gaps: GapUse
    encoding: Encoding | None
    scaling: Scaling | None
    reason: str = ""
    numbers: Numerals | None = None


def usual_gaps(category: bool) -> GapUse:
    """What becomes of gaps where nothing else is chosen."""
    return GapUse.MOST_FREQUENT if category else GapUse.MEDIAN


def pipeline(columns: Mapping[str, PlannedColumn], standardize: bool) -> tuple[Step, ...]:
    """The steps for these columns, but for gaps that are filled as usual: whether there are any, only the whole table
    tells."""
    inputs = {name: column for name, column in columns.items() if column.role is Role.INPUT}
    gaps = _together((c.gaps, name) for name, c in inputs.items() if c.gaps is not usual_gaps(c.encoding is not None))
    encodings = _together((c.encoding, name) for name, c in inputs.items() if c.encoding is not None)
    one_hot = encodings.pop(Encoding.ONE_HOT, None)
    scalings = {} if standardize else _together((c.scaling, name) for name, c in inputs.items() if c.scaling)
    scalings.pop(Scaling.NONE, None)
    return (
        *(Gaps(how=_GAPS[use], mark=use is GapUse.MARKED, columns=names) for use, names in gaps.items()),
        *(Encode(how=how, columns=names) for how, names in encodings.items()),
        *((Encode(),) if one_hot else ()),
        *(Scale(how=Scaler(how.value), columns=names) for how, names in scalings.items()),
    )


def _together(pairs: Iterable[tuple[Any, str]]) -> dict[Any, tuple[str, ...]]:
    """The names by what belongs to each."""
    found: dict[Any, tuple[str, ...]] = {}
    for key, name in pairs:
        found[key] = (*found.get(key, ()), name)
    return found
