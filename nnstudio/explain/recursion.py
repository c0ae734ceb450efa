"""The chain rule as backpropagation applies it: one vector of slopes a layer, each from that of the layer after it.

With δ = ∂J/∂z the sum over all paths is taken once a layer, not once a path:

    δᴸ = ∂J/∂aᴸ ⊙ σ′(zᴸ)        δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) ⊙ σ′(zˡ)        ∂J/∂Wˡᵤᵢ = δˡᵤ aˡ⁻¹ᵢ

The mask of dropout is one factor more; of softmax, whose outputs depend on all sums, the slope is a matrix. So it is
of a normalization, but its product with the slopes comes down to two means:

    δˡ = (∂J/∂hˡ − p − hˡ ⊙ q) / √(σ² + ε)        p the mean of ∂J/∂h, q that of ∂J/∂h ⊙ h

The vectors are the machine's own slots of the chosen sample.
"""

from collections.abc import Iterator

import numpy as np

from nnstudio.engine.naming import parse

from . import notation
from .chain import Chain
from .chain_rule import symbol
from .explanation import Explanation, Formula
from .factors import came_in, factors_of, lent_by, of_kind
from .handing_back import means_back
from .numbers import whole
from .route import COST, Link
from .writing import EQUALS, Kind, Math, equals, factor, formula, joined, number, parenthesized, product, result

_MOST_ENTRIES = 4
_TIMES = Math("dot.o", "⊙")


def recursion(chain: Chain, decimals: int) -> Explanation:
    """From the outputs to the layer of the parameter, with the numbers of the sample that are known."""
    writer = _Writer(chain, decimals)
    headline = "Backpropagation adds up over the paths once a layer, with δ = ∂J/∂z:"
    return Explanation(headline, (*writer.layers(), writer.parameter()))


