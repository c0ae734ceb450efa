"""The chain rule for one parameter, as it is written on a page: a row for each path, and what they add up to.

Each row has its factors with symbols and with numbers, and knows the neurons and weights that it leads over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role
from nnstudio.engine.ops.wiring import outputs_of

from . import notation
from .chain import Chain
from .explanation import Explanation, Formula
from .numbers import short, whole
from .paths import Path
from .reading import symbol_of
from .route import COST, Link
from .sums import Products
from .terms import Place
from .writing import (
    EQUALS,
    Kind,
    Math,
    equals,
    factor,
    formula,
    joined,
    number,
    parenthesized,
    result,
    summand,
)

MOST_SHOWN = 20
"""So many paths are written; of more, the largest."""
_MOST_SUMMANDS = 1000
"""The sum over so many paths is written with its first terms."""


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path: its factors, their product (None where one is not known), and what it leads over, from the cost on."""

    formula: Formula
    product: float | None
    places: tuple[Place, ...]


def symbol(chain: Chain) -> Math:
    """W²₁₃."""
    return symbol_of(chain.machine, chain.slot, *chain.index)


def heading(chain: Chain) -> str:
    """How many paths there are, and which are shown."""
    paths = chain.paths.count
    name = symbol(chain).plain
    if paths == 1:
        return f"One path leads from {name} to the cost, a product of {len(chain.links) + 1} derivatives{_for(chain)}."
    which = f" These are the {MOST_SHOWN} largest:" if paths > MOST_SHOWN and chain.known else ""
    if paths > MOST_SHOWN and not chain.known:
        which = f" These are the first {MOST_SHOWN}:"
    each = f"each a product of {len(chain.links) + 1} derivatives{_for(chain)}"
    return f"{whole(paths)} paths lead from {name} to the cost, {each}.{which}"


def missing(chain: Chain) -> str:
    """Why numbers are missing."""
    if chain.known:
        return ""
    if chain.overwritten:
        return "The weights on the way have changed since the last pass backward, so its numbers are gone."
    return "The numbers come with the pass backward: ∂J/∂ of the outputs is not computed yet."


def rows(chain: Chain, decimals: int) -> tuple[PathRow, ...]:
    """The paths, or the largest of very many."""
    return tuple(_row(chain, path, decimals) for path in chain.paths.largest(MOST_SHOWN))


def sums(chain: Chain, decimals: int) -> Explanation:
    """The sum over the paths, and over the samples."""
    shown = [_over_paths(chain, decimals), _over_samples(chain, decimals)]
    return Explanation("", tuple(formula for formula in shown if formula is not None), result=chain.total)


def verdict(chain: Chain) -> str:
    """How the sum stands to the machine's gradient."""
    name = f"∂J/∂{symbol(chain).plain}"
    if chain.gradient is None:
        return f"The machine has not computed {name} of this mini-batch yet." if chain.known else ""
    difference = chain.difference
    if difference is None:
        return ""
    if difference == 0:
        return f"✓ This is the machine's {name} to the last digit."
    far = f"relative difference {short(difference, 2)}"
    if chain.agrees:
        cancels = "" if difference <= 1e-12 else ", rounding, for the products nearly cancel"
        return f"✓ This is the machine's {name}: {far}{cancels}."
    return f"✗ The machine has {name} = {short(chain.gradient, 6)}: {far}."


def share(chain: Chain, shown: tuple[PathRow, ...]) -> str:
    """What part of the sum the paths shown are, where there are more."""
    part = chain.part
    products = [row.product for row in shown if row.product is not None]
    if part is None or chain.paths.count <= len(shown) or not np.isfinite([part, chain.paths.size, *products]).all():
        return ""
    size = chain.paths.size
    if not size:
        return "All products are 0 for this sample."
    together = f"The {len(shown)} largest add up to {short(sum(products))}"
    ratio = f", {short(100 * sum(products) / part, 2)} % of the sum over all paths" if part else ""
    weight = short(100 * sum(map(abs, products)) / size, 2)
    return f"{together}{ratio}. Of the sum of all absolute products they are {weight} %."


def _for(chain: Chain) -> str:
    return f", for sample {_number(chain)}" if chain.machine.is_fresh("X") else ""


def _number(chain: Chain) -> int:
    return int(chain.machine.rows[chain.sample]) + 1


