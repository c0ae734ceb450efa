"""How far a person has come in a lesson."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """The step that was open last, and those that are done. Both count from 0."""

    step: int = 0
    done: frozenset[int] = frozenset()

    def at(self, step: int) -> "Progress":
        return Progress(step, self.done)

    def with_done(self, step: int) -> "Progress":
        return Progress(self.step, self.done | {step})

    @property
    def begun(self) -> bool:
        return bool(self.step or self.done)

    def count(self, steps: int) -> int:
        """How many of so many steps are done."""
        return sum(step < steps for step in self.done)


def written(progress: Progress) -> str:
    """As it is remembered: `2: 0 1`."""
    return f"{progress.step}: {' '.join(map(str, sorted(progress.done)))}"


def read_progress(text: str) -> Progress:
    """What `written` wrote; the beginning where it is anything else."""
    step, _, done = text.partition(":")
    numbers = [step, *done.split()]
    if not all(number.isdecimal() for number in numbers):
        return Progress()
    return Progress(int(step), frozenset(map(int, numbers[1:])))
