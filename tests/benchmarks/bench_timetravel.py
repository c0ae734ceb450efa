"""Time travel: what going back costs, and what being able to costs.

    python tests/benchmarks/bench_timetravel.py [--rounds 60]

A step back: the run has come so far, is paused somewhere, and goes to the operation before; then again and again, and
on to the next pause. The first step back of a pause is the dear one: its keyframe may lie some way back. To the middle
of the run it may lie further. Training: the same run with keyframes and without,
taking short turns, so that whatever else the computer does falls on both alike; the median of the rounds' ratios, by
the time of the processor.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from nnstudio.data.spec import DataSpec, InlineSource
from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.spec import LayerSpec, Precision
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.open import open_sample
from nnstudio.training.debugger import Debugger
from nnstudio.training.keyframes import MEGABYTE, Moment
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

FOREVER = 10_000_000
SECONDS = 0.2
PAUSES = 15


def small() -> Experiment:
    """2-8-8-1, tanh, SGD, batch 10, on the two circles."""
    layers = (LayerSpec(8, "tanh"), LayerSpec(8, "tanh"), LayerSpec(1, "sigmoid"))
    training = TrainingSpec(batch_size=10, epochs=FOREVER, shuffle=True)
    return replace(open_sample("circles"), network=Network(layers), optimizer=Sgd(0.05), training=training)


def large() -> Experiment:
    """784-128-64-10, relu and softmax, SGD, batch 128, on random pictures."""
    rng = np.random.default_rng(0)
    pixels = rng.random((1280, 784)).round(3)
    rows = tuple((*row, f"class {rng.integers(10)}") for row in pixels.tolist())
    columns = (*(f"p{n}" for n in range(784)), "digit")
    layers = (LayerSpec(128, "relu", "he_normal"), LayerSpec(64, "relu", "he_normal"), LayerSpec(10, "softmax"))
    return Experiment(
        data=DataSpec(InlineSource(columns, rows), columns[:-1], ("digit",)),
        network=Network(layers),
        cost="cross_entropy",
        optimizer=Sgd(0.05),
        training=TrainingSpec(batch_size=128, epochs=FOREVER, dtype=Precision.FLOAT32),
    )


def step_back(name: str, experiment: Experiment, iterations: int) -> None:
    debugger = Debugger(build(experiment))
    timeline, keyframes = debugger.timeline, debugger.timeline.keyframes
    first, others, middle = [], [], []
    for pause in range(PAUSES):
        _train_to(debugger, iterations + pause * iterations // 97)
        first.append(_milliseconds(debugger.step_back))
        others += [_milliseconds(debugger.step_back) for _ in range(30)]
        far = Moment(timeline.furthest.iterations // 2 + pause, 1)
        middle.append(_milliseconds(lambda far=far: debugger.go_to(far)))
        debugger.go_to(timeline.furthest)
    print(f"  {name}   after {iterations:,} iterations and {PAUSES} pauses")
    for what, times in (("first step back", first), ("the next steps", others), ("to the middle", middle)):
        print(f"    {what:16} median {statistics.median(times):6.2f} ms   worst {max(times):6.1f} ms")
    print(f"    kept: {len(keyframes)} moments, {keyframes.nbytes / MEGABYTE:.1f} MB")


def _train_to(debugger: Debugger, iterations: int) -> None:
    machine = debugger.machine
    while machine.iterations < iterations:
        debugger.train(Goal.LIMIT, lambda: machine.iterations >= iterations)


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def overhead(name: str, experiment: Experiment, rounds: int) -> None:
    trainers = {kept: Trainer(build(experiment)) for kept in (True, False)}
    ratios = []
    for _ in range(rounds):
        speeds = {}
        for kept, trainer in trainers.items():
            if not kept:
                trainer.timeline.due = trainer.timeline.due_at_epoch_end = inf
            speeds[kept] = _speed(trainer)
        ratios.append(speeds[True] / speeds[False])
    print(f"  {name:14} {100 * statistics.median(ratios):.1f} % of the speed without keyframes")


def _speed(trainer: Trainer) -> float:
    machine, clock = trainer.run.machine, time.process_time
    begun, before = clock(), machine.iterations
    end = begun + SECONDS
    trainer.train(Goal.LIMIT, lambda: clock() >= end)
    return (machine.iterations - before) / (clock() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    print("A step back, from where the run has come to")
    step_back("2-8-8-1", small(), 100_000)
    step_back("784-128-64-10", large(), 1_000)
    print("Training, in pairs")
    overhead("2-8-8-1", small(), rounds)
    overhead("784-128-64-10", large(), rounds)


if __name__ == "__main__":
    main()
