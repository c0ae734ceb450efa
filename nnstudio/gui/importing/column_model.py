"""The columns of a file: what was found in each, and what will be made of it, to choose from."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from nnstudio.data.spec import ColumnType, Unreadable
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.experiment.importing.steps import PlannedColumn
from nnstudio.experiment.importing.words import ENCODINGS, GAPS, GAPS_OF_TEXT, SCALINGS, held_by, made_of
from nnstudio.experiment.roles import Role
from nnstudio.explain.numbers import count
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.choice import Option
from nnstudio.gui.widgets.choice_delegate import OPTIONS

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_NOTHING = "—"


class Field(IntEnum):
    """The columns of the list."""

    NAME = 0
    HOLDS = 1
    DIFFERENT = 2
    GAPS = 3
    ROLE = 4
    TYPE = 5
    FILLING = 6
    NUMBERS = 7
    BECOMES = 8


_TITLES = {
    Field.NAME: "column",
    Field.HOLDS: "holds",
    Field.DIFFERENT: "different",
    Field.GAPS: "gaps",
    Field.ROLE: "used as",
    Field.TYPE: "taken for",
    Field.FILLING: "in a gap stands",
    Field.NUMBERS: "numbers are",
    Field.BECOMES: "becomes",
}
_COUNTS = (Field.DIFFERENT, Field.GAPS)
_FOUND = (Field.HOLDS, *_COUNTS)
_ROLES = tuple(Option(role.value, role.value, role.meaning) for role in Role)
_TYPES = tuple(Option(kind.value, kind.value) for kind in ColumnType)


class ColumnModel(QAbstractTableModel):
    """`chosen` carries the name of a column, a field and the key of what was chosen there."""

    chosen = Signal(str, int, str)

    def __init__(self, draft: ImportDraft, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft, self.theme = draft, theme

    def show_draft(self, draft: ImportDraft) -> None:
        """The file as it is read otherwise."""
        self.beginResetModel()
        self.draft = draft
        self.endResetModel()

    def choices_changed(self) -> None:
        """One choice may have changed others."""
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(Field) - 1))

    def name(self, row: int) -> str:
        return self.draft.preview.columns[row].name

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.draft.preview.columns)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return _TITLES[Field(section)]
        if role == _Role.TextAlignmentRole:
            return _alignment(Field(section)) if orientation is Qt.Orientation.Horizontal else None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._options(index.row(), Field(index.column())) else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        row, field = index.row(), Field(index.column())
        match role:
            case _Role.DisplayRole | _Role.EditRole:
                return self._text(row, field)
            case _Role.ToolTipRole:
                return self._tip(row, field)
            case _Role.TextAlignmentRole:
                return _alignment(field)
            case _Role.ForegroundRole:
                return QColor(self.theme.muted if self._is_quiet(row, field) else self.theme.text)
        return self._options(row, field) if role == OPTIONS else None

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        if role != _Role.EditRole or value is None:
            return False
        self.chosen.emit(self.name(index.row()), index.column(), str(value))
        return True

    def _planned(self, row: int) -> PlannedColumn:
        return self.draft.plan.columns[self.name(row)]

    def _text(self, row: int, field: Field) -> str:
        profile, name = self.draft.preview.columns[row], self.name(row)
        match field:
            case Field.NAME:
                return name
            case Field.HOLDS:
                return held_by(profile, self.draft.plan.table.column(name)) or profile.becomes
            case Field.DIFFERENT:
                return count(profile.distinct)
            case Field.GAPS:
                return count(gaps) if (gaps := self._gaps(row)) else _NOTHING
            case Field.BECOMES:
                return made_of(self.draft.plan, name)
        return self._choice(row, field)

    def _choice(self, row: int, field: Field) -> str:
        planned, fillings = self._planned(row), self._fillings(row)
        match field:
            case Field.ROLE:
                return planned.role.value
            case Field.TYPE:
                return planned.type.value
            case Field.FILLING if fillings:
                return fillings[planned.gaps]
            case Field.FILLING if planned.role is Role.TARGET and self._gaps(row):
                return "row not used"
            case Field.NUMBERS if planned.role is Role.INPUT and planned.encoding is not None:
                return ENCODINGS[planned.encoding]
            case Field.NUMBERS if planned.role in (Role.INPUT, Role.TARGET) and planned.scaling is not None:
                return SCALINGS[planned.scaling]
        return _NOTHING

    def _options(self, row: int, field: Field) -> tuple[Option, ...]:
        """What may be chosen in a cell; nothing where there is no choice."""
        match field:
            case Field.ROLE:
                return _ROLES
            case Field.TYPE:
                return _TYPES
            case Field.FILLING:
                return _as_options(self._fillings(row))
            case Field.NUMBERS:
                return _as_options(self._ways(row))
        return ()

    def _gaps(self, row: int) -> int:
        """How many cells of a column count as gaps."""
        profile, as_gaps = self.draft.preview.columns[row], self.draft.choices.unreadable is Unreadable.GAP
        return profile.gaps + (self.draft.flawed(profile.name) if as_gaps else 0)

    def _fillings(self, row: int) -> Mapping[Any, str]:
        """What may stand in the gaps of a column."""
        planned = self._planned(row)
        if planned.role is not Role.INPUT or not self._gaps(row):
            return {}
        return GAPS_OF_TEXT if planned.encoding is not None else GAPS

    def _ways(self, row: int) -> Mapping[Any, str]:
        """In which ways a column may become numbers of like size. What is predicted is standardized or left alone."""
        planned = self._planned(row)
        if planned.role is Role.INPUT:
            return ENCODINGS if planned.encoding is not None else SCALINGS if planned.scaling is not None else {}
        if planned.role is Role.TARGET and planned.type is ColumnType.NUMERIC:
            return {way: text for way, text in SCALINGS.items() if way.value in ("standardize", "none")}
        return {}

    def _is_quiet(self, row: int, field: Field) -> bool:
        left_out = self._planned(row).role is Role.IGNORED
        return field in _FOUND or (left_out and field is not Field.NAME) or self._text(row, field) == _NOTHING

    def _tip(self, row: int, field: Field) -> str:
        profile = self.draft.preview.columns[row]
        if field is Field.GAPS and profile.first_gap is not None:
            return f"the first in row {count(profile.first_gap + 1)}"
        return self._planned(row).role.meaning if field is Field.ROLE else self._text(row, field)


def _as_options(words: Mapping[StrEnum, str]) -> tuple[Option, ...]:
    return tuple(Option(key.value, text) for key, text in words.items())


def _alignment(field: Field) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if field in _COUNTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
