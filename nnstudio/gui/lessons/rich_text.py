"""Markdown with typeset formulas, as high as it needs to be. Qt lays out the prose; formulas are pictures in it that
stand on its base line. Where typst is missing they are plain text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPixmap,
    QRegion,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from nnstudio.explain.explanation import Formula
from nnstudio.explain.speech import spoken
from nnstudio.gui.context import Context
from nnstudio.lessons.text import Block, Display, Prose

_SCHEME = "formula"
_ABOVE, _BELOW, _MARGIN = 26, 16, 2
"""How far a formula in a line may reach above and below its base line, as a fraction does, and the margin of its
picture, in pixels. Of that the picture keeps what is drawn."""
_IN_LINE = "#[#set text(size: 14pt, top-edge: {above}pt, bottom-edge: -{below}pt)\n{source}]"
_PARAGRAPH, _ITEM = 8, 2
"""The room below a paragraph, and below an entry of a list that is not its last, in pixels."""
_NARROWEST = 120
_PUNCTUATION = re.compile(r"[.,;:?!)]+(?=\s|$)")
_SPECIAL = re.compile(r"([\\\[\]`*_<>!#])")


class RichText(QTextBrowser):
    """`show_blocks` says what to show; `refresh` does it in the colours of the theme."""

    def __init__(self, name: str, what: str, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._blocks: Sequence[Block] = ()
        self._drawn: tuple[object, ...] = ()
        self._pictures: list[QPixmap] = []
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for set_policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("background: transparent")
        self.document().setDocumentMargin(0)

    @property
    def shown(self) -> str:
        """What there is to read, as plain text."""
        return "\n".join(block.plain.strip() for block in self._blocks)

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show these, or nothing at all."""
        self._blocks = [block if isinstance(block, Display) else Prose(_held_together(block.parts)) for block in blocks]
        self.setVisible(bool(blocks))
        self.setAccessibleDescription(_spoken(blocks))
        self.refresh()

    def refresh(self) -> None:
        """Draw what is to be shown, unless it has been drawn so already."""
        theme, ratio = self._context.appearance.theme, self.devicePixelRatioF()
        wanted = (self._blocks, self._width, theme.dark, ratio)
        if wanted == self._drawn or not self._blocks:
            return
        self._drawn = wanted
        formulas = _formulas(self._blocks)
        sources = [_source(one, in_line) for one, in_line in formulas]
        pictures = self._context.typesetter.pictures(sources, self._width, theme, ratio)
        half = QFontMetricsF(self.font()).xHeight() / 2
        self._pictures = [
            QPixmap() if picture is None else _standing(_cropped(picture), half) if in_line else _cropped(picture)
            for picture, (_, in_line) in zip(pictures, formulas, strict=True)
        ]
        features = QTextDocument.MarkdownFeature
        self.document().setDefaultFont(self.font())
        self.document().setMarkdown(
            _markdown(self._blocks, self._pictures), features.MarkdownDialectGitHub | features.MarkdownNoHTML
        )
        self._stand_on_the_line([in_line for _, in_line in formulas])
        self._part_paragraphs()
        self._fit()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Formulas alone: nothing that a text names is read from anywhere."""
        url = QUrl(name)
        if url.scheme() == _SCHEME and url.path().isdecimal() and int(url.path()) < len(self._pictures):
            return self._pictures[int(url.path())]
        return None

    def sizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.refresh()
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._drawn = ()
            self.refresh()

    @property
    def _width(self) -> int:
        return max(self.width(), _NARROWEST)

    def _fit(self) -> None:
        self.document().setTextWidth(self._width)
        self.setFixedHeight(ceil(self.document().size().height()))

    def _part_paragraphs(self) -> None:
        """With room between them, and none around all."""
        block = self.document().begin()
        while block.isValid():
            form = block.blockFormat()
            form.setTopMargin(0)
            last = not block.next().isValid()
            form.setBottomMargin(0 if last else _ITEM if block.textList() and block.next().textList() else _PARAGRAPH)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def _stand_on_the_line(self, in_line: Sequence[bool]) -> None:
        """Pictures in a line are made to be centred on it so that their base line is the text's."""
        centred = QTextCharFormat()
        centred.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        for position, number in _images(self.document()):
            if in_line[number]:
                cursor = QTextCursor(self.document())
                cursor.setPosition(position)
                cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(centred)


