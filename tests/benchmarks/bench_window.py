"""How the window feels, in numbers: smoothness while training and while a large table is read, a step to the last
repaint, start to the first paint.

    python tests/benchmarks/bench_window.py [smoothness] [loading] [steps] [start]

Offscreen unless QT_QPA_PLATFORM says otherwise. Every comparison is made side by side in this one run.
"""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from bench_data import fractions, pixels
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import nnstudio
from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.spec import LayerSpec, Precision
from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.open import open_sample
from nnstudio.gui.app import application, create_window
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.settings import Settings
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

SECONDS = 4.0
TICK = 5
FOREVER = 10_000_000


def small() -> Experiment:
    """2-8-8-1, tanh, SGD, batch 10, on the two circles."""
    sample = open_sample("circles")
    layers = (LayerSpec(8, "tanh"), LayerSpec(8, "tanh"), LayerSpec(1, "sigmoid"))
    return replace(
        sample,
        network=Network(layers),
        optimizer=Sgd(0.05),
        training=TrainingSpec(batch_size=10, epochs=FOREVER, shuffle=True),
    )


def large() -> Experiment:
    """784-512-512-10, relu and softmax, SGD, batch 128, on random pictures."""
    rng = np.random.default_rng(0)
    pixels = rng.random((256, 784)).round(3)
    rows = [(*map(float, row), f"class {rng.integers(10)}") for row in pixels]
    columns = (*(f"p{n}" for n in range(784)), "digit")
    layers = (LayerSpec(512, "relu", "he_normal"), LayerSpec(512, "relu", "he_normal"), LayerSpec(10, "softmax"))
    return Experiment(
        data=DataSpec(InlineSource(columns, tuple(rows)), columns[:-1], ("digit",)),
        network=Network(layers),
        cost="cross_entropy",
        optimizer=Sgd(0.05),
        training=TrainingSpec(batch_size=128, epochs=FOREVER, dtype=Precision.FLOAT32),
    )


def open_window(experiment: Experiment, folder: Path) -> MainWindow:
    path = folder / "bench.nns.json"
    file.save(experiment, path)
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    window = create_window(path, settings)
    window.resize(1600, 1000)
    window.show()
    window.arrange()
    rest(0.5)
    return window


