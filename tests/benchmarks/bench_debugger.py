"""Breakpoints: what looking at conditions costs training, and that none costs nothing.

    python tests/benchmarks/bench_debugger.py [--rounds 60]

The same run, 2-8-8-1 on the two circles, in short turns: with nothing set, with breakpoints that are disabled, with ten
conditions, with ten breakpoints at operations and a condition each, with ten on data, with all ready-made watches that
say something about such a network. None of them ever holds. The median of the rounds' ratios to the run with nothing
set, by the time of the processor.
"""

import argparse
import statistics
import time
from dataclasses import replace

from nnstudio.engine.optimizers import Sgd
from nnstudio.engine.spec import LayerSpec
from nnstudio.experiment.document import Experiment, Network, TrainingSpec
from nnstudio.experiment.open import open_sample
from nnstudio.training.breakpoints import Breakpoint, ConditionBreakpoint, DataBreakpoint, Event, OpBreakpoint
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer
from nnstudio.training.watches import WATCHES, Side, Watch, breakpoint_of

FOREVER = 10_000_000
SECONDS = 0.1
TEXTS = (
    "abs(dW2).max() < 1e-17",
    "J > 1e9 * best_J",
    "epoch >= 3 and dead(A1) > 1",
    "norm(dW1) > 1e9",
    "any(isnan(W1))",
    "abs(W1[2, 1]) > 1e3",
    "saturated(A1) > 1",
    "mean(abs(dW1)) < 1e-17",
    "max(abs(W3)) > 1e5",
    "J < 0",
)
CONDITIONS = tuple(ConditionBreakpoint(condition=text) for text in TEXTS)
SLOTS = ("dA1", "dZ2", "Z3", "W1", "Z1", "Z2", "A3", "db1", "A2", "dW3")
"""Where an operation's breakpoint stands, one for each text: where all that the text is about is known."""
OPERATIONS = tuple(
    OpBreakpoint(slot=slot, label=slot, condition=text, nth=0) for slot, text in zip(SLOTS, TEXTS, strict=True)
)
DATA = tuple(
    DataBreakpoint(slot=slot, index=index, event=Event.CROSSES, level=1e9)
    for slot, index in (
        *(("W1", (unit, 0)) for unit in range(4)),
        *(("dW2", (unit, 0)) for unit in range(4)),
        ("W3", None),
        ("J", None),
    )
)


def watches() -> tuple[Breakpoint, ...]:
    """All that can say something about the network; dead ReLU alone cannot."""
    run = build(experiment())
    able = [watch for watch in WATCHES if watch.problem(run.machine, run.history) is None]
    return tuple(breakpoint_of(watch.name, never_true(watch)) for watch in able)


def never_true(watch: Watch) -> tuple[float, ...]:
    """Thresholds that nothing comes to."""
    return tuple(threshold.least if threshold.side is Side.BELOW else threshold.most for threshold in watch.thresholds)


def experiment() -> Experiment:
    """2-8-8-1, tanh, SGD, batch 10, on the two circles."""
    layers = (LayerSpec(8, "tanh"), LayerSpec(8, "tanh"), LayerSpec(1, "sigmoid"))
    training = TrainingSpec(batch_size=10, epochs=FOREVER, shuffle=True)
    return replace(open_sample("circles"), network=Network(layers), optimizer=Sgd(0.05), training=training)


def trainer_with(breakpoints: tuple[Breakpoint, ...]) -> Trainer:
    trainer = Trainer(build(experiment()))
    trainer.watcher.watch(breakpoints)
    assert not trainer.watcher.problems, trainer.watcher.problems
    return trainer


def microseconds(trainer: Trainer) -> float:
    machine, clock = trainer.run.machine, time.process_time
    begun, before = clock(), machine.iterations
    end = begun + SECONDS
    outcome = trainer.train(Goal.LIMIT, lambda: clock() >= end)
    assert not outcome.hits
    return 1e6 * (clock() - begun) / (machine.iterations - before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    rounds, all_watches = parser.parse_args().rounds, watches()
    trainers = {
        "nothing set": trainer_with(()),
        "ten disabled": trainer_with(tuple(replace(one, enabled=False) for one in CONDITIONS)),
        "ten conditions": trainer_with(CONDITIONS),
        "ten operations": trainer_with(OPERATIONS),
        "ten on data": trainer_with(DATA),
        f"{len(all_watches)} watches": trainer_with(all_watches),
    }
    ratios: dict[str, list[float]] = {name: [] for name in trainers}
    for _ in range(rounds):
        times = {name: microseconds(trainer) for name, trainer in trainers.items()}
        for name, took in times.items():
            ratios[name].append(took / times["nothing set"])
    print("An iteration of 2-8-8-1, batch 10, against one with nothing set")
    for name, found in ratios.items():
        print(f"  {name:16} {statistics.median(found):.2f} ×")


if __name__ == "__main__":
    main()
