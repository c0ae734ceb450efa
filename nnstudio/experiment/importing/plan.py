"""What becomes of a table: what is proposed, with what a person chose instead."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from msgspec import structs

from nnstudio.data.column_types import categories_in_order, mistakes, settled, type_of, typed
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.dates import DateOrder, date_order
from nnstudio.data.errors import DataError
from nnstudio.data.pipeline.encode import Encoding
from nnstudio.data.roles import roles_of
from nnstudio.data.spec import ColumnSpec, ColumnType, DataSpec, Source, SplitBy, SplitSpec, Unreadable
from nnstudio.experiment.roles import Role, with_needed_steps

from .choices import AS_PROPOSED, Choices, ColumnChoice, GapUse, Scaling
from .proposal import Proposal, Proposed, propose
from .steps import PlannedColumn, pipeline, usual_gaps

_ROWS_FOR_VALIDATION = 50
_USUAL_VALIDATION = 0.2
_MOST_ORDERED = 100
_COLUMNS_TO_NAME = 3


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What becomes of each column of a table and of cells that are not what their column is taken for, and how its rows
    are split. `overruled` are the columns that a person takes for something else than was proposed."""

    table: Dataset
    columns: Mapping[str, PlannedColumn]
    split: SplitSpec
    overruled: frozenset[str] = frozenset()
    unreadable: Unreadable = Unreadable.REFUSED

    def named(self, role: Role) -> tuple[str, ...]:
        """The columns in a role."""
        return tuple(name for name, column in self.columns.items() if column.role is role)

    @property
    def standardize(self) -> bool:
        """Whether all inputs are standardized, which needs no steps of its own."""
        return all(column.scaling is Scaling.STANDARDIZE for column in self.scaled(Role.INPUT))

    @property
    def standardize_targets(self) -> bool:
        return all(column.scaling is Scaling.STANDARDIZE for column in self.scaled(Role.TARGET))

    def scaled(self, role: Role) -> list[PlannedColumn]:
        """The columns in a role that are numbers on a scale."""
        return [column for column in self.columns.values() if column.role is role and column.scaling is not None]

    def spec(self, source: Source) -> DataSpec:
        """The same in the words of an experiment; a DataError says what cannot be."""
        if not self.named(Role.INPUT):
            raise DataError(f"no column is an input{self._why_none_is()}; use at least one as an input")
        if not self.named(Role.TARGET):
            raise DataError("no column is the target; use the one to be predicted as the target")
        if self.split.by is SplitBy.GROUP and not self.named(Role.GROUP):
            raise DataError("rows are split by group, and no column is the group; use one as the group")
        if self.split.by is SplitBy.COLUMN and self.split.column is None:
            raise DataError("rows are split by a column; choose the column that says the part of each row")
        spec = DataSpec(
            source,
            inputs=self.named(Role.INPUT),
            targets=self.named(Role.TARGET),
            standardize=self.standardize,
            split=self.split,
            columns=self._column_specs(),
            pipeline=pipeline(self.columns, self.standardize),
            weight=next(iter(self.named(Role.WEIGHT)), None),
            group=next(iter(self.named(Role.GROUP)), None),
        )
        return with_needed_steps(spec, self.table)

    def problem(self, source: Source) -> str:
        """What about the columns cannot be; nothing where all can."""
        try:
            roles_of(self.table, self.spec(source))
        except DataError as error:
            return str(error)
        return ""

    def mistakes(self, name: str) -> tuple[list[int], str]:
        """The rows of a column whose cells are filled in with something else than it is taken for, and what that would
        be; none where nobody wants to use it."""
        column, planned = self.table.column(name), self.columns[name]
        if planned.role is Role.IGNORED and not planned.reason:
            return [], ""
        with suppress(DataError):  # what has to be said first
            return mistakes(column, settled(column, self._said(column, planned)))
        return [], ""

    def _why_none_is(self) -> str:
        """Why the first columns are left out, as far as nobody chose it."""
        told = [f"'{name}': {column.reason}" for name, column in self.columns.items() if column.reason]
        more = f" and {len(told) - _COLUMNS_TO_NAME} more" if len(told) > _COLUMNS_TO_NAME else ""
        return f" ({', '.join(told[:_COLUMNS_TO_NAME])}{more})" if told else ""

    def _column_specs(self) -> dict[str, ColumnSpec]:
        """What the columns that are used are taken for, where it is not what they would be taken for anyway, or a
        person said so, or some of their cells are something else."""
        said = {}
        for name, planned in self.columns.items():
            column = self.table.column(name)
            if planned.role is Role.IGNORED:
                continue
            spec = self._said(column, planned)
            if self.unreadable is Unreadable.GAP and _has_mistakes(column, spec):
                spec = structs.replace(spec, unreadable=Unreadable.GAP)
            elif name not in self.overruled and planned.type is type_of(column, ColumnSpec()):
                continue
            said[name] = spec
        return said

    def _said(self, column: Column, planned: PlannedColumn) -> ColumnSpec:
        kind = planned.type
        if kind is ColumnType.ORDINAL:
            order = categories_in_order(column)
            suits = column.kind is ColumnKind.TEXT or len(order) <= _MOST_ORDERED
            return ColumnSpec(type=kind, order=order if suits else ())
        if kind is ColumnType.DATE and column.kind is ColumnKind.TEXT:
            known = date_order(column.values[column.filled].tolist())
            return ColumnSpec(type=kind, dates=DateOrder.DAY_FIRST if known is None else None)
        return ColumnSpec(type=kind, numbers=planned.numbers)


