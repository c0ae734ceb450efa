"""Parameters out to other programs and in again, to the bit; and each mismatch by its name."""

import json
import zipfile

import numpy as np
import pytest

from nnstudio.engine.spec import LayerSpec, Normalization, Precision
from nnstudio.experiment.document import Network, TrainingSpec
from nnstudio.project import ProjectError
from nnstudio.project.parameters import SUFFIXES, read_parameters, write_parameters
from nnstudio.training.debugger import Goal

from .saved import debugger_of, experiment_of

NORMALIZED = Network((LayerSpec(3, "tanh", normalization=Normalization.BATCH), LayerSpec(1)))


def model_of(**changed):
    debugger = debugger_of(experiment_of(8, **changed))
    debugger.train(Goal.at(2))
    return debugger.run.model


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("precision", list(Precision))
def test_they_come_back_to_the_bit(tmp_path, suffix, precision):
    pytest.importorskip("safetensors")
    model = model_of(network=NORMALIZED, training=TrainingSpec(4, 9, dtype=precision))
    model.store["W1"][0, 0] = -0.0
    path = tmp_path / f"parameters{suffix}"
    write_parameters(model, path)
    own, read = model.knowledge(), read_parameters(model, path)
    assert own.keys() == read.keys()
    assert "mean1" in own or any(name not in model.parameters for name in own)
    assert {n: (a.dtype, a.tobytes()) for n, a in own.items()} == {n: (a.dtype, a.tobytes()) for n, a in read.items()}
    assert list(tmp_path.iterdir()) == [path]


def test_other_programs_read_them(tmp_path):
    numpy_of = pytest.importorskip("safetensors.numpy")
    model = model_of()
    for suffix in SUFFIXES:
        write_parameters(model, tmp_path / f"parameters{suffix}")
    weights = model.store["W1"]
    np.testing.assert_array_equal(np.load(tmp_path / "parameters.npz")["W1"], weights)
    np.testing.assert_array_equal(json.loads((tmp_path / "parameters.json").read_text())["W1"], weights)
    np.testing.assert_array_equal(numpy_of.load_file(tmp_path / "parameters.safetensors")["W1"], weights)


def test_halves_of_floats_are_read_and_what_no_array_holds_is_refused_by_its_name(tmp_path):
    pytest.importorskip("safetensors")
    model, path = model_of(), tmp_path / "parameters.safetensors"
    halves = {name: values.astype("<f4").view("<u4") >> 16 for name, values in model.knowledge().items()}

    def written(kind, size):
        header, content = {}, b""
        for name, values in halves.items():
            end = len(content) + size * values.size
            header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [len(content), end]}
            content += values.astype(f"<u{size}").tobytes()
        told = json.dumps(header).encode()
        path.write_bytes(len(told).to_bytes(8, "little") + told + content)

    written("BF16", 2)
    read = read_parameters(model, path)
    assert {name: (values << 16).view("<f4").tolist() for name, values in halves.items()} == {
        name: values.tolist() for name, values in read.items()
    }
    written("F8_E4M3", 1)
    with pytest.raises(ProjectError, match="are of the type F8_E4M3, which is not read; save them as F32"):
        read_parameters(model, path)


def test_arrays_that_lie_transposed_in_memory_are_written_as_they_are(tmp_path):
    """safetensors alone would write the bytes as they lie."""
    pytest.importorskip("safetensors")
    model = model_of()
    path = tmp_path / "parameters.safetensors"
    transposed = {name: np.asfortranarray(values) for name, values in model.knowledge().items()}
    model.knowledge = lambda: transposed
    write_parameters(model, path)
    np.testing.assert_array_equal(read_parameters(model, path)["W1"], model.store["W1"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"W1": np.zeros((3, 5))}, r"W1 is 3 × 5; this network needs 3 × 2"),
        ({"b1": None}, r"b1 is missing; it must be 3"),
        ({"W7": np.zeros(2)}, r"W7 is not a parameter of this network"),
        ({"b1": np.array([1.0, np.nan, 0.0])}, r"b1 has a value that is not a finite number"),
        ({"b1": np.array(["a", "b", "c"])}, r"b1 holds no numbers"),
        ({"b1": np.array(1.0)}, r"b1 is a single value; this network needs 3"),
    ],
)
def test_each_mismatch_is_named(tmp_path, change, says):
    model = model_of()
    values = {**model.knowledge(), **change}
    np.savez(tmp_path / "parameters.npz", **{name: array for name, array in values.items() if array is not None})
    with pytest.raises(ProjectError, match=rf"parameters.npz does not fit this network: .*{says}"):
        read_parameters(model, tmp_path / "parameters.npz")


def test_a_value_too_large_for_the_precision_is_named(tmp_path):
    model = model_of(training=TrainingSpec(4, 9, dtype=Precision.FLOAT32))
    values = {**model.knowledge(), "b1": np.array([1e200, 0.0, 0.0])}
    np.savez(tmp_path / "parameters.npz", **values)
    with pytest.raises(ProjectError, match="b1 has a value that is too large for float32"):
        read_parameters(model, tmp_path / "parameters.npz")


def test_no_file_with_code_in_it_is_read(tmp_path):
    path = tmp_path / "parameters.npz"
    np.savez(path, W1=np.array([print], dtype=object))
    with pytest.raises(ProjectError, match="is not an NPZ file of arrays of numbers"):
        read_parameters(model_of(), path)


BAD = {
    "parameters.npz": b"PK\3\4 not really",
    "parameters.json": b'{"W1": [[1, 2], [3]]}',
    "list.json": b"[1, 2]",
    "cut.json": b'{"W1": [[',
    "parameters.safetensors": b"\xff" * 40,
    "parameters.txt": b"1 2 3",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_file_of_parameters_is_refused_in_words(tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(ProjectError, match=name):
        read_parameters(model_of(), tmp_path / name)


def test_without_the_library_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "safetensors.numpy", None)
    with pytest.raises(ProjectError, match="pip install safetensors"):
        write_parameters(model_of(), tmp_path / "parameters.safetensors")


def spoiled(content: bytes, at: int, by: bytes) -> bytes:
    return content[:at] + by + content[at + len(by) :]


def test_archives_that_cannot_be_unpacked_are_refused_in_words(tmp_path):
    model, path = model_of(), tmp_path / "parameters.npz"
    np.savez_compressed(path, **model.knowledge())
    sound = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entry = archive.infolist()[0]
    begin = entry.header_offset + 30 + len(entry.filename)
    listed = sound.index(b"PK\1\2")
    told = [
        spoiled(sound, begin + 20, b"\xff" * 20),  # the packed bytes
        spoiled(sound, listed + 8, b"\x01"),  # said to be encrypted
        spoiled(sound, listed + 10, b"\x63"),  # packed in a way of its own
    ]
    for content in told:
        path.write_bytes(content)
        with pytest.raises(ProjectError, match="is not an NPZ file of arrays of numbers"):
            read_parameters(model, path)


def test_an_array_without_a_name_and_members_that_are_no_arrays_are_refused_in_words(tmp_path):
    model, path = model_of(), tmp_path / "parameters.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ProjectError, match="holds a single array without a name"):
        read_parameters(model, path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("W1", b"no array")
    with pytest.raises(ProjectError, match="W1 holds no numbers"):
        read_parameters(model, path)
