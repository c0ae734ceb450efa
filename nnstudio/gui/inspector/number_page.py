"""One number in full: the chosen element, what belongs to it, and a field to set it."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.appearance import Appearance

from .block import Index
from .editing import PAUSE_FIRST
from .elided import Elided

_MOST_RELATED = 8


@dataclass(frozen=True, slots=True)
class Related:
    """A number that belongs to the chosen one: its gradient, an optimizer's state, the neuron's z."""

    slot: str
    index: Index
    symbol: str
    text: str
    exact: str
    colour: str
    pale: bool


@dataclass(frozen=True, slots=True)
class Number:
    """All that the page shows. `sample` is "row 31, 4 of 10" in slots with samples."""

    symbol: str
    words: str
    exact: str
    pale: bool
    related: tuple[Related, ...] = ()
    sample: str | None = None
    settable: bool = False


class NumberPage(QScrollArea):
    """`related_chosen` carries a slot and an index, `sample_moved` −1 or 1, `set_to` what was typed."""

    related_chosen = Signal(str, object)
    sample_moved = Signal(int)
    set_to = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: Number | None = None
        self.setObjectName("inspector_number")
        self.setAccessibleName("The chosen number")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(2)
        self._symbol, self._words, self._exact = QLabel(), Elided(), QLabel()
        self._symbol.setProperty("heading", True)
        self._exact.setProperty("big", True)
        self._exact.setObjectName("inspector_exact")
        self._exact.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._symbol)
        top.addWidget(self._words, 1)
        self._layout.addLayout(top)
        self._layout.addWidget(self._exact)
        self._add_field()
        self._add_samples()
        self._rows = [_RelatedRow(self) for _ in range(_MOST_RELATED)]
        for row in self._rows:
            row.chosen.connect(self.related_chosen)
            self._layout.addWidget(row)
        self._layout.addStretch(1)
        self.setWidget(inside)

    def say(self, number: Number, paused: bool) -> None:
        """Show this number; what is being typed stays."""
        field = self._field
        field.setEnabled(paused)
        field.setToolTip("Enter sets the value, Esc leaves it" if paused else PAUSE_FIRST)
        if number == self._shown:
            return
        other = self._shown is None or self._shown.symbol != number.symbol
        self._shown = number
        self._symbol.setText(number.symbol)
        self._words.say(number.words)
        self._exact.setText(number.exact)
        self._exact.setAccessibleName(f"{number.symbol} = {number.exact}")
        self._exact.setEnabled(not number.pale)
        self._edit_row.setVisible(number.settable)
        if other or not (field.hasFocus() and field.isModified()):
            field.setText(number.exact.replace("−", "-"))
            field.setAccessibleName(f"Set {number.symbol} to")
        self._sample_row.setVisible(number.sample is not None)
        self._sample.setText(number.sample or "")
        for place, row in enumerate(self._rows):
            row.say(number.related[place] if place < len(number.related) else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the field puts the value back."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._restore()
            return True
        return super().eventFilter(watched, event)

    def _add_field(self) -> None:
        self._edit_row = QWidget()
        row = QHBoxLayout(self._edit_row)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        word = QLabel("set to")
        word.setProperty("muted", True)
        self._field = QLineEdit()
        self._field.setObjectName("inspector_edit")
        self._field.installEventFilter(self)
        self._field.returnPressed.connect(self._commit)
        word.setBuddy(self._field)
        row.addWidget(word)
        row.addWidget(self._field, 1)
        self._layout.addWidget(self._edit_row)

    def _add_samples(self) -> None:
        self._sample_row = QWidget()
        row = QHBoxLayout(self._sample_row)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        self._sample = QLabel()
        self._sample.setAlignment(Qt.AlignmentFlag.AlignCenter)
        before, after = QPushButton("◂"), QPushButton("▸")
        for button, name, words in (
            (before, "inspector_previous_sample", "Previous sample of the mini-batch"),
            (after, "inspector_next_sample", "Next sample of the mini-batch"),
        ):
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.setFixedWidth(36)
        before.clicked.connect(self._to_previous)
        after.clicked.connect(self._to_next)
        row.addWidget(before)
        row.addWidget(self._sample, 1)
        row.addWidget(after)
        self._layout.addWidget(self._sample_row)

    def _commit(self) -> None:
        text = self._field.text()
        self._restore()
        self.set_to.emit(text)

    def _restore(self) -> None:
        if self._shown is not None:
            self._field.setText(self._shown.exact.replace("−", "-"))
            self._field.selectAll()

    def _to_previous(self) -> None:
        self.sample_moved.emit(-1)

    def _to_next(self) -> None:
        self.sample_moved.emit(1)


class _RelatedRow(QPushButton):
    """Symbol at the left, number at the right; a click goes there."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("link", True)
        self.setFlat(True)
        self._related: Related | None = None
        self._symbol, self._number = QLabel(), QLabel()
        for label in (self._symbol, self._number):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addWidget(self._symbol)
        layout.addStretch(1)
        layout.addWidget(self._number)
        self.setMinimumHeight(22)
        self.clicked.connect(self._click)
        self.hide()

    def say(self, related: Related | None) -> None:
        if related == self._related:
            return
        self._related = related
        self.setVisible(related is not None)
        if related is None:
            return
        self._symbol.setText(related.symbol)
        self._number.setText(related.text)
        self._number.setEnabled(not related.pale)
        self._symbol.setStyleSheet(f"color: {related.colour}")
        self.setToolTip(f"{related.symbol} = {related.exact}")
        self.setAccessibleName(f"{related.symbol} = {related.exact}")

    def _click(self) -> None:
        if self._related is not None:
            self.chosen.emit(self._related.slot, self._related.index)