def plan_table(table: Dataset, choices: Choices = AS_PROPOSED) -> Plan:
    """What becomes of a whole table where these choices were made."""
    return plan(propose(table, unreadable=choices.unreadable), choices)


def plan(proposal: Proposal, choices: Choices = AS_PROPOSED) -> Plan:
    """What becomes of the table of a proposal where these choices were made."""
    columns = {name: _planned(proposed, choices.column(name)) for name, proposed in proposal.columns.items()}
    part = choices.part if choices.by is SplitBy.COLUMN else None
    if part in columns:
        columns[part] = replace(columns[part], role=Role.IGNORED, reason="it says the part of each row")
    enough = proposal.table.rows >= _ROWS_FOR_VALIDATION or not proposal.whole
    usual = _USUAL_VALIDATION if enough else 0.0
    grouped = any(column.role is Role.GROUP for column in columns.values())
    split = SplitSpec(
        validation=usual if choices.validation is None else choices.validation,
        test=choices.test,
        by=choices.by or (SplitBy.GROUP if grouped else SplitBy.STRATIFIED),
        column=part,
    )
    overruled = frozenset(
        name
        for name, column in columns.items()
        if choices.column(name).insisted and column.type is not proposal.columns[name].type
    )
    return Plan(proposal.table, columns, split, overruled, choices.unreadable)


def _has_mistakes(column: Column, spec: ColumnSpec) -> bool:
    """Whether some cell that is filled in does not hold what the column is taken for."""
    with suppress(DataError):  # what has to be said first
        return typed(column, settled(column, spec)).has_mistakes
    return False


def _planned(proposed: Proposed, chosen: ColumnChoice) -> PlannedColumn:
    role, kind = chosen.role or proposed.role, chosen.type or proposed.type
    category = kind is ColumnType.CATEGORICAL
    measured = kind in (ColumnType.NUMERIC, ColumnType.ORDINAL, ColumnType.DATE)
    return PlannedColumn(
        role,
        kind,
        gaps=_fitting(chosen.gaps, category) or usual_gaps(category),
        encoding=(chosen.encoding or Encoding.ONE_HOT) if category else None,
        scaling=(chosen.scaling or Scaling.STANDARDIZE) if measured else None,
        reason=proposed.reason if chosen.role is None else "",
        numbers=chosen.numbers or proposed.numbers if kind is ColumnType.NUMERIC else None,
    )


def _fitting(gaps: GapUse | None, category: bool) -> GapUse | None:
    """What was chosen for gaps, where it can be done with what the column is taken for now."""
    return None if category and gaps in (GapUse.MEDIAN, GapUse.MEAN, GapUse.MARKED) else gaps
