"""A lesson in a folder, to be read as it is or spoilt."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = """# Weights

What a weight does.

## Look
The sum is $z = w_1 x_1$.

$$\\frac{\\partial J}{\\partial w_1}$$

## Set it
Now you.
"""
OUTLINE: dict[str, Any] = {
    "format": "nnstudio-lesson/1",
    "steps": [
        {
            "heading": "Look",
            "do": [{"light": "W1[0, 0]"}, {"step": "phase", "times": 2}],
            "task": {"kind": "number", "ask": "What is $w_1$?", "answer": "W1[0, 0]", "after": [{"run_to": "dW1"}]},
        },
        {
            "heading": "Set it",
            "do": [{"reset": True}],
            "task": {
                "kind": "state",
                "ask": "More than 1.",
                "condition": "W1[0, 0] > 1",
                "solution": [{"set": "W1[0, 0]", "value": 2}],
            },
        },
    ],
}
EXPERIMENT: dict[str, Any] = {
    "format": "nnstudio-experiment/1",
    "name": "One weight",
    "data": {
        "source": {"kind": "inline", "columns": ["x", "y"], "rows": [[1, 2], [2, 4]]},
        "inputs": ["x"],
        "targets": ["y"],
    },
    "network": {"layers": [{"units": 1, "activation": "identity", "bias": False}]},
    "training": {"batch_size": 2, "epochs": 5, "shuffle": False},
    "parameters": {"W1": [[0.5]]},
}

WriteLesson = Callable[..., Path]


@pytest.fixture
def write_lesson(tmp_path: Path) -> WriteLesson:
    """Write the lesson with some of its files replaced; None leaves one out."""

    def write(
        text: str | None = TEXT, outline: object = OUTLINE, experiment: object = EXPERIMENT, name: str = "01-weights"
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for file, content in (("lesson.md", text), ("lesson.json", outline), ("experiment.nns.json", experiment)):
            if content is not None:
                (folder / file).write_text(content if isinstance(content, str) else json.dumps(content))
        return folder

    return write
