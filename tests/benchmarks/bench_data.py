"""Opening large tables: how long it takes, by what pandas takes for the same file, and how much memory.

    python tests/benchmarks/bench_data.py [--rounds 5] [--rows 60000]

60,000 × 785 numbers, as whole numbers (pixels) and as fractions, are read by turns by `pandas.read_csv` and by the
reader. The memory is the most a process of its own ever has, beyond what it has with pandas and the reader imported,
by the size of the table's numbers. Besides: a preview of each file, how long the reader says nothing of its progress,
and a table of 1,000,000 × 20 with two columns of text.
"""

import argparse
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from timing import by_turns, ratio

from nnstudio.data import readers
from nnstudio.data.preview import preview

COLUMNS = 785
_PEAK = "--peak-of"


def pixels(path: Path, rows: int) -> None:
    """Whole numbers from 0 to 255, most of them 0, after a digit."""

    def part(rng: np.random.Generator, rows: int) -> list[list[int]]:
        table = rng.integers(0, 256, (rows, COLUMNS)) * (rng.random((rows, COLUMNS)) < 0.2)
        table[:, 0] = rng.integers(0, 10, rows)
        return table.tolist()

    _write(path, rows, part)


def fractions(path: Path, rows: int) -> None:
    """Numbers from 0 to 1 with all of their digits."""
    _write(path, rows, lambda rng, rows: rng.random((rows, COLUMNS)).tolist())


def mixed(path: Path, rows: int) -> None:
    """18 columns of numbers and two of text."""

    def part(rng: np.random.Generator, rows: int) -> list[list[object]]:
        kinds = rng.choice(["cat", "dog", "bird"], (2, rows)).tolist()
        return [
            [*row, *words]
            for *row, words in zip(*rng.random((18, rows)).round(4), zip(*kinds, strict=True), strict=True)
        ]

    _write(path, rows, part, columns=20)


def _write(path: Path, rows: int, part: Callable[[np.random.Generator, int], list], columns: int = COLUMNS) -> None:
    rng = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"c{number}" for number in range(columns)) + "\n")
        for begin in range(0, rows, 1000):
            file.writelines(",".join(map(str, row)) + "\n" for row in part(rng, min(1000, rows - begin)))


def compare(path: Path, rounds: int) -> None:
    def theirs(_: int) -> None:
        pd.read_csv(path)

    def ours(_: int) -> None:
        readers.read(path)

    mine, pandas = by_turns([ours, theirs], [1, 1], rounds)
    table = readers.read(path)
    numbers = 8 * table.rows * len(table.numeric_columns)
    print(f"  {path.stem:10} {table.rows:,} x {len(table.columns)}, {path.stat().st_size / 1e6:.0f} MB")
    print(f"    {ratio(mine, pandas):.2f} of the time of pandas (median of {rounds}; {statistics.median(mine):.1f} s)")
    print(f"    {_peak_in_a_process(path) / numbers:.2f} of the memory of its numbers at most")
    print(f"    preview {1000 * min(_seconds(lambda: preview(path)) for _ in range(3)):.0f} ms")
    print(f"    progress at least every {1000 * _longest_silence(path):.0f} ms")


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _longest_silence(path: Path) -> float:
    told = [time.perf_counter()]
    readers.read(path, progress=lambda _: told.append(time.perf_counter()))
    return max(np.diff([*told, time.perf_counter()]).tolist())


def _peak_in_a_process(path: Path) -> int:
    found = subprocess.run([sys.executable, __file__, _PEAK, str(path)], check=True, capture_output=True, text=True)
    return int(found.stdout)


def _print_peak(path: Path) -> None:
    before = _most_memory()
    table = readers.read(path)
    assert table.rows
    print(_most_memory() - before)


def _most_memory() -> int:
    """The most this process ever had. Where the system says so, not counting what it was before it was this program."""
    try:
        status = Path("/proc/self/status").read_text()
        return 1024 * int(re.search(r"VmHWM:\s*(\d+)", status)[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument(_PEAK, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak_of is not None:
        _print_peak(arguments.peak_of)
        return
    with tempfile.TemporaryDirectory() as folder:
        for write, rows in ((pixels, arguments.rows), (fractions, arguments.rows), (mixed, 1_000_000)):
            path = Path(folder) / f"{write.__name__}.csv"
            write(path, rows)
            compare(path, arguments.rounds)
            path.unlink()


if __name__ == "__main__":
    main()
