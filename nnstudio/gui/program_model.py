"""The operations of the iteration as a list, and where the machine stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from nnstudio.engine.arena import Role
from nnstudio.engine.interventions import moves
from nnstudio.engine.machine import Machine
from nnstudio.engine.ops import Op, OpKind, Phase
from nnstudio.explain.numbers import count, short
from nnstudio.explain.symbols import label_text

from .breakpoints.marker import Marker

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class OpRow:
    """One line: its phase, what it computes, the shape or value at the right, and how it stands to the machine."""

    phase: Phase
    text: str
    detail: str
    done: bool
    current: bool
    chosen: bool
    marker: Marker | None
    inside: bool = False
    """Whether a person is inside it; `detail` says where."""
    altered: bool = False
    """Whether it is skipped or scaled by hand; `detail` says which."""


class ProgramModel(QAbstractListModel):
    """One row an operation. `show` tells what to show; only rows that differ are announced."""

    def __init__(self) -> None:
        super().__init__()
        self._ops: tuple[Op, ...] = ()
        self._rows: list[OpRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self._ops[index.row()].kind.value}: {row.text}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            standing = "next" if row.current else "done" if row.done else "to come"
            marker = f", {row.marker.words}" if row.marker else ""
            marker += f", {row.detail}" if row.altered else ""
            where = f"inside, {row.detail}" if row.inside else standing
            return f"{row.phase.value}: {row.text}, {where}{marker}"
        return None

    def op(self, row: int) -> Op:
        return self._ops[row]

    def show(self, machine: Machine, chosen: int | None, markers: Mapping[int, Marker], inside: str = "") -> None:
        """Show this machine, the breakpoints at its operations, and how far a person has come inside the one that runs
        next; another program replaces all rows."""
        ops = range(len(machine.program.ops))
        rows = [_row(machine, n, chosen, markers.get(n), inside if n == machine.pc else "") for n in ops]
        if machine.program.ops is not self._ops and len(rows) != len(self._rows):
            self.beginResetModel()
            self._ops, self._rows = machine.program.ops, rows
            self.endResetModel()
            return
        self._ops = machine.program.ops
        for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self._rows[number] = new
                self.dataChanged.emit(self.index(number), self.index(number))


def _row(machine: Machine, index: int, chosen: int | None, marker: Marker | None, inside: str) -> OpRow:
    op = machine.program.ops[index]
    text = label_text(op.label)
    if op.kind is OpKind.LOAD and machine.batches.number:
        text += f" {machine.batches.number}"
    current = index == machine.pc
    detail = inside or _altered(machine, op) or _detail(machine, op)
    altered = bool(_altered(machine, op)) and not inside
    return OpRow(op.phase, text, detail, index < machine.pc, current, index == chosen, marker, bool(inside), altered)


def _altered(machine: Machine, op: Op) -> str:
    """That the update of the iteration that is shown is skipped, or scaled, by hand."""
    factor = machine.update_factor(upcoming=True)
    if factor == 0 and op.kind is OpKind.UPDATE:
        return "skipped"
    return f"× {short(factor)}" if factor != 1 and moves(op, machine.model.parameters) else ""


def _detail(machine: Machine, op: Op) -> str:
    """The value of a cost, a norm or a learning rate, the rows that are loaded or lent a target, else the shape of what
    is written."""
    slot = machine.slot(op.writes[-1] if op.kind is OpKind.FUSED else op.writes[0])
    if slot.role in (Role.COST, Role.RATE) or op.kind is OpKind.GRADIENT_NORM:
        return short(machine.value(slot.name).item()) if machine.is_fresh(slot.name) else ""
    if op.kind is OpKind.PSEUDO_LABELS:
        return _rows(machine.pseudo_labelled) if machine.is_fresh("s") else ""
    if op.kind is OpKind.LOAD and len(machine.batches.rows):
        return _rows(len(machine.batches.rows))
    if op.kind is not OpKind.LOAD and len(op.writes) > 1:
        return f"{count(sum(machine.value(name).size for name in op.writes))} values"
    return "×".join(map(str, slot.shape)) or "1"


def _rows(number: int) -> str:
    return f"{count(number)} row{'s' * (number != 1)}"
