"""The card that tells a topic, beside the list or the control it belongs to. It takes neither keyboard nor mouse."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.theme import Theme
from nnstudio.gui.typesetter import Typesetter

from .picture import ShapePicture
from .topic import Topic

_INNER = 288
_PADDING = 14
_AWAY = 6


class TopicCard(QFrame):
    """A tooltip with formulas and a plot. Formulas that cannot be typeset are shown as plain text."""

    def __init__(self, parent: QWidget, typesetter: Typesetter) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        self.setObjectName("topic_card")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._typesetter = typesetter
        self.title, self.summary, self.warning, self.note = _words(), _words(), _words(), _words()
        self.title.setProperty("heading", True)
        self.warning.setProperty("error", True)
        for quiet in (self.summary, self.note):
            quiet.setProperty("muted", True)
        self.note.setProperty("small", True)
        self.formulas: list[QLabel] = []
        self.picture = ShapePicture(_INNER)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_PADDING, _PADDING - 4, _PADDING, _PADDING - 2)
        self._column.setSpacing(8)
        for part in (self.title, self.summary, self.warning, self.note, self.picture):
            self._column.addWidget(part)

    def show_topic(self, topic: Topic, beside: QRect, theme: Theme, warning: str = "") -> None:
        """Tell it next to a rectangle of the screen. `warning` says why this cannot be chosen now."""
        self.setAccessibleName(topic.plain)
        for label, text in (
            (self.title, topic.title),
            (self.summary, topic.summary),
            (self.warning, warning),
            (self.note, topic.note),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._show_formulas(topic, theme)
        self.picture.setVisible(topic.shape is not None)
        if topic.shape is not None:
            self.picture.show_shape(topic.shape(), theme)
        self._place(beside)
        self.show()

    def _show_formulas(self, topic: Topic, theme: Theme) -> None:
        while len(self.formulas) < len(topic.formulas):
            self.formulas.append(_words())
            self._column.insertWidget(self._column.indexOf(self.note), self.formulas[-1])
        sources = [formula.typst for formula in topic.formulas]
        pictures = self._typesetter.pictures(sources, _INNER, theme, self._ratio())
        for number, label in enumerate(self.formulas):
            label.setVisible(number < len(topic.formulas))
            if number < len(topic.formulas):
                _show(label, topic.formulas[number].plain, pictures[number])

    def _ratio(self) -> float:
        parent = self.parentWidget()
        return parent.devicePixelRatioF() if parent is not None else 1.0

    def _place(self, beside: QRect) -> None:
        """At the right where there is room, else at the left; whole on the screen."""
        width = _INNER + 2 * _PADDING
        height = self._column.totalHeightForWidth(width)
        screen = self.screen().availableGeometry()
        x = beside.right() + _AWAY
        if x + width > screen.right():
            x = beside.left() - _AWAY - width
        y = min(beside.top(), screen.bottom() - height)
        self.setGeometry(max(x, screen.left()), max(y, screen.top()), width, height)


def _show(label: QLabel, plain: str, picture: QPixmap | None) -> None:
    if picture is None:
        label.setText(plain)
    else:
        label.setPixmap(picture)
        label.setAccessibleName(plain)


def _words() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFixedWidth(_INNER)
    return label
