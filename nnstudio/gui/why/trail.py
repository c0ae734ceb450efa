"""The way a person has come from number to number: back, and forward again."""

from dataclasses import dataclass, replace

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Stop:
    """A number that was asked about, for a sample of the mini-batch."""

    slot: str
    index: tuple[int, ...]
    sample: int


class Trail:
    """`stops` from the first to the last; `at` is which one is shown."""

    def __init__(self) -> None:
        self.stops: list[Stop] = []
        self.at = -1

    @property
    def here(self) -> Stop | None:
        return self.stops[self.at] if self.stops else None

    @property
    def can_go_back(self) -> bool:
        return self.at > 0

    @property
    def can_go_forward(self) -> bool:
        return self.at < len(self.stops) - 1

    def visit(self, stop: Stop) -> None:
        """A number is asked about: what lay ahead is forgotten, unless it is the next one there. The same number for
        another sample is the same stop."""
        here = self.here
        if here is not None and _same(here, stop):
            self.stops[self.at] = replace(here, index=stop.index, sample=stop.sample)
            return
        if self.can_go_forward and _same(self.stops[self.at + 1], stop):
            self.at += 1
            self.stops[self.at] = stop
            return
        self.stops = [*self.stops[: self.at + 1], stop][-_LONGEST:]
        self.at = len(self.stops) - 1

    def go_to(self, at: int) -> Stop | None:
        """To a stop by its number, as far as there is one."""
        self.at = min(max(at, 0), len(self.stops) - 1)
        return self.here

    def clear(self) -> None:
        self.stops, self.at = [], -1


def _same(one: Stop, other: Stop) -> bool:
    """Whether two stops are of one number; of another sample's row it is the same unit that counts."""
    units = one.index == other.index or (one.index[:1] == (one.sample,) and other.index[:1] == (other.sample,))
    return one.slot == other.slot and units and one.index[1:] == other.index[1:]
