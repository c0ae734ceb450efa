"""One way to fit the data: what it is called, how good it is, and a picture of what it says."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.engine.model import Model
from nnstudio.gui.plots.learned_view import PICTURES
from nnstudio.gui.plots.picture import Picture, Scene
from nnstudio.gui.plots.views import Subject
from nnstudio.gui.theme import Theme
from nnstudio.gui.widgets.elided_label import ElidedLabel

_SLICE_SECONDS = 0.004


class WayColumn(QWidget):
    """`picture` is that of the way, of the kind that suits the data."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.title, self.about, self.measured = QLabel(title), ElidedLabel(), ElidedLabel()
        self.title.setProperty("heading", True)
        self.about.setProperty("muted", True)
        self.measured.setObjectName(f"{name}_measured")
        self.measured.setAccessibleName(title)
        self.about.setProperty("small", True)
        self.picture: Picture | None = None
        self._pictures: dict[object, Picture] = {}
        self._begun: object = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        for label in (self.title, self.measured, self.about):
            self._layout.addWidget(label)
        self._layout.addStretch(0)

    def show_model(self, subject: Subject, model: Model, theme: Theme, *, running: bool) -> None:
        """Draw what the network says; more coarsely while it is learning."""
        picture = self._of(subject)
        key = (subject, model, theme)
        if key != self._begun:
            self._begun = key
            picture.begin(Scene(subject, model, theme))
        picture.show(running=running)
        picture.chart.setAccessibleDescription(self.measured.whole)

    def refine(self) -> bool:
        """Go on with the picture a little; whether there is more to do."""
        return self.picture is not None and self.picture.refine(_SLICE_SECONDS)

    def clear(self) -> None:
        """Nothing is known."""
        self._begun = None
        if self.picture is not None:
            self.picture.chart.hide()
            self.picture = None

    def _of(self, subject: Subject) -> Picture:
        kind = PICTURES[subject.views[0]]
        if kind not in self._pictures:
            made = self._pictures[kind] = kind()
            made.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            made.chart.setAccessibleName(f"{self.title.text()}: {made.chart.accessibleName()}")
            self._layout.insertWidget(self._layout.count() - 1, made.chart, 1)
        picture = self._pictures[kind]
        if picture is not self.picture:
            if self.picture is not None:
                self.picture.chart.hide()
            self.picture = picture
            picture.chart.show()
        return picture
