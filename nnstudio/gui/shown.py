"""Which sample the panels show: one of the mini-batch at hand, or any row of the data by itself.

A row that is chosen in a table, a plot or by walking need not be in the mini-batch. Then a study (`training.study`)
gives its numbers, and whoever shows samples shows those: `run` and `sample` say where to read. The study follows the
run while it trains and through time; a step within the iteration ends it, for then one wants to see what is stepped.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from nnstudio.data.preparation import PartName
from nnstudio.engine.machine import Machine
from nnstudio.training.places import Place, Places, place_of_table_row, places_of
from nnstudio.training.run import Run
from nnstudio.training.study import Study, obstacle

from .selection import Selection
from .session import Session


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a confusion matrix: the rows of a part that are of one class and were taken for one."""

    part: PartName
    true: int
    predicted: int


class Shown(QObject):
    """`changed` says that another row is studied, or none any more; `cell_asked` that the rows of a cell are wanted."""

    changed = Signal()
    cell_asked = Signal()

    def __init__(self, session: Session, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._study: Study | None = None
        self._before = selection.chosen
        self._moment = (0, 0)
        self._order: Places | None = None
        self._cell: Cell | None = None
        session.rebuilt.connect(self._rebuilt)
        session.refreshed.connect(self._follow)

    @property
    def study(self) -> Study | None:
        """The row that is looked at by itself, None where the mini-batch is shown."""
        return self._study

    @property
    def run(self) -> Run:
        """The run whose numbers are shown."""
        return self._session.run if self._study is None else self._study.run

    @property
    def machine(self) -> Machine:
        return self.run.machine

    @property
    def sample(self) -> int:
        """The row of `machine`'s mini-batch that is shown."""
        return self._selection.chosen.sample if self._study is None else 0

    def operation(self, index: int) -> tuple[Machine, int]:
        """Where to read what an operation of the run's program does: in the study, if there is one and it runs it."""
        own = None if self._study is None else self._study.operation(index)
        return (self._session.machine, index) if own is None else (self.machine, own)

    @property
    def telling(self) -> int:
        """The operation of the run's program that tells most of a row by itself: what writes the chosen slot, or else
        the network's outputs."""
        program = self._session.machine.program
        wanted = program.writer.get(self._selection.chosen.slot)
        if wanted is None or self._study is None or self._study.operation(wanted) is None:
            return program.writer[self._session.run.model.output]
        return wanted

    @property
    def order(self) -> Places:
        """The rows that one walks through, in their order: all of them, or those that a table shows."""
        return places_of(self._session.run.data) if self._order is None else self._order

    @property
    def at(self) -> int:
        """Where in that order the row is that is looked at, −1 where it is not in it."""
        found = None if self.place is None else self.order.index(self.place)
        return -1 if found is None else found

    @property
    def place(self) -> Place | None:
        """The row that is looked at, by itself or as the chosen sample of the mini-batch; None where that is a row
        without a target, or there is none yet."""
        if self._study is not None:
            return self._study.place
        machine, sample = self._session.machine, self._selection.chosen.sample
        rows = machine.batches.rows
        known = sample < len(rows) and int(rows[sample]) < machine.labelled
        return Place(PartName.TRAINING, int(rows[sample])) if known else None

    def set_order(self, order: Places | None) -> None:
        """Walk through these rows; through all of them without any."""
        self._order = order

    def ask_for(self, cell: Cell) -> None:
        """Let whoever lists rows list those of a cell, now or when it is opened."""
        self._cell = cell
        self.cell_asked.emit()

    def take_cell(self) -> Cell | None:
        """The cell that was asked for, once."""
        cell, self._cell = self._cell, None
        return cell

    def step(self, by: int) -> None:
        """Look at the sample so many further on, as far as there is one: in the mini-batch at hand, or, where a row is
        looked at by itself or no mini-batch is at hand yet, in the order."""
        batch = len(self._session.machine.batches.rows)
        if self._study is None and batch:
            self._selection.choose_sample(min(max(self.sample + by, 0), batch - 1))
        else:
            self.go_to(self.at + by)

    def go_to(self, number: int) -> None:
        """Look at the row with that number in the order, or at the end that is nearest to it."""
        order = self.order
        if len(order):
            self.look_at(order[min(max(number, 0), len(order) - 1)])

    def look_at(self, place: Place) -> bool:
        """Show this row of the data; false, with the reason said, where it can't be. A row of the mini-batch at hand
        becomes its chosen sample."""
        session = self._session
        if session.paused and (sample := self._in_batch(place)) is not None:
            self.end()
            self._selection.choose_sample(sample)
            return True
        if reason := obstacle(session.run):
            session.message.emit(reason)
            return False
        if not session.paused:
            session.message.emit("Pause first (F6), then choose a row to look at")
            return False
        if self._study is None:
            self._before = self._selection.chosen
            self._study = Study(session.run, place)
        else:
            self._study.look_at(place)
        self._moment = _moment(session)
        self._selection.choose_lone_sample()
        self.changed.emit()
        return True

    def look_at_table_row(self, row: int) -> bool:
        """Show a row by its number in the table; false, with the reason said, if it is in no part."""
        found = place_of_table_row(self._session.run.data, row)
        if found is None:
            self._session.message.emit(f"Row {row + 1} has no target, so it is in none of the parts")
            return False
        return self.look_at(found)

    def end(self) -> None:
        """Show the mini-batch again."""
        if self._study is not None:
            self._study = None
            chosen = self._selection.chosen
            self._selection.put_back(replace(chosen, sample=self._before.sample))
            self.changed.emit()

    def _in_batch(self, place: Place) -> int | None:
        """Where a training row stands in the mini-batch at hand, None where it is not in it."""
        rows = self._session.machine.batches.rows.tolist()
        return rows.index(place.row) if place.part is PartName.TRAINING and place.row in rows else None

    def _rebuilt(self) -> None:
        """There is another run, of other rows perhaps. Whoever shows samples is told of it too."""
        self._study = self._order = None

    def _follow(self) -> None:
        """The run may have moved. Connected before any panel, so that the numbers are right when they refresh."""
        if self._study is None:
            return
        moment = _moment(self._session)
        if self._session.machine.pc and moment != self._moment:
            self.end()
            return
        self._moment = moment
        self._study.follow()


def _moment(session: Session) -> tuple[int, int]:
    return session.machine.iterations, session.machine.pc
