"""The chain rule as backpropagation applies it: one vector of slopes a layer, each from that of the layer after it.

With δ = ∂J/∂z the sum over all paths is taken once a layer, not once a path:

    δᴸ = ∂J/∂aᴸ ⊙ σ′(zᴸ)        δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) ⊙ σ′(zˡ)        ∂J/∂Wˡᵤᵢ = δˡᵤ aˡ⁻¹ᵢ

The mask of dropout is one factor more; of softmax, whose outputs depend on all sums, the slope is a matrix. The
vectors are the machine's own dZ and dA of the chosen sample.
"""

from collections.abc import Iterator

import numpy as np

from . import notation
from .chain import Chain
from .chain_rule import symbol
from .explanation import Explanation, Formula
from .factors import factors_of
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
        """A formula a layer, the last layer first."""
        depth = self._machine.model.depth
        for layer in range(depth, self._chain.layer - 1, -1):
            yield self._layer(layer, [link for link in self._chain.links if link.layer == layer])

    def parameter(self) -> Formula:
        """∂J/∂w = δ a."""
        chain, unit = self._chain, self._chain.index[0]
        delta = _delta(chain.layer, unit)
        slope = self._vector(f"dZ{chain.layer}")
        value = None if slope is None else float(slope[unit])
        left = notation.partial(COST, symbol(chain)).coloured(Kind.BACKWARD)
        caption = "and the part of this sample in the gradient is"
        if len(chain.index) == 1:
            return formula(equals(left, delta, result(value, self._decimals, Kind.BACKWARD)), caption=caption)
        before = notation.ratio(notation.element("z", chain.layer, unit), symbol(chain)).coloured(Kind.FORWARD)
        sides = [left, joined((delta, before), " dot ", " · ")]
        if value is not None and chain.last is not None:
            kinds = ((value, Kind.BACKWARD), (chain.last, Kind.FORWARD))
            sides.append(product(*(factor(each, self._decimals, kind) for each, kind in kinds)))
            sides.append(result(value * chain.last, self._decimals, Kind.BACKWARD))
        return formula(equals(*sides), caption=caption)

    def _layer(self, layer: int, links: list[Link]) -> Formula:
        """δ of a layer: with symbols, with the vectors that are multiplied, and what it is."""
        symbols = [self._symbol(link) for link in links]
        matrix = links[-1].dense and links[-1].of[0] == "A"
        written = product(*reversed(symbols)) if matrix else joined(symbols, f" {_TIMES.typst} ", f" {_TIMES.plain} ")
        rows: list[Math | tuple[Math, ...]] = [equals(_delta(layer), written)]
        vectors = [self._numbers(link) for link in links]
        delta = self._vector(f"dZ{layer}")
        if len(links) > 1 and not matrix and all(vector is not None for vector in vectors):
            kinds = [Kind.BACKWARD] + [Kind.FORWARD] * (len(links) - 1)
            pairs = zip(vectors, kinds, strict=True)
            terms = [self._written(vector, kind) for vector, kind in pairs if vector is not None]
            rows.append(EQUALS + joined(terms, f" {_TIMES.typst} ", f" {_TIMES.plain} "))
        if delta is not None:
            rows.append(EQUALS + self._written(delta, Kind.BACKWARD))
        return formula(*rows, small=range(1, len(rows)))

    def _symbol(self, link: Link) -> Math:
        if link.of == COST:
            return notation.partial(COST, notation.element(link.by[0].lower(), link.layer)).coloured(Kind.BACKWARD)
        layer = link.layer
        if link.of[0] == "Z":
            weights = Math(f"W^({layer + 1} upright(T))", f"{notation.element('W', layer + 1).plain}ᵀ")
            return parenthesized(weights.coloured(Kind.PARAMETER) + _delta(layer + 1))
        if link.of[0] == "D":
            return notation.element("m", layer).coloured(Kind.FORWARD)
        z, a = notation.element("z", layer), notation.element("a", layer)
        if link.dense:
            turned = notation.ratio(a, z)
            return Math(f"({turned.typst})^upright(T)", f"({turned.plain})ᵀ").coloured(Kind.FORWARD)
        return Math(f"sigma'({z.typst})", f"σ′({z.plain})").coloured(Kind.FORWARD)

    def _numbers(self, link: Link) -> np.ndarray | None:
        """What the link multiplies by: for weights what they make of the slopes after them."""
        if link.of == COST or link.of[0] == "Z":
            return self._vector(f"d{link.by}")
        return factors_of(self._machine, link, self._chain.sample)

    def _vector(self, slot: str) -> np.ndarray | None:
        """The chosen sample's row of a slot."""
        if not self._machine.is_fresh(slot):
            return None
        row: np.ndarray = self._machine.value(slot)[self._chain.sample]
        return row

    def _written(self, values: np.ndarray, kind: Kind) -> Math:
        """(0.0012, 0.9988, …): the first few of many."""
        parts = [number(float(value), self._decimals).coloured(kind) for value in values[:_MOST_ENTRIES]]
        if len(values) > _MOST_ENTRIES:
            parts.append(Math("dots.h", "…"))
        return parenthesized(joined(parts, ", ", ", "))


def _delta(layer: int, unit: int | None = None) -> Math:
    below = "" if unit is None else f"_{unit + 1}"
    plain = notation.element("z", layer, *(() if unit is None else (unit,))).plain
    return Math(f"delta^{layer}{below}", plain.replace("z", "δ", 1)).coloured(Kind.BACKWARD)
