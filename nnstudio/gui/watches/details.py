"""The chosen watch explained: what goes wrong, and where the check is from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from nnstudio.gui.widgets.panel_scroll import PanelScroll
from nnstudio.gui.wording import titled

from . import words
from .watching import Standing

_WIDTH = 208


class Details(PanelScroll):
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(margin=8)
        self.setMinimumWidth(_WIDTH)
        self._title = _label("heading")
        self._explanation = _label()
        self._explanation.setObjectName("watch_explanation")
        self._why_not = _label("muted")
        self._when = _label("muted")
        self._source = _label("muted")
        self._source.setObjectName("watch_source")
        self.problem = _label("error")
        self.problem.setObjectName("watch_problem")
        self.restore = link("watch_restore", "Back to the first threshold")
        self.restore.clicked.connect(self.restore_wanted)
        parts = (self._title, self._explanation, self.problem, self.restore, self._why_not)
        for widget in (*parts, self._when, self._source):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.show_problem("")

    def show_standing(self, standing: Standing) -> None:
        """Explain a watch as it stands."""
        watch = standing.watch
        self._title.setText(watch.title)
        self._explanation.setText(watch.explanation)
        self._why_not.setText(titled(standing.why_not))
        self._why_not.setVisible(bool(standing.why_not))
        self._when.setText(words.measured_when(watch))
        self._source.setText(f"After {watch.source}.")
        self.restore.setText(f"Back to the first threshold{'s' * (len(watch.thresholds) > 1)}")
        self.restore.setVisible(standing.changed)

    def show_problem(self, reason: str) -> None:
        """Why a threshold cannot be set; nothing where there is nothing to say."""
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))


def _label(property_: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if property_:
        label.setProperty(property_, True)
    return label


def link(name: str, text: str) -> QPushButton:
    """A button that reads as a link."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("link", True)
    button.setAutoDefault(False)
    return button
