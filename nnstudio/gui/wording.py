"""Reasons are worded for files and the command line, where names are keys; on screen they have their titles."""

import re

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.settings import settings

_WORDS = {
    "training.batch_size": "the mini-batch size",
    "training.epochs": "the number of epochs",
    "l1": "L1",
    "l2": "L2",
    "max_norm": "max norm",
    "clip_value": "clip by value",
    "clip_norm": "clip by norm",
    "stopping.target_cost": "the target cost",
    "stopping.patience": "the patience",
    "stopping.min_delta": "the least improvement",
    "stopping.seconds": "the time limit in seconds",
}


def plain(reason: str) -> str:
    """`binary_cross_entropy needs outputs …` → Binary cross-entropy needs outputs …"""
    text = _KEY.sub(_titled, _NULL.sub("; leave it empty for none", _PLACE.sub("", reason)))
    return text[:1].upper() + text[1:]


def titled(title: str) -> str:
    """A title as it stands at the head of a line: binary cross-entropy → Binary cross-entropy."""
    return title[:1].upper() + title[1:]


def _keys() -> dict[str, str]:
    words = dict(_WORDS)
    for kind in (Activation, Cost, Initializer):
        titles = {name: getattr(found, "title", name) for name, found in kind.registry.items()}
        words |= {name: title for name, title in titles.items() if title != name}
    for made in (*Optimizer.registry.values(), *Schedule.registry.values()):
        for name, one in settings(made).items():
            if not name.isalpha():
                words[name] = f"the {one.title[0].lower()}{one.title[1:]}"
    return words


def _titled(found: re.Match[str]) -> str:
    return _ALL[found[0]]


_ALL = _keys()
_PLACE = re.compile(r"\$\.(?=[a-z])")
_NULL = re.compile(r", or null\b.*")
_KEY = re.compile(r"(?<![\w'])(" + "|".join(sorted(map(re.escape, _ALL), key=len, reverse=True)) + r")(?![\w'])")
