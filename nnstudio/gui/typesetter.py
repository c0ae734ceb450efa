"""Typesets formulas: typst source in, a picture in the colours of the theme out.

One compiler is made at the first use and kept, since making one costs more than a dozen formulas. Formulas that are
shown together are the pages of one document, which takes about half the time of a document each. Where typst is
missing or refuses a source the reason is logged and the caller shows plain text instead. A source holds own symbols
and numbers alone; text from a user or a file never comes here.

typst lets the interpreter go on while it works, so a step begins its formulas (`begin`), brings the other panels up to
date meanwhile, and then takes the pictures.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtGui import QImage, QPixmap

from . import sharing
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
"""
_FUNCTIONS = """#let small(body) = text(size: 13pt, body)
#let more(words, x) = text(size: 11pt, fill: rgb("{muted}"), box[#words $#x$)])
#let aside(words) = text(size: 11pt, fill: rgb("{muted}"), words)
#let ledger(lit, ..cells) = grid(
  columns: (auto, 1fr, auto),
  inset: (x: 5pt, y: 5pt),
  align: (left + horizon, left + horizon, right + horizon),
  fill: (_, y) => if y == lit {{ rgb("{muted}").transparentize(82%) }},
  ..cells,
)
{colours}
"""
_POINTS_AN_INCH = 72


_Key = tuple[str, int, bool, float]
"""Source, width, whether the theme is dark, and the screen's pixel ratio."""


class Typesetter:
    """Pictures of formulas, remembered by source, width, theme and the screen's pixel ratio."""

    def __init__(self) -> None:
        self._compiler: Any = None
        self._failed = False
        self._pictures: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetting")
        self._begun: Future[dict[_Key, QImage]] | None = None
        self._closed = False

    def close(self) -> None:
        """End the thread of what is begun. What is still asked for is typeset all the same, but nothing is begun."""
        self._closed = True
        self._aside.shutdown()
        sharing.end(self)

    def warm_up(self) -> None:
        """Load typst and typeset once, so that the first formula is as quick as the others."""
        self._compile("#set page(width: 8pt, height: auto)\n$x^2 = bold(1)$", 1.0)

    def begin(self, sources: Sequence[str], width: int, theme: Theme, ratio: float) -> None:
        """Begin to typeset what `pictures` will be asked for."""
        self._take_begun()
        if not self._closed and (new := self._unknown(sources, width, theme, ratio)):
            sharing.begin(self)
            self._begun = self._aside.submit(self._typeset, new, width, theme, ratio)

    def pictures(self, sources: Sequence[str], width: int, theme: Theme, ratio: float) -> list[QPixmap | None]:
        """Each formula of `sources` in a column of `width` pixels, or None where it cannot be typeset."""
        self._take_begun()
        self._remember(self._typeset(self._unknown(sources, width, theme, ratio), width, theme, ratio))
        found = [self._recall((source, width, theme.dark, ratio)) for source in sources]
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return found

    def _unknown(self, sources: Sequence[str], width: int, theme: Theme, ratio: float) -> list[str]:
        return [source for source in dict.fromkeys(sources) if (source, width, theme.dark, ratio) not in self._pictures]

    def _take_begun(self) -> None:
        """Wait for what was begun; only one at a time may use the compiler."""
        if self._begun is not None:
            begun, self._begun = self._begun, None
            made = begun.result()
            sharing.end(self)
            self._remember(made)

    def _remember(self, made: dict[_Key, QImage]) -> None:
        for key, image in made.items():
            self._pictures[key] = QPixmap.fromImage(image)

    def _recall(self, key: _Key) -> QPixmap | None:
        if key in self._pictures:
            self._pictures.move_to_end(key)
        return self._pictures.get(key)

    def _typeset(self, sources: Sequence[str], width: int, theme: Theme, ratio: float) -> dict[_Key, QImage]:
        """All at once; where typst refuses that, one by one, so that only the formula at fault is missing."""
        if not sources or self._failed:
            return {}
        pages = self._compile(_document(sources, width, theme), ratio, quietly=len(sources) > 1)
        if len(pages) == len(sources):
            keys = [(source, width, theme.dark, ratio) for source in sources]
            return {key: _image(page, ratio) for key, page in zip(keys, pages, strict=True)}
        if len(sources) == 1:
            return {}
        return {key: made for one in sources for key, made in self._typeset([one], width, theme, ratio).items()}

    def _compile(self, document: str, ratio: float, *, quietly: bool = False) -> list[bytes]:
        """The pages as PNG at the screen's resolution: a point of the document is a pixel. None where it fails."""
        try:
            if self._compiler is None:
                import typst  # some 0.15 s: only when a formula is seen

                self._compiler = typst.Compiler(ignore_system_fonts=True)
            pages = self._compiler.compile(document.encode(), format="png", ppi=_POINTS_AN_INCH * ratio)
        except ImportError as error:
            self._failed = True
            _log.warning("Formulas are shown as plain text: typst cannot be loaded (%s)", error)
            return []
        except Exception as error:  # typst's own errors differ from version to version; a formula is never worth more
            if not quietly:
                _log.warning("A formula is shown as plain text: %s", error)
            return []
        return [pages] if isinstance(pages, bytes) else pages


def definitions(theme: Theme) -> str:
    """The functions that a source calls, in typst."""
    colours = "\n".join(f'#let {name}(x) = text(fill: rgb("{getattr(theme, name)}"), x)' for name in _COLOURS)
    return _FUNCTIONS.format(muted=theme.muted, colours=colours)


def _document(sources: Sequence[str], width: int, theme: Theme) -> str:
    preamble = _PREAMBLE.format(width=width, text=theme.text)
    return preamble + definitions(theme) + "\n#pagebreak()\n".join(sources)


def _image(page: bytes, ratio: float) -> QImage:
    image = QImage.fromData(page)
    image.setDevicePixelRatio(ratio)
    return image
