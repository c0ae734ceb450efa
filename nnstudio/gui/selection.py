"""What is chosen: one selection runs through all panels."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal


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

    def choose(self, slot: str, index: tuple[int, ...] | None = None) -> None:
        """Choose a slot, or an element of it. Choosing an element of X, Z or A also chooses its sample."""
        sample = self.chosen.sample
        if index is not None and len(index) == 2 and not slot.lstrip("dPmvuΔ").startswith("W"):
            sample = index[0]
        self._set(replace(self.chosen, slot=slot, index=index, sample=sample, op=None))

    def choose_sample(self, sample: int) -> None:
        self._set(replace(self.chosen, sample=sample))

    def choose_op(self, op: int | None, slot: str | None = None) -> None:
        """Choose an operation of the program, and the slot it writes."""
        if slot is None:
            self._set(replace(self.chosen, op=op))
        else:
            self._set(replace(self.chosen, op=op, slot=slot, index=None))

    def _set(self, chosen: Chosen) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            self.changed.emit()
