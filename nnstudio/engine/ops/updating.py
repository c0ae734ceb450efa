"""Updating: the learning rate by its schedule, then each link of the optimizer's chain over all parameters at once."""

from nnstudio.engine.optimizers import Link

from .operation import Op, OpKind, Phase


def schedule(link: Link) -> Op:
    """One operation of the schedule: α ← α₀ · its factor, or what it keeps in mind."""
    return Op(OpKind.SCHEDULE, Phase.UPDATE, None, link.label, link.typst, link.reads, link.writes, link.run)


def update(link: Link, names: dict[str, tuple[str, ...]]) -> Op:
    """One link of the optimizer; `names` gives the slots of "θ", "g" and each state family."""
    reads = tuple(slot for family in link.reads for slot in names.get(family, (family,)))
    writes = tuple(slot for family in link.writes for slot in names.get(family, (family,)))
    return Op(OpKind.UPDATE, Phase.UPDATE, None, link.label, link.typst, reads, writes, link.run)
