"""Opening files that are not text: how long it takes, by what the barest way to the same numbers takes.

    python tests/benchmarks/bench_formats.py [--rounds 7] [--rows 60000]

An IDX pair in the layout of MNIST, 28 × 28 pixels an image, plain and packed, and the same images as NPY: by NumPy's
own reading of the bytes and turning them into float64, unpacked by gzip before where they are packed. A Parquet file of
the same numbers and a workbook of 11 columns: by `pandas.read_parquet` and by `pandas.read_excel` with calamine. The
memory is the most that Python has at once while it reads, by the size of the table's numbers. A peer that is not
installed is a row that says so.
"""

import argparse
import gzip
import statistics
import struct
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from timing import by_turns, ratio

from nnstudio.data import readers
from nnstudio.data.preview import preview

PIXELS = 784
HEADER = 16
WORKBOOK_COLUMNS = 11


def images(rows: int) -> np.ndarray:
    """Whole numbers from 0 to 255, most of them 0."""
    rng = np.random.default_rng(0)
    return np.where(rng.random((rows, PIXELS)) < 0.2, rng.integers(0, 256, (rows, PIXELS)), 0).astype(np.uint8)


def write_idx(folder: Path, pixels: np.ndarray, pack: Callable[[bytes], bytes], ending: str) -> Path:
    """The file of images, beside that of their labels."""
    rows = len(pixels)
    labels = bytes([0, 0, 8, 1]) + struct.pack(">I", rows) + (np.arange(rows) % 10).astype(np.uint8).tobytes()
    (folder / f"train-labels-idx1-ubyte{ending}").write_bytes(pack(labels))
    path = folder / f"train-images-idx3-ubyte{ending}"
    path.write_bytes(pack(bytes([0, 0, 8, 3]) + struct.pack(">3I", rows, 28, 28) + pixels.tobytes()))
    return path


def barely(path: Path) -> np.ndarray:
    """The pixels of an IDX file as float64, unchecked."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return np.frombuffer(raw, np.uint8, offset=HEADER).reshape(-1, PIXELS).astype(np.float64)


def compare(name: str, path: Path, peer: str, theirs: Callable[[Path], object], rounds: int) -> None:
    mine, other = by_turns([lambda _: readers.read(path), lambda _: theirs(path)], [1, 1], rounds)
    tracemalloc.start()
    table = readers.read(path)
    peak = tracemalloc.get_traced_memory()[1] / (8 * table.rows * len(table.columns))
    tracemalloc.stop()
    begun = time.perf_counter()
    preview(path)
    looked = 1000 * (time.perf_counter() - begun)
    print(
        f"  {name:22} {ratio(mine, other):5.2f} of the time of {peer} "
        f"(median of {rounds}; {statistics.median(mine):.2f} s), "
        f"{peak:.2f} of the memory of its numbers, preview {looked:.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--rows", type=int, default=60_000)
    arguments = parser.parse_args()
    pixels = images(arguments.rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, pack, ending in (("IDX pair", bytes, ""), ("IDX pair, packed", gzip.compress, ".gz")):
            compare(title, write_idx(folder, pixels, pack, ending), "NumPy's", barely, arguments.rounds)
        np.save(folder / "images.npy", pixels)
        compare("NPY", folder / "images.npy", "NumPy's", lambda path: np.load(path).astype(float), arguments.rounds)
        compare_with_pandas(folder, pixels, arguments.rounds)


def compare_with_pandas(folder: Path, pixels: np.ndarray, rounds: int) -> None:
    frame = pd.DataFrame(pixels.astype(np.float64), columns=[f"c{number}" for number in range(PIXELS)])
    try:
        frame.to_parquet(folder / "images.parquet")
    except ImportError:
        print("  Parquet: pyarrow is not installed")
    else:
        compare("Parquet", folder / "images.parquet", "pandas", pd.read_parquet, rounds)
    try:
        frame.iloc[:, :WORKBOOK_COLUMNS].to_excel(folder / "table.xlsx", index=False)
    except ImportError:
        print("  XLSX: openpyxl, which writes it, is not installed")
    else:
        compare(
            "XLSX", folder / "table.xlsx", "pandas", lambda path: pd.read_excel(path, engine="calamine"), min(rounds, 3)
        )


if __name__ == "__main__":
    main()
