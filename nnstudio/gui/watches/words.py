"""What a watch measures and how it stands, in words."""

from math import isfinite

from nnstudio.explain.numbers import fixed, short
from nnstudio.training.watches import Reading, Threshold, Watch

from .watching import Standing


def measured(threshold: Threshold, reading: Reading | None) -> str:
    """62.5 %, 3.2e−09, or a dash."""
    if reading is None:
        return "—"
    value = reading.measured.value
    return f"{short(value) if isfinite(value) else fixed(value)}{threshold.sign}"


def where(reading: Reading | None) -> str:
    """The layer, or nothing for what is measured of the whole."""
    return f"layer {reading.measured.layer}" if reading is not None and reading.measured.layer is not None else ""


def summary(standing: Standing) -> str:
    """The whole row for who does not see it: Dead ReLU: true, dead units 62.5 % (≥ 50 %) in layer 2."""
    watch, parts = standing.watch, []
    for threshold, level, reading in zip(watch.thresholds, standing.levels, standing.readings, strict=True):
        if reading is not None:
            place = f" in {where(reading)}" if where(reading) else ""
            bound = f"{threshold.side} {short(level)}{threshold.sign}"
            parts.append(f"{threshold.what} {measured(threshold, reading)} ({bound}){place}")
    return f"{watch.title}: {', '.join((standing.state, *parts))}"


def measured_when(watch: Watch) -> str:
    """What is measured, and when."""
    whats = dict.fromkeys(_what(threshold) for threshold in watch.thresholds)
    return f"Measured {watch.when}: {'; '.join(whats)}."


def _what(threshold: Threshold) -> str:
    return threshold.what + (f", {threshold.running} times running" if threshold.running > 1 else "")
