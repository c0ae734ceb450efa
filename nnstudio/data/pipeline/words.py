"""What each step does, in the few words that stand in a list of steps and in the name of an edit."""

from typing import assert_never

from . import Clip, Components, Derive, Encode, Gaps, Polynomial, Sample, Scale, Step
from .clip import Limits
from .derive import Derived
from .encode import Encoding
from .gaps import Gap
from .sample import Sampling
from .scale import Scaler

_GAPS = {
    Gap.DROP: "Drop rows with gaps",
    Gap.MEAN: "Fill gaps with the mean",
    Gap.MEDIAN: "Fill gaps with the median",
    Gap.MOST_FREQUENT: "Fill gaps with the most frequent value",
    Gap.CONSTANT: "Fill gaps with a constant",
}
_ENCODE = {Encoding.ONE_HOT: "Encode one-hot", Encoding.ORDINAL: "Encode by order", Encoding.BINARY: "Encode binary"}
_SCALE = {
    Scaler.STANDARDIZE: "Standardize",
    Scaler.MIN_MAX: "Scale to 0 … 1",
    Scaler.ROBUST: "Scale by quartiles",
    Scaler.LOG: "Take log(1 + x)",
}
_DERIVED = {Derived.SQUARE: "squares", Derived.PRODUCT: "products", Derived.SIN: "sines"}
_SAMPLE = {
    Sampling.UNDER: "As few training rows of each class",
    Sampling.OVER: "As many training rows of each class",
}


def step_words(step: Step) -> str:
    """What the step does: "Fill gaps with the mean"."""
    match step:
        case Gaps():
            value = f" {step.value!r}" if step.how is Gap.CONSTANT and step.value is not None else ""
            return _GAPS[step.how] + value + (", marked" if step.mark and not step.drops else "")
        case Encode():
            return _ENCODE[step.how]
        case Clip():
            return _clip_words(step)
        case Scale():
            return _SCALE[step.how]
        case Derive():
            return f"Add {' and '.join(_DERIVED[what] for what in step.what) or 'nothing'}"
        case Polynomial():
            what = "products" if step.interactions_only else "polynomial terms"
            return f"Add {what} up to degree {step.degree}"
        case Components():
            return _components_words(step)
        case Sample():
            return _SAMPLE[step.how]
        case _:
            assert_never(step)


def _clip_words(step: Clip) -> str:
    unit = " quantile" if step.how is Limits.QUANTILES else ""
    sides = [f"{word} {limit:g}" for word, limit in (("below", step.low), ("above", step.high)) if limit is not None]
    return f"Clip {' and '.join(sides)}{unit}" if sides else "Clip"


def _components_words(step: Components) -> str:
    if step.count is not None:
        return f"{step.count} principal component{'s' * (step.count != 1)}"
    share = "" if step.share is None else f" for {100 * step.share:g} % of the variance"
    return f"Principal components{share}"
