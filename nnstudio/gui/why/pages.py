"""What stands below the formula: the inputs, a parameter's way through time, a gradient sample by sample."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.explain.contributions import Contributions
from nnstudio.explain.numbers import count
from nnstudio.explain.terms import Place
from nnstudio.explain.why import Why
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.explanation.section import quiet_words, show_if
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.training.course import Change, Course
from nnstudio.training.keyframes import Moment

from . import rows
from .bar_list import BarList
from .curve import CourseCurve
from .retracing import CourseFinder

_MOST_CHANGES = 20
_NOT_COMPUTED = "The gradient is not computed yet in this mini-batch: there is nothing to divide among the samples."
_GIVEN_UP = "These are the moments that are kept of the run; the iterations between them were not run again."


class InputsPage(QWidget):
    """`asked` carries the slot and index of an input."""

    asked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.words = quiet_words()
        self.list = BarList("why_inputs", "The numbers that it is made of", appearance)
        self.list.opened.connect(self._open)
        self._places: tuple[Place, ...] = ()
        _column(self, self.words, self.list)

    def show_why(self, why: Why, decimals: int) -> None:
        self._places = tuple(one.place for one in why.inputs)
        _write(self.words, rows.inputs_words(why))
        show_if(self.words, bool(self.words.text()))
        self.list.rows.show(rows.input_rows(why, decimals))

    def _open(self, row: int) -> None:
        self.asked.emit(self._places[row])


class TimePage(QWidget):
    """`asked` carries the moment right after a change, or one that was chosen on the curve."""

    asked = Signal(object)

    def __init__(self, finder: CourseFinder, appearance: Appearance) -> None:
        super().__init__()
        self._finder, self._appearance = finder, appearance
        self.words = quiet_words()
        self.curve = CourseCurve()
        self.curve.asked.connect(self.asked)
        self.progress = ProgressLine(finder, "Running again", "why", self)
        self.link = QPushButton("Find what moved it")
        self.link.setObjectName("why_go_on")
        self.link.setProperty("link", True)
        self.link.clicked.connect(finder.go_on)
        self.list = BarList("why_changes", "The iterations that moved it most", appearance)
        self.list.opened.connect(self._open)
        self._moments: tuple[Moment, ...] = ()
        column = _column(self, self.words, self.curve, self.progress, self.list)
        column.insertWidget(3, self.link, 0, Qt.AlignmentFlag.AlignLeft)

    def show_course(self, course: Course, per_epoch: int, decimals: int) -> None:
        changes = course.largest(_MOST_CHANGES)
        self._show_changes(changes, per_epoch, decimals)
        show_if(self.words, False)
        x = course.start.iterations + np.arange(len(course.values), dtype=np.float64)
        dots = [(float(one.moment.iterations), one.after) for one in changes[:5]]
        self.curve.show_course(x, course.values, dots, self._appearance.theme, decimals)
        show_if(self.link, False)

    def show_sketch(self, x: np.ndarray, y: np.ndarray, decimals: int) -> None:
        """What is known before the run has been run again."""
        self._show_changes((), 1, decimals)
        show_if(self.words, True)
        looking = f"{count(len(x))} moments that are kept; the iterations between them are being run again."
        _write(self.words, self._finder.problem or (_GIVEN_UP if self._finder.given_up else looking))
        self.curve.show_course(x, y, (), self._appearance.theme, decimals)
        show_if(self.link, self._finder.given_up or bool(self._finder.problem))

    def _show_changes(self, changes: Sequence[Change], per_epoch: int, decimals: int) -> None:
        self._moments = tuple(change.moment for change in changes)
        self.list.rows.show(rows.change_rows(changes, per_epoch, decimals))

    def _open(self, row: int) -> None:
        self.asked.emit(self._moments[row])


class SamplesPage(QWidget):
    """`asked` carries a row of the mini-batch."""

    asked = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.words, self.sum, self.joined = quiet_words(), QLabel(), quiet_words()
        self.sum.setObjectName("why_sum")
        self.sum.setTextFormat(Qt.TextFormat.PlainText)
        self.sum.setWordWrap(True)
        self.joined.setText(rows.JOINED)
        self.list = BarList("why_samples", "What each sample contributes", appearance)
        self.list.opened.connect(self._open)
        self._order: tuple[int, ...] = ()
        _column(self, self.words, self.list, self.sum, self.joined)

    def show_parts(self, made: Contributions | None, symbol: str, sample: int, decimals: int) -> None:
        self._order = tuple(int(n) for n in made.order) if made is not None else ()
        _write(self.words, f"{symbol}: {rows.samples_words(made)}" if made is not None else _NOT_COMPUTED)
        self.list.rows.show(rows.sample_rows(made, sample, decimals) if made is not None else ())
        _write(self.sum, rows.samples_sum(made, decimals) if made is not None else "")
        show_if(self.sum, made is not None)
        show_if(self.joined, made is not None and made.joined)

    def _open(self, row: int) -> None:
        if row < len(self._order):  # the penalty is of no sample
            self.asked.emit(self._order[row])


def _column(page: QWidget, *widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget, int(isinstance(widget, BarList)))
    return column


def _write(label: QLabel, text: str) -> None:
    """Setting the same text again would lay the page out again."""
    if label.text() != text:
        label.setText(text)
