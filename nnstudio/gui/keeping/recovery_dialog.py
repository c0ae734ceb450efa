"""The list of what was recovered, beside what was last saved: a card each, with a picture. It blocks nothing."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.project import Recoverable

from .left_over import kept_words, saved_words

_PICTURE = QSize(208, 130)
_CARDS_AT_ONCE = 3


class RecoveryDialog(QDialog):
    """Later is to close it; then all stays as it is."""

    open_requested = Signal(Recoverable)
    discard_requested = Signal(Recoverable)

    def __init__(self, found: Sequence[Recoverable], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery_dialog")
        self.setWindowTitle("Recovered work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._cards: dict[object, QWidget] = {}
        cards = QVBoxLayout()
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(8)
        for one in found:
            self._cards[one.path] = card = _Card(one, self)
            cards.addWidget(card)
        cards.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(_label("Work that was not saved", "big"))
        layout.addWidget(_label("NN Studio ended before it was closed. This is what it had kept until then.", "muted"))
        layout.addSpacing(8)
        layout.addWidget(_scrolled(cards, len(found)), 1)
        layout.addLayout(self._bottom())
        self.resize(680, self.sizeHint().height())

    def remove(self, found: Recoverable) -> None:
        """It has been opened or discarded; without any left there is nothing to ask."""
        card = self._cards.pop(found.path, None)
        if card is not None:
            card.hide()
            card.deleteLater()
        if not self._cards:
            self.close()

    def _bottom(self) -> QHBoxLayout:
        later = QPushButton("Later")
        later.setObjectName("recover_later")
        later.setToolTip("Decide at the next start, or by File › Recovered work")
        later.setAutoDefault(False)
        later.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addStretch()
        row.addWidget(later)
        return row


class _Card(QFrame):
    def __init__(self, found: Recoverable, dialog: RecoveryDialog) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setAccessibleName(found.name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(_picture(found.picture))
        layout.addLayout(_words(found), 1)
        layout.addLayout(self._buttons(found, dialog))

    @staticmethod
    def _buttons(found: Recoverable, dialog: RecoveryDialog) -> QVBoxLayout:
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        open_ = QPushButton("Open")
        open_.setObjectName("recover_open")
        open_.setProperty("primary", True)
        open_.setAccessibleName(f"Open {found.name}")
        open_.setEnabled(not found.problem)
        open_.clicked.connect(partial(dialog.open_requested.emit, found))
        discard = QPushButton("Discard…")
        discard.setObjectName("recover_discard")
        discard.setAccessibleName(f"Discard {found.name}")
        discard.setAutoDefault(False)
        discard.clicked.connect(partial(dialog.discard_requested.emit, found))
        buttons.addWidget(open_)
        buttons.addWidget(discard)
        buttons.addStretch()
        return buttons


def _words(found: Recoverable) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setSpacing(4)
    name = ElidedLabel(found.name)
    name.setProperty("heading", True)
    layout.addWidget(name)
    layout.addWidget(ElidedLabel(kept_words(found)))
    saved = ElidedLabel()
    saved.show_text(saved_words(found), "" if found.origin is None else str(found.origin))
    saved.setProperty("muted", True)
    layout.addWidget(saved)
    if found.problem:
        problem = _label(f"Damaged: {found.problem}", "error")
        problem.setWordWrap(True)
        layout.addWidget(problem)
    layout.addStretch()
    return layout


def _picture(png: bytes) -> QLabel:
    """How the window looked, or an empty place."""
    label = QLabel()
    label.setFixedSize(_PICTURE)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setAccessibleName("How the window looked")
    picture = QPixmap()
    if png and picture.loadFromData(png):
        ratio = label.devicePixelRatioF()
        picture = picture.scaled(
            _PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        picture.setDevicePixelRatio(ratio)
        label.setPixmap(picture)
    else:
        label.setText("No picture")
        label.setProperty("muted", True)
    return label


def _scrolled(cards: QVBoxLayout, number: int) -> QScrollArea:
    inner = QWidget()
    inner.setLayout(cards)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setMinimumHeight(min(number, _CARDS_AT_ONCE) * (_PICTURE.height() + 40))
    return area


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty(kind, True)
    return label
