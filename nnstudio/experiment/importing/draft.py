"""A file on its way into an experiment: how it is to be read, what it looks like then, and what is chosen of it.

What is chosen is changed until it suits, and a draft knows at any moment what will be made of the file. Looking at the
file, which every other reading needs, is somebody else's affair, as is reading it.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import structs

from nnstudio.data.cells import number_name
from nnstudio.data.dataset import Column, ColumnKind
from nnstudio.data.profile import Flaw, Preview
from nnstudio.data.spec import RECOGNIZED, ColumnType, FileSource, Reading, Unreadable
from nnstudio.experiment.roles import Role

from .choices import AS_PROPOSED, Choices
from .plan import Plan, plan
from .proposal import propose

_LEFT_TO_RECOGNIZE = ("encoding", "decimal")
"""What is told better by a whole file than by its first rows, so that it is recorded only where it was chosen."""
_MOST_LISTED = 100
_LONGEST = 40
_MEND = "correct it, delete the row or choose another type for the column"
_ALONE = (Role.TARGET, Role.WEIGHT, Role.GROUP)


class ImportDraft:
    """`wished` is the reading as far as it was chosen, `preview` what the file looks like in it, `plan` what becomes of
    that, and `problem` why nothing can: empty where something can."""

    def __init__(self, preview: Preview, wished: Reading = RECOGNIZED, choices: Choices = AS_PROPOSED) -> None:
        self.preview, self.wished, self.choices = preview, wished, choices
        self._propose()

    @property
    def path(self) -> Path:
        return self.preview.path

    def wish(self, field: str, said: object) -> Reading:
        """What is chosen of the reading, with another choice; who looks at the file in it makes another draft."""
        return structs.replace(self.wished, **{field: said})

    @property
    def reading(self) -> Reading:
        """How the file is to be read from now on, for the experiment: as it was shown."""
        kept = {name: getattr(self.wished, name) for name in _LEFT_TO_RECOGNIZE}
        return structs.replace(self.preview.reading, **kept)

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Everything that is wrong with the file, and with what its columns are taken for; of each column the first."""
        listed = (flaw for flaws in self._flawed.values() for flaw in flaws[:_MOST_LISTED])
        return tuple(sorted((*self.preview.all_flaws, *listed), key=Flaw.place))

    def flawed(self, name: str) -> int:
        """How many cells of a column are not what it is taken for."""
        found = {column.name: column.flawed for column in self.preview.columns}
        return found.get(name, 0) + len(self._flawed.get(name, ()))

    @property
    def shown(self) -> Choices:
        """Everything that is shown of roles and types as if it was chosen: the rest of the file changes none of it."""
        said = {}
        for name, column in self.plan.columns.items():
            chosen = self.choices.column(name)
            insisted = chosen.type is not None
            said[name] = replace(chosen, role=column.role, type=column.type, numbers=column.numbers, insisted=insisted)
        return replace(self.choices, columns=said)

    def set_role(self, names: tuple[str, ...], role: Role) -> None:
        """Use columns as this. Only numbers are predicted together, and only one column weighs or groups: the last of
        them, and what was it before is no more."""
        together = (*self.plan.named(role), *names)
        if role in _ALONE and not (role is Role.TARGET and all(map(self._is_number, together))):
            names = names[-1:]
            displaced = tuple(name for name in self.plan.named(role) if name not in names)
            self.choices = self.choices.with_columns(displaced, role=Role.IGNORED)
        self.choose(names, role=role)

    def choose(self, names: tuple[str, ...], **chosen: Any) -> None:
        """Choose something of these columns."""
        self.choices = self.choices.with_columns(names, **chosen)
        self._plan()

    def set_unreadable(self, use: Unreadable) -> None:
        """Refuse cells that are not what their column is taken for, or take them as gaps."""
        self.choices = replace(self.choices, unreadable=use)
        self._propose()

    def set_split(self, **chosen: Any) -> None:
        """Choose how the rows are split."""
        self.choices = replace(self.choices, **chosen)
        self._plan()

    def take_all_like(self, name: str) -> None:
        """Use all columns that hold the same as this one does, in the same way. A role that only one column has is not
        shared, nor taken from others."""
        kind, like = self.plan.table.column(name).kind, self.plan.columns[name]
        alike = tuple(column.name for column in self.plan.table.columns if column.kind is kind)
        said = {"type": like.type, "gaps": like.gaps, "encoding": like.encoding, "scaling": like.scaling}
        self.choices = self.choices.with_columns(alike, **said)
        if like.role not in _ALONE:
            free = tuple(other for other in alike if self.plan.columns[other].role not in _ALONE)
            self.choices = self.choices.with_columns(free, role=like.role)
        self._plan()

    def _is_number(self, name: str) -> bool:
        return self.plan.table.column(name).kind is ColumnKind.NUMBER

    def _propose(self) -> None:
        table, whole = self.preview.table(), self.preview.whole
        self._proposal = propose(table, whole, self._decimals, self.choices.unreadable)
        self._plan()

    def _mistaken(self) -> dict[str, tuple[Flaw, ...]]:
        """The cells that are not what a column is taken for, where the file does not say so itself."""
        found = {}
        for place, name in enumerate(self.preview.names):
            column, kind = self.plan.table.column(name), self.plan.columns[name].type
            if kind is ColumnType.CATEGORICAL or (column.kind is ColumnKind.NUMBER and kind is ColumnType.NUMERIC):
                continue  # anything is a category, and what is no number the file says
            rows, words = self.plan.mistakes(name)
            if rows:
                found[name] = tuple(Flaw(row, place, f"{_cell(column, row)} is not {words}", _MEND) for row in rows)
        return found

    @property
    def _decimals(self) -> str:
        """The decimal signs that numbers may have; in a semicolon file no decimal comma is no sign of points."""
        found = self.preview.reading.decimal
        doubtful = found == "." and self.wished.decimal is None and self.preview.reading.delimiter == ";"
        return ".," if found is None or doubtful else found

    def _plan(self) -> None:
        self.plan: Plan = plan(self._proposal, self.choices)
        self._flawed = self._mistaken()
        self.problem: str = self.preview.problem or self.plan.problem(FileSource(str(self.path)))


def _cell(column: Column, row: int) -> str:
    value = column.values[row]
    return f"'{value[:_LONGEST]}'" if isinstance(value, str) else number_name(float(value))
