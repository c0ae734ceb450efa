"""Edits of how a sample is drawn: how many points, how noisy, how often it turns, and with which random numbers."""

from typing import Any

from msgspec import structs

from nnstudio.data.samples import sample
from nnstudio.data.spec import SampleSource

from .document import Experiment
from .edits import Edit, set_data
from .errors import ExperimentError


def set_rows(experiment: Experiment, rows: int) -> Edit:
    """How many rows a sample that is drawn has; its noise stays as it is."""
    source = _sample_source(experiment)
    known = sample(source.name)
    noise = known.drawing(source).noise if known.has("noise") else None
    return _draw(experiment, f"Rows: {rows}", rows=rows, noise=noise)


def set_noise(experiment: Experiment, noise: float) -> Edit:
    """How noisy a sample is drawn."""
    return _draw(experiment, f"Noise: {noise:g}", noise=noise)


def set_turns(experiment: Experiment, turns: float) -> Edit:
    """How often a spiral winds, or how many waves a curve has."""
    return _draw(experiment, f"Turns: {turns:g}", turns=turns)


def set_balance(experiment: Experiment, share: float) -> Edit:
    """The share of the rows that are of class 1."""
    return _draw(experiment, f"Class balance: {100 * share:g} %", balance=share)


def set_sample_seed(experiment: Experiment, seed: int) -> Edit:
    """Other random numbers: another draw of the same kind."""
    return _draw(experiment, f"Seed of the data: {seed}", seed=seed)


def _draw(experiment: Experiment, label: str, **changed: Any) -> Edit:
    source = structs.replace(_sample_source(experiment), **changed)
    return set_data(experiment, structs.replace(experiment.data, source=source), label)


def _sample_source(experiment: Experiment) -> SampleSource:
    source = experiment.data.source
    if not isinstance(source, SampleSource):
        raise ExperimentError("only samples are drawn; choose a sample first")
    return source
