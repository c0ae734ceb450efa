"""How the rows of a new table are split, in a row."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from nnstudio.data.spec import SplitBy
from nnstudio.experiment.importing.draft import ImportDraft
from nnstudio.gui.split_words import MOST_TEST, MOST_VALIDATION, WAYS, percent
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.slider import ValueSlider

_NO_COLUMN = "\0"
"""No name of a column is this."""


class SplitRow(QWidget):
    """`chosen` carries what is chosen of the split, by the names of the choices."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.by = Choice("import_split_by", "How rows are split")
        self.by.set_options([Option(way.value, text, tip) for way, (text, tip) in WAYS.items()])
        self.part = Choice("import_split_column", "The column that says the part")
        self.validation = ValueSlider("import_validation", "Validation", MOST_VALIDATION, percent)
        self.test = ValueSlider("import_test", "Test", MOST_TEST, percent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._labels = {}
        for text, control in (
            ("Rows are split", self.by),
            ("by", self.part),
            ("Validation", self.validation),
            ("Test", self.test),
        ):
            self._labels[control] = label = QLabel(text)
            label.setProperty("muted", True)
            label.setBuddy(control)
            row.addWidget(label)
            row.addWidget(control)
            row.addSpacing(8)
        row.addStretch(1)
        self.by.chosen.connect(self._by_chosen)
        self.part.chosen.connect(self._part_chosen)
        self.validation.entered.connect(self._validation_entered)
        self.test.entered.connect(self._test_entered)

    def show_draft(self, draft: ImportDraft) -> None:
        """Show what holds now."""
        split = draft.plan.split
        by_column = split.by is SplitBy.COLUMN
        names = [Option(name, name) for name in draft.plan.columns] if by_column else []
        self.part.set_options([Option(_NO_COLUMN, "choose…"), *names])
        self.part.choose(split.column or _NO_COLUMN)
        self.by.choose(split.by)
        self.validation.show_value(round(100 * split.validation), MOST_VALIDATION)
        self.test.show_value(round(100 * split.test), MOST_TEST)
        for control, shown in ((self.part, by_column), (self.validation, not by_column), (self.test, not by_column)):
            control.setVisible(shown)
            self._labels[control].setVisible(shown)

    def _by_chosen(self, key: str) -> None:
        self.chosen.emit({"by": SplitBy(key)})

    def _part_chosen(self, key: str) -> None:
        self.chosen.emit({"part": None if key == _NO_COLUMN else key})

    def _validation_entered(self, step: int) -> None:
        self.chosen.emit({"validation": step / 100})

    def _test_entered(self, step: int) -> None:
        self.chosen.emit({"test": step / 100})
