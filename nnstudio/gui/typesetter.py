"""Typesets formulas: typst source in, a picture in the colours of the theme out.

One compiler is made at the first use and kept, since making one costs more than a dozen formulas. Where typst is
missing or refuses a source the reason is logged and the caller shows plain text instead. A source holds own symbols
and numbers alone; text from a user or a file never comes here.
"""

import logging
from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .theme import Theme

_log = logging.getLogger(__name__)
_KEPT = 256
_COLOURS = ("load", "parameter", "forward", "cost", "backward", "update")
_PREAMBLE = """#set page(width: {width}pt, height: auto, margin: (x: 0pt, y: 2pt), fill: none)
#set text(size: 15pt, fill: rgb("{text}"), top-edge: "bounds", bottom-edge: "bounds")
#set par(leading: 7pt)
#set text(font: "New Computer Modern")
#show math.equation: set text(font: "New Computer Modern Math")
#show math.frac: it => math.display(it)
#let small(body) = text(size: 13pt, body)
#let more(words, x) = text(size: 11pt, fill: rgb("{muted}"), box[#words $#x$)])
{colours}
{source}"""


class Typesetter:
    """Pictures of formulas, remembered by source, width, theme and the screen's pixel ratio."""

    def __init__(self) -> None:
        self._compiler: Any = None
        self._failed = False
        self._pictures: OrderedDict[tuple[str, int, bool, float], QPixmap] = OrderedDict()

    def warm_up(self) -> None:
        """Load typst and typeset once, so that the first formula is as quick as the others."""
        self._compile("#set page(width: 8pt, height: auto)\n$x^2 = bold(1)$")

    def picture(self, source: str, width: int, theme: Theme, ratio: float) -> QPixmap | None:
        """The formula `source` in a column of `width` pixels, or None where it cannot be typeset."""
        key = (source, width, theme.dark, ratio)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        svg = self._compile(_document(source, width, theme))
        if svg is None:
            return None
        picture = _render(svg, ratio)
        self._pictures[key] = picture
        if len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return picture

    def _compile(self, document: str) -> bytes | None:
        if self._failed:
            return None
        try:
            if self._compiler is None:
                import typst  # some 0.15 s: only when a formula is seen

                self._compiler = typst.Compiler(ignore_system_fonts=True)
            pages = self._compiler.compile(document.encode(), format="svg")
        except ImportError as error:
            self._failed = True
            _log.warning("Formulas are shown as plain text: typst cannot be loaded (%s)", error)
            return None
        except Exception as error:  # typst's own errors differ from version to version; a formula is never worth more
            _log.warning("A formula is shown as plain text: %s", error)
            return None
        return pages if isinstance(pages, bytes) else pages[0]


def _document(source: str, width: int, theme: Theme) -> str:
    colours = "\n".join(f'#let {name}(x) = text(fill: rgb("{getattr(theme, name)}"), x)' for name in _COLOURS)
    return _PREAMBLE.format(width=width, text=theme.text, muted=theme.muted, colours=colours, source=source)


def _render(svg: bytes, ratio: float) -> QPixmap:
    """The drawing at the screen's resolution; a point of the document is a pixel."""
    renderer = QSvgRenderer(QByteArray(svg))
    size = renderer.viewBoxF().size()
    picture = QPixmap(round(size.width() * ratio), max(round(size.height() * ratio), 1))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return picture
