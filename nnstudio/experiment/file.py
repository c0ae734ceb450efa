"""The file of an experiment, `nnstudio-experiment/1`: JSON, named `*.nns.json`.

Reading is strict: an unknown key, a wrong type or a newer format is an error that names the place, as in
`$.network.layers[1].unitz`. Writing and reading again gives an equal experiment.
"""

import codecs
import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from nnstudio.engine.optimizers import Optimizer, optimizer
from nnstudio.engine.registry import Named
from nnstudio.engine.schedules import Schedule, schedule
from nnstudio.engine.spec import SpecError
from nnstudio.replacing import advice, write_whole

from .document import Experiment, check_settings
from .errors import ExperimentError
from .malformed import malformed
from .misfits import located, unknown_key

FORMAT = "nnstudio-experiment/1"
SUFFIX = ".nns.json"
_LARGEST = 200_000_000
_MAKERS: dict[Any, Callable[..., Named]] = {Optimizer: optimizer, Schedule: schedule}
"""What is written as an object with a name and the settings that this name has."""
_EXAMPLES: dict[Any, str] = {
    Optimizer: '{"name": "sgd", "learning_rate": 0.1}',
    Schedule: '{"name": "step", "step_size": 30, "gamma": 0.1}',
}


def load(path: Path) -> Experiment:
    """The experiment in a file; an ExperimentError says what is wrong with it and where."""
    text = _read(path).removeprefix(codecs.BOM_UTF8)  # as some editors begin a file
    try:
        return decode(text)
    except ExperimentError as error:
        raise ExperimentError(f"{path.name}: {error}") from None


def save(experiment: Experiment, path: Path) -> None:
    """Write the file whole or not at all: a crash leaves the old one as it was."""
    try:
        write_whole(path, encode(experiment))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExperimentError(f"{path} cannot be written: {reason}; {advice(error)}") from None


def decode(text: bytes | str) -> Experiment:
    """The experiment that a file's text describes."""
    try:
        raw = msgspec.json.decode(text)
        refuse_repeated_keys(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(malformed(text, error)) from None
    except RecursionError:
        raise ExperimentError("its lists are nested too deeply for an experiment; is it the right file?") from None
    if not isinstance(raw, dict):
        raise ExperimentError('an experiment is a JSON object that begins {"format": "nnstudio-experiment/1", …')
    _check_format(raw.pop("format", None))
    _refuse_unknown(raw, Experiment, "$")
    try:
        experiment = msgspec.convert(raw, Experiment, dec_hook=_decode_hook)
    except msgspec.ValidationError as error:
        raise ExperimentError(located(str(error), Experiment, raw)) from None
    check_settings(experiment)
    return experiment


def encode(experiment: Experiment) -> bytes:
    """The text of the file: the format first, two spaces deep, short lists on one line."""
    raw = {f.name: getattr(experiment, f.name) for f in fields(experiment)}
    for name in ("optimizer", "schedule"):
        raw[name] = {"name": raw[name].name, **msgspec.to_builtins(raw[name])}
    if experiment.parameters is None:
        del raw["parameters"]
    ordered = {"format": FORMAT, "name": raw.pop("name"), **raw}
    text = msgspec.json.format(msgspec.json.encode(ordered), indent=2).decode()
    return (_on_one_line(text) + "\n").encode()


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ExperimentError(f"{path} is a folder; choose a file in it")
        if path.exists() and not path.is_file():
            raise ExperimentError(f"{path} is not an ordinary file; choose an experiment (*{SUFFIX})")
        if path.stat().st_size > _LARGEST:
            raise ExperimentError(f"{path.name} is larger than 200 MB, which no experiment is; is it the right file?")
        return path.read_bytes()
    except FileNotFoundError:
        raise ExperimentError(f"there is no file {path}; check its name and folder") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExperimentError(f"{path} cannot be read: {reason}; check the file and its permissions") from None


def refuse_repeated_keys(text: bytes | str) -> None:
    """A key that stands twice in one object is a mistake; JSON itself would take the last of them without a word."""

    def once(pairs: list[tuple[str, object]]) -> None:
        keys = [key for key, _ in pairs]
        for key in keys if len(set(keys)) < len(keys) else ():
            if keys.count(key) > 1:
                raise ExperimentError(f"the key {key!r} stands twice in the same object; keep one of them")

    json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str)


def _check_format(value: object) -> None:
    if value is None:
        raise ExperimentError(f'$.format is missing; an experiment begins {{"format": "{FORMAT}", …')
    if not isinstance(value, str) or not value.startswith("nnstudio-experiment/"):
        raise ExperimentError(f"$.format is {value!r}, which is not an experiment; expected {FORMAT!r}")
    if value != FORMAT:
        raise ExperimentError(f"$.format is {value!r}, but this program reads {FORMAT!r}; install a newer NN Studio")


def _refuse_unknown(raw: object, kind: Any, place: str) -> None:
    """Dataclasses would pass over keys they do not know; a misspelt setting must not be lost like that."""
    if not isinstance(raw, dict):
        return
    if kind in _MAKERS:
        _refuse_unknown_setting(raw, kind, place)
    if not is_dataclass(kind):
        return
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind)]
    for key, value in raw.items():
        if key not in known:
            raise ExperimentError(unknown_key(key, known, place))
        if isinstance(value, list):
            for index, item in enumerate(value):
                _refuse_unknown(item, next(iter(get_args(hints[key])), None), f"{place}.{key}[{index}]")
        else:
            _refuse_unknown(value, hints[key], f"{place}.{key}")


def _refuse_unknown_setting(raw: dict[str, Any], kind: type[Named], place: str) -> None:
    chosen = kind.registry.get(raw["name"]) if isinstance(raw.get("name"), str) else None
    if chosen is not None and is_dataclass(chosen):
        known = ["name", *(f.name for f in fields(chosen))]
        for key in raw:
            if key not in known:
                raise ExperimentError(unknown_key(key, known, place))


def _decode_hook(kind: type, raw: Any) -> object:
    if kind not in _MAKERS:
        raise NotImplementedError(kind)
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        raise ValueError(f"Expected an object with a name, as in {_EXAMPLES[kind]}")
    settings = {key: value for key, value in raw.items() if key != "name"}
    try:
        return _MAKERS[kind](raw["name"], **settings)
    except SpecError as error:
        raise ValueError(str(error)) from None


def _on_one_line(text: str) -> str:
    """Put lists of plain values, one value a line, on one line."""
    return re.sub(r"\[\n\s*([^\[\]{}\n]*(?:\n[^\[\]{}\n]*)*?)\n\s*\]", _joined, text)


def _joined(found: re.Match[str]) -> str:
    return "[" + re.sub(r"\n\s+", " ", found[1]) + "]"
