"""What keeping the work costs a training that goes on, and how soon an edit is kept.

    python tests/benchmarks/bench_keeping.py [--rounds 12] [--seconds 7] [--edits 20]

Three windows alike, offscreen, of which one has its work kept as `nnstudio` keeps it; they train flat out by turns, and
which one begins changes from round to round. The median of the rounds' ratios to the first with nothing kept, and where
the middle half of them lies; the other one with nothing kept says how much of that is chance. Iterations are counted in
a second of the clock, and in a second of the processor's time: the thread that writes has a part in that though another
core may do its work, but whatever else the computer does has none. A turn begins with a copy, so it has rather more of
them than a training that goes on. What taking and writing them takes is told by itself too: it is steadier than ratios
of throughputs are where other programs run.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from operator import truediv
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_window import FOREVER, application, large, open_window, rest, small
from PySide6.QtCore import QEventLoop

from nnstudio.experiment.document import Experiment
from nnstudio.experiment.edits import rename
from nnstudio.experiment.open import open_sample
from nnstudio.gui.keeping.keeping import Keeping
from nnstudio.gui.main_window import MainWindow
from nnstudio.project import WorkingCopy


@dataclass
class Turns:
    """What a window did in its turns: iterations in a second of the clock, and in one of the processor's time; and of
    all that time, what went into taking the work and into writing it."""

    by_clock: list[float] = field(default_factory=list)
    by_processor: list[float] = field(default_factory=list)
    seconds: float = 0.0
    taking: float = 0.0
    writing: float = 0.0


class Spent:
    """Seconds of a processor that went into something, and how often."""

    def __init__(self) -> None:
        self.seconds, self.times = 0.0, 0

    def by(self, work: Callable[..., None]) -> Callable[..., None]:
        """The same, told."""

        @wraps(work)
        def told(*what: object, **how: object) -> None:
            begun = time.thread_time()
            work(*what, **how)
            self.seconds += time.thread_time() - begun
            self.times += 1

        return told


TAKING, WRITING = Spent(), Spent()
"""The training waits while the work is taken; another thread writes it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=7.0)
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    application()
    WorkingCopy.put = WRITING.by(WorkingCopy.put)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HOME": folder, "XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
        for title, experiment in (
            ("2-4-1, full batch of 4", tiny()),
            ("2-64-64-1, batch 32", middling()),
            ("784-128-64-10, batch 128", digits()),
        ):
            print(title)
            cost(experiment, Path(folder), options.rounds, options.seconds)
        soon(Path(folder), options.edits)


def tiny() -> Experiment:
    """2-4-1 on the four rows of exclusive or: the shortest epochs, so the most of them to keep."""
    sample = open_sample("xor")
    training = replace(small().training, batch_size=4, epochs=FOREVER)
    return _with_units(replace(sample, training=training), (4,))


def middling() -> Experiment:
    """2-64-64-1."""
    return _with_units(replace(small(), training=replace(small().training, batch_size=32)), (64, 64))


def digits() -> Experiment:
    """784-128-64-10: the most numbers to keep."""
    return _with_units(large(), (128, 64))


def _with_units(experiment: Experiment, units: tuple[int, ...]) -> Experiment:
    """The same with such hidden layers, each like its first."""
    first, *_, last = experiment.network.layers
    layers = (*(replace(first, units=number) for number in units), last)
    return replace(experiment, network=replace(experiment.network, layers=layers))


def cost(experiment: Experiment, folder: Path, rounds: int, seconds: float) -> None:
    """Print what keeping takes from the throughput, and what two windows alike differ by."""
    windows = [open_window(experiment, folder) for _ in range(3)]
    keeper = Keeping(windows[2]).keeper
    keeper.keep = TAKING.by(keeper.keep)
    bare, alike, kept = found = Turns(), Turns(), Turns()
    copies = 0
    for number in range(rounds):
        for place in (number % 3, (number + 1) % 3, (number + 2) % 3):
            before = WRITING.times
            turn(windows[place], found[place], seconds)
            copies += WRITING.times - before
            while not keeper.at_rest:  # what is written now is no burden on the next
                rest(0.05)
    for title, mine in (("kept", kept), ("nothing kept again", alike)):
        tell(f"{title}, by the clock", mine.by_clock, bare.by_clock)
        tell(f"{title}, by the processor", mine.by_processor, bare.by_processor)
    print(f"  {copies} copies in {kept.seconds:.0f} s of {statistics.median(kept.by_clock):,.0f} iterations/s: taking")
    print(
        f"  them {kept.taking / kept.seconds:.2%} of the time, and writing {kept.writing / kept.seconds:.2%} of a core"
    )
    keeper.close()
    for window in windows:
        window.close_for_good()


def tell(title: str, speeds: list[float], bare: list[float]) -> None:
    low, median, high = statistics.quantiles(map(truediv, speeds, bare), n=4)
    print(f"  {title:36} {median:.3f} of the throughput with nothing kept (half {low:.3f} to {high:.3f})")


def turn(window: MainWindow, found: Turns, seconds: float) -> None:
    """Train for so long, and up to when it has paused."""
    session = window.context.session
    taking, writing, before = TAKING.seconds, WRITING.seconds, session.machine.iterations
    clock, processor = time.perf_counter(), time.process_time()
    session.train()
    rest(seconds)
    session.pause()
    while not session.paused:
        rest(0.005)
    done, took = session.machine.iterations - before, time.perf_counter() - clock
    found.by_clock.append(done / took)
    found.by_processor.append(done / (time.process_time() - processor))
    found.seconds += took
    found.taking += TAKING.seconds - taking
    found.writing += WRITING.seconds - writing


def soon(folder: Path, edits: int) -> None:
    """Print how long it takes from an edit until all of it is in the working copy."""
    window = open_window(small(), folder)
    keeper, document, took = Keeping(window).keeper, window.context.document, []
    loop = QEventLoop()
    keeper.kept.connect(loop.quit)
    for number in range(edits):
        begun = time.perf_counter()
        document.apply(rename(document.experiment, f"edit {number}"))
        loop.exec()
        took.append(time.perf_counter() - begun)
        rest(0.3)
    print(f"An edit is kept after {statistics.median(took):.3f} s, at most {max(took):.3f} s, of {edits}")
    keeper.close()
    window.close_for_good()


if __name__ == "__main__":
    main()
