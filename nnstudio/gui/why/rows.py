"""What the lists say, without a widget: inputs, what moved a parameter, and what samples contribute."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from nnstudio.explain.contributions import Contributions
from nnstudio.explain.numbers import count, fixed, short
from nnstudio.explain.why import Input, Why
from nnstudio.training.course import Change, Course
from nnstudio.training.keyframes import Moment

UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `share` is its bar, from −1 to 1; `colour` the kind of number it is, `note` a quiet word or two."""

    text: str
    value: str
    share: float = 0.0
    colour: str = ""
    note: str = ""
    faded: bool = False
    current: bool = False

    @property
    def words(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.text}{note}: {self.value}"


def input_rows(why: Why, decimals: int) -> tuple[Row, ...]:
    """A row for each number that this one is made of."""
    return tuple(_input_row(one, decimals) for one in why.inputs)


def _input_row(one: Input, decimals: int) -> Row:
    known = one.value is not None
    value = fixed(one.value, decimals) if one.value is not None else UNKNOWN
    note = ", ".join(filter(None, (one.of, one.state)))
    return Row(one.symbol.plain, value, _clean(one.share), one.kind.value, note, faded=not known)


def change_rows(changes: Iterable[Change], per_epoch: int, decimals: int) -> tuple[Row, ...]:
    """A row for each change of a parameter, the largest first."""
    changes = tuple(changes)
    largest = max((abs(change.amount) for change in changes if isfinite(change.amount)), default=0.0)
    return tuple(
        Row(
            change.by or _iteration(change.moment),
            _signed(change.amount, decimals),
            _share(change.amount, largest),
            note=_iteration(change.moment) if change.by else _epoch(change.moment, per_epoch),
        )
        for change in changes
    )


def _iteration(moment: Moment) -> str:
    """The iteration that a change belongs to; all count from 1."""
    number = moment.iterations + (moment.pc > 0)
    return f"iteration {count(number)}" if number else "the start"


def _epoch(moment: Moment, per_epoch: int) -> str:
    return f"epoch {count((moment.iterations - (moment.pc == 0)) // per_epoch + 1)}"


def sample_rows(made: Contributions, chosen: int, decimals: int) -> tuple[Row, ...]:
    """A row for each sample by how hard it pulls, and what the penalty adds."""
    penalty = [] if made.penalty is None else [made.penalty]
    largest = max((abs(part) for part in [*made.parts.tolist(), *penalty] if isfinite(part)), default=0.0)
    rows = [
        Row(
            f"sample {int(made.rows[n]) + 1}",
            _signed(float(made.parts[n]), decimals),
            _share(float(made.parts[n]), largest),
            note=_pull(float(made.parts[n])),
            current=int(n) == chosen,
        )
        for n in made.order
    ]
    rows += [Row("penalty", _signed(part, decimals), _share(part, largest), note=_pull(part)) for part in penalty]
    return tuple(rows)


def _pull(part: float) -> str:
    """Which way an update against the gradient goes for it."""
    if part != part or part == 0:
        return ""
    return "↓ down" if part > 0 else "↑ up"


def inputs_words(why: Why) -> str:
    """What is listed."""
    if not why.inputs:
        return "" if why.reason else "No other number has a say in it."
    shown = count(len(why.inputs))
    numbers = "one number" if len(why.inputs) == 1 else f"{shown} numbers"
    more = f", the largest of {count(len(why.inputs) + why.left_out)}" if why.left_out else ""
    return f"Made of {numbers}{more}"


def course_words(course: Course) -> str:
    """What the number is the sum of, and that it is."""
    if not len(course.moves) and not course.set:
        return "its initial value; no update has run yet"
    updates = f"its initial value and {count(len(course.moves))} update{'s' * (len(course.moves) != 1)}"
    residue = abs(course.residue)
    agrees = "they add up exactly" if residue == 0 else f"they add up to within {short(residue, 2)}"
    if not isfinite(residue):
        agrees = "they are not all finite"
    kept = f", set {_times(len(course.set))} in between" if course.set else ""
    return f"{updates}{kept}; {agrees}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{count(number)} times")


def samples_words(made: Contributions) -> str:
    """Who pulls which way."""
    ups, downs = int((made.parts < 0).sum()), int((made.parts > 0).sum())
    return f"{count(ups)} pull it up, {count(downs)} down"


def samples_sum(made: Contributions, decimals: int) -> str:
    """The sum that is the gradient, and how exactly."""
    residue = abs(made.residue)
    if not made.adds_up:
        set_since = f"the machine has {fixed(made.gradient, decimals)}, for one of the numbers was set since"
        return f"Σ = {fixed(made.total, decimals)}; {set_since}"
    exact = "exactly the machine's" if residue == 0 else f"the machine's to {short(residue, 2)}"
    return f"Σ = {fixed(made.total, decimals)}, {exact}"


JOINED = (
    "Batch normalization joins the samples: a part includes what its sample does to the mean and variance that all of "
    "them share."
)


def _signed(value: float, decimals: int) -> str:
    return f"+{fixed(value, decimals)}" if value > 0 else fixed(value, decimals)


def _share(value: float, largest: float) -> float:
    return _clean(value / largest) if largest else 0.0


def _clean(share: float) -> float:
    return min(max(share, -1.0), 1.0) if share == share else 0.0
