"""NPZ: several NPY arrays in a zip archive, often a pair of what is known and what is to be predicted.

`X` and `y`, or `x_train` and `y_train`, are taken together as one table. Of other archives the first array is read, or
the one that is chosen.
"""

from pathlib import Path
from typing import Any

from msgspec import structs
from numpy.typing import NDArray

from nnstudio.data.dataset import Column, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.profile import ROWS_SHOWN, Preview
from nnstudio.data.progress import Progress, silent
from nnstudio.data.readers.archives import Archive, archive
from nnstudio.data.readers.array_preview import first_rows, preview_of, rows_for
from nnstudio.data.readers.arrays import array_columns, target_columns
from nnstudio.data.readers.blocks import MOST_NUMBERS
from nnstudio.data.readers.npy import read_array
from nnstudio.data.spec import RECOGNIZED, Reading

_NPY = ".npy"
_MOST_BYTES = 8 * MOST_NUMBERS
_PAIRS = (
    ("x_train", "y_train"),
    ("train_images", "train_labels"),
    ("x", "y"),
    ("x_test", "y_test"),
    ("test_images", "test_labels"),
    ("data", "target"),
    ("inputs", "targets"),
    ("features", "labels"),
    ("images", "labels"),
)


def read_npz(path: Path, reading: Reading = RECOGNIZED, progress: Progress = silent) -> Dataset:
    """An array of an archive, with its targets if there are any; a DataError says why it can't be read."""
    return read_first(path, reading, None, progress)


def read_first(path: Path, reading: Reading, most: int | None, progress: Progress = silent) -> Dataset:
    """The same, of the first `most` rows."""
    with archive(path, _MOST_BYTES) as packed:
        names = array_names(packed)
        chosen = _chosen(path, names, reading.member)
        partner = _partner(names, chosen)
        array = _array(packed, chosen, most, progress)
        targets = None if partner is None else _array(packed, partner, most, silent)
    columns, images = array_columns("x", array)
    if partner is not None and targets is not None:
        columns = (*columns, *_target_columns(path, (chosen, array), (partner, targets)))
    return Dataset(path.stem, columns, source=path.name, images=images)


def preview_npz(path: Path, reading: Reading) -> Preview:
    """The preview of an archive, with the arrays that may be chosen."""
    with archive(path, _MOST_BYTES) as packed:
        names = array_names(packed)
        chosen = _chosen(path, names, reading.member)
    pair = _partner(names, chosen)
    ground = "it is the first array" if pair is None else f"'{chosen}' and '{pair}' belong together"
    table = read_first(path, reading, ROWS_SHOWN + 1)
    most = rows_for(len(table.columns))
    return preview_of(
        path,
        first_rows(table, most),
        structs.replace(reading, member=chosen),
        table.rows <= most,
        {"member": "it was chosen" if reading.member else ground},
        {"member": names},
    )


def array_names(packed: Archive) -> tuple[str, ...]:
    """The arrays of an archive, as NumPy names them."""
    return tuple(name.removesuffix(_NPY) for name in packed.sizes if name.endswith(_NPY))


def _chosen(path: Path, names: tuple[str, ...], member: str | None) -> str:
    if not names:
        raise DataError(f"{path.name} has no arrays in it; save them with numpy.savez(X=..., y=...)")
    if member is None:
        known = {name.casefold(): name for name in names}
        return next((known[x] for x, y in _PAIRS if x in known and y in known), names[0])
    if member not in names:
        listed = ", ".join(f"'{name}'" for name in names[:12])
        raise DataError(f"{path.name} has no array '{member}'; its arrays are {listed}")
    return member


def _partner(names: tuple[str, ...], chosen: str) -> str | None:
    """The array of targets that belongs to the chosen one by its name."""
    known = {name.casefold(): name for name in names}
    return next((known[y] for x, y in _PAIRS if x == chosen.casefold() and y in known), None)


def _array(packed: Archive, name: str, most: int | None, progress: Progress) -> NDArray[Any]:
    member = name + _NPY
    with packed.open(member) as stream:
        array = read_array(f"{packed.path.name}, array '{name}'", stream, packed.sizes[member], most, progress)
        if most is None:
            stream.read(1)  # the end, where its checksum is looked at
    return array


def _target_columns(
    path: Path, inputs: tuple[str, NDArray[Any]], targets: tuple[str, NDArray[Any]]
) -> tuple[Column, ...]:
    (inputs_name, array), (targets_name, wanted) = inputs, targets
    if len(array) != len(wanted):
        raise DataError(
            f"{path.name}: '{inputs_name}' has {len(array):,} rows and '{targets_name}' has {len(wanted):,}; "
            "save a pair of equal length, or choose one array"
        )
    return target_columns("y", wanted.reshape(-1) if wanted.shape[1:] == (1,) else wanted)
