"""The inspector shows what the machine holds, says how it stands, and edits weights; nothing else."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.engine.arena import Role, Slot
from nnstudio.engine.schedules import ReduceOnPlateau
from nnstudio.experiment.edits import set_schedule
from nnstudio.explain.numbers import fixed
from nnstudio.gui.inspector.block import Block, index_for, symbol
from nnstudio.gui.inspector.cell_text import Measure, cell_text, fit
from nnstudio.gui.inspector.facts import facts
from nnstudio.gui.inspector.flash import MILLISECONDS
from nnstudio.gui.inspector.reading_order import Group, group_of
from nnstudio.gui.inspector.sampling import colour_table, colours, sample
from nnstudio.gui.inspector.tints import STEPS, Tints, contrast
from nnstudio.gui.inspector.words import describe
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.panels.inspector_panel import InspectorPanel
from nnstudio.gui.theme import DARK, LIGHT, Mode, Theme

from .conftest import OpenWindow

Exact = Qt.ItemDataRole.UserRole


def inspector(window: MainWindow) -> InspectorPanel:
    panel = window.panels["inspector_panel"]
    assert isinstance(panel, InspectorPanel)
    return panel


def cell(panel: InspectorPanel, row: int, column: int) -> QModelIndex:
    return panel.model.index(row, column)


def centre_of(panel: InspectorPanel, row: int, column: int) -> QPoint:
    return panel.table.visualRect(cell(panel, row, column)).center()


def open_editor(panel: InspectorPanel, row: int, column: int) -> QLineEdit:
    panel.table.setFocus()
    panel.table.setCurrentIndex(cell(panel, row, column))
    panel.table.edit(cell(panel, row, column))
    editor = panel.table.cells.editor
    assert editor is not None
    return editor


def state_of(panel: InspectorPanel, slot: str) -> str:
    place = panel.slots.place(slot)
    assert place is not None
    return panel.slots.rows[place].state


class TestTable:
    @pytest.mark.parametrize("slot", ["X", "Y", "W1", "W2", "b2", "Z1", "A3", "J", "dW2", "db1", "alpha"])
    def test_every_cell_is_the_machines_number_and_its_text_is_fixed(self, window: MainWindow, slot: str) -> None:
        panel = inspector(window)
        panel.choose_slot(slot)
        values = np.atleast_1d(window.debugger.machine.value(slot))
        values = values if values.ndim == 2 else values[:, None]
        for (row, column), value in np.ndenumerate(values):
            assert cell(panel, row, column).data(Exact) == value
            assert cell(panel, row, column).data() == fixed(float(value), window.context.settings.decimals)

    def test_biases_stand_beside_their_weights(self, window: MainWindow) -> None:
        panel = inspector(window)
        for weights, biases in (("W2", "b2"), ("dW2", "db2")):
            panel.choose_slot(weights)
            values = window.debugger.machine.value(biases)
            assert [cell(panel, row, 5).data(Exact) for row in range(3)] == values.tolist()
            assert panel.model.headerData(5, Qt.Orientation.Horizontal) in ("b²", "∂J/∂b²")

    def test_headers_name_units_from_one(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        assert panel.model.headerData(2, Qt.Orientation.Horizontal) == "a¹₃"
        assert panel.model.headerData(0, Qt.Orientation.Vertical) == "z²₁"
        panel.choose_slot("W1")
        assert panel.model.headerData(0, Qt.Orientation.Horizontal) == "x₁"
        panel.choose_slot("Y")
        assert panel.model.headerData(0, Qt.Orientation.Horizontal) == "y₁"

    def test_rows_of_samples_carry_their_row_in_the_data(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.session.step_over()
        panel.choose_slot("X")
        run = window.context.session.run
        rows = run.machine.rows + 1
        labels = [panel.model.headerData(row, Qt.Orientation.Vertical) for row in range(len(rows))]
        assert labels == [str(row) for row in rows]

    def test_a_step_shows_the_numbers_it_wrote(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("Z1")
        window.context.session.step_over()
        before = cell(panel, 0, 0).data(Exact)
        window.context.session.step_over()
        assert cell(panel, 0, 0).data(Exact) == window.debugger.machine.value("Z1")[0, 0] != before

    def test_a_smaller_last_batch_has_fewer_rows(self, open_window: OpenWindow) -> None:
        window = open_window("digits")
        panel = inspector(window)
        panel.choose_slot("A1")
        session, sizes = window.context.session, set()
        for _ in range(session.machine.batches.per_epoch + 1):
            session.step_batch()
            assert panel.model.rowCount() == session.machine.program.batch_size
            sizes.add(panel.model.rowCount())
            assert cell(panel, 0, 0).data(Exact) == session.machine.value("A1")[0, 0]
        assert len(sizes) == 2

    def test_copy_gives_full_precision_separated_by_tabs(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        panel.table.setFocus()
        panel.table.selectRow(1)
        QTest.keySequence(panel.table, "Ctrl+C")
        machine = window.debugger.machine
        exact = [*machine.value("W2")[1].tolist(), machine.value("b2")[1].item()]
        assert QGuiApplication.clipboard().text() == "\t".join(map(repr, exact))


class TestStates:
    def test_words_follow_the_machine(self, window: MainWindow) -> None:
        panel = inspector(window)
        session = window.context.session
        session.reset()
        assert state_of(panel, "W1") == "parameter"
        assert state_of(panel, "Z1") == "not computed yet"
        session.step_over()
        assert (state_of(panel, "X"), state_of(panel, "Z1")) == ("fresh", "not computed yet")
        session.step_batch()
        session.step_over()
        assert (state_of(panel, "Z1"), state_of(panel, "A1")) == ("next ▸", "stale")

    def test_what_was_never_computed_shows_no_number(self, window: MainWindow) -> None:
        panel = inspector(window)
        session = window.context.session
        session.reset()
        for slot in ("Z1", "dW2", "X"):
            panel.choose_slot(slot)
            assert cell(panel, 0, 0).data() == "—"
            assert cell(panel, 0, 0).data(Exact) is None
        session.step_over()
        panel.choose_slot("Z1")
        assert session.machine.op.writes == ("Z1",)
        assert cell(panel, 0, 0).data() == "—"

    def test_a_stale_value_says_which_operation_will_write_it(self, window: MainWindow) -> None:
        panel = inspector(window)
        session = window.context.session
        session.step_over()
        panel.choose_slot("dW2")
        number = session.machine.program.writer["dW2"] + 1
        said = panel._origin.accessibleName()
        assert said.startswith(f"stale: this iteration will write it at operation {number} (∂J/∂W² = ")
        assert panel.table.cells.faded
        session.step_batch()
        assert panel._origin.accessibleName().startswith(f"written by operation {number}")
        assert not panel.table.cells.faded

    def test_only_rows_whose_state_changed_are_drawn_again(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        window.context.session.step_over()
        with qtbot.waitSignal(panel.slots.dataChanged) as changed:
            window.context.session.step_over()
        first, last = changed.args[0].row(), changed.args[1].row()
        assert [row.slot.name for row in panel.slots.rows[first : last + 1]] == ["Z1", "A1"]


class TestSelection:
    def test_a_row_of_the_list_chooses_its_slot(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.list.setCurrentIndex(panel.slots.index(panel.slots.place("Z2") or 0))
        assert window.context.selection.chosen.slot == "Z2"
        assert panel.model.block.slot.name == "Z2"

    def test_a_click_on_a_cell_chooses_its_element(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        changes: list[None] = []
        window.context.selection.changed.connect(lambda: changes.append(None))
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=centre_of(panel, 1, 2))
        chosen = window.context.selection.chosen
        assert (chosen.slot, chosen.index) == ("W2", (1, 2))
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=centre_of(panel, 2, 5))
        chosen = window.context.selection.chosen
        assert (chosen.slot, chosen.index) == ("b2", (2,))
        assert len(changes) == 2

    def test_the_weights_stay_in_sight_when_a_bias_beside_them_is_chosen(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        window.context.selection.choose("b2", (1,))
        assert panel.model.block.slot.name == "W2"
        assert panel.table.cells.chosen == (1, 5)
        assert panel.list.currentIndex().data(Exact) == "b2"

    def test_what_is_chosen_elsewhere_is_framed_here(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.selection.choose("A1", (7, 4))
        assert panel.model.block.slot.name == "A1"
        assert panel.table.cells.chosen == (7, 4)
        assert panel.table.currentIndex() == cell(panel, 7, 4)
        assert panel.table.viewport().rect().intersects(panel.table.visualRect(cell(panel, 7, 4)))
        window.context.selection.choose_sample(3)
        assert panel.table.cells.chosen == (3, 4)

    def test_a_group_lists_only_its_slots_until_another_is_chosen(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W1")
        panel.groups.choose(Group.PARAMETERS)
        shown = [row.slot.name for place, row in enumerate(panel.slots.rows) if not panel.list.isRowHidden(place)]
        assert shown == ["W1", "b1", "W2", "b2", "W3", "b3"]
        window.context.selection.choose("dZ1")
        assert panel.list.group is Group.ALL

    def test_a_slot_that_another_network_lacks_gives_way_to_the_weights(self, open_window: OpenWindow) -> None:
        window = open_window()
        window.context.selection.choose("W3", (0, 0))
        window.files.open_sample("iris")
        assert inspector(window).model.block.slot.name == "W1"


class TestEditing:
    def test_enter_sets_the_weight(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        editor = open_editor(panel, 0, 2)
        assert editor.text() == repr(window.debugger.machine.value("W2")[0, 2].item())
        editor.selectAll()
        qtbot.keyClicks(editor, "0,25")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.debugger.machine.value("W2")[0, 2] == 0.25)
        assert cell(panel, 0, 2).data(Exact) == 0.25
        window.context.document.undo_stack.undo()
        assert cell(panel, 0, 2).data(Exact) != 0.25

    def test_the_bias_beside_the_weights_can_be_set(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        editor = open_editor(panel, 1, 5)
        editor.setText("-1.5")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.debugger.machine.value("b2")[1] == -1.5)

    def test_an_initial_weight_can_be_set_before_anything_ran(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        window.context.session.reset()
        panel.choose_slot("W1")
        editor = open_editor(panel, 0, 0)
        editor.setText("2")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.debugger.machine.value("W1")[0, 0] == 2)
        assert cell(panel, 0, 0).data(Exact) == 2

    def test_escape_and_going_elsewhere_leave_the_weight(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        before = window.debugger.machine.value("W2")[0, 2]
        editor = open_editor(panel, 0, 2)
        qtbot.keyClicks(editor, "7")
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
        editor = open_editor(panel, 0, 2)
        qtbot.keyClicks(editor, "7")
        panel.list.setFocus()
        assert window.debugger.machine.value("W2")[0, 2] == before

    def test_what_is_no_number_is_refused_with_a_reason(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        before = cell(panel, 0, 2).data(Exact)
        editor = open_editor(panel, 0, 2)
        editor.setText("a lot")
        with qtbot.waitSignal(window.context.document.refused) as refused:
            qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert refused.args == ["“a lot” is not a number; W²₁₃ stays as it was"]
        assert cell(panel, 0, 2).data(Exact) == before

    def test_what_is_yet_to_be_computed_cannot_be_edited(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("Z2")
        assert cell(panel, 0, 0).flags() & Qt.ItemFlag.ItemIsEditable
        window.context.session.step_over()
        panel.refresh()
        assert not cell(panel, 0, 0).flags() & Qt.ItemFlag.ItemIsEditable
        place, viewport = centre_of(panel, 0, 0), panel.table.viewport()
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        with qtbot.waitSignal(window.context.document.refused) as said:
            qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        assert said.args[0].startswith("Z² has not been computed in this iteration yet")

    def test_training_closes_an_open_editor_and_locks_the_cells(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        session = window.context.session
        panel.choose_slot("W2")
        open_editor(panel, 0, 2)
        session.train()
        assert panel.table.cells.editor is None
        assert not cell(panel, 0, 2).flags() & Qt.ItemFlag.ItemIsEditable
        session.pause()
        qtbot.waitUntil(lambda: session.paused)
        assert cell(panel, 0, 2).flags() & Qt.ItemFlag.ItemIsEditable

    def test_the_number_page_sets_the_chosen_weight(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        window.context.selection.choose("W2", (2, 4))
        panel.views.choose("Number")
        field = panel.findChild(QLineEdit, "inspector_edit")
        assert field.isVisible()
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "0.125")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert window.debugger.machine.value("W2")[2, 4] == 0.125
        assert panel.number._exact.text() == "0.125"


class TestNumber:
    def test_it_shows_every_digit_and_what_belongs_to_it(self, open_window: OpenWindow) -> None:
        window = open_window("digits")
        window.context.session.step_batch()
        panel = inspector(window)
        window.context.selection.choose("W1", (2, 1))
        panel.views.choose("Number")
        machine = window.debugger.machine
        assert panel.number._exact.text() == repr(machine.value("W1")[2, 1].item()).replace("-", "−")
        shown = {row._related.slot for row in panel.number._rows if row._related is not None}
        assert {"dW1", "mW1", "vW1"} <= shown

    def test_samples_of_the_batch_go_round(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.selection.choose("A1", (0, 3))
        panel.views.choose("Number")
        panel.findChild(QPushButton, "inspector_next_sample").click()
        assert window.context.selection.chosen.index == (1, 3)
        panel.findChild(QPushButton, "inspector_previous_sample").click()
        panel.findChild(QPushButton, "inspector_previous_sample").click()
        last = window.debugger.machine.slot("A1").shape[0] - 1
        assert window.context.selection.chosen.index == (last, 3)
        assert window.context.selection.chosen.sample == last

    def test_a_related_number_leads_to_its_slot(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.selection.choose("W2", (1, 2))
        panel.views.choose("Number")
        panel.number._rows[0].click()
        assert (window.context.selection.chosen.slot, window.context.selection.chosen.index) == ("dW2", (1, 2))


class TestHeatMap:
    def test_a_click_chooses_the_element_under_it(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        panel.views.choose("Heat map")
        area = panel.heat_map.area()
        point = QPointF(area.left() + area.width() * 3.5 / 5, area.top() + area.height() * 1.5 / 3)
        qtbot.mouseClick(panel.heat_map, Qt.MouseButton.LeftButton, pos=point.toPoint())
        assert window.context.selection.chosen.index == (1, 3)
        assert panel.heat_map.value((1, 3)) == window.debugger.machine.value("W2")[1, 3]
        qtbot.keyClick(panel.heat_map, Qt.Key.Key_Left)
        assert window.context.selection.chosen.index == (1, 2)

    def test_nothing_is_drawn_before_it_is_computed(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.session.reset()
        panel.choose_slot("Z1")
        panel.views.choose("Heat map")
        assert panel.heat_map.value((0, 0)) is None

    def test_a_matrix_larger_than_the_room_is_sampled_evenly(self) -> None:
        matrix = np.arange(512 * 784, dtype=float).reshape(512, 784)
        found = sample(matrix, 100, 300)
        assert found.values.shape == (100, 300)
        assert np.array_equal(found.values, matrix[np.ix_(found.rows, found.columns)])
        assert np.ptp(np.diff(found.columns)) <= 1

    def test_colours_are_those_of_the_theme_and_nan_is_nothing(self) -> None:
        pixels = colours(np.array([[-2.0, 0.0, 2.0, np.nan]]), 2.0, colour_table(LIGHT))[0]
        assert [QColor.fromRgba(int(p)).name() for p in pixels[:3]] == [LIGHT.negative, LIGHT.neutral, LIGHT.positive]
        assert pixels[3] == 0

    @pytest.mark.parametrize("scale", [0.0, 2.0])
    def test_infinity_has_the_last_colour_of_its_sign_beside_any_numbers(self, scale: float) -> None:
        pixels = colours(np.array([[-np.inf, 0.0, np.inf]]), scale, colour_table(LIGHT))[0]
        assert [QColor.fromRgba(int(p)).name() for p in pixels] == [LIGHT.negative, LIGHT.neutral, LIGHT.positive]


class TestWhileTraining:
    def test_what_is_shown_is_one_moment_and_ends_as_the_machine(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        session = window.context.session
        before = cell(panel, 0, 0).data(Exact)
        session.train()
        with qtbot.waitSignal(session.refreshed):
            pass
        qtbot.waitUntil(lambda: cell(panel, 0, 0).data(Exact) != before)
        held = [cell(panel, row, column).data(Exact) for row in range(3) for column in range(5)]
        assert held == [cell(panel, row, column).data(Exact) for row in range(3) for column in range(5)]
        session.pause()
        qtbot.waitUntil(lambda: session.paused)
        shown = [[cell(panel, row, column).data(Exact) for column in range(5)] for row in range(3)]
        assert shown == session.machine.value("W2").tolist()

    def test_the_table_does_not_read_the_machine_between_frames(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        session = window.context.session
        before = cell(panel, 0, 0).data(Exact)
        session.train()
        session.take()  # whatever was trained, no frame was drawn of it
        assert session.machine.value("W2")[0, 0] != before
        assert cell(panel, 0, 0).data(Exact) == before


class TestFlash:
    def test_a_changed_value_flashes_once_and_fades(self, window: MainWindow, qtbot: QtBot) -> None:
        panel = inspector(window)
        window.context.settings.motion = True
        panel.choose_slot("W2")
        with qtbot.waitSignal(panel.table.flash.finished, timeout=10 * MILLISECONDS):
            assert window.context.session.edit_value("W2", (0, 1), 0.5)
            assert panel.table.flash.of(0, 1) > 0
            assert panel.table.flash.of(0, 0) == 0
        assert panel.table.flash.of(0, 1) == 0

    def test_nothing_flashes_without_motion(self, window: MainWindow) -> None:
        panel = inspector(window)
        panel.choose_slot("W2")
        window.context.session.edit_value("W2", (0, 1), 0.5)
        assert panel.table.flash.of(0, 1) == 0

    def test_another_slot_is_not_a_change(self, window: MainWindow) -> None:
        panel = inspector(window)
        window.context.settings.motion = True
        panel.choose_slot("W2")
        panel.choose_slot("Z2")
        assert panel.table.flash.level == 0


class TestPlainParts:
    def test_facts_leave_out_what_is_not_finite(self) -> None:
        found = facts(np.array([1.0, np.nan, -3.0, np.inf]))
        assert found is not None
        assert (found.least, found.largest, found.mean, found.not_finite) == (-3, 1, -1, 2)
        assert found.norm == pytest.approx(10**0.5)
        assert facts(np.array([np.nan])) is None

    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_numbers_can_be_read_on_every_ground(self, theme: Theme) -> None:
        tints = Tints(theme)
        assert min(contrast(ground, tints.text) for ground in tints.grounds) >= 4.5
        assert min(contrast(ground, tints.faded_text) for ground in tints.faded_grounds) >= 4.5
        assert tints.grounds[0] != tints.grounds[STEPS] != tints.grounds[-1]

    def test_a_text_that_does_not_fit_is_shorter_and_still_the_number(self) -> None:
        measure = Measure(lambda character: 7.0)
        assert cell_text(-1.36962, 4, True, 100, measure) == "−1.3696"
        assert cell_text(0.49812, 4, True, 42, measure) == "+0.498"
        assert cell_text(0.00031, 3, True, 42, measure) == "+3e−04"
        assert cell_text(None, 4, True, 42, measure) == "—"

    def test_columns_take_the_largest_type_with_which_all_fit(self) -> None:
        body, small = Measure(lambda _: 8.0), Measure(lambda _: 6.0)
        assert (fit(3, 400, 1.0, 4, body, small).small, fit(3, 400, 1.0, 4, body, small).decimals) == (False, 4)
        assert fit(6, 6 * 45, 1.0, 4, body, small).small
        assert fit(784, 300, 1.0, 4, body, small).width * 784 > 300

    def test_elements_and_cells_are_each_others_inverse(self) -> None:
        weights, biases = Slot("W2", Role.WEIGHT, (3, 5), 2), Slot("b2", Role.BIAS, (3,), 2)
        block = Block.of(weights, {"W2": weights, "b2": biases})
        for row in range(3):
            for column in range(6):
                assert block.place(*block.element(row, column)) == (row, column)
        assert block.place("W2", (3, 0)) is None
        assert block.place("W1", (0, 0)) is None

    def test_the_sample_chosen_is_the_row_of_what_has_samples(self) -> None:
        assert index_for(Slot("A1", Role.ACTIVATION, (10, 4), 1), (2, 3), 7) == (7, 3)
        assert index_for(Slot("A1", Role.ACTIVATION, (5, 4), 1), None, 7) == (4, 0)
        assert index_for(Slot("W1", Role.WEIGHT, (5, 4), 1), (2, 3), 7) == (2, 3)
        assert symbol("Y", (3, 1)) == "y₂"

    def test_slots_are_said_in_words(self) -> None:
        assert describe(Slot("W2", Role.WEIGHT, (3, 5), 2), 3, {}) == "weights into hidden layer 2"
        assert describe(Slot("b3", Role.BIAS, (1,), 3), 3, {}) == "biases of the output layer"
        moment = Slot("mW2", Role.OPTIMIZER, (3, 5), 2, "W2")
        assert describe(moment, 3, {"m": "first moment"}) == "first moment: weights into hidden layer 2"


def test_slots_are_listed_in_reading_order(window: MainWindow) -> None:
    names = [row.slot.name for row in inspector(window).slots.rows]
    forward = ["X", "Y"] + [f"{letter}{layer}" for layer in (1, 2, 3) for letter in "WbZA"] + ["J"]
    assert names[: len(forward)] == forward
    backward = ["dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"]
    assert names[len(forward) : len(forward) + len(backward)] == backward
    assert names[-1] == "alpha"


def test_what_a_schedule_remembers_can_be_looked_at_before_and_after(window: MainWindow) -> None:
    document, session, panel = window.context.document, window.context.session, inspector(window)
    document.apply(set_schedule(document.experiment, ReduceOnPlateau()))
    states = {"alpha": "not computed yet", "alpha0": "setting", "k": "schedule", "J_best": "schedule", "f": "schedule"}
    assert {slot: state_of(panel, slot) for slot in states} == states
    assert [row.slot.name for row in panel.slots.rows if group_of(row.slot) is Group.UPDATE][:2] == ["alpha", "alpha0"]
    for _ in range(2):
        for slot in states:
            panel.choose_slot(slot)
            for view in ("Number", "Table", "Heat map"):
                panel.views.choose(view)
                panel.grab()
        session.step_batch()
    assert state_of(panel, "alpha") == "fresh"


def test_it_can_be_drawn_in_both_themes_in_every_view(window: MainWindow) -> None:
    panel = inspector(window)
    for mode in (Mode.DARK, Mode.LIGHT):
        window.context.appearance.set_mode(mode)
        for view in ("Number", "Table", "Heat map"):
            panel.views.choose(view)
            image = panel.grab().toImage()
            assert image.pixelColor(4, image.height() // 2).name() == window.context.appearance.theme.panel


def test_the_view_is_remembered(open_window: OpenWindow) -> None:
    inspector(open_window()).views.choose("Heat map")
    assert inspector(open_window()).views.current == "Heat map"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
