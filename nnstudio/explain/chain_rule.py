"""The chain rule for one parameter, as it is written on a page: a row for each path, and what they add up to.

Each row has its factors with symbols and with numbers, and knows the neurons and weights that it leads over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.arena import Role

from . import notation
from .chain import Chain
from .explanation import Explanation, Formula
from .factors import came_in, lent_by
from .numbers import short, whole
from .paths import Found, Path
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
    each = f"a product of {len(chain.links) + 1} derivatives{_for(chain)}."
    if paths == 1:
        return f"One path leads from {name} to the cost, {each}"
    said = [f"{whole(paths)} paths lead from {name} to the cost, each {each}"]
    if chain.crossings:
        said.append(_crossing(chain))
    if paths > MOST_SHOWN:
        said.append(f"These are the {MOST_SHOWN} largest:" if chain.known else f"These are the first {MOST_SHOWN}:")
    return " ".join(said)


def missing(chain: Chain) -> str:
    """Why numbers are missing."""
    if chain.known:
        return ""
    if chain.overwritten:
        return "The weights on the way have changed since the pass backward, whose products are of those before."
    return "The numbers come with the pass backward: ∂J/∂ of the outputs is not computed yet."


def rows(chain: Chain, decimals: int, found: Found | None = None) -> tuple[PathRow, ...]:
    """The paths, or the largest of very many; `found` is what a search for them has come to already."""
    largest = found.paths if found else chain.paths.largest(MOST_SHOWN)
    return tuple(_row(chain, path, decimals) for path in largest)


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
    if chain.cancels:
        return f"✓ This is the machine's {name}: both are 0 but for rounding, for the products cancel."
    if chain.agrees:
        cancels = "" if difference <= 1e-12 else ", rounding, for the products nearly cancel"
        return f"✓ This is the machine's {name}: {far}{cancels}."
    return f"✗ The machine has {name} = {short(chain.gradient, 6)}: {far}."


def share(chain: Chain, shown: tuple[PathRow, ...], found: Found | None = None) -> str:
    """What part of the sum the paths shown are, where there are more."""
    part = chain.part
    products = [row.product for row in shown if row.product is not None]
    if part is None or chain.paths.count <= len(shown):
        return ""
    size = found.size if found else chain.paths.size
    if not np.isfinite([part, size, *products]).all():
        return ""
    if not size:
        return "All products are 0 for this sample."
    together = f"The {len(shown)} largest add up to {short(sum(products))}"
    ratio = f", {_percent(sum(products) / part)} of the sum over all paths" if part else ""
    weight = _percent(sum(map(abs, products)) / size)
    return f"{together}{ratio}. Of the sum of all absolute products they are {weight}."


def _percent(share: float) -> str:
    """85 %, 0.31 %, 1 240 %."""
    percent = 100 * share
    return f"{whole(round(percent)) if abs(percent) >= 99.5 else short(percent, 2)} %"


def _for(chain: Chain) -> str:
    return f", for sample {_number(chain)}" if chain.machine.is_fresh("X") else ""


def _crossing(chain: Chain) -> str:
    """Why the paths of one sample come from others."""
    a = notation.element("a", chain.machine.model.depth, 0).plain
    other = notation.in_sample("a", chain.machine.model.depth, 0, 3).plain
    return (
        f"Batch normalization joins the samples, so what {symbol(chain).plain} does in this one reaches the cost "
        f"through all {whole(chain.batch_size)} of the mini-batch ({other} is {a} in sample 3)."
    )


def _number(chain: Chain, sample: int | None = None) -> int:
    """The number of a sample among the rows of the data; before they are drawn, that in the mini-batch."""
    at = chain.sample if sample is None else sample
    return int(chain.machine.rows[at] if chain.machine.is_fresh("X") else at) + 1


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
    for n, (link, unit, sample) in enumerate(zip(chain.links, path.units, path.samples, strict=True), 1):
        letter = link.by[0].lower()
        below = notation.element(letter, link.layer, unit)
        if chain.crossings:
            number = _number(chain, sample if n < chain.crossings else chain.sample)
            below = notation.in_sample(letter, link.layer, unit, number)
        yield notation.ratio(above, below)
        above = below
    yield notation.ratio(above, symbol(chain))


def _kind(link: Link) -> Kind:
    if link.of == COST:
        return Kind.BACKWARD
    return Kind.PARAMETER if lent_by(link) else Kind.FORWARD


def _last_kind(chain: Chain) -> Kind | None:
    """What a parameter multiplies is an input, an output or a normalized sum; what is only added has a factor of 1."""
    source = came_in(chain.machine, chain.slot)
    if not source:
        return None
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
