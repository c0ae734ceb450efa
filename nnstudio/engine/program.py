"""A program: the operations of one iteration, in order, and who writes and reads each slot."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from .arena import Arena
from .ops import Op, OpKind


@dataclass(frozen=True, eq=False)
class Program:
    """The operations of one iteration, in order, over one workspace."""

    ops: tuple[Op, ...]
    arena: Arena
    batch_size: int

    @cached_property
    def runs(self) -> tuple[Callable[[], object], ...]:
        return tuple(op.run for op in self.ops)

    @cached_property
    def writer(self) -> dict[str, int]:
        """Which operation writes a slot, the last one where several do (the optimizer's parameters)."""
        return {slot: index for index, op in enumerate(self.ops) for slot in op.writes}

    def writers(self, slot: str) -> tuple[int, ...]:
        """Which operations write a slot; none writes a setting."""
        return tuple(index for index, op in enumerate(self.ops) if slot in op.writes)

    @cached_property
    def readers(self) -> dict[str, tuple[int, ...]]:
        """Which operations read a slot."""
        found: dict[str, list[int]] = {}
        for index, op in enumerate(self.ops):
            for slot in op.reads:
                found.setdefault(slot, []).append(index)
        return {slot: tuple(indices) for slot, indices in found.items()}

    @cached_property
    def update_begins(self) -> int:
        """The first operation of the optimizer."""
        return next(index for index, op in enumerate(self.ops) if op.kind is OpKind.UPDATE)

    def first_use(self, slot: str) -> int:
        """The first operation that reads a slot once it is written, or the number of operations if none does; of a slot
        that lasts the first that reads it at all."""
        written = -1 if self.arena.slot(slot).lasting else self.writer[slot]
        return next((reader for reader in self.readers.get(slot, ()) if reader > written), len(self.ops))

    def end_of_phase(self, index: int) -> int:
        """The index after the last operation of the phase that operation `index` is in."""
        phase = self.ops[index].phase
        while index < len(self.ops) and self.ops[index].phase is phase:
            index += 1
        return index

    def start_of_phase(self, index: int) -> int:
        """The index of the first operation of the phase that operation `index` is in."""
        phase = self.ops[index].phase
        while index > 0 and self.ops[index - 1].phase is phase:
            index -= 1
        return index

    def run(self) -> None:
        for run in self.runs:
            run()
