"""Settings: the numbers and switches of an optimizer or a schedule, each with the domain it must lie in.

A setting is a field of a frozen dataclass that says its domain, so files, menus and error messages find it there.
"""

from dataclasses import dataclass, field, fields
from math import inf, isfinite
from typing import Any

from .registry import Named
from .spec import SpecError

_LARGEST = 10**300


@dataclass(frozen=True, slots=True)
class Setting:
    """The domain of one number: `least` < value ≤ `most`, or least ≤ value < most, as the flags say; `whole` numbers
    alone where it counts something. `unit` is what it counts, in the plural."""

    title: str
    symbol: str
    least: float = -inf
    most: float = inf
    least_included: bool = True
    most_included: bool = True
    whole: bool = False
    unit: str = ""

    def problem(self, name: str, value: object) -> str | None:
        """Why `value` cannot be used, or None."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{name} is {value!r}; it must be a number"
        if isinstance(value, int) and abs(value) > _LARGEST:
            return f"{name} has {len(str(abs(value)))} digits; {self.domain}"
        above = value >= self.least if self.least_included else value > self.least
        below = value <= self.most if self.most_included else value < self.most
        if isfinite(value) and above and below and not (self.whole and value % 1):
            return None
        return f"{name} is {value:g}; {self.domain}"

    @property
    def domain(self) -> str:
        lower = f"{'at least' if self.least_included else 'above'} {self.least:g}"
        upper = f"{'at most' if self.most_included else 'below'} {self.most:g}"
        return f"it must be {'a whole number, ' if self.whole else ''}{lower} and {upper}"


def setting(
    default: float, title: str, symbol: str, least: float, most: float, ends: str = "[]", unit: str = ""
) -> Any:
    """A dataclass field with its domain; `ends` is written as in mathematics: "(]" leaves the least value out.

    A whole number as its default (30, not 30.0) makes it a setting of whole numbers."""
    whole = isinstance(default, int)
    domain = Setting(title, symbol, least, most, ends[0] == "[", ends[1] == "]", whole, unit)
    return field(default=default, metadata={"setting": domain})


def settings(kind: "Named | type[Named]") -> dict[str, Setting]:
    """The numbers that can be set, by field name."""
    return {f.name: f.metadata["setting"] for f in fields(kind) if "setting" in f.metadata}  # type: ignore[arg-type]


def switches(kind: "Named | type[Named]") -> tuple[str, ...]:
    """What is on or off, by field name."""
    return tuple(f.name for f in fields(kind) if isinstance(f.default, bool))  # type: ignore[arg-type]


def problem(made: Named) -> str | None:
    """The first setting outside its domain, or None."""
    for name in switches(made):
        if not isinstance(getattr(made, name), bool):
            return f"{name} is {getattr(made, name)!r}; it must be true or false"
    reasons = (domain.problem(name, getattr(made, name)) for name, domain in settings(made).items())
    return next(filter(None, reasons), None)


def configured(kind: type[Named], name: str, values: dict[str, Any]) -> Any:
    """The thing of a kind that is called `name`, with these settings; a SpecError says which one it does not have.
    Whether their values can be used is for it to say."""
    chosen = kind.class_named(name)
    known = {f.name for f in fields(chosen)}
    for key in values:
        if key not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise SpecError(f"{name} has no setting {key!r}; {has}")
    return chosen(**values)
