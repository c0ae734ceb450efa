"""Choose the inputs and targets of a table: a list of its columns to tick, taken over as one edit."""

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.spec import TargetKind
from nnstudio.explain.numbers import count
from nnstudio.gui.widgets.choice import Choice, Option

from .column_model import ColumnModel, Field
from .roles import Roles

_KINDS = (
    Option(TargetKind.AUTO, "Automatic", "Text as classes, numbers as values"),
    Option(TargetKind.CLASSES, "Classes", "Each different value is a class"),
    Option(TargetKind.VALUES, "Values", "Numbers, to be predicted as they are"),
    Option(
        TargetKind.INPUTS,
        "The inputs themselves (autoencoder)",
        "No target column: the network learns to put out what it is given",
    ),
)
_COLUMNS_TO_FILTER = 12


class ColumnDialog(QDialog):
    """It does not close by itself: `taken` carries the roles; whoever takes them closes it or says what is wrong."""

    taken = Signal(object)

    def __init__(self, roles: Roles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("column_dialog")
        self.setWindowTitle("Inputs and targets")
        self.roles = roles
        self.model = ColumnModel(roles, self)
        self.model.dataChanged.connect(self._roles_changed)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self.model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view = self._view()
        self.kind = Choice("target_kind", "Targets")
        self.kind.set_options(_KINDS)
        self.kind.choose(roles.kind)
        self.kind.chosen.connect(self._kind_chosen)
        self._said = QLabel()
        self._said.setObjectName("column_problem")
        self._said.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setProperty("primary", True)
        self._buttons.accepted.connect(self._take)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self.resize(440, 480)
        self._roles_changed()

    def show_problem(self, reason: str) -> None:
        """Why these roles cannot be taken; the dialog stays open to mend them."""
        self._say(reason, error=True)

    def _view(self) -> QTableView:
        view = QTableView()
        view.setObjectName("columns")
        view.setAccessibleName("Columns of the table")
        view.setModel(self._filtered)
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Field.NAME, QHeaderView.ResizeMode.Stretch)
        for field, width in ((Field.HOLDS, 136), (Field.INPUT, 56), (Field.TARGET, 64)):
            header.resizeSection(field, width)
        return view

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self.view, 1)
        target = QHBoxLayout()
        label = QLabel("Targets")
        label.setBuddy(self.kind)
        target.addWidget(label)
        target.addWidget(self.kind)
        target.addStretch(1)
        column.addLayout(target)
        column.addWidget(self._said)
        column.addWidget(self._buttons)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(16)
        find = QLineEdit()
        find.setObjectName("find_column")
        find.setAccessibleName("Find a column")
        find.setPlaceholderText("Find a column")
        find.setClearButtonEnabled(True)
        find.textChanged.connect(self._filtered.setFilterFixedString)
        find.setVisible(len(self.roles.dataset.columns) > _COLUMNS_TO_FILTER)
        head.addWidget(find, 1)
        head.addStretch(0)
        for name, text, tip, slot in (
            ("all_inputs", "All as inputs", "Every column of numbers but the target is an input", self._take_all),
            ("no_inputs", "No inputs", "Leave all inputs out, to choose a few", self._take_none),
        ):
            link = QPushButton(text)
            link.setObjectName(name)
            link.setToolTip(tip)
            link.setProperty("link", True)
            link.setAutoDefault(False)
            link.clicked.connect(slot)
            head.addWidget(link)
        if len(self.roles.dataset.columns) <= _COLUMNS_TO_FILTER:
            head.addStretch(1)
        return head

    def _take_all(self) -> None:
        self.roles.take_all_inputs()
        self.model.roles_changed()

    def _take_none(self) -> None:
        self.roles.take_no_inputs()
        self.model.roles_changed()

    def _kind_chosen(self, kind: str) -> None:
        self.roles.set_kind(TargetKind(kind))
        self.model.roles_changed()

    def _roles_changed(self) -> None:
        problem = self.roles.problem
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not problem)
        ok.setToolTip(problem)
        inputs, targets = len(self.roles.inputs), len(self.roles.targets)
        left = len(self.roles.dataset.columns) - inputs - targets
        aim = "and the same to put out again" if self.roles.autoencoder else f"{count(targets)} to predict"
        self._say(problem or f"{count(inputs)} in, {aim}, {count(left)} left out", error=False)

    def _say(self, text: str, *, error: bool) -> None:
        self._said.setText(text)
        for name, on in (("error", error), ("muted", not error)):
            self._said.setProperty(name, on)
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)

    def _take(self) -> None:
        self.taken.emit(self.roles)
