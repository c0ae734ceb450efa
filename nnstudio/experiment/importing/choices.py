"""What a person chooses of a table that is new. What is not chosen is as it is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from nnstudio.data.numerals import Numerals
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.spec import ColumnType, SplitBy, Unreadable
from nnstudio.experiment.roles import Role


class GapUse(StrEnum):
    """What becomes of the gaps of an input."""

    MEDIAN = "median"
    MEAN = "mean"
    MOST_FREQUENT = "most frequent"
    CONSTANT = "constant"
    MARKED = "marked"
    DROPPED = "dropped"


class Scaling(StrEnum):
    """How numbers are brought to like size."""

    STANDARDIZE = "standardize"
    MIN_MAX = "min_max"
    ROBUST = "robust"
    LOG = "log"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What was chosen of one column; None where nothing was. `insisted` says that a person chose the type, which is
    then recorded though it may be the usual one. `numbers` is how text is written that is taken for numbers."""

    role: Role | None = None
    type: ColumnType | None = None
    numbers: Numerals | None = None
    gaps: GapUse | None = None
    encoding: Encoding | None = None
    scaling: Scaling | None = None
    insisted: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen of the columns by name, of cells that are not what their column is taken for, and of the split:
    how the rows are split, by which column where a column says it, and the shares that are kept from training."""

    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)
    unreadable: Unreadable = Unreadable.REFUSED
    by: SplitBy | None = None
    part: str | None = None
    validation: float | None = None
    test: float = 0.0

    def column(self, name: str) -> ColumnChoice:
        return self.columns.get(name, _NOTHING)

    def with_columns(self, names: tuple[str, ...], **chosen: Any) -> "Choices":
        """The same with something chosen of these columns."""
        said = {name: replace(self.column(name), **chosen) for name in names}
        return replace(self, columns={**self.columns, **said})


_NOTHING = ColumnChoice()
AS_PROPOSED = Choices()
