"""Copying an explanation: as plain text, as typst or as LaTeX, ready to be pasted into a document of that kind."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton

from nnstudio.explain.explanation import Explanation
from nnstudio.gui.theme import LIGHT
from nnstudio.gui.typesetter import definitions

_MARKUP = str.maketrans({sign: f"\\{sign}" for sign in r"\#$*_`<>@[]~="})


class Form(StrEnum):
    PLAIN = "plain text"
    TYPST = "typst"
    LATEX = "LaTeX"


def document(form: Form, explanations: Sequence[Explanation]) -> str:
    """The explanations in one of the forms."""
    if form is Form.PLAIN:
        return "\n\n".join(explanation.plain for explanation in explanations)
    if form is Form.LATEX:
        from nnstudio.explain import latex  # not needed to start

        return "\n\n".join(map(latex.document, explanations))
    return definitions(LIGHT) + "\n\n".join(map(_typst, explanations))


class CopyLink(QPushButton):
    """Opens a menu of the forms."""

    chosen = Signal(object)
    """The form that was chosen."""

    def __init__(self) -> None:
        super().__init__("Copy")
        self.setObjectName("explanation_copy")
        self.setProperty("link", True)
        self.setAccessibleName("Copy the explanation")
        self.setToolTip("Copy this explanation as plain text, typst or LaTeX")
        self.forms = QMenu(self)
        for form in Form:
            action = self.forms.addAction(f"Copy as {form}")
            action.setObjectName(f"copy_as_{form.name.lower()}")
            action.triggered.connect(partial(self.chosen.emit, form))
        self.clicked.connect(self._open)

    def _open(self) -> None:
        above = self.rect().topLeft()
        above.setY(above.y() - self.forms.sizeHint().height())
        self.forms.popup(self.mapToGlobal(above))


def _typst(explanation: Explanation) -> str:
    parts = [words.translate(_MARKUP) for words in (explanation.headline, explanation.note) if words]
    for formula in explanation.formulas:
        parts += [formula.caption.translate(_MARKUP)] if formula.caption else []
        parts.append(formula.typst)
    return "\n\n".join(parts)
