"""What a breakpoint is and does, in words. Slots stand as in conditions, `W1[2, 0]`, whose indices count from 0."""

from nnstudio.explain.numbers import count
from nnstudio.explain.symbols import label_text
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint, Hit, OpBreakpoint


def name(breakpoint_: Breakpoint) -> str:
    """Which one it is, in a list: Z¹ = X W¹ᵀ + b¹; W1[2, 0] changes sign; J < 0.1."""
    text = str(breakpoint_)
    return label_text(text) if isinstance(breakpoint_, OpBreakpoint) else text


def words(breakpoint_: Breakpoint) -> str:
    """What it waits for, in a sentence: before Z¹ = X W¹ᵀ + b¹."""
    return f"{'before ' * isinstance(breakpoint_, OpBreakpoint)}{name(breakpoint_)}"


def details(breakpoint_: Breakpoint) -> str:
    """What else is to be so: if J > 0.5 · after 3 hits, every 2nd · prints “J is {J}”."""
    parts = []
    if breakpoint_.condition and not isinstance(breakpoint_, ConditionBreakpoint):
        parts.append(f"if {breakpoint_.condition}")
    counted = [f"after {count(breakpoint_.ignore)} hit{'s' * (breakpoint_.ignore != 1)}"] * (breakpoint_.ignore > 0)
    counted += [f"every {count(breakpoint_.every)} hits"] * (breakpoint_.every > 1)
    parts += [", ".join(counted)] if counted else []
    if breakpoint_.log is not None:
        parts.append(f"prints “{breakpoint_.log}”")
    return " · ".join(parts)


def stopped(hits: tuple[Hit, ...]) -> str:
    """Why it has stopped: Stopped before A¹ = tanh(Z¹) (epoch 3, mini-batch 1, hit 2)."""
    more = f", and {len(hits) - 1} more" if len(hits) > 1 else ""
    what = label_text(str(hits[0])) if isinstance(hits[0].breakpoint, OpBreakpoint) else str(hits[0])
    link = "" if isinstance(hits[0].breakpoint, OpBreakpoint) else ": "
    return f"Stopped{link or ' '}{what}{more}"
