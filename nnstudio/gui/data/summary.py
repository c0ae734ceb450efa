"""The data in few words: x₁, x₂ · class (0, 1) · 160 rows · 2 inputs."""

import re

from nnstudio.data.dataset import Dataset
from nnstudio.data.preparation import PreparedData
from nnstudio.data.spec import DataSpec
from nnstudio.experiment.outputs import Nature, nature
from nnstudio.experiment.roles import target_columns
from nnstudio.explain.numbers import count
from nnstudio.explain.symbols import subscript

_NUMBERED = re.compile(r"([A-Za-z])_?(\d{1,2})")
_POWER = r"[A-Za-z]_?\d{1,2}[⁰¹²³⁴⁵⁶⁷⁸⁹]*"
_TERM = re.compile(rf"(?:sin )?{_POWER}(?:·{_POWER})*")
_NAMES_TO_LIST = 40


def name_symbol(name: str) -> str:
    """A column's name as a symbol, where it is one: x1 → x₁, and so in what is derived of it: x1·x2 → x₁·x₂."""
    return _NUMBERED.sub(_numbered, name) if _TERM.fullmatch(name) else name


def _numbered(found: re.Match[str]) -> str:
    return found[1] + "".join(subscript(int(digit)) for digit in found[2])


def size_note(dataset: Dataset, data: PreparedData) -> str:
    """160 rows · 2 inputs."""
    return f"{_number(dataset.rows, 'row')} · {_number(len(data.input_names), 'input')}"


def split_note(data: PreparedData) -> str:
    """120 training, 40 validation, 30 without a target."""
    parts = (("training", data.train), ("validation", data.validation), ("test", data.test))
    all_parts = (*parts, ("without a target", data.unlabelled))
    return ", ".join(f"{count(len(part.X))} {name}" for name, part in all_parts if len(part.X))


def names_text(names: tuple[str, ...]) -> str:
    return ", ".join(name_symbol(name) for name in names[:_NAMES_TO_LIST]) + (", …" * (len(names) > _NAMES_TO_LIST))


def names_tip(names: tuple[str, ...]) -> str:
    """All names, as many as a tooltip holds."""
    listed = ", ".join(names[:_NAMES_TO_LIST])
    return listed if len(names) <= _NAMES_TO_LIST else f"{listed} and {len(names) - _NAMES_TO_LIST} more"


def target_text(spec: DataSpec, dataset: Dataset, data: PreparedData) -> str:
    """species: 3 classes; class (0, 1); y."""
    if data.autoencoder:
        return "the inputs themselves"
    columns = target_columns(spec, dataset)
    match nature(data):
        case Nature.CLASSES:
            return f"{columns[0]} · {len(data.classes)} classes"
        case Nature.BINARY:
            return f"{name_symbol(columns[0])} (0, 1)"
        case Nature.VALUES:
            return names_text(columns)


def _number(number: int, what: str) -> str:
    return f"{count(number)} {what}{'' if number == 1 else 's'}"
