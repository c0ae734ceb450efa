"""What is chosen: one selection runs through all panels."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from nnstudio.engine.naming import parse

from .session import Session


@dataclass(frozen=True, slots=True)
class Chosen:
    """A slot, an element of it (row, column), a sample of the batch (its row in X) and an operation of the program.

    For a weight the element is (unit, input), for a bias (unit,), for an activation (sample, unit); all count from 0.
    """

    slot: str = "W1"
    index: tuple[int, ...] | None = None
    sample: int = 0
    op: int | None = None


class Selection(QObject):
    """The chosen thing; `changed` is emitted once for each change, never for none."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen = Chosen()
        self._place = (0, 0)

    def follow(self, session: Session) -> None:
        """Stay with what the run at hand has. Connect this before any panel, so that it is right when they refresh."""
        session.rebuilt.connect(partial(self._fit, session))
        session.refreshed.connect(partial(self._move_on, session))

    def choose(self, slot: str, index: tuple[int, ...] | None = None) -> None:
        """Choose a slot, or an element of it. Choosing an element of X, Z or A also chooses its sample."""
        self._set(_at(self.chosen, slot, index))

    def choose_sample(self, sample: int) -> None:
        self._set(replace(self.chosen, sample=sample))

    def choose_lone_sample(self) -> None:
        """There is one sample now: it is the chosen one, whatever slot is chosen."""
        chosen, index = self.chosen, self.chosen.index
        if index and _by_sample(chosen.slot, index):
            index = (0, *index[1:])
        self._set(replace(chosen, sample=0, index=index))

    def choose_op(self, op: int | None, slot: str | None = None) -> None:
        """Choose an operation of the program, and the slot it writes."""
        if slot is None:
            self._set(replace(self.chosen, op=op))
        else:
            self._set(replace(self.chosen, op=op, slot=slot, index=None))

    def put_back(self, chosen: Chosen) -> None:
        """Choose again what was chosen before, of the same run."""
        self._set(chosen)

    def _fit(self, session: Session) -> None:
        """Let go of what another network does not have."""
        machine, chosen = session.machine, self.chosen
        if chosen.slot not in machine.program.arena:
            self.chosen = Chosen()
            return
        shape = machine.slot(chosen.slot).shape
        inside = chosen.index is None or all(i < n for i, n in zip(chosen.index, shape, strict=True))
        self.chosen = replace(chosen, index=chosen.index if inside else None, op=None)

    def _move_on(self, session: Session) -> None:
        """A chosen operation is let go of once the machine moves; a sample stays within the mini-batch. Where a NaN or
        an infinity stopped the run it is chosen: what it was computed from is then at hand."""
        machine, chosen = session.machine, self.chosen
        place = (machine.iterations, machine.pc)
        if place != self._place:
            self._place = place
            last = machine.program.batch_size - 1
            index = chosen.index
            if index and index[0] > last and _by_sample(chosen.slot, index):
                index = (last, *index[1:])
            self.chosen = replace(chosen, op=None, sample=min(chosen.sample, last), index=index)
            if (trouble := session.debugger.nonfinite) is not None:
                self.chosen = _at(self.chosen, trouble.slot, trouble.index)

    def _set(self, chosen: Chosen) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            self.changed.emit()


def _at(chosen: Chosen, slot: str, index: tuple[int, ...] | None) -> Chosen:
    """This slot or element; with an element of X, Z or A goes its sample."""
    sample = index[0] if index and _by_sample(slot, index) else chosen.sample
    return replace(chosen, slot=slot, index=index, sample=sample, op=None)


def _by_sample(slot: str, index: tuple[int, ...]) -> bool:
    """Whether a slot's rows are samples."""
    name = parse(slot)
    return name is not None and name.letter != "W" and len(index) == 2
