"""Facts side by side, on two lines where one has no room for them: no line ends in the middle of a fact."""

import re

from PySide6.QtCore import Qt

from .elided_label import ElidedLabel

_BEHIND_A_FACT = re.compile(r"(?<= · )|(?<=, )")


class TwoLines(ElidedLabel):
    """Text of facts with " · " or ", " between them; what two lines have no room for is elided."""

    def fitted(self, width: int) -> str:
        if self._fits(self.whole, width):
            return self.whole
        facts = [fact for fact in _BEHIND_A_FACT.split(self.whole) if fact]
        first = facts.pop(0)
        while facts and self._fits(_ended(first + facts[0]), width):
            first += facts.pop(0)
        lines = (_ended(first), "".join(facts))
        return "\n".join(self._elided(line, width) for line in lines if line)

    def _fits(self, text: str, width: int) -> bool:
        return self.fontMetrics().horizontalAdvance(text) <= width

    def _elided(self, text: str, width: int) -> str:
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)


def _ended(line: str) -> str:
    """A line without the dot that would stand at its end."""
    return line.removesuffix(" · ").rstrip()
