"""A sum as a ledger: a row a term, with its symbol, its numbers, and the sum so far; the term at hand is lit.

Of a long sum the rows far before and far behind it are counted. The typesetting source calls `ledger` with the number
of the lit row and the cells, three a row, and `aside` with quiet words; whoever typesets it defines both.
"""

from .explanation import Explanation, Formula
from .numbers import count
from .reading import Reading, symbol_of
from .terms import Place, Terms
from .writing import BECOMES, EQUALS, Math, formula, number, result

_BEFORE, _AFTER = 5, 2
"""So many rows are shown before the term at hand, and after it (more where there are none before)."""


def ledger(headline: str, reading: Reading, place: Place, terms: Terms, at: int) -> Explanation:
    """An element's sum as far as the term at `at`."""
    slot, index = place
    left = symbol_of(reading.machine, slot, *index).coloured(reading.kind(slot))
    sign = BECOMES if slot in reading.op.reads else EQUALS
    whole = formula((left, sign + terms.sum.whole))
    last = at == len(terms) - 1
    rows = _Rows(terms, at, reading.decimals)
    end = [formula(left + EQUALS + result(terms.running(at), reading.decimals, reading.kind(slot)))] if last else []
    return Explanation(headline, (whole, rows.formula(), *end), result=terms.running(at) if last else None)


class _Rows:
    """The rows around the term at hand."""

    def __init__(self, terms: Terms, at: int, decimals: int) -> None:
        self._terms, self._at, self._decimals = terms, at, decimals
        self._first = max(min(at - _BEFORE, len(terms) - 1 - _BEFORE - _AFTER), 0)
        self._end = min(max(at + _AFTER, _BEFORE + _AFTER) + 1, len(terms))

    def formula(self) -> Formula:
        cells, lines = [], []
        if self._first:
            so_far = number(self._terms.running(self._first - 1), self._decimals)
            words = f"… {count(self._first)} before"
            cells += [f"[#aside[{words}]]", "[]", f"[${so_far.typst}$]"]
            lines.append(f"{words}: {so_far.plain}")
        for n in range(self._first, self._end):
            symbol, numbers, running = self._row(n)
            cells += [f"[${symbol.typst}$]", f"[#small[${numbers.typst}$]]", f"[${running.typst}$]"]
            sum_so_far = f"; so far {running.plain}" if running.plain else ""
            lines.append(f"{'▸' if n == self._at else ' '} {symbol.plain} = {numbers.plain}{sum_so_far}")
        if self._end < len(self._terms):
            words = f"{count(len(self._terms) - self._end)} more to come"
            cells += [f"[#aside[… {words}]]", "[]", "[]"]
            lines.append(f"… {words}")
        lit = self._at - self._first + bool(self._first)
        return Formula(f"#ledger({lit}, {', '.join(cells)})", "\n".join(lines), focus=(lit + 1) / len(lines))

    def _row(self, n: int) -> tuple[Math, Math, Math]:
        """Symbol, numbers and the sum so far, which is not known yet behind the term at hand."""
        term = self._terms[n]
        running = Math("", "")
        if n == self._at:
            running = result(term.running, self._decimals, None)
        elif n < self._at:
            running = number(term.running, self._decimals)
        return term.symbol, term.numbers, running
