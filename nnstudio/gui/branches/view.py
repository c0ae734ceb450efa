"""The branches of a fork: a list of what each changes, their curves, and where they part."""

from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.experiment.edits import Change
from nnstudio.gui.plots.overlays import Overlay
from nnstudio.gui.run_edits import Left
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.gui.wording import plain
from nnstudio.training.branches import MOST_BRANCHES, Branch

from . import words
from .branch_chart import BranchChart
from .branching import Branching
from .change_row import ChangeRow
from .going_on import go_on_as, obstacle
from .invitation import Invitation, button, compare_link
from .lane_model import LaneList
from .lane_view import LaneView
from .lanes import Lane, Quantity
from .looks import look_beside
from .parting_line import PartingLine
from .reaching import reach

_NARROWEST, _COLUMN = 224, 304
_LINEAR, _LOG = "Linear", "Log"
_SCALE, _QUANTITY = "branches/scale", "branches/quantity"


class BranchesView(ToolView):
    """`branching` has the branches; this shows them."""

    _compared: Left | None = None
    """What lay ahead of the run and has been compared already."""

    def compose(self) -> None:
        self.branching = Branching(self.context.session, self.context.keepsakes, self)
        self.model = LaneList()
        self.list = LaneView(self.model, self.context.appearance)
        self.chart = BranchChart()
        self.change = ChangeRow()
        self.parting = PartingLine()
        self.problem = QLabel()
        self._invitation, self._compare = Invitation(), compare_link("compare_left")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(self._laboratory())
        self._fill_header()
        self._listen()
        self._show()

    def fork_here(self) -> None:
        """Fork the run of the window where it stands."""
        self.branching.fork()

    def rebuild(self) -> None:
        self._show()

    def refresh(self) -> None:
        session = self.context.session
        self._fork.setEnabled(session.paused)
        self._fork.setToolTip("Fork the run where it stands" if session.paused else "Pause first")
        if session.paused:
            self.change.show_chosen(self.context.selection.chosen, session.machine)
        self._show()

    def document_changed(self, change: Change) -> None:
        self._show_choices()

    def close_tool(self) -> None:
        self.branching.close()

    @property
    def chosen(self) -> Branch | None:
        """The branch that is chosen in the list; None for the original."""
        row = self.list.currentIndex().row()
        branch = self.model.rows[row].branch if 0 <= row < len(self.model.rows) else None
        return branch if branch is not None and branch.difference is not None else None

    def _show(self) -> None:
        """What can be seen of the branches now."""
        lanes, theme = self.branching.lanes, self.context.appearance.theme
        self._pages.setCurrentIndex(0 if lanes is None else 1)
        for widget in (self._quantities, self._scales, self._fork, self._run):
            widget.setVisible(lanes is not None)
        left = self.context.session.edits.left
        for link in (self._invitation.compare, self._compare):
            link.setVisible(left is not None and left is not self._compared)
        before = len(self.model.rows)
        self.model.show(lanes, theme)
        self.chart.show_lanes(lanes, theme)
        self._lay_over_learning()
        if lanes is None:
            return
        if len(self.model.rows) > before or self.list.currentIndex().row() < 0:
            self.list.setCurrentIndex(self.model.index(len(self.model.rows) - 1))
        self.change.show_fork(lanes.original.branch)
        self.change.set_possible(not lanes.full, f"There are {MOST_BRANCHES} branches already; remove one first")
        self._quantities.set_texts([quantity.value for quantity in lanes.quantities])
        self._where.show_text(words.forked(lanes))
        self._memory.setText(words.memory(lanes))
        self._run.setText("Pause" if self.branching.running else "Run")
        self._show_choices()

    def _lay_over_learning(self) -> None:
        """Their curves lie over the learning curve of the run that they were forked from."""
        lanes, run = self.branching.lanes, self.branching.run
        if lanes is None or run is None or len(lanes.lanes) == 1:
            self.context.overlays.show((), ())
        else:
            self.context.overlays.show(tuple(map(_overlay, lanes.lanes)), (run, *self.branching.adopted))

    def _show_choices(self) -> None:
        """What can be done with the chosen branch."""
        branch, branching = self.chosen, self.branching
        for link in (self._adopt, self._remove):
            link.setVisible(branch is not None and branch is not branching.sought)
        if branch is None or branching.lanes is None:
            self.parting.show_nothing()
            return
        why_not = obstacle(branch)
        self._adopt.setEnabled(not why_not)
        self._adopt.setToolTip(why_not or "Make it the run of the window, and its experiment the open one")
        if branching.sought is branch:
            self.parting.show_progress(branching.share)
        elif branch in branching.comparisons:
            here = branching.run is self.context.session.run
            reason = "" if here else "The window has another run now than the one that was forked"
            self.parting.show_answer(branching.comparisons[branch], branching.lanes.per_epoch, reason)
        else:
            self.parting.show_question()

    def _toggle_run(self) -> None:
        if self.branching.running:
            self.branching.pause()
        elif self.branching.lanes is not None:
            self.branching.start(self.branching.lanes.original.branch.run.experiment.training.epochs)

    def _remove_row(self, row: int) -> None:
        branch = self.model.rows[row].branch
        if branch.difference is not None:
            self.branching.remove(branch)

    def _remove_chosen(self) -> None:
        if (branch := self.chosen) is not None:
            self.branching.remove(branch)

    def _seek(self) -> None:
        if (branch := self.chosen) is not None:
            self.branching.seek_parting(branch)

    def _show_there(self) -> None:
        branch = self.chosen
        comparison = self.branching.comparisons.get(branch) if branch is not None else None
        if (
            comparison is not None
            and comparison.parting is not None
            and reach(comparison.parting, self.context.session)
        ):
            self.context.selection.choose(comparison.parting.slot, comparison.parting.index)

    def _compare_left(self) -> None:
        if (left := self.context.session.edits.left) is not None:
            self._compared = left
            self.branching.compare(left)

    def _go_on(self) -> None:
        if (branch := self.chosen) is not None and branch.difference is not None:
            label = f"Go on as branch “{branch.difference.label}”"
            self.branching.when_at_rest(partial(self._adopt_branch, branch, label))

    def _adopt_branch(self, branch: Branch, label: str) -> None:
        session, adopted = self.context.session, self.branching.adopted
        go_on_as(branch, session, label)
        adopted.append(session.run)
        self._lay_over_learning()

    def _show_problem(self, reason: str) -> None:
        self.problem.setText(plain(reason))
        self.problem.setVisible(bool(reason))

    def _quantity_chosen(self, text: str) -> None:
        self.chart.quantity = Quantity(text)
        self.context.settings.set_value(_QUANTITY, text)
        self.chart.show_lanes(self.branching.lanes, self.context.appearance.theme)

    def _scale_chosen(self, text: str) -> None:
        self.chart.log = text == _LOG
        self.context.settings.set_value(_SCALE, text)
        self.chart.show_lanes(self.branching.lanes, self.context.appearance.theme)

    def _branch_chosen(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._show_choices()

    def _listen(self) -> None:
        self.branching.changed.connect(self._show)
        self.branching.refused.connect(self._show_problem)
        self.change.wanted.connect(self.branching.add_difference)
        self.change.problem.connect(self._show_problem)
        self._invitation.fork.clicked.connect(self.fork_here)
        for link in (self._invitation.compare, self._compare):
            link.clicked.connect(self._compare_left)
        self.list.removed.connect(self._remove_row)
        self.list.selectionModel().currentChanged.connect(self._branch_chosen)
        self.parting.asked.connect(self._seek)
        self.parting.given_up.connect(self.branching.give_up_search)
        self.parting.shown.connect(self._show_there)
        self._quantities.chosen.connect(self._quantity_chosen)
        self._scales.chosen.connect(self._scale_chosen)

    def _fill_header(self) -> None:
        settings = self.context.settings
        self._quantities = Segmented([quantity.value for quantity in Quantity], "Cost of")
        self._scales = Segmented([_LINEAR, _LOG], "Scale of the vertical axis")
        self._quantities.choose(settings.value(_QUANTITY, Quantity.TRAINING.value))
        self._scales.choose(settings.value(_SCALE, _LOG))
        self.chart.quantity = Quantity(self._quantities.current)
        self.chart.log = self._scales.current == _LOG
        self._fork = button("fork_from_tool", "Fork here")
        self._fork.clicked.connect(self.fork_here)
        self._run = button("run_branches", "Run")
        self._run.setProperty("primary", True)
        self._run.setToolTip("Let all of them run the same iterations, in the background")
        self._run.clicked.connect(self._toggle_run)
        for widget in (self._quantities, self._scales, self._fork, self._run):
            self.header.add(widget, spare=widget is self._scales)

    def _laboratory(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._side(), 2)
        row.addLayout(self._main(), 3)
        return page

    def _side(self) -> QWidget:
        self.problem.setObjectName("branch_problem")
        self.problem.setAccessibleName("Problem")
        self.problem.setProperty("error", True)
        self.problem.setProperty("small", True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._where, self._memory = ElidedLabel(), QLabel()
        self._where.setObjectName("fork_place")
        self._memory.setToolTip("The memory that the branches take, besides the data that they share with the run")
        for label in (self._where, self._memory):
            label.setProperty("muted", True)
            label.setProperty("small", True)
        about = QHBoxLayout()
        about.setSpacing(8)
        about.addWidget(self._where, 1)
        about.addWidget(self._memory)
        side = QWidget()
        side.setMinimumWidth(_NARROWEST)
        side.setMaximumWidth(_COLUMN)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(about)
        column.addWidget(self.list, 1)
        column.addWidget(self.change)
        return side

    def _main(self) -> QVBoxLayout:
        self._adopt = button("adopt_branch", "Continue as this branch", link=True)
        self._adopt.clicked.connect(self._go_on)
        self._remove = button("remove_branch", "Remove", link=True)
        self._remove.clicked.connect(self._remove_chosen)
        self.parting.add(self._adopt)
        self.parting.add(self._remove)
        for link in (self._adopt, self._remove):
            link.hide()
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.chart, 1)
        column.addWidget(self._compare, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.problem)
        column.addWidget(self.parting)
        return column


def _overlay(lane: Lane) -> Overlay:
    return Overlay(partial(look_beside, lane.number, lane.label), lane.epochs, lane.course)
