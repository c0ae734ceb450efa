"""The inspector: every slot of the machine, and the chosen one as a number, a table or a heat map."""

import time
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine.arena import Slot
from nnstudio.explain.symbols import slot_symbol
from nnstudio.gui.breakpoints.menus import add_break_when
from nnstudio.gui.context import Context
from nnstudio.gui.inspector import reading
from nnstudio.gui.inspector.block import Block, index_for
from nnstudio.gui.inspector.editing import Editing
from nnstudio.gui.inspector.elided import Elided
from nnstudio.gui.inspector.facts import Facts, facts
from nnstudio.gui.inspector.facts_line import FactsLine
from nnstudio.gui.inspector.group_chooser import TIGHT, GroupChooser
from nnstudio.gui.inspector.heat_map import HeatMap
from nnstudio.gui.inspector.number_page import NumberPage
from nnstudio.gui.inspector.reading import Standing
from nnstudio.gui.inspector.reading_order import Group, belongs
from nnstudio.gui.inspector.slot_list import ROW_HEIGHT, SlotList, SlotListView
from nnstudio.gui.inspector.table_view import TableView
from nnstudio.gui.inspector.value_table import ValueTable
from nnstudio.gui.inspector.words import describe, shape_text
from nnstudio.gui.session import RunState
from nnstudio.gui.theme import Theme
from nnstudio.gui.watch_list.menus import add_watch
from nnstudio.gui.why.menus import add_why
from nnstudio.gui.widgets.segmented import Segmented

from .panel import Panel

_VIEWS = ("Number", "Table", "Heat map")
_FACTS_SECONDS = 0.2


