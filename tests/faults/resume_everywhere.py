"""Saves, closes and opens a run at every mini-batch of an epoch, and holds what it goes on to against one never closed.

    python tests/faults/resume_everywhere.py [--epochs 2]

Every optimizer, SGD also with momentum and with Nesterov's, with every schedule, each with and without dropout, with
batch normalization, and in single precision: at each mini-batch of the second epoch the run is saved to a project, and
the opened one goes on for so many epochs. Its state must be, byte for byte, that of the run that nobody interrupted.
Exit status 0 if it was every time.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    start, told, failures = time.monotonic(), Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for name, experiment in _experiments():
            told["kinds of runs"] += 1
            failures += [f"{name}: {why}" for why in _resumed(experiment, Path(folder), options.epochs, told)]
    print(
        f"{told['kinds of runs']} kinds of runs resumed {told['resumed']:,} times in {time.monotonic() - start:.0f} s"
    )
    for failure in failures[:20]:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _experiments() -> Iterator[tuple[str, object]]:
    from nnstudio.engine.optimizers import Optimizer, Sgd, optimizer
    from nnstudio.engine.schedules import Schedule, schedule
    from nnstudio.engine.spec import Normalization
    from nnstudio.experiment.document import Precision
    from nnstudio.experiment.open import open_sample

    sample = open_sample("circles")
    optimizers = {name: optimizer(name) for name in Optimizer.names()}
    optimizers |= {"momentum": Sgd(0.1, momentum=0.9), "nesterov": Sgd(0.1, momentum=0.9, nesterov=True)}
    for how, changed in optimizers.items():
        for when in Schedule.names():
            made = replace(sample, optimizer=changed, schedule=schedule(when))
            yield f"{how}, {when}", made
            yield f"{how}, {when}, dropout", _with_hidden(made, dropout=0.3)
            yield f"{how}, {when}, batch normalization", _with_hidden(made, normalization=Normalization.BATCH)
            single = replace(made, training=replace(made.training, dtype=Precision.FLOAT32))
            yield f"{how}, {when}, dropout, float32", _with_hidden(single, dropout=0.3)


def _with_hidden(experiment: object, **changed: object) -> object:
    *hidden, last = experiment.network.layers
    layers = (*(replace(layer, **changed) for layer in hidden), last)
    return replace(experiment, network=replace(experiment.network, layers=layers))


def _resumed(experiment: object, folder: Path, epochs: int, told: Counter[str]) -> Iterator[str]:
    from runs import digest, run_iteration

    from nnstudio.project import Project, open_project, save
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    straight, path, opened = Debugger(build(experiment)), folder / "run.nnstudio", []
    run, each = straight.run, straight.machine.batches.per_epoch
    for number in range(each * (2 + epochs)):
        if each <= number < 2 * each:
            save(Project(experiment=run.experiment, dataset=run.dataset, standing=straight.standing()), path)
            opened.append(open_project(path).debugger)
        run_iteration(straight)
    for number, one in enumerate(opened):
        while one.machine.iterations < straight.machine.iterations:
            run_iteration(one)
        told["resumed"] += 1
        if digest(one) != digest(straight):
            yield f"resumed at mini-batch {number + 1} it goes on to other numbers"


if __name__ == "__main__":
    sys.exit(main())
