"""What the network has learned: the picture that suits the data, and beside it the choices, the legend, a few words.

A picture that is not seen is not computed. While training runs it is redrawn with every frame, or a few times a second
where that is dear; while paused only after the parameters have changed.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from nnstudio.data.preparation import PartName
from nnstudio.gui.theme import LIGHT, Theme
from nnstudio.gui.widgets.segmented import Segmented
from nnstudio.training.run import Run

from .colour_bar import ColourBar
from .confusion_chart import ConfusionChart
from .confusion_picture import ConfusionPicture
from .curve_picture import CurvePicture
from .image_picture import ImagePicture
from .inference import ParameterWatch
from .legend import Legend
from .picture import Picture, Scene
from .plane_picture import PlanePicture
from .point_chart import PointChart
from .prediction_picture import PredictionPicture
from .views import Subject, View

_SLOW_SECONDS = 0.2
_SLICE_SECONDS = 0.005
_IDLE_MILLISECONDS = 120
_BETWEEN_SLICES = 5
_SIDE = 136
_SHORTEST_NAME = 8

PICTURES: dict[View, Callable[[], Picture]] = {
    View.MAP: PlanePicture,
    View.SURFACE: PlanePicture,
    View.CURVE: CurvePicture,
    View.PREDICTIONS: PredictionPicture,
    View.CONFUSION: ConfusionPicture,
    View.IMAGES: ImagePicture,
}
_BY_PART = (View.CONFUSION, View.IMAGES)
"""What is seen of one part of the rows at a time."""


class LearnedView(QWidget):
    row_clicked = Signal(int)
    stepped = Signal(int)
    cell_clicked = Signal(int, int)
    """The true and the predicted class of a cell of the confusion matrix."""
    changed = Signal()
    """Another view, part or target has been chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learned_view")
        self.theme: Theme = LIGHT
        self.view = View.MAP
        self._run: Run | None = None
        self._subject: Subject | None = None
        self._pictures: dict[Callable[[], Picture], Picture] = {}
        self._begun: object = None
        self._shown_at = 0.0
        self._row: int | None = None
        self._refining = QTimer(self, singleShot=True)
        self._refining.timeout.connect(self._refine)
        self._make_widgets()
        self._lay_out()

    @property
    def picture(self) -> Picture:
        """What is shown."""
        return self._picture(self.view)

    @property
    def part(self) -> PartName:
        """The rows of which part are counted."""
        return PartName(self._parts.current.lower())

    @property
    def subject(self) -> Subject | None:
        return self._subject

    def start(self, run: Run) -> None:
        """There is another run."""
        self.stop()
        self._run, self._subject = run, Subject(run.data)
        self._watch = ParameterWatch(run.model)
        self._begun = None
        views = self._subject.views
        self.view = self.view if self.view in views else views[0]
        self._set_choices(self._subject)

    def refresh(self, *, running: bool, row: int | None) -> None:
        """Show the network as it stands; `row` is the training row of the chosen sample."""
        if self._run is None or not self.isVisible():
            return
        picture = self._begin_picture()
        if self._due(picture, running=running):
            picture.show(running=running)
            self._shown_at = time.perf_counter()
            self._show_words(picture)
        if isinstance(picture.chart, PointChart):
            picture.chart.set_ring(None if row is None else picture.place(row))
        if not running:
            self._row = row
            self._refining.start(_IDLE_MILLISECONDS)  # not between steps in quick succession

    def stop(self) -> None:
        """Compute nothing any more: the machine is not the window's."""
        self._refining.stop()

    def choose(self, view: View) -> None:
        self._views.choose(view.value)

    def set_theme(self, theme: Theme) -> None:
        if theme is not self.theme:
            self.theme = theme
            self._begun = None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()

    def preferred_width(self, height: int) -> int:
        """How wide it would like to be at this height: a square picture and the words beside it."""
        wide = 1.35 if self.view in (View.CONFUSION, View.CURVE, View.PREDICTIONS, View.IMAGES) else 1.0
        return int(min(height, 520) * wide) + 24 + 12 + self._side.sizeHint().width()

    def _make_widgets(self) -> None:
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._views = Segmented(["Map"], "What the network has learned")
        self._parts = Segmented([_title(part) for part in PartName], "Rows counted")
        self._targets = QComboBox()
        self._targets.setAccessibleName("Target shown")
        self._targets.setMinimumContentsLength(_SHORTEST_NAME)
        self._targets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._legend = Legend(Qt.Orientation.Vertical)
        self._bar = ColourBar()
        self._summary, self._note = QLabel(), QLabel()
        for label in (self._summary, self._note):
            label.setProperty("muted", True)
            label.setWordWrap(True)
        self._note.setProperty("small", True)
        self._views.chosen.connect(self._view_chosen)
        self._parts.chosen.connect(self._part_chosen)
        self._targets.currentIndexChanged.connect(self._target_chosen)

    def _lay_out(self) -> None:
        self._side = _Side()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for choice in (self._views, self._targets, self._parts):
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._bar)
        column.addWidget(self._summary)
        column.addWidget(self._legend, 1)
        column.addWidget(self._note)
        column.addStretch(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._stack, 1)
        row.addWidget(self._side)

    def _set_choices(self, subject: Subject) -> None:
        for box, texts, current in (
            (self._views, [view.value for view in subject.views], self.view.value),
            (self._parts, [_title(part) for part in subject.data.parts], self._parts.current),
        ):
            blocked = box.blockSignals(True)
            box.set_texts(texts)
            box.choose(current)
            box.blockSignals(blocked)
        names = list(subject.data.target_names)
        blocked = self._targets.blockSignals(True)
        if [self._targets.itemText(n) for n in range(self._targets.count())] != names:
            self._targets.clear()
            self._targets.addItems(names if len(names) <= 100 else names[:100])
        self._targets.blockSignals(blocked)
        self._show_choices()

    def _show_choices(self) -> None:
        subject = self._subject
        if subject is None:
            return
        self._views.setVisible(len(subject.views) > 1)
        self._parts.setVisible(self.view in _BY_PART and len(subject.data.parts) > 1)
        several = not subject.classes and len(subject.data.target_names) > 1 and self.view is not View.IMAGES
        self._targets.setVisible(several)

    def _picture(self, view: View) -> Picture:
        kind = PICTURES[view]
        if kind not in self._pictures:
            picture = self._pictures[kind] = kind()
            self._stack.addWidget(picture.chart)
            if isinstance(picture.chart, PointChart):
                picture.chart.row_clicked.connect(self.row_clicked)
                picture.chart.stepped.connect(self.stepped)
            elif isinstance(picture.chart, ConfusionChart):
                picture.chart.cell_clicked.connect(self.cell_clicked)
        return self._pictures[kind]

    def _begin_picture(self) -> Picture:
        """The picture of the chosen view, begun for this run, theme and choice."""
        assert self._run is not None
        assert self._subject is not None
        picture = self._picture(self.view)
        target = max(self._targets.currentIndex(), 0) if not self._subject.classes else 0
        part = self.part
        key = (self._subject, self.view, self.theme, target, part)
        if key != self._begun:
            self._begun = key
            picture.begin(Scene(self._subject, self._run.model, self.theme, target, part))
            self._stack.setCurrentWidget(picture.chart)
            self._watch.forget()
            self._shown_at = 0.0
        return picture

    def _due(self, picture: Picture, *, running: bool) -> bool:
        if running:
            self._watch.forget()
            return not picture.slow or time.perf_counter() - self._shown_at > _SLOW_SECONDS
        relabelled = picture.follow_labels()
        return self._watch.look() or relabelled

    def _show_words(self, picture: Picture) -> None:
        scale = picture.scale()
        self._bar.setVisible(scale is not None)
        if scale is not None:
            self._bar.show_scale(scale, self.theme)
        self._legend.show_keys(picture.legend_keys(), self.theme)
        for label, text in ((self._summary, picture.summary()), (self._note, picture.note())):
            if label.text() != text:
                label.setText(text)
            if label.isHidden() is bool(text):
                label.setVisible(bool(text))
        words = ". ".join(word for word in (picture.summary(), picture.note()) if word)
        if picture.chart.accessibleDescription() != words:
            picture.chart.setAccessibleDescription(words)

    def _refine(self) -> None:
        """Go on with the picture a little; called while paused alone."""
        picture = self.picture
        if picture.refine(_SLICE_SECONDS):
            self._refining.start(_BETWEEN_SLICES)
            return
        self._show_words(picture)
        if isinstance(picture.chart, PointChart):
            picture.chart.set_ring(None if self._row is None else picture.place(self._row))

    def _view_chosen(self, text: str) -> None:
        self.view = View(text)
        self._show_choices()
        self.changed.emit()

    def _part_chosen(self, _text: str) -> None:
        self.changed.emit()

    def _target_chosen(self, _index: int) -> None:
        self.changed.emit()


def _title(part: PartName) -> str:
    return part.value.capitalize()


class _Side(QWidget):
    """The column beside the picture, of one width whatever it holds."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(_SIDE, hint.width()), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 0)