class InspectorPanel(Panel):
    """`model` is the table of the chosen slot. What is chosen here is chosen everywhere, and the other way round."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "inspector_panel", "Inspector")
        appearance = context.appearance
        self._editing = Editing(context)
        self._theme: Theme = appearance.theme
        self._decimals = context.settings.decimals
        self._program: object = None
        self._shown: Slot | None = None
        self._states_key: tuple[object, ...] = ()
        self._facts: Facts | None = None
        self._scale = 0.0
        self._facts_key: tuple[str, ...] = ()
        self._facts_at = 0.0
        self._following = False
        self.slots = SlotList()
        self.list = SlotListView(self.slots, appearance)
        self.model = ValueTable(self._editing.set)
        self.table = TableView(self.model, appearance)
        self.heat_map = HeatMap(appearance)
        self.number = NumberPage(appearance)
        self._compose()
        self._listen()

    def choose_slot(self, name: str) -> None:
        """Choose a slot for the whole window."""
        self.context.selection.choose(name)

    def rebuild(self) -> None:
        self._program = None
        self._facts_key = ()

    def refresh(self) -> None:
        self._decimals = self.context.settings.decimals
        machine = self.context.shown.machine
        self._show_theme()
        self._show_slots()
        slot = self._shown = self._slot()
        standing = reading.standing(machine, slot.name)
        block = self._block(slot)
        self._read_facts(slot, block, standing)
        self._show_heading(slot, block, standing)
        view = self.views.current
        if view == "Table":
            self._show_table(block)
        elif view == "Heat map":
            self._show_heat_map(slot, standing)
        else:
            self._show_number(slot)

    def _compose(self) -> None:
        self.views = Segmented(_VIEWS, "View of the chosen slot")
        self.views.choose(self.context.settings.value("inspector_view", "Table"))
        self.views.setStyleSheet(TIGHT)
        self.header.add(self.views)
        self.groups = GroupChooser()
        self.stack = QStackedWidget()
        for page in (self.number, self.table, self.heat_map):
            self.stack.addWidget(page)
        self.stack.setCurrentIndex(_VIEWS.index(self.views.current))
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(_column(self.groups, self.list))
        self.splitter.addWidget(self._value_part())
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([7 * ROW_HEIGHT + 32, 220])
        self.body.setContentsMargins(16, 0, 16, 8)
        self.body.addWidget(self.splitter)

    def _value_part(self) -> QWidget:
        self._symbol = QLabel()
        self._symbol.setProperty("heading", True)
        self._symbol.setObjectName("inspector_symbol")
        self._words, self._origin = Elided(), Elided(small=True)
        self._words.setObjectName("inspector_words")
        self._origin.setObjectName("inspector_origin")
        self._shape = QLabel()
        self._shape.setProperty("muted", True)
        self._facts_line = FactsLine(self.context.appearance)
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self._symbol)
        heading.addWidget(self._words, 1)
        heading.addWidget(self._shape)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(heading)
        layout.addWidget(self._origin)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._facts_line)
        return part

    def _listen(self) -> None:
        self.views.chosen.connect(self._view_chosen)
        self.groups.chosen.connect(self.list.narrow)
        self.list.selectionModel().currentChanged.connect(self._list_chosen)
        self.table.cell_chosen.connect(self._cell_chosen)
        self.table.edit_refused.connect(self._say_why_not_editable)
        self.heat_map.cell_chosen.connect(self._heat_chosen)
        self.number.related_chosen.connect(self._related_chosen)
        self.number.sample_moved.connect(self._move_sample)
        self.number.set_to.connect(self._set_number)
        self.context.session.state_changed.connect(self._state_changed)
        for widget in (self.table, self.heat_map, self.list):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(partial(self._open_menu, widget))

    def _slot(self) -> Slot:
        """The chosen slot, or the first weights where this network has no such slot."""
        machine, name = self.context.shown.machine, self.context.selection.chosen.slot
        return machine.slot(name if name in machine.program.arena else "W1")

    def _block(self, slot: Slot) -> Block:
        """The table at hand while it holds the chosen element (a bias beside its weights), else the slot's own."""
        slots, index = self.slots.slots(), self.context.selection.chosen.index
        shown = slots.get(self.model.block.slot.name)
        if shown is not None and index is not None:
            block = Block.of(shown, slots)
            if block.place(slot.name, index) is not None:
                return block
        return Block.of(slot, slots)

    def _show_theme(self) -> None:
        theme = self.context.appearance.theme
        if theme is not self._theme:
            self._theme = theme
            self.table.cells.set_theme(theme)

    def _show_slots(self) -> None:
        session = self.context.session
        machine = self.context.shown.machine
        if machine.program is not self._program:
            self._program = machine.program
            self._following = True
            self.slots.show(machine, session.run.experiment.optimizer.families)
            self.list.narrow(self.list.group)
            self._following = False
            self._states_key = ()
        key = (machine.pc, machine.iterations > 0, machine.batches.epoch > 1)
        if key != self._states_key:
            self._states_key = key
            self.slots.update_states(machine)
        slot = self._slot()
        if not belongs(slot, self.list.group):
            self.groups.choose(Group.ALL)
        self._following = True
        self.list.choose(slot.name)
        self._following = False

    def _read_facts(self, slot: Slot, block: Block, standing: Standing) -> None:
        """While training at most five times a second; so the numbers can be read, too."""
        key, now = (slot.name, block.slot.name), time.monotonic()
        if not self.context.session.paused and key == self._facts_key and now - self._facts_at < _FACTS_SECONDS:
            return
        self._facts_key, self._facts_at = key, now
        value = self.context.shown.machine.value
        self._facts = facts(value(slot.name)) if standing.known else None
        parts = [self._facts]
        if standing.known:
            names = (block.slot.name, block.beside.name if block.beside else block.slot.name)
            parts += [facts(value(name)) for name in dict.fromkeys(names) if name != slot.name]
        self._scale = max((part.scale for part in parts if part is not None), default=0.0)

    def _show_heading(self, slot: Slot, block: Block, standing: Standing) -> None:
        session = self.context.session
        _write(self._symbol, slot_symbol(slot.name))
        self._words.say(describe(slot, session.machine.model.depth, session.run.experiment.optimizer.families))
        self._origin.say(standing.origin)
        shape = shape_text(slot.shape)
        if self.views.current == "Table" and block.beside is not None and block.slot == slot:
            shape += f" and {slot_symbol(block.beside.of or block.beside.name)}"
        _write(self._shape, shape)
        self._facts_line.say(self._facts, self._decimals)

    def _show_table(self, block: Block) -> None:
        session, table = self.context.session, self.table
        standing = reading.standing(self.context.shown.machine, block.slot.name)
        other = block.slot.name != self.model.block.slot.name
        self.model.show(block)
        self._read_table(block, standing)
        table.cells.prepare(self._scale, standing.faded)
        table.adjust(self._decimals, self._scale, keep_wide=not session.paused)
        table.follow(self._cell(block))
        if session.paused:
            self._look_for_changes(other)
        else:
            self.model.keep(table.in_sight()[:2])
        table.show_changes()

    def _read_table(self, block: Block, standing: Standing) -> None:
        run, model = self.context.shown.run, self.model
        machine = run.machine
        model.known = standing.known
        model.decimals = self._decimals
        model.editable = not self._editing.obstacle(block.slot.name)
        model.take(machine.value(block.slot.name), machine.value(block.beside.name) if block.beside else None)
        names = {
            "X": run.data.input_names,
            "Y": run.data.target_names,
            "W1": run.data.input_names,
            **dict.fromkeys(("Q", "T"), run.data.target_names),
        }
        model.column_names = names.get(block.base, ())
        labels = reading.sample_labels(run, block, standing.known and not standing.faded)
        if labels != model.samples:
            model.samples = labels
            model.headerDataChanged.emit(Qt.Orientation.Vertical, 0, max(block.rows - 1, 0))

    def _look_for_changes(self, other: bool) -> None:
        top, bottom, left, right = self.table.in_sight()
        if other:
            self.table.flash.forget()
        motion = self.context.settings.motion and self.isVisible()
        self.table.flash.look((top, left), self.model.window(top, bottom, left, right), motion)

    def _cell(self, block: Block) -> tuple[int, int] | None:
        """The cell of the chosen element; the chosen sample and unit are marked in the headers."""
        chosen = self.context.selection.chosen
        cell = None
        if chosen.index is not None:
            index = chosen.index
            if block.sampled and chosen.slot == block.slot.name:
                index = index_for(block.slot, index, chosen.sample)
            cell = block.place(chosen.slot, index)
        row = cell[0] if cell else min(chosen.sample, block.rows - 1) if block.sampled else -1
        self.table.row_labels.choose(row)
        self.table.columns.choose(cell[1] if cell else -1)
        return cell

    def _show_heat_map(self, slot: Slot, standing: Standing) -> None:
        block = Block(slot)
        values = self.context.shown.machine.value(slot.name) if standing.known else None
        scale = self._facts.scale if self._facts else 0.0
        self.heat_map.show_values(block, values, scale, standing.faded, self._decimals)
        chosen = self.context.selection.chosen
        if chosen.index is None or chosen.slot != slot.name:
            self.heat_map.follow(None, None)
            return
        index = index_for(slot, chosen.index, chosen.sample)
        value = None if values is None else float(values[index])
        self.heat_map.follow(block.place(slot.name, index), value)

    def _show_number(self, slot: Slot) -> None:
        session, theme = self.context.session, self.context.appearance.theme
        chosen, settable = self.context.selection.chosen, not self._editing.obstacle_paused(slot.name)
        found = reading.number(self.context.shown.run, slot, chosen, self._decimals, theme, settable=settable)
        self.number.say(found, session.paused)

    def _view_chosen(self, view: str) -> None:
        self.stack.setCurrentIndex(_VIEWS.index(view))
        self.context.settings.set_value("inspector_view", view)

    def _list_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.context.selection.choose(str(current.data(Qt.ItemDataRole.UserRole)))

    def _cell_chosen(self, row: int, column: int) -> None:
        self.context.selection.choose(*self.model.block.element(row, column))

    def _heat_chosen(self, row: int, column: int) -> None:
        if self._shown is not None:
            self.context.selection.choose(*Block(self._shown).element(row, column))

    def _open_menu(self, widget: QWidget, place: QPoint) -> None:
        """For the slot or the number that is chosen; the button that opens it has chosen what it points at."""
        cell = self.heat_map.cell_at(QPointF(place)) if widget is self.heat_map else None
        if cell is not None:
            self._heat_chosen(*cell)
        chosen = self.context.selection.chosen
        menu = QMenu(self)
        menu.setObjectName("value_menu")
        if widget is self.table:
            menu.addAction("Copy", self.table.copy)
            menu.addSeparator()
        add_why(menu, self.context)
        add_watch(menu, chosen.slot, chosen.index, self.context)
        add_break_when(menu, chosen.slot, chosen.index, self.context)
        menu.aboutToHide.connect(menu.deleteLater)
        origin = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        menu.popup(origin.mapToGlobal(place))

    def _related_chosen(self, slot: str, index: object) -> None:
        self.context.selection.choose(slot, index)  # type: ignore[arg-type]

    def _move_sample(self, by: int) -> None:
        slot, chosen = self._shown, self.context.selection.chosen
        if slot is None or len(slot.shape) != 2:
            return
        unit = chosen.index[1] if chosen.index is not None and len(chosen.index) == 2 else 0
        self.context.selection.choose(slot.name, ((chosen.sample + by) % slot.shape[0], unit))

    def _set_number(self, text: str) -> None:
        slot, chosen = self._shown, self.context.selection.chosen
        if slot is not None:
            index = chosen.index if chosen.slot == slot.name else None
            self._editing.set(slot.name, index_for(slot, index, chosen.sample), text)

    def _say_why_not_editable(self) -> None:
        if obstacle := self._editing.obstacle(self.model.block.slot.name):
            self.context.document.refused.emit(obstacle)

    def _state_changed(self, state: RunState) -> None:
        """The machine is about to be the training thread's: hold on to what is shown."""
        if state is RunState.RUNNING:
            self.table.cells.leave()
            self.model.editable = False
            self.model.keep(self.table.in_sight()[:2])
            self.table.flash.forget()


def _write(label: QLabel, text: str) -> None:
    """Setting the same text again would lay the panel out again."""
    if label.text() != text:
        label.setText(text)


def _column(*widgets: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return column
