"""How time and memory are taken here: by turns in each round, so that whatever else the computer does falls on all
alike. A ratio is the median of the ratios of the rounds."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

try:
    from threadpoolctl import threadpool_limits
except ImportError:
    threadpool_limits = None

Run = Callable[[int], None]
"""Runs so many iterations."""


@contextmanager
def limited(threads: int | None) -> Iterator[None]:
    """At most so many threads of BLAS; its own number where none is given or it cannot be told."""
    with threadpool_limits(threads) if threads and threadpool_limits else nullcontext():
        yield


def thread_counts() -> tuple[int | None, ...]:
    """NumPy's own number of threads, and one where that can be asked for."""
    return (None, 1) if threadpool_limits else (None,)


def seconds(run: Run, iterations: int) -> float:
    """How long one of so many iterations takes."""
    begun = time.perf_counter()
    run(iterations)
    return (time.perf_counter() - begun) / iterations


def iterations_in(run: Run, wanted: float, per_epoch: int = 1) -> int:
    """How many iterations, in whole epochs, take about so many seconds."""
    run(per_epoch)
    return max(1, round(wanted / (seconds(run, per_epoch) * per_epoch))) * per_epoch


def by_turns(runs: Sequence[Run], counts: Sequence[int], rounds: int) -> list[list[float]]:
    """The seconds an iteration of each, a list a run, of so many rounds."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, count, found in zip(runs, counts, times, strict=True):
            found.append(seconds(run, count))
    return times


def ratio(times: Sequence[float], to: Sequence[float]) -> float:
    """The median ratio of two runs that took turns."""
    return statistics.median(mine / theirs for mine, theirs in zip(times, to, strict=True))


def peak_memory(run: Run) -> int:
    """Bytes that an iteration takes and gives back, beyond the mini-batch's few Python objects."""
    run(3)
    tracemalloc.start()
    run(1)
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    run(1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before


def grown_memory(run: Run, iterations: int = 100) -> int:
    """Bytes that so many iterations leave behind."""
    run(3)
    tracemalloc.start()
    run(1)
    before = tracemalloc.get_traced_memory()[0]
    run(iterations)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown
