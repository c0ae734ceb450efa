"""Updating: the learning rate by its schedule, then each link of the optimizer's chain over all parameters at once."""

from nnstudio.engine.optimizers import Link

from .clipping import PLAIN, TYPST
from .operation import Op, OpKind, Phase


def schedule(link: Link) -> Op:
    """One operation of the schedule: α ← α₀ · its factor, or what it keeps in mind."""
    return Op(OpKind.SCHEDULE, Phase.UPDATE, None, link.label, link.typst, link.reads, link.writes, link.run)


def update(link: Link, names: dict[str, tuple[str, ...]], gradient: str) -> Op:
    """One link of the optimizer; `names` gives the slots of "θ", "g" and each state family, `gradient` what the slots
    of "g" are called by."""
    reads = tuple(slot for family in link.reads for slot in names.get(family, (family,)))
    writes = tuple(slot for family in link.writes for slot in names.get(family, (family,)))
    label = link.label.replace(PLAIN["d"], PLAIN[gradient])
    typst = link.typst.replace(TYPST["d"], TYPST[gradient])
    return Op(OpKind.UPDATE, Phase.UPDATE, None, label, typst, reads, writes, link.run)