def rest(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


class Lateness(QObject):
    """How late a timer of `TICK` milliseconds comes, which is how late any click would be answered."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        self.late.append(max(self._clock.nsecsElapsed() / 1e6 - TICK, 0.0))
        self._clock.restart()


def smoothness(folder: Path) -> None:
    print("Smoothness: 2-8-8-1 flat out, every panel visible at 1600×1000")
    without, within = [], []
    window = open_window(small(), folder)
    session = window.context.session
    lateness = Lateness()
    for _ in range(5):
        without.append(bare_speed())
        begun, before = time.perf_counter(), session.machine.iterations
        session.train()
        lateness.start()
        rest(SECONDS)
        lateness.stop()
        session.pause()
        while not session.paused:
            rest(0.01)
        within.append((session.machine.iterations - before) / (time.perf_counter() - begun))
    late = np.array(lateness.late)
    print(
        f"  lateness of a {TICK} ms timer   p50 {np.percentile(late, 50):.1f} ms   p99 {np.percentile(late, 99):.1f} ms"
        f"   max {late.max():.1f} ms   over {len(late)} ticks"
    )
    ratio = statistics.median(a / b for a, b in zip(within, without, strict=True))
    print(
        f"  throughput   window {statistics.median(within):,.0f}/s   none {statistics.median(without):,.0f}/s   "
        f"ratio {ratio:.2f}"
    )
    window.close()


def loading(folder: Path) -> None:
    print("Smoothness: while the window reads 60,000 × 785 numbers, beside the same window at rest")
    for write in (pixels, fractions):
        window = open_window(open_sample("iris"), folder)
        path = folder / f"{write.__name__}.csv"
        write(path, 60_000)
        for title, act in (("at rest", partial(rest, SECONDS)), ("reading", partial(read_in, window, path))):
            lateness = Lateness()
            lateness.start()
            act()
            lateness.stop()
            late = np.array(lateness.late)
            print(
                f"  {path.stem:10} {title}   p50 {np.percentile(late, 50):.1f} ms   p99 {np.percentile(late, 99):.1f} "
                f"ms   max {late.max():.1f} ms   over {len(late)} ticks"
            )
        window.close()
        path.unlink()


def read_in(window: MainWindow, path: Path) -> None:
    """Open a file, until the window would show it."""
    files = window.files
    files.open_path(path)
    task = files._task
    assert task is not None, "it was read at once"
    done = QEventLoop()
    task._ended.connect(done.quit, Qt.ConnectionType.DirectConnection)
    done.exec()
    files.cancel()


def bare_speed() -> float:
    run = build(small())
    trainer = Trainer(run)
    end = time.perf_counter() + SECONDS
    begun = time.perf_counter()
    while time.perf_counter() < end:
        trainer.train(Goal.EPOCH, never)
    return run.machine.iterations / (time.perf_counter() - begun)


def never() -> bool:
    return False


def steps(folder: Path) -> None:
    print("A step key pressed to all panels repainted")
    for name, experiment, count in (("2-8-8-1", small(), 63), ("784-512-512-10", large(), 40)):
        window = open_window(experiment, folder)
        window.activateWindow()
        rest(0.5)
        times = []
        for _ in range(count):
            begun = time.perf_counter()
            QTest.keyClick(window, Qt.Key.Key_F10)
            QApplication.processEvents()
            times.append(1000 * (time.perf_counter() - begun))
            rest(0.02)
        print(
            f"  {name:16} median {statistics.median(times):.1f} ms   p90 {np.percentile(times, 90):.1f} ms   "
            f"max {max(times):.1f} ms"
        )
        window.close()


_BARE = """
import pyqtgraph as pg
from PySide6.QtWidgets import QMainWindow
app = pg.mkQApp()
window = QMainWindow()
window.setCentralWidget(pg.PlotWidget())
window.resize(1600, 1000)
"""
_OURS = """
from nnstudio.gui.app import application, create_window
app = application()
window = create_window()
window.resize(1600, 1000)
"""
_FIRST_PAINT = """
import time, os
from PySide6.QtCore import QCoreApplication, QEvent, QObject
class Watch(QObject):
    # the whole window is painted in one go; an event posted at its beginning comes right after it, before any timer
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            app.removeEventFilter(self)
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
        return False
    def customEvent(self, event):
        print(time.time() - float(os.environ["BEGUN"]), flush=True)
        os._exit(0)
watch = Watch()
app.installEventFilter(watch)
window.show()
app.exec()
"""


def start(_folder: Path) -> None:
    print("Start to first paint, in pairs")
    compileall.compile_dir(Path(nnstudio.__file__).parent, quiet=1)  # as pip does with whatever it copies
    times: dict[str, list[float]] = {"bare pyqtgraph window": [], "nnstudio": []}
    for round_ in range(9):
        for name, code in (("bare pyqtgraph window", _BARE), ("nnstudio", _OURS)):
            environment = {**os.environ, "BEGUN": repr(time.time())}
            done = subprocess.run(
                [sys.executable, "-c", code + _FIRST_PAINT], env=environment, capture_output=True, text=True, check=True
            )
            if round_:
                times[name].append(float(done.stdout.split()[-1]))
    bare, ours = (statistics.median(values) for values in times.values())
    print(f"  bare {bare:.3f} s   nnstudio {ours:.3f} s   ratio {ours / bare:.2f}")


def main() -> None:
    application()
    wanted = sys.argv[1:] or ["smoothness", "loading", "steps", "start"]
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            {"smoothness": smoothness, "loading": loading, "steps": steps, "start": start}[name](Path(folder))


if __name__ == "__main__":
    main()
