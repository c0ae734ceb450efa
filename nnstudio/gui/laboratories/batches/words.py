"""What is found of mini-batches, in sentences."""

from math import isnan

from nnstudio.explain.numbers import count, fixed, short

from .state import BatchesState

PURPOSE = (
    "The same network from the same initial weights, updated after all rows, after a mini-batch, or after every row."
)
RULE = (
    "Each mini-batch of the first epoch has a cost of its own, here at the initial weights. m_B: its rows, m: all rows."
)
MEASURED = (
    "Time of training alone, measured here with one after the other at work; another computer takes another time."
)


def sizes(state: BatchesState, number: int) -> str:
    """How many rows an update sees."""
    size = state.sizes[number]
    return f"{count(size)} row{'s' * (size != 1)} an update"


def facts(state: BatchesState, number: int) -> str:
    """What has come of a portion so far."""
    course, updates = state.courses[number], state.per_epoch(number)
    seconds = course.seconds_per_epoch
    time = "—" if isnan(seconds) else duration(seconds)
    return f"{sizes(state, number)}, {count(updates)} an epoch\n{count(course.updates)} updates · {time} an epoch"


def title(state: BatchesState, number: int) -> str:
    """The name of a portion, and what it has come to."""
    name, course = state.names[number], state.courses[number]
    if course.diverged:
        return f"{name} · diverges"
    return f"{name} · J {fixed(course.cost)}" if course.costs else name


def duration(seconds: float) -> str:
    """A time as long as it takes: 0.42 ms, 1.3 s."""
    if seconds < 1:
        return f"{short(1000 * seconds, 2)} ms"
    return f"{short(seconds, 3)} s"


def add_up(state: BatchesState) -> str:
    """What the costs of all mini-batches are to that of the data set."""
    if isnan(state.cost):
        return RULE
    return (
        f"J of all rows is {fixed(state.cost, 8)}: the costs of the mini-batches, weighed by their rows, add up to it"
    )


def sum_of(state: BatchesState, number: int) -> str:
    """The costs of the mini-batches against that of the data set."""
    if number >= len(state.cuts):
        return "—"
    made = state.cuts[number]
    costs = "1 cost" if len(made.costs) == 1 else f"{count(len(made.costs))} costs"
    spread = f"{fixed(float(made.costs.min()))} to {fixed(float(made.costs.max()))}"
    return f"{costs}, {spread}\nΣ (m_B / m) J_B = {fixed(made.mean, 8)}"
