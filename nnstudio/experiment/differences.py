"""In what two experiments differ, in lines that name each key as the file does."""

import json
from typing import Any

from . import file
from .document import Experiment

_LONGEST = 40


def differences(here: Experiment, there: Experiment) -> list[str]:
    """A line a key: what is here, and what is there."""
    mine, others = (_flat(json.loads(file.encode(one))) for one in (here, there))
    keys = [key for key in {**mine, **others} if mine.get(key) != others.get(key)]
    return [f"{key}: {_short(mine.get(key))} here, {_short(others.get(key))} there" for key in keys]


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """Each number and text by its path; lists of numbers stay whole."""
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        parts = ((str(number), part) for number, part in enumerate(value, 1))  # type: ignore[assignment]
    else:
        return {name: value}
    return {key: one for part, inner in parts for key, one in _flat(inner, f"{name}.{part}" if name else part).items()}


def _short(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
