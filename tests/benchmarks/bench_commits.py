"""Whether training has become slower since an earlier commit: both train the same run, in pairs of processes.

    python tests/benchmarks/bench_commits.py COMMIT [--pairs 13] [--seconds 2.5]

The earlier commit is laid out in a temporary folder. A process trains 2-8-8-1 on the two circles for so long and says
how many iterations it did in a second of the processor's time, the median over short stretches; the figure is the
median of the pairs' ratios. Commits from before a name that is used here can't be compared.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

STRETCH = 1200
"""Iterations between two looks at the clock."""


def train(seconds: float) -> float:
    """Iterations a second, of whichever commit is imported."""
    from nnstudio.engine.optimizers import Sgd
    from nnstudio.engine.spec import LayerSpec
    from nnstudio.experiment.document import Network, TrainingSpec
    from nnstudio.experiment.open import open_sample
    from nnstudio.training.debugger import Debugger, Goal
    from nnstudio.training.run import build

    layers = (LayerSpec(8, "tanh"), LayerSpec(8, "tanh"), LayerSpec(1, "sigmoid"))
    training = TrainingSpec(batch_size=10, epochs=10_000_000, shuffle=True)
    debugger = Debugger(
        build(replace(open_sample("circles"), network=Network(layers), optimizer=Sgd(0.05), training=training))
    )
    marks: list[float] = []
    done = 0
    end = time.perf_counter() + seconds

    def interrupted() -> bool:
        nonlocal done
        done += 1
        if done % STRETCH:
            return False
        marks.append(time.process_time())
        return time.perf_counter() > end

    debugger.train(Goal.LIMIT, interrupted)
    warm = marks[len(marks) // 5 :]
    return statistics.median(STRETCH / (later - earlier) for earlier, later in pairwise(warm))


def rate_of(checkout: Path, seconds: float) -> float:
    """Iterations a second in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--train", str(seconds)]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def lay_out(commit: str, checkout: Path, folder: Path) -> None:
    """The files of a commit in an empty folder."""
    archive = subprocess.run(["git", "-C", str(checkout), "archive", commit], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def main() -> None:
    """Compare, and print a line a pair."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", nargs="?", default="HEAD~1")
    parser.add_argument("--pairs", type=int, default=13)
    parser.add_argument("--seconds", type=float, default=2.5)
    parser.add_argument("--train", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.train:
        print(train(arguments.train))
        return
    here = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as folder:
        lay_out(arguments.commit, here, Path(folder))
        ratios: list[float] = []
        for _ in range(arguments.pairs):
            before, now = (rate_of(checkout, arguments.seconds) for checkout in (Path(folder), here))
            ratios.append(now / before)
            print(f"{before:9,.0f} before, {now:9,.0f} now: {now / before:.3f}", flush=True)
    least, middle, most = min(ratios), statistics.median(ratios), max(ratios)
    print(f"now is {middle:.3f} times as fast as {arguments.commit} ({least:.3f} to {most:.3f})")


if __name__ == "__main__":
    main()
