"""Lets the program train for an hour with every panel and tool open, and looks at whether anything grows.

    python tests/faults/long_run.py [--minutes 60] [--warm-up 15] [--sample digits] [--every 10]

The sample is learned by a network of 128 and 64 hidden units, a row at a time, so that an epoch takes as long as one of
MNIST. Measured in the process itself, while its window runs without a screen: resident memory, how much of the C
library's heap is in use (the rest is what it keeps for later, and comes and goes), file descriptors, threads, and
objects that the garbage collector knows. Keyframes have a budget that is full when the warm-up ends; a run also
remembers some 8 bytes of each metric of each epoch, which is said. After the warm-up memory may grow by 5 MB an hour at
most, and descriptors, threads and objects may not grow at all.
Exit status 0 if that held.
"""

import argparse
import ctypes
import gc
import math
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
MOST_MEGABYTES_AN_HOUR = 5.0
COUNTS_ALIKE = 0.005
"""Counts that differ by such a share are alike: what a frame has in its hands comes and goes."""
BUDGET = 2 * 2**20
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Sample:
    """At one time: seconds since the start, megabytes in memory, those in use of the heap, those of the records of
    epochs, and counts."""

    seconds: float
    megabytes: float
    in_use: float
    records: float
    descriptors: int
    threads: int
    objects: int
    iterations: int
    epochs: int


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_STATE_HOME": f"{folder}/state"}
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        samples = _run(options)
    return _judged(samples, options.warm_up * 60)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=15)
    parser.add_argument("--sample", default="digits")
    parser.add_argument("--every", type=float, default=10, help="seconds between two looks")
    return parser.parse_args()


def _run(options: argparse.Namespace) -> list[Sample]:
    from PySide6.QtCore import QTimer

    from nnstudio.gui import app, log
    from nnstudio.gui.keeping.keeping import Keeping

    application, window = app.application(), app.create_window(_experiment(options.sample))
    window.resize(1600, 1000)
    window.show()
    keeping = Keeping(window)
    keeping.watch_over(log.start())
    window.context.session.set_budget(BUDGET)
    _open_everything(window)
    samples: list[Sample] = []
    watching = QTimer(interval=int(options.every * 1000))
    watching.timeout.connect(partial(_look, window, time.monotonic(), samples))
    watching.start()
    QTimer.singleShot(int(options.minutes * 60_000), partial(application.exit, 0))  # unlike quit it asks nothing
    window.context.session.train()
    application.exec()
    watching.stop()
    keeping.keeper.close()
    window.close_for_good()
    print(log.end(20))
    return samples


def _experiment(sample: str) -> Path:
    from nnstudio.engine.spec import LayerSpec
    from nnstudio.experiment import file
    from nnstudio.experiment.open import open_sample

    experiment = open_sample(sample)
    layers = (LayerSpec(128, "relu"), LayerSpec(64, "relu"), experiment.network.layers[-1])
    network = replace(experiment.network, layers=layers)
    training = replace(experiment.training, epochs=10_000_000, batch_size=1)
    path = Path(os.environ["HOME"]) / "long.nns.json"
    file.save(replace(experiment, network=network, training=training), path)
    return path


def _open_everything(window: object) -> None:
    from nnstudio.gui.tools.catalogue import TOOLS

    for panel in window.panels.values():
        panel.show()
    for tool in TOOLS:
        if tool.name != "lessons":  # a lesson puts the run at hand aside
            window.context.tools.open(tool.name)


def _look(window: object, begun: float, samples: list[Sample]) -> None:
    """Within the next frame: the machine is the window's then."""
    window.projects.when_owned(partial(_note, window, begun, samples))


def _note(window: object, begun: float, samples: list[Sample]) -> None:
    history, machine = window.debugger.run.history, window.debugger.machine
    series = [history.epochs, history.penalty, history.learning_rate, history.lowest, *history.measured.values()]
    numbers = sum(len(one) for one in (*series, *history.gradient_norms))
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
    sample = Sample(
        time.monotonic() - begun,
        resident / 2**20,
        _in_use() / 2**20,
        8 * numbers / 2**20,
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
        len(gc.get_objects()),
        machine.iterations,
        machine.epochs,
    )
    samples.append(sample)
    print(*(f"{value:.1f}" if isinstance(value, float) else f"{value:,}" for value in astuple(sample)), flush=True)


class _Heap(ctypes.Structure):
    """What mallinfo2 of glibc tells, in bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "pieces", "fast", "mappings", "mapped", "most", "fast_bytes", "used", "free", "top")
    ]


def _in_use() -> float:
    """The bytes of the C library's heap that are in use; NaN where it does not tell."""
    try:
        told = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        return math.nan
    told.restype = _Heap
    heap = told()
    return float(heap.used + heap.mapped)


def _judged(samples: list[Sample], warm_up: float) -> int:
    late = [one for one in samples if one.seconds >= warm_up]
    if len(late) < 3:
        print("too short to tell anything")
        return 1
    memory = _an_hour(late, lambda one: one.megabytes)
    records = _an_hour(late, lambda one: one.records)
    print(f"{late[-1].iterations:,} iterations, {late[-1].epochs:,} epochs in {late[-1].seconds / 60:.0f} minutes")
    print(f"memory {late[0].megabytes:.0f} to {late[-1].megabytes:.0f} MB: {memory:+.1f} MB an hour")
    heap = _an_hour(late, lambda one: one.in_use)
    print(f"heap in use {late[0].in_use:.1f} to {late[-1].in_use:.1f} MB: {heap:+.1f} MB an hour")
    print(f"records of epochs {late[-1].records:.1f} MB: {records:+.1f} MB an hour, once where they are kept")
    grown = []
    for name in ("descriptors", "threads", "objects"):
        values = [getattr(one, name) for one in late]
        third = max(len(values) // 3, 1)
        print(f"{name} {values[0]:,} to {values[-1]:,} (from {min(values):,} to {max(values):,})")
        if min(values[-third:]) > max(values[:third]) * (1 + COUNTS_ALIKE):
            grown.append(name)
    wrong = [f"{name} grow" for name in grown]
    if memory > MOST_MEGABYTES_AN_HOUR:
        wrong.append(f"memory grows by {memory:.1f} MB an hour")
    for one in wrong:
        print(f"FAILED: {one}")
    return 1 if wrong else 0


def _an_hour(samples: list[Sample], of: Callable[[Sample], float]) -> float:
    """The slope of the straight line through them, by least squares."""
    import numpy as np

    slope, _ = np.polyfit([one.seconds for one in samples], [of(one) for one in samples], 1)
    return float(slope) * 3600


if __name__ == "__main__":
    sys.exit(main())
