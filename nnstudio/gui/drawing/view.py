"""The tool to draw one's own points with: the plane at the left, what to draw with at its right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.drawn import MOST_POINTS, By, Sheet
from nnstudio.data.errors import DataError
from nnstudio.explain.numbers import count
from nnstudio.gui.plots.inference import ParameterWatch
from nnstudio.gui.tools.view import ToolView
from nnstudio.gui.widgets.form import Form
from nnstudio.gui.widgets.number_slider import NumberSlider
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.gui.widgets.side_column import SideColumn
from nnstudio.gui.widgets.slider import ValueSlider
from nnstudio.gui.wording import plain

from .brush import Brush
from .drawing import Drawing
from .ground import NOTHING, ground
from .palette import Palette
from .plane import DrawingPlane
from .stroke import Stroke

_CLASSES, _COLUMN = 120, 208
_LEAST_HEIGHT = 200
_MOST_SIZE, _MOST_COUNT = 25, 20
_DRAW, _ERASE = "Draw", "Erase"


class DrawingView(ToolView):
    """`drawing` holds the points; a stroke under way is shown before it is taken over."""

    interval = 0.1

    def compose(self) -> None:
        self.setObjectName("draw_points")
        self.drawing = Drawing(self.context.document, self)
        self.brush = Brush()
        self._stroke: Stroke | None = None
        self._shown: object = None
        self._watch: ParameterWatch | None = None
        self.plane = DrawingPlane()
        self.plane.setMinimumHeight(_LEAST_HEIGHT)
        self.by = Segmented([by.value for by in By], "What points have")
        self.mode = Segmented([_DRAW, _ERASE], "Brush or eraser")
        self.header.add(self.mode)
        self.header.add(self.by)
        halves = QHBoxLayout(self)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(24)
        halves.addWidget(self.plane, 1)
        self.palette_ = Palette()
        self.palette_.setFixedWidth(_CLASSES)
        halves.addWidget(self.palette_)
        halves.addWidget(SideColumn(self._controls()))
        self.setFocusProxy(self.plane)
        self._connect()
        self._show()

    def rebuild(self) -> None:
        self._watch = None

    def refresh(self) -> None:
        self._show()
        self._show_ground()

    def _controls(self) -> QWidget:
        self.value = NumberSlider("drawing_value", "Value to draw", -1.0, 1.0)
        self.value.setToolTip("The value of the points that are drawn")
        self.value.show_value(1.0)
        self.size_ = ValueSlider("brush_size", "Size of the brush", _MOST_SIZE, _percent)
        self.size_.setToolTip("How far the brush reaches, as a share of the plane")
        self.count = ValueSlider("brush_count", "Points of a dab", _MOST_COUNT - 1, _points)
        self.count.setToolTip("How many points the brush leaves where it touches the plane")
        self.start = _link("start_from_data", "Use the present data")
        self.start.setToolTip("Draw on the points that are learned from now, where they have two inputs")
        self.clear = _link("clear_points", "Clear")
        self.clear.setToolTip("Take all points away; Undo brings them back")
        self.note = QLabel()
        self.note.setObjectName("drawing_note")
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(3 * self.fontMetrics().lineSpacing())  # else longer words squeeze the rows above
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        return self._arranged()

    def _arranged(self) -> QWidget:
        form = Form()
        self._value_row = form.add("Value", self.value, fill=True)
        form.add("Brush", self.size_)
        form.add("Points", self.count)
        form.addSpacing(4)
        links = QHBoxLayout()
        links.setSpacing(16)
        for link in (self.start, self.clear):
            links.addWidget(link)
        links.addStretch(1)
        form.addLayout(links)
        form.addSpacing(4)
        form.addWidget(self.note)
        form.addStretch(1)
        box = QWidget()
        box.setFixedWidth(_COLUMN)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        return box

    def _connect(self) -> None:
        self.drawing.changed.connect(self._show)
        self.plane.pressed.connect(self._begin)
        self.plane.moved.connect(self._move)
        self.plane.released.connect(self._end)
        self.plane.number_pressed.connect(self._choose)
        self.mode.chosen.connect(self._mode_chosen)
        self.by.chosen.connect(self._by_chosen)
        # Only when the list is done with its editor: another sheet fills it anew.
        self.palette_.renamed.connect(self._rename, Qt.ConnectionType.QueuedConnection)
        self.palette_.class_wanted.connect(self._add_class)
        self.value.rejected.connect(self._say)
        for slider, slot in ((self.size_, self._set_size), (self.count, self._set_count)):
            slider.slid.connect(slot)
            slider.entered.connect(slot)
        self.size_.show_value(round(100 * self.brush.size), _MOST_SIZE)
        self.count.show_value(self.brush.count - 1, _MOST_COUNT - 1)
        self.start.clicked.connect(self._start_from_data)
        self.clear.clicked.connect(self._clear)

    def _show(self) -> None:
        """The sheet, or the stroke that is being drawn on it, where it is not shown already."""
        sheet = self._stroke.sheet if self._stroke is not None else self.drawing.sheet
        theme = self.context.appearance.theme
        if (shown := (sheet, theme, self.drawing.refusal)) == self._shown:
            return
        self._shown = shown
        self.plane.show_sheet(sheet, theme)
        self._show_brush()
        self.palette_.show_sheet(sheet, theme)
        self.palette_.setVisible(sheet.by is By.CLASS)
        self._value_row.setVisible(sheet.by is By.VALUE)
        blocked = self.by.blockSignals(True)
        self.by.choose(sheet.by.value)
        self.by.blockSignals(blocked)
        self.clear.setEnabled(bool(sheet.points))
        self.header.note.setText(f"{count(len(sheet.points))} points" if sheet.points else "")
        self._say(self._words(sheet), error=bool(self.drawing.refusal))
        if sheet.missing:
            self.plane.set_colours(NOTHING)

    def _show_brush(self) -> None:
        erasing = self.mode.current == _ERASE
        single = self.brush.count == 1 and not erasing
        reach = 0.0 if single else self.brush.eraser if erasing else self.brush.size
        self.plane.show_brush(reach, erasing=erasing)

    def _show_ground(self) -> None:
        """What the network says, where it has learned from these points; called while the machine is the window's."""
        sheet, run = self.drawing.sheet, self.context.session.run
        if not self.drawing.learned:
            self.plane.set_colours(NOTHING)
            self._watch = None
            return
        fresh = self._watch is None
        self._watch = self._watch or ParameterWatch(run.model)
        key = (sheet.x, sheet.y, self.context.appearance.theme)
        if self._watch.look() or fresh or key != self._ground:
            self._ground = key
            self.plane.set_colours(ground(run, sheet, self.context.appearance.theme))

    _ground: object = None

    def _words(self, sheet: Sheet) -> str:
        if self.drawing.refusal:
            return f"The network cannot learn from these points yet: {self.drawing.refusal}"
        if sheet.missing:
            return sheet.missing
        if len(sheet.points) >= MOST_POINTS:
            return f"{count(MOST_POINTS)} points are as many as can be drawn; erase some to draw others"
        return "The network learns from these points; F5 trains it"

    def _say(self, text: str, *, error: bool = False) -> None:
        self.note.setText(plain(text))
        for name, on in (("error", error), ("muted", not error)):
            self.note.setProperty(name, on)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _begin(self, x: float, y: float, erases: bool) -> None:
        sheet = self.drawing.sheet
        label = self.palette_.chosen if sheet.by is By.CLASS else self.value.value
        erases = erases or self.mode.current == _ERASE
        self._stroke = Stroke(sheet, self.brush, None if erases else label)
        self._move(x, y)

    def _move(self, x: float, y: float) -> None:
        if self._stroke is not None:
            self._stroke.move(x, y)
            self._show()

    def _end(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self.drawing.take(stroke.sheet, stroke.words)
            self._show()

    def _choose(self, number: int) -> None:
        self.palette_.choose(number - 1)

    def _mode_chosen(self, _text: str) -> None:
        self._show_brush()

    def _by_chosen(self, text: str) -> None:
        by = By(text)
        self.drawing.take(self.drawing.sheet.read_by(by), f"Points with {text.lower()}")

    def _rename(self, old: str, new: str) -> None:
        try:
            self.drawing.take(self.drawing.sheet.renamed(old, new), f"Rename class {old}")
        except DataError as error:
            self._say(str(error), error=True)

    def _add_class(self) -> None:
        sheet = self.drawing.sheet.with_class()
        self.drawing.take(sheet, f"Add class {sheet.classes[-1]}")
        self.palette_.choose(len(sheet.classes) - 1)

    def _set_size(self, percent: int) -> None:
        self.brush.size = percent / 100
        self._show_brush()

    def _set_count(self, step: int) -> None:
        self.brush.count = step + 1
        self._show_brush()

    def _start_from_data(self) -> None:
        try:
            self.drawing.take(self.drawing.present(), "Draw on the present data")
        except DataError as error:
            self._say(str(error), error=True)

    def _clear(self) -> None:
        sheet = self.drawing.sheet
        self.drawing.take(sheet.cleared(), "Clear the points")


def _link(name: str, text: str) -> QPushButton:
    link = QPushButton(text)
    link.setObjectName(name)
    link.setProperty("link", True)
    return link


def _percent(step: int) -> str:
    return f"{step} %"


def _points(step: int) -> str:
    return str(step + 1)
