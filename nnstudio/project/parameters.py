"""The parameters of a network out to other programs and in from them: NPZ, JSON and safetensors, by name and shape.

An NPZ file (`numpy.load`) and a safetensors file hold an array for each name, a JSON file nested lists; names are those
of the slots, `W1` (units × inputs), `b1`, … Batch normalizations have running statistics besides, which predict as much
as the parameters do, so they go with them. What is read must have exactly the names and shapes of the network, and
finite numbers; each mismatch is named. No format that can hold code is read: NPZ without pickled objects.
"""

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.engine.arena import KNOWLEDGE
from nnstudio.engine.model import Model
from nnstudio.replacing import advice, replacing, write_whole

from .errors import ProjectError

SUFFIXES = (".npz", ".json", ".safetensors")
_MOST_BYTES = 2_000_000_000
_NAMES_TO_LIST = 6
_NO_NPZ = (ValueError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, SyntaxError, RuntimeError)
"""What NumPy and zipfile raise of files that are damaged, encrypted (RuntimeError) or packed in ways of their own
(NotImplementedError, which is one too)."""
_INSTALL = "install it with: pip install safetensors"


def write_parameters(model: Model, path: Path) -> None:
    """Write them in the format that the ending of the file names. ProjectError says why that cannot be."""
    write = _format(path, _WRITERS)
    try:
        write(path, model.knowledge())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be written: {reason}; {advice(error)}") from None


def read_parameters(model: Model, path: Path) -> dict[str, np.ndarray]:
    """The values in a file by name, in the network's precision. ProjectError names everything that does not fit; the
    network itself stays as it is."""
    read = _format(path, _READERS)
    try:
        if not path.is_file():
            raise ProjectError(f"there is no file {path}; check its name and folder")
        if path.stat().st_size > _MOST_BYTES:
            raise ProjectError(f"{path.name} is larger than 2 GB, which no parameters are; is it the right file?")
        given = read(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be read: {reason}; check the file and its permissions") from None
    except MemoryError:
        raise ProjectError(f"there is not enough memory for {path.name}; close other programs") from None
    return _fitted(model, given, path.name)


def mismatches(model: Model, given: Mapping[str, np.ndarray]) -> list[str]:
    """Everything about these values that does not fit the network, in words, a line each."""
    own = {slot.name: slot.shape for slot in model.store.slots() if slot.role in KNOWLEDGE}
    said = [f"{name} is missing; it must be {_shape(shape)}" for name, shape in own.items() if name not in given]
    said += [f"{name} is not a parameter of this network" for name in given if name not in own]
    for name, shape in own.items():
        if name in given and (problem := _problem(given[name], shape, model.dtype)):
            said.append(f"{name} {problem}")
    return said


def _fitted(model: Model, given: Mapping[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    if said := mismatches(model, given):
        more = f" (and {len(said) - _NAMES_TO_LIST} more)" if len(said) > _NAMES_TO_LIST else ""
        raise ProjectError(f"{name} does not fit this network: {'; '.join(said[:_NAMES_TO_LIST])}{more}")
    own = model.knowledge()
    return {slot: np.ascontiguousarray(given[slot], values.dtype) for slot, values in own.items()}


def _problem(values: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> str:
    if values.dtype.kind not in "fiu":
        return "holds no numbers"
    if values.shape != shape:
        return f"is {_shape(values.shape)}; this network needs {_shape(shape)}"
    if not np.isfinite(values).all():
        return "has a value that is not a finite number"
    if values.size and np.abs(values.astype(np.float64)).max() > np.finfo(dtype).max:
        return f"has a value that is too large for {dtype}"
    return ""


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "a single value"


def _write_npz(path: Path, values: Mapping[str, np.ndarray]) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **values)  # type: ignore[arg-type]


def _write_json(path: Path, values: Mapping[str, np.ndarray]) -> None:
    told = {name: array.tolist() for name, array in values.items()}
    try:
        text = json.dumps(told, allow_nan=False)
    except ValueError:
        raise ProjectError("a parameter is not a finite number, which JSON cannot hold; write an NPZ file") from None
    write_whole(path, (text + "\n").encode())


def _write_safetensors(path: Path, values: Mapping[str, np.ndarray]) -> None:
    try:
        from safetensors.numpy import save
    except ImportError:
        raise ProjectError(f"safetensors files need a library that is not there; {_INSTALL}") from None
    contiguous = {name: np.ascontiguousarray(array) for name, array in values.items()}  # others would be garbled
    write_whole(path, save(contiguous))


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as file:
            kept = np.load(file, allow_pickle=False)
            if not isinstance(kept, np.lib.npyio.NpzFile):
                raise ProjectError(f"{path.name} holds a single array without a name; save the parameters by name")
            _refuse_bomb(path)
            return {name: np.asarray(kept[name]) for name in kept.files}
    except _NO_NPZ as error:
        raise ProjectError(f"{path.name} is not an NPZ file of arrays of numbers ({error})") from None


def _refuse_bomb(path: Path) -> None:
    """An archive may unpack to far more than it is."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise ProjectError(f"{path.name} unpacks to more than 2 GB, which no parameters are")


def _read_json(path: Path) -> dict[str, np.ndarray]:
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{path.name} is not a JSON document ({error})") from None
    if isinstance(told, dict) and isinstance(told.get("parameters"), dict):
        told = told["parameters"]  # a report, or an experiment
    if not isinstance(told, dict):
        raise ProjectError(f'{path.name} is not an object of names and values, as in {{"W1": [[0.5]], "b1": [0]}}')
    return {str(name): _array(values) for name, values in told.items()}


def _array(values: object) -> np.ndarray:
    try:
        made = np.array(values)
    except ValueError:  # rows of different lengths
        return np.array(values, dtype=object)
    return made


def _read_safetensors(path: Path) -> dict[str, np.ndarray]:
    try:
        from safetensors import SafetensorError, deserialize
    except ImportError:
        raise ProjectError(f"safetensors files need a library that is not there; {_INSTALL}") from None
    try:
        listed = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except (SafetensorError, ValueError, TypeError) as error:
        raise ProjectError(f"{path.name} is not a safetensors file of numbers ({error})") from None
    return {name: _tensor(name, told["dtype"], told["shape"], told["data"]) for name, told in listed}


def _tensor(name: str, kind: str, shape: list[int], content: bytes) -> np.ndarray:
    """The numbers of a tensor; those of BF16 are the upper halves of float32, of which NumPy knows nothing."""
    if kind == "BF16":
        halves = np.frombuffer(content, "<u2").astype("<u4")
        return (halves << 16).view("<f4").reshape(shape)
    if kind not in _TENSORS:
        raise ProjectError(f"the numbers of {name} are of the type {kind}, which is not read; save them as F32")
    return np.frombuffer(content, _TENSORS[kind]).reshape(shape)


def _format(path: Path, ways: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    way = ways.get(path.suffix.lower())
    if way is None:
        raise ProjectError(f"{path.name} has none of the endings of parameters; use {', '.join(SUFFIXES)}")
    return way


_TENSORS = {f"{kind}{8 * size}": f"<{kind.lower()}{size}" for kind in "IU" for size in (1, 2, 4, 8)}
_TENSORS |= {"F16": "<f2", "F32": "<f4", "F64": "<f8", "BOOL": "?"}
_WRITERS = {".npz": _write_npz, ".json": _write_json, ".safetensors": _write_safetensors}
_READERS = {".npz": _read_npz, ".json": _read_json, ".safetensors": _read_safetensors}
