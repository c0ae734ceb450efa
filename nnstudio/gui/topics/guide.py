"""Shows the card of a choice: while the pointer rests on its closed drop-down, and beside the open list for the entry
that the pointer or the keyboard is at. The one card is made when it is first wanted."""

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QWidget

from nnstudio.gui.appearance import Appearance
from nnstudio.gui.typesetter import Typesetter
from nnstudio.gui.widgets.choice import Choice

from .card import TopicCard

_LEAVING = (
    QEvent.Type.Leave,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
    QEvent.Type.WindowDeactivate,
)


class Guide(QObject):
    """`watch` each choice whose options have topics."""

    def __init__(self, window: QWidget, appearance: Appearance, typesetter: Typesetter) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self._typesetter = typesetter
        self._card: TopicCard | None = None
        self._open: Choice | None = None
        """The choice whose list is open."""

    @property
    def card(self) -> TopicCard | None:
        return self._card

    def watch(self, choice: Choice) -> None:
        choice.installEventFilter(self)
        choice.opened.connect(self._list_opened)
        choice.highlighted.connect(self._entry_reached)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(watched, Choice):
            if kind == QEvent.Type.ToolTip:
                return self._tell(watched, watched.currentIndex(), _on_screen(watched))
            if kind in _LEAVING and self._open is None:
                self._hide()
        elif kind == QEvent.Type.Hide:
            self._open = None
            self._hide()
        return super().eventFilter(watched, event)

    def _list_opened(self) -> None:
        choice = self.sender()
        assert isinstance(choice, Choice)
        self._open = choice
        choice.view().window().installEventFilter(self)
        self._entry_reached(choice.currentIndex())

    def _entry_reached(self, row: int) -> None:
        if self._open is not None:
            self._tell(self._open, row, self._open.view().window().geometry())

    def _tell(self, choice: Choice, row: int, beside: QRect) -> bool:
        option = choice.option(row)
        if option is None or option.topic is None:
            return False
        if self._card is None:
            self._card = TopicCard(self._window, self._typesetter)
        self._card.show_topic(option.topic(), beside, self._appearance.theme, option.unfit)
        return True

    def _hide(self) -> None:
        if self._card is not None:
            self._card.hide()


def _on_screen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())
