"""The kinds of steps: what each is called, what it is for, and how one begins."""

from collections.abc import Callable
from dataclasses import dataclass

from nnstudio.data.pipeline import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale, Step
from nnstudio.data.pipeline.clip import Limits


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind, as the menu offers it; `make` gives a step of it with usual settings."""

    title: str
    tip: str
    make: Callable[[], Step]


KINDS: dict[type, StepKind] = {
    Gaps: StepKind("Fill or drop gaps", "Cells with nothing in them", Gaps),
    Encode: StepKind("Encode categories", "Text as columns of numbers", Encode),
    Clip: StepKind(
        "Clip", "Bring values far out back to a limit", lambda: Clip(how=Limits.QUANTILES, low=0.01, high=0.99)
    ),
    Scale: StepKind("Scale", "Columns of different size to the same one", Scale),
    Derive: StepKind("Derive inputs", "Squares, products and sines of the columns, as in the playground", Derive),
    Polynomial: StepKind("Polynomial terms", "Products of the columns up to a degree", Polynomial),
    Components: StepKind(
        "Principal components", "Fewer columns that carry most of the variance", lambda: Components(share=0.95)
    ),
    Sample: StepKind("Even out classes", "Leave out or repeat training rows until classes are of one size", Sample),
}
