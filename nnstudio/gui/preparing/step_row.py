"""One step in the list: whether it is on, what it does, what there is after it; chosen, its settings below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.data.pipeline import Step
from nnstudio.data.pipeline.words import step_words
from nnstudio.explain.numbers import count
from nnstudio.gui.appearance import Appearance
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.icon_button import IconButton

from .step_form import StepForm


class StepRow(QFrame):
    """Its signals carry its place in the list first."""

    switched = Signal(int, bool)
    moved = Signal(int, int)
    removed = Signal(int)
    opened = Signal(int)
    changed = Signal(int, object)
    rejected = Signal(str)

    def __init__(self, place: int, step: Step, before: tuple[str, ...], appearance: Appearance, *, last: bool) -> None:
        super().__init__()
        self.place, self.step = place, step
        self._before = before
        self.form: StepForm | None = None
        self.on = QCheckBox()
        self.on.setChecked(step.on)
        self.on.setObjectName("step_on")
        self.on.setAccessibleName(f"Step {place + 1} is on: {step_words(step)}")
        self.on.toggled.connect(self._switch)
        self.words = ElidedLabel(step_words(step))
        self.words.setObjectName("step_words")
        self.after = QLabel()
        self.after.setProperty("muted", True)
        self.note = ElidedLabel()
        for label in (self.note,):
            label.setProperty("muted", True)
            label.setProperty("small", True)
        self._buttons = self._make_buttons(appearance, last=last)
        self._lay_out()

    def show_stage(self, shape: tuple[int, int] | None, found: str, notes: tuple[str, ...]) -> None:
        """What there is after it; None where that is not known."""
        self.after.setText("" if shape is None else f"{count(shape[0])} × {count(shape[1])}")
        self.after.setToolTip("Training rows × columns after this step")
        said = "; ".join(filter(None, (found, *notes)))
        self.note.show_text(said)
        self.note.setVisible(bool(said))

    def open(self, on: bool) -> None:
        """Show its settings, or hide them."""
        if on and self.form is None:
            self.form = StepForm(self.step, self._before)
            self.form.changed.connect(self._change)
            self.form.rejected.connect(self.rejected)
            self._column.addWidget(self.form)
        if self.form is not None:
            self.form.setVisible(on)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self.place)

    def _make_buttons(self, appearance: Appearance, *, last: bool) -> list[IconButton]:
        what = step_words(self.step)
        settings = IconButton("step_settings", "mdi6.tune-variant", f"Settings of “{what}”", appearance)
        up = IconButton("step_up", "mdi6.chevron-up", f"Do “{what}” earlier", appearance)
        down = IconButton("step_down", "mdi6.chevron-down", f"Do “{what}” later", appearance)
        remove = IconButton("step_remove", "mdi6.close", f"Remove “{what}”", appearance)
        settings.clicked.connect(self._open)
        up.clicked.connect(self._up)
        down.clicked.connect(self._down)
        remove.clicked.connect(self._remove)
        up.set_possible(self.place > 0, "it is the first")
        down.set_possible(not last, "it is the last")
        return [settings, up, down, remove]

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.on)
        head.addWidget(self.words, 1)
        head.addWidget(self.after)
        for button in self._buttons:
            head.addWidget(button)
        inset = QWidget()
        row = QHBoxLayout(inset)
        row.setContentsMargins(self.on.sizeHint().width() + head.spacing(), 0, 0, 0)
        row.addWidget(self.note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self._column.addWidget(inset)

    def _switch(self, on: bool) -> None:
        self.switched.emit(self.place, on)

    def _open(self) -> None:
        self.opened.emit(self.place)

    def _up(self) -> None:
        self.moved.emit(self.place, self.place - 1)

    def _down(self) -> None:
        self.moved.emit(self.place, self.place + 1)

    def _remove(self) -> None:
        self.removed.emit(self.place)

    def _change(self, changed: dict[str, object]) -> None:
        self.changed.emit(self.place, changed)
