"""The page of the split: which rows are kept from training, how rows and classes count, and what comes of it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import ClassWeighting, SplitBy
from nnstudio.experiment.data_edits import set_class_weights, set_group, set_split, set_weight
from nnstudio.experiment.edits import Edit
from nnstudio.experiment.outputs import class_names, weighed_classes
from nnstudio.explain.numbers import count, short
from nnstudio.gui.document import Document
from nnstudio.gui.split_words import MOST_TEST, MOST_VALIDATION, WAYS, percent
from nnstudio.gui.widgets.choice import Choice, Option
from nnstudio.gui.widgets.count_field import CountField
from nnstudio.gui.widgets.form import Form, FormRow
from nnstudio.gui.widgets.panel_scroll import PanelScroll
from nnstudio.gui.widgets.problem_line import ProblemLine
from nnstudio.gui.widgets.slider import ValueSlider
from nnstudio.training.metrics import classes

from .class_weights import MOST_WEIGHED, ClassWeightFields

_NO_COLUMN = "\0"
"""No name of a column is this."""
_OWN = "own"
_WIDEST = 480
_MOST_FOLDS = 20


class SplitPage(QWidget):
    """Every control is an edit of the document."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.problem = ProblemLine("split_problem", document)
        self.by = Choice("split_by", "How rows are split")
        self.column = Choice("split_column", "The column that says the part")
        self.group = Choice("split_group", "The column of groups")
        self.validation = ValueSlider("split_validation", "Validation", MOST_VALIDATION, percent)
        self.test = ValueSlider("split_test", "Test", MOST_TEST, percent)
        self.folds = CountField("split_folds", "Folds", 0, _MOST_FOLDS)
        self.folds.setSpecialValueText("off")
        self.fold = CountField("split_fold", "Fold for validation", 1, _MOST_FOLDS)
        self.classes = Choice("class_weights", "Class weights")
        self.weights = ClassWeightFields()
        self.weight = Choice("weight_column", "The column of weights")
        self.parts = QLabel()
        self.parts.setObjectName("split_parts")
        self.parts.setTextFormat(Qt.TextFormat.PlainText)
        self.parts.setWordWrap(True)
        self.parts.setProperty("muted", True)
        self._lay_out()
        self._connect()

    def follow(self) -> None:
        """Show the document's split."""
        spec, data = self._document.experiment.data, self._document.data
        split, names = spec.split, self._document.dataset.names
        columns = [Option(name, name) for name in names]
        self.by.set_options([Option(way.value, text, tip) for way, (text, tip) in WAYS.items()])
        self.by.choose(split.by)
        for box, now in ((self.column, split.column), (self.group, spec.group), (self.weight, spec.weight)):
            box.set_options([Option(_NO_COLUMN, "none"), *columns])
            box.choose(now if now is not None else _NO_COLUMN)
        self.validation.show_value(round(100 * split.validation), MOST_VALIDATION)
        self.test.show_value(round(100 * split.test), MOST_TEST)
        self.folds.show_value(split.folds)
        self.fold.show_value(split.fold, max(split.folds, 1))
        self._show_rows(split.by, split.folds)
        self._show_weights(data)
        self.parts.setText(parts_text(data))

    def _lay_out(self) -> None:
        scroll, form = PanelScroll(margin=0), Form()
        scroll.setMaximumWidth(_WIDEST)
        scroll.column.addLayout(form)
        form.add("Rows are split", self.by)
        self._column_row = form.add("Column of parts", self.column)
        self._group_row = form.add("Groups", self.group)
        self._validation_row = form.add("Validation", self.validation)
        form.add("Test", self.test)
        form.add("Folds", self.folds)
        self._fold_row: FormRow = form.add("Fold for validation", self.fold)
        form.add("Weights of classes", self.classes)
        form.addWidget(self.weights)
        form.add("Weights of rows", self.weight)
        for field in (self.folds, self.fold):
            field.setFixedWidth(96)
        self.folds.setToolTip("k-fold: the rows are dealt into so many parts; one of them is for validation")
        scroll.column.addWidget(self.problem)
        scroll.column.addSpacing(8)
        scroll.column.addWidget(self.parts)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _connect(self) -> None:
        self.by.chosen.connect(self._set_by)
        self.column.chosen.connect(self._set_column)
        self.group.chosen.connect(self._set_group)
        self.validation.entered.connect(self._set_validation)
        self.test.entered.connect(self._set_test)
        self.folds.entered.connect(self._set_folds)
        self.fold.entered.connect(self._set_fold)
        self.classes.chosen.connect(self._set_classes)
        self.weight.chosen.connect(self._set_weight)
        self.weights.entered.connect(self._set_class)
        for field in (self.folds, self.fold, self.weights):
            field.rejected.connect(self.problem.show_problem)

    def _show_rows(self, by: SplitBy, folds: int) -> None:
        shares = by is not SplitBy.COLUMN
        self._column_row.setVisible(not shares)
        self._group_row.setVisible(by is SplitBy.GROUP)
        self._validation_row.setVisible(shares and not folds)
        self._fold_row.setVisible(folds > 0)

    def _show_weights(self, data: PreparedData) -> None:
        given = self._document.experiment.data.class_weights
        own, weighed = isinstance(given, dict), weighed_classes(data)
        unfit = "" if weighed else "the targets are values; only classes have weights"
        many = f"there are more than {MOST_WEIGHED} classes" if len(weighed) > MOST_WEIGHED and not own else ""
        balanced = "Rare classes count more: every class weighs the same in all"
        self.classes.set_options(
            [
                Option(ClassWeighting.NONE, "all count the same"),
                Option(ClassWeighting.BALANCED, "balanced", balanced, unfit),
                Option(_OWN, "each its own", "A weight for each class", unfit or many),
            ]
        )
        self.classes.choose(_OWN if own else str(given))
        self.weights.show_weights(weighed, given if isinstance(given, dict) else None)

    def _set_by(self, key: str) -> None:
        """Splitting by a column needs one: the first that says parts, else the choice waits for it."""
        way = SplitBy(key)
        if way is SplitBy.COLUMN and self._document.experiment.data.split.column is None:
            self._show_rows(way, self._document.experiment.data.split.folds)
            self.problem.show_problem("Choose the column that says the part of each row: training, validation or test")
            return
        if way is SplitBy.GROUP and self._document.experiment.data.group is None:
            self._show_rows(way, self._document.experiment.data.split.folds)
            self.problem.show_problem("Choose the column whose equal values belong together")
            return
        self._attempt(set_split(self._document.experiment, by=way))

    def _set_column(self, key: str) -> None:
        name = None if key == _NO_COLUMN else key
        by = SplitBy.COLUMN if name is not None else SplitBy.STRATIFIED
        self._attempt(set_split(self._document.experiment, by=by, column=name))

    def _set_group(self, key: str) -> None:
        name = None if key == _NO_COLUMN else key
        grouped = set_group(self._document.experiment, name)
        by = SplitBy.GROUP if name is not None else SplitBy.STRATIFIED
        self._attempt(Edit(grouped.label, set_split(grouped.experiment, by=by).experiment))

    def _set_validation(self, percent: int) -> None:
        self._attempt(set_split(self._document.experiment, validation=percent / 100))

    def _set_test(self, percent: int) -> None:
        self._attempt(set_split(self._document.experiment, test=percent / 100))

    def _set_folds(self, folds: int) -> None:
        before = self._document.experiment.data.split.folds
        if folds == 1:
            folds = 0 if before > 1 else 2
        fold = min(self._document.experiment.data.split.fold, max(folds, 1))
        self._attempt(set_split(self._document.experiment, folds=folds, fold=fold))

    def _set_fold(self, fold: int) -> None:
        self._attempt(set_split(self._document.experiment, fold=fold))

    def _set_classes(self, key: str) -> None:
        each = dict.fromkeys(weighed_classes(self._document.data), 1.0)
        given = each if key == _OWN else ClassWeighting(key)
        self._attempt(set_class_weights(self._document.experiment, given))

    def _set_class(self, name: str, weight: float) -> None:
        given = self._document.experiment.data.class_weights
        if isinstance(given, dict):
            self._attempt(set_class_weights(self._document.experiment, {**given, name: weight}))

    def _set_weight(self, key: str) -> None:
        self._attempt(set_weight(self._document.experiment, None if key == _NO_COLUMN else key))

    def _attempt(self, edit: Edit) -> None:
        if not self.problem.attempt(edit):
            reason = self.problem.text()
            self.follow()
            self.problem.show_problem(reason)


def parts_text(data: PreparedData) -> str:
    """How many rows each part has, of which class, and what they weigh."""
    lines, names = [], class_names(data)
    for name in data.parts:
        part = data.part(name)
        of = ""
        if names:
            counts = np.bincount(classes(part.Y), minlength=len(names)).tolist()
            of = ": " + ", ".join(f"{one} {count(n)}" for one, n in zip(names, counts, strict=True))
        lines.append(f"{count(len(part.X))} {name.value} rows{of}")
    weights = data.train.weights
    if weights is not None:
        lines.append(f"Training rows weigh from {short(float(weights.min()))} to {short(float(weights.max()))}")
    return "\n".join(lines)
