"""The gradient check as a window: it stays open beside the main window, and says when the run has moved on since."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from nnstudio.explain.gradcheck import GradientCheck
from nnstudio.explain.gradient_report import as_csv, as_text, moment
from nnstudio.gui.context import Context
from nnstudio.gui.session import RunState
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.progress_line import ProgressLine

from . import words
from .checking import GradientChecking
from .error_grid import Cell
from .error_page import ErrorPage
from .slot_table import SlotTable, SlotTableView

_EXPLAINED = (
    "Each weight is moved a little to either side, on a copy of the network: the slope of J found there should be the "
    "gradient."
)


class GradientWindow(QDialog):
    """What a check has found: its verdict, a row for each slot, and the errors of the chosen one."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_window")
        self.setWindowTitle("Gradient check")
        self.setModal(False)
        self._context = context
        self.checking = GradientChecking(context.session, self)
        self.verdict = QLabel()
        self.verdict.setObjectName("gradient_verdict")
        self.verdict.setProperty("heading", True)
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._moment = ElidedLabel()
        self._moment.setProperty("muted", True)
        self.progress = ProgressLine(self.checking, "Measuring slopes", "gradient", self)
        self.model = SlotTable(self)
        self.table = SlotTableView(self.model, self)
        self.page = ErrorPage(self)
        self._note = QLabel()
        self._note.setObjectName("gradient_note")
        self._note.setProperty("muted", True)
        self._again = self._button("gradient_again", "Check again", "Check the gradients where the run stands now")
        self._text = self._button("gradient_text", "Copy as text", "The table and the verdict")
        self._csv = self._button("gradient_csv", "Copy as CSV", "Every number that was checked, at full precision")
        self._shown: GradientCheck | None = None
        self._lay_out()
        self._listen()
        self.resize(920, 600)
        self._refresh()

    def check(self) -> None:
        """Check the run where it stands."""
        self.checking.start()

    def done(self, result: int) -> None:
        """However it is closed, the check ends with it."""
        self.checking.cancel()
        super().done(result)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.verdict)
        column.addWidget(self._moment)
        column.addWidget(self.progress)
        column.addSpacing(8)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        split.addWidget(_card(self.table, 8))
        split.addWidget(_card(self.page, 16))
        split.setSizes([420, 460])
        split.setStretchFactor(1, 1)
        column.addWidget(split, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._text)
        buttons.addWidget(self._csv)
        buttons.addStretch(1)
        buttons.addWidget(self._note)
        buttons.addSpacing(8)
        buttons.addWidget(self._again)
        column.addLayout(buttons)

    def _listen(self) -> None:
        context = self._context
        self.checking.changed.connect(self._refresh)
        self.table.row_chosen.connect(self._show_row)
        self.page.cell_chosen.connect(self._choose)
        self._again.clicked.connect(self.check)
        self._text.clicked.connect(self._copy_text)
        self._csv.clicked.connect(self._copy_csv)
        context.appearance.changed.connect(self._show_check)
        context.selection.changed.connect(self._follow)
        context.session.state_changed.connect(self._state_changed)

    def _refresh(self) -> None:
        """Show what the checking has come to."""
        checking = self.checking
        if checking.check is not self._shown:
            self._shown = checking.check
            self._show_check()
        self._say()
        paused = self._context.session.paused
        self._again.setEnabled(paused and not checking.at_work)
        self._again.setProperty("primary", checking.outdated)
        self._again.style().polish(self._again)
        for button in (self._text, self._csv):
            button.setEnabled(self._shown is not None)

    def _say(self) -> None:
        checking, check = self.checking, self._shown
        error = bool(checking.problem) or (check is not None and not check.agrees)
        if checking.problem:
            text = checking.problem
        elif check is not None:
            text = f"{'✓' if check.agrees else '✗'}  {words.verdict(check)}"
        else:
            text = "Is what backpropagation computes the slope of J?"
        self.verdict.setText(text)
        self.verdict.setProperty("error", error)
        self.verdict.style().polish(self.verdict)
        about = moment(check) if check is not None else _EXPLAINED
        self._moment.show_text(about[:1].upper() + about[1:], _EXPLAINED)
        self._note.setText("The run has moved on since" if checking.outdated and not checking.at_work else "")

    def _show_check(self) -> None:
        """The table anew, and the row of the chosen weight or of the worst error."""
        check, theme = self._shown, self._context.appearance.theme
        row = self.table.currentIndex().row()
        self.model.show_check(check, theme)
        if check is None:
            self.page.clear()
            return
        if not 0 <= row < len(self.model.rows):
            row = self._first_row(check)
        self.table.selectRow(row)
        self._show_row(row)

    def _first_row(self, check: GradientCheck) -> int:
        """The row to begin with: that of the largest error."""
        worst = check.worst
        place = self.model.place(worst.slot) if worst is not None else 0
        return len(self.model.rows) - 1 if place is None else place

    def _show_row(self, row: int) -> None:
        if self._shown is not None and 0 <= row < len(self.model.rows):
            self.page.show_slot(self.model.rows[row].slot, self._shown, self._context.appearance.theme)
            self._follow()

    def _choose(self, cell: Cell) -> None:
        """Choose the weight of a cell everywhere."""
        entry = self.page.entry(cell)
        if entry is not None and entry.slot and self.checking.of_this_network:
            self._context.selection.choose(entry.slot, entry.index)
        self.page.choose(cell)

    def _follow(self) -> None:
        """Frame the chosen weight, if it is of the slot at hand."""
        chosen = self._context.selection.chosen
        self.page.follow(chosen.slot, chosen.index)

    def _state_changed(self, _state: RunState) -> None:
        self._refresh()

    def _copy_text(self) -> None:
        if self._shown is not None:
            name = self._context.document.experiment.name
            QGuiApplication.clipboard().setText(f"{name}: {moment(self._shown)}\n{as_text(self._shown)}\n")

    def _copy_csv(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(as_csv(self._shown))


def _card(content: QWidget, air: int) -> QFrame:
    """A quiet ground for what belongs together."""
    card = QFrame()
    card.setProperty("card", True)
    column = QVBoxLayout(card)
    column.setContentsMargins(air, air, air, air)
    column.addWidget(content)
    return card