def _row(chain: Chain, path: Path, decimals: int) -> PathRow:
    symbols = list(_symbols(chain, path))
    kinds = [*(_kind(link) for link in chain.links), _last_kind(chain)]
    known = [*(factors is not None for factors in chain.factors), chain.last is not None]
    values = [value if is_known else None for value, is_known in zip(path.factors, known, strict=True)]
    written = joined((one.coloured(kind) for one, kind in zip(symbols, kinds, strict=True)), " dot ", " · ")
    numbers = [_factor(value, decimals, kind) for value, kind in zip(values, kinds, strict=True)]
    together = path.product if all(known) else None
    end = [] if together is None else [EQUALS + result(together, decimals, Kind.BACKWARD)]
    shown = formula(written, (EQUALS + numbers[0], *numbers[1:], *end), small=(1,))
    return PathRow(shown, together, tuple(dict.fromkeys(_places(chain, path))))


def _factor(value: float | None, decimals: int, kind: Kind | None) -> Math:
    return parenthesized(number(None, decimals)) if value is None else factor(value, decimals, kind)


def _symbols(chain: Chain, path: Path) -> Iterator[Math]:
    """∂J/∂a²₁, ∂a²₁/∂z²₁, …"""
    above = Math(COST, COST)
    for link, unit in zip(chain.links, path.units, strict=True):
        below = notation.element(link.by[0].lower(), link.layer, unit)
        yield notation.ratio(above, below)
        above = below
    yield notation.ratio(above, symbol(chain))


def _kind(link: Link) -> Kind:
    if link.of == COST:
        return Kind.BACKWARD
    return Kind.PARAMETER if link.of[0] == "Z" else Kind.FORWARD


def _last_kind(chain: Chain) -> Kind | None:
    """What comes in along a weight is an input or an output; a bias has a factor of 1."""
    if len(chain.index) == 1:
        return None
    source = outputs_of(chain.machine.program.arena, chain.layer - 1)
    return Kind.LOAD if chain.machine.slot(source).role is Role.INPUT else Kind.FORWARD


def _places(chain: Chain, path: Path) -> Iterator[Place]:
    """The neurons that a path leads over, the weights between them, and the parameter."""
    before = -1
    for link, unit in zip(chain.links, path.units, strict=True):
        if link.of[0] == "Z":
            yield f"W{link.layer + 1}", (before, unit)
        yield f"A{link.layer}", (chain.sample, unit)
        before = unit
    yield chain.slot, chain.index


def _over_paths(chain: Chain, decimals: int) -> Formula | None:
    """The products of the chosen sample."""
    if chain.part is None or chain.paths.count == 1:
        return None
    end = EQUALS + result(chain.part, decimals, Kind.BACKWARD)
    left = Math('limits(sum)_"paths"', "Σ over paths")
    caption = f"Over the paths{_for(chain)}" + ("" if chain.added_singly else ", added up layer by layer")
    if chain.paths.count > _MOST_SUMMANDS:
        return formula((left, end), caption=caption)
    terms = Products((chain.paths.products,), (Kind.BACKWARD,))
    return formula((left, EQUALS + terms.written(decimals), end), caption=caption)


def _over_samples(chain: Chain, decimals: int) -> Formula | None:
    """The samples' parts and the penalty's term."""
    if chain.parts is None:
        return None
    of = notation.partial(COST, symbol(chain)).coloured(Kind.BACKWARD)
    terms = [Products((chain.parts,), (Kind.BACKWARD,), chain.sample).written(decimals)]
    heads = [notation.SAMPLES + Math('limits(sum)_"paths"', "Σ over paths")]
    if chain.penalized:
        heads.append(symbol_of(chain.machine, f"dP{chain.slot}", *chain.index).coloured(Kind.BACKWARD))
        penalty = chain.penalty
        terms.append(number(None, decimals) if penalty is None else summand(penalty, decimals, Kind.BACKWARD))
    size = len(chain.parts)
    over = "Over the one sample of the mini-batch" if size == 1 else f"Over the {whole(size)} samples of the mini-batch"
    caption = f"{over}, and the penalty's term" if chain.penalized else over
    end = EQUALS + result(chain.total, decimals, Kind.BACKWARD)
    return formula(equals(of, joined(heads)), (EQUALS + joined(terms), end), small=(1,), caption=caption)
