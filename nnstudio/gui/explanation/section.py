"""A part of an explanation as widgets: a sentence, a note, and formulas, each a picture."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.explain.explanation import Explanation, Formula
from nnstudio.explain.speech import spoken


class Section(QWidget):
    """A sentence and its formulas. Its labels are kept and filled anew."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.headline = quiet_words()
        self.note = quiet_words()
        self.formulas: list[FormulaView] = []
        self.explanation: Explanation | None = None
        """What is shown, with the words before it."""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.headline)
        self._layout.addWidget(self.note)

    @property
    def text(self) -> str:
        return self.explanation.plain if self.explanation is not None else ""

    def show_explanation(self, lead: str, explanation: Explanation | None) -> None:
        show_if(self, explanation is not None)
        if explanation is None:
            self.explanation = None
            self._show_formulas(())
            return
        self.explanation = replace(explanation, headline=lead + explanation.headline)
        self.headline.setText(self.explanation.headline)
        show_if(self.headline, bool(self.explanation.headline))
        self.note.setText(explanation.note)
        show_if(self.note, bool(explanation.note))
        self._show_formulas(explanation.formulas)

    def _show_formulas(self, formulas: Sequence[Formula]) -> None:
        while len(self.formulas) < len(formulas):
            view = FormulaView()
            self.formulas.append(view)
            self._layout.addWidget(view)
        for number, view in enumerate(self.formulas):
            view.show_formula(formulas[number] if number < len(formulas) else None)


class FormulaView(QWidget):
    """A formula as a picture; its plain text is what is read aloud, and what is shown where it cannot be typeset."""

    def __init__(self) -> None:
        super().__init__()
        self.caption = quiet_words()
        self.picture = QLabel()
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.picture.setWordWrap(True)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._formula: Formula | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.caption)
        layout.addWidget(self.picture)

    def show_formula(self, formula: Formula | None) -> None:
        show_if(self, formula is not None)
        if formula is not None and formula != self._formula:
            self.caption.setText(formula.caption)
            show_if(self.caption, bool(formula.caption))
            self.picture.setAccessibleName(spoken(formula))
            self.picture.setToolTip(formula.plain)
        self._formula = formula

    @property
    def source(self) -> str:
        """What is to be typeset, nothing while no formula is shown."""
        return self._formula.typst if self._formula else ""

    @property
    def focus(self) -> float | None:
        """How far down it is to be in sight."""
        return self._formula.focus if self._formula else None

    def show_picture(self, picture: QPixmap | None) -> None:
        """The typeset formula, or its plain text where there is none."""
        if picture is None:
            self.picture.setText(self._formula.plain if self._formula else "")
        elif picture.cacheKey() != self.picture.pixmap().cacheKey():
            self.picture.setPixmap(picture)


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide; asking first is far cheaper than telling Qt what is so already."""
    if widget.isHidden() is wanted:
        widget.setVisible(wanted)


def quiet_words() -> QLabel:
    """Quiet words, as long as they need."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label