def _held_together(parts: Sequence[str | Formula]) -> tuple[str | Formula, ...]:
    """With the punctuation behind a formula as a part of its picture: Qt would break a line between the two."""
    held: list[str | Formula] = []
    for part in parts:
        before = held[-1] if held else None
        if isinstance(part, str) and isinstance(before, Formula) and (found := _PUNCTUATION.match(part)):
            held[-1] = replace(before, typst=before.typst + found[0], plain=before.plain + found[0])
            part = part[found.end() :]
        held.append(part)
    return tuple(held)


def _formulas(blocks: Sequence[Block]) -> list[tuple[Formula, bool]]:
    """All formulas in their order, and whether they stand in a line."""
    found: list[tuple[Formula, bool]] = []
    for block in blocks:
        if isinstance(block, Display):
            found.append((block.formula, False))
        else:
            found += [(part, True) for part in block.parts if isinstance(part, Formula)]
    return found


def _source(formula: Formula, in_line: bool) -> str:
    return _IN_LINE.format(above=_ABOVE, below=_BELOW, source=formula.typst) if in_line else formula.typst


def _spoken(blocks: Sequence[Block]) -> str:
    parts = [
        spoken(block.formula)
        if isinstance(block, Display)
        else "".join(part if isinstance(part, str) else spoken(part) for part in block.parts).strip()
        for block in blocks
    ]
    return "\n".join(parts)


def _markdown(blocks: Sequence[Block], pictures: Sequence[QPixmap]) -> str:
    """With a picture for each formula, or its plain text where there is none."""
    numbers = iter(range(len(pictures)))

    def written(formula: Formula) -> str:
        number = next(numbers)
        if pictures[number].isNull():
            return _SPECIAL.sub(r"\\\1", formula.plain)
        return f"![formula]({_SCHEME}:{number})"  # Qt draws one for each part of these words, so there is one

    texts = [
        f"\n\n{written(block.formula)}\n\n"
        if isinstance(block, Display)
        else "".join(part if isinstance(part, str) else written(part) for part in block.parts)
        for block in blocks
    ]
    return "".join(texts)


def _images(document: QTextDocument) -> list[tuple[int, int]]:
    """Where pictures stand, and which."""
    found: list[tuple[int, int]] = []
    block = document.begin()
    while block.isValid():
        parts = block.begin()
        while not parts.atEnd():
            fragment = parts.fragment()
            if fragment.charFormat().isImageFormat():
                number = int(QUrl(fragment.charFormat().toImageFormat().name()).path())
                found += [(fragment.position() + at, number) for at in range(fragment.length())]
            parts += 1
        block = block.next()
    return found


def _cropped(picture: QPixmap) -> QPixmap:
    """Without the empty column at its right: a formula is typeset in the width of the text."""
    ratio = picture.devicePixelRatio()
    drawn = QRegion(picture.mask()).boundingRect()
    width = min(drawn.right() + 2, picture.width())
    cropped = picture.copy(0, 0, width, picture.height())
    cropped.setDevicePixelRatio(ratio)
    return cropped


def _standing(picture: QPixmap, half: float) -> QPixmap:
    """So high that what is centred on `half` the height of an x has its base line where text has, and no higher."""
    ratio = picture.devicePixelRatio()
    drawn = QRegion(picture.mask()).boundingRect()
    base = picture.height() / ratio - _BELOW - _MARGIN
    above, below = base - drawn.top() / ratio + 1, (drawn.bottom() + 1) / ratio - base + 1
    lower = max(below, above - half)
    size = QSize(ceil(picture.width() / ratio), ceil(2 * lower + half))
    standing = QPixmap(size * ratio)
    standing.setDevicePixelRatio(ratio)
    standing.fill(Qt.GlobalColor.transparent)
    painter = QPainter(standing)
    painter.drawPixmap(0, round(lower + half - base), picture)
    painter.end()
    return standing