class _Writer:
    def __init__(self, chain: Chain, decimals: int) -> None:
        self._chain, self._machine, self._decimals = chain, chain.machine, decimals

    def layers(self) -> Iterator[Formula]:
        """A formula a layer, the last layer first; more where a matrix of slopes stands in the middle of one."""
        depth = self._machine.model.depth
        for layer in range(depth, self._chain.layer - 1, -1):
            for links in _cut([link for link in self._chain.links if link.layer == layer]):
                yield self._normalized(links[0]) if links[0].of[0] == "H" else self._slopes(links)

    def parameter(self) -> Formula:
        """∂J/∂w = δ a, or ∂J/∂γ = ∂J/∂n h."""
        chain, unit, into = self._chain, self._chain.unit, self._chain.links[-1]
        delta = _slope(into, unit)
        slope = self._vector(f"d{into.by}")
        value = None if slope is None else float(slope[unit])
        left = notation.partial(COST, symbol(chain)).coloured(Kind.BACKWARD)
        caption = "and the part of this sample in the gradient is"
        if not came_in(self._machine, chain.slot):
            return formula(equals(left, delta, result(value, self._decimals, Kind.BACKWARD)), caption=caption)
        of = notation.element(into.by[0].lower(), chain.layer, unit)
        sides = [left, joined((delta, notation.ratio(of, symbol(chain)).coloured(Kind.FORWARD)), " dot ", " · ")]
        if value is not None and chain.last is not None:
            kinds = ((value, Kind.BACKWARD), (chain.last, Kind.FORWARD))
            sides.append(product(*(factor(each, self._decimals, kind) for each, kind in kinds)))
            sides.append(result(value * chain.last, self._decimals, Kind.BACKWARD))
        return formula(equals(*sides), caption=caption)

    def _slopes(self, links: list[Link]) -> Formula:
        """δ of a layer, or as far as a normalization: with symbols, with the vectors that are multiplied, and what it
        is."""
        symbols = [self._symbol(link) for link in links]
        vectors = [self._numbers(link) for link in links]
        kinds = [self._kind(link) for link in links]
        if of_kind(links[0])[0] == "N":
            symbols.insert(0, _slope_at(links[0].of))
            vectors.insert(0, self._vector(f"d{links[0].of}"))
            kinds.insert(0, Kind.BACKWARD)
        matrix = _by_matrix(links[-1])
        written = product(*reversed(symbols)) if matrix else joined(symbols, f" {_TIMES.typst} ", f" {_TIMES.plain} ")
        rows: list[Math | tuple[Math, ...]] = [equals(_slope(links[-1]), written)]
        if len(vectors) > 1 and not matrix and all(vector is not None for vector in vectors):
            pairs = zip(vectors, kinds, strict=True)
            terms = [self._written(vector, kind) for vector, kind in pairs if vector is not None]
            rows.append(EQUALS + joined(terms, f" {_TIMES.typst} ", f" {_TIMES.plain} "))
        return self._ending(rows, links[-1])

    def _normalized(self, link: Link) -> Formula:
        """δ = (∂J/∂h − p − h ⊙ q) / √(σ² + ε), with numbers."""
        symbol_of_h = notation.element("h", link.layer).coloured(Kind.FORWARD)
        over = _minus(_slope_at(link.of), Math("p", "p"), symbol_of_h + _TIMES + Math("q", "q"))
        under = Math(f"forward({notation.element('var', link.layer).typst})", notation.element("var", link.layer).plain)
        rows: list[Math | tuple[Math, ...]] = [
            equals(
                _slope(link),
                Math(f"({over.typst})/sqrt({under.typst} + epsilon)", f"({over.plain}) / √({under.plain} + ε)"),
            )
        ]
        slopes, h = self._vector(f"d{link.of}"), self._vector(link.of)
        means = means_back(self._machine, link, self._chain.sample)
        if slopes is not None and h is not None and means is not None:
            p, q, deviation = (self._written(each, None) for each in means)
            h_and_q = self._written(h, Kind.FORWARD) + _TIMES + q
            numbers = _minus(self._written(slopes, Kind.BACKWARD), p, h_and_q)
            rows.append((EQUALS + parenthesized(numbers), Math("\\/", "/") + deviation))
        return self._ending(rows, link, self._how(link))

    def _how(self, link: Link) -> str:
        """What has become of the matrix of slopes."""
        if link.crossing:
            m = whole(self._machine.program.batch_size)
            matrix, over = f"{m} × {m} derivatives ∂h/∂z of each unit", "mini-batch"
        else:
            n = whole(link.rows)
            matrix, over = f"{n} × {n} derivatives ∂h/∂z of each sample", "layer's units"
        return f"The {matrix} come down to two means over the {over}: p of ∂J/∂h, q of ∂J/∂h ⊙ h"

    def _ending(self, rows: list[Math | tuple[Math, ...]], link: Link, caption: str = "") -> Formula:
        slopes = self._vector(f"d{link.by}")
        if slopes is not None:
            rows.append(EQUALS + self._written(slopes, Kind.BACKWARD))
        return formula(*rows, small=range(1, len(rows)), caption=caption)

    def _kind(self, link: Link) -> Kind:
        """Weights stand with the slopes that they hand back."""
        if link.of == COST or link.of[0] == "Z":
            return Kind.BACKWARD
        return Kind.PARAMETER if lent_by(link) else Kind.FORWARD

    def _symbol(self, link: Link) -> Math:
        if link.of == COST:
            return _slope_at(link.by)
        layer = link.layer
        if link.of[0] == "Z":
            weights = Math(f"W^({layer + 1} upright(T))", f"{notation.element('W', layer + 1).plain}ᵀ")
            return parenthesized(weights.coloured(Kind.PARAMETER) + _delta(layer + 1))
        if link.of[0] == "D":
            return notation.element("m", layer).coloured(Kind.FORWARD)
        if link.of[0] == "N":
            return notation.element("gamma", layer).coloured(Kind.PARAMETER)
        z, a = notation.element(link.by[0].lower(), layer), notation.element("a", layer)
        if link.dense:
            turned = notation.ratio(a, z)
            return Math(f"({turned.typst})^upright(T)", f"({turned.plain})ᵀ").coloured(Kind.FORWARD)
        return Math(f"sigma'({z.typst})", f"σ′({z.plain})").coloured(Kind.FORWARD)

    def _numbers(self, link: Link) -> np.ndarray | None:
        """What the link multiplies by: for weights what they make of the slopes after them."""
        if link.of == COST or link.of[0] == "Z":
            return self._vector(f"d{link.by}")
        if _by_matrix(link):
            return None
        found = factors_of(self._machine, link, slice(self._chain.sample, self._chain.sample + 1))
        return found if found is None or lent_by(link) else found[0]

    def _vector(self, slot: str) -> np.ndarray | None:
        """The chosen sample's row of a slot."""
        if not self._machine.is_fresh(slot):
            return None
        row: np.ndarray = self._machine.value(slot)[self._chain.sample]
        return row

    def _written(self, values: np.ndarray, kind: Kind | None) -> Math:
        """(0.0012, 0.9988, …): the first few of many."""
        parts = [number(float(value), self._decimals).coloured(kind) for value in values[:_MOST_ENTRIES]]
        if len(values) > _MOST_ENTRIES:
            parts.append(Math("dots.h", "…"))
        return parenthesized(joined(parts, ", ", ", "))


def _cut(links: list[Link]) -> Iterator[list[Link]]:
    """The links of a layer up to each matrix of slopes: a normalization stands alone."""
    begun: list[Link] = []
    for link in links:
        if link.of[0] == "H" and begun:
            yield begun
            begun = []
        begun.append(link)
        if _by_matrix(link):
            yield begun
            begun = []
    if begun:
        yield begun


def _by_matrix(link: Link) -> bool:
    """Whether slopes go back through a matrix that is no weights: of softmax, or of a normalization."""
    return link.of[0] == "H" or (link.of[0] == "A" and link.dense)


def _minus(*terms: Math) -> Math:
    return joined(terms, " - ", " − ")


def _slope(link: Link, unit: int | None = None) -> Math:
    """What the slopes behind a link are called: δ at weighted sums, else ∂J/∂n."""
    return _delta(link.layer, unit) if link.by[0] == "Z" else _slope_at(link.by, unit)


def _slope_at(slot: str, unit: int | None = None) -> Math:
    """∂J/∂a²₁."""
    name = parse(slot)
    assert name is not None
    units = () if unit is None else (unit,)
    return notation.partial(COST, notation.element(name.letter.lower(), name.layer, *units)).coloured(Kind.BACKWARD)


def _delta(layer: int, unit: int | None = None) -> Math:
    below = "" if unit is None else f"_{unit + 1}"
    plain = notation.element("z", layer, *(() if unit is None else (unit,))).plain
    return Math(f"delta^{layer}{below}", plain.replace("z", "δ", 1)).coloured(Kind.BACKWARD)
