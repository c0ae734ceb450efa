"""What the engine costs, and how its cost grows.

    python tests/benchmarks/bench_engine.py [optimizers] [growth] [compiling] [memory] [--plot OUT.svg]

optimizers  each optimizer and each schedule at 2-8-8-1, as a ratio to plain sgd at a constant rate
growth      an iteration by depth, by width and by the size of the mini-batch; and which part of it is matrix products
compiling   from the description of a network to its programs
memory      what an iteration takes and leaves behind with everything on

All of it where nothing is named. What is compared takes turns in each round; ratios are medians over the rounds.
Absolute times are worth little on a shared machine, and BLAS in several threads gets in its own way there: then ask for
one. The part that is matrix products is measured by running these alone, on the same arrays: the rest is activations,
the optimizer and what NumPy needs for each call.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from log_charts import Chart, svg
from products import matrix_products
from timing import Run, by_turns, grown_memory, iterations_in, limited, peak_memory, ratio, threadpool_limits

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.optimizers import Optimizer, Sgd
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, Precision, RegularizationSpec

RATE = 0.001
DEPTHS = (1, 2, 4, 8, 16, 32)
WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048)
BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
NETWORKS = ((2, 8, 8, 1), (784, 512, 512, 10), (16,) * 101)


def network(widths: Sequence[int], activation: str = "tanh") -> NetworkSpec:
    hidden = tuple(LayerSpec(units, activation) for units in widths[1:-1])
    return NetworkSpec(widths[0], (*hidden, LayerSpec(widths[-1])))


def machine_of(spec: ModelSpec, batch_size: int) -> Machine:
    """On random data of some mini-batches, all of the same size."""
    model = Model(spec)
    model.initialize(0)
    rng = np.random.default_rng(0)
    rows = batch_size * 10
    X, Y = rng.normal(size=(rows, spec.network.inputs)), rng.normal(size=(rows, spec.network.outputs))
    return Machine(model, X, Y, batch_size=batch_size, shuffle=True, seed=0)


def whole_iterations(machine: Machine) -> Run:
    def run(iterations: int) -> None:
        with np.errstate(all="ignore"):
            for _ in range(iterations):
                machine.run_iteration()

    return run


def ways_to_learn() -> Iterator[tuple[str, ModelSpec]]:
    """Plain sgd first."""
    small = network((2, 8, 8, 1))
    yield "sgd", ModelSpec(small, optimizer=Sgd(RATE))
    yield "sgd, momentum", ModelSpec(small, optimizer=Sgd(RATE, 0.9))
    yield "sgd, Nesterov's momentum", ModelSpec(small, optimizer=Sgd(RATE, 0.9, True))
    for kind in Optimizer.registry.values():
        if kind is not Sgd:
            yield kind.name, ModelSpec(small, optimizer=kind(learning_rate=RATE))
    for kind in Schedule.registry.values():
        if kind.name != "constant":
            yield f"sgd, {kind.name}", ModelSpec(small, optimizer=Sgd(RATE), schedule=kind())


def optimizers(rounds: int, wanted: float) -> None:
    print("\n2-8-8-1, tanh, batch 10, float64: an iteration, and its ratio to plain sgd")
    named = list(ways_to_learn())
    runs = [whole_iterations(machine_of(spec, 10)) for _, spec in named]
    counts = [iterations_in(run, wanted, 10) for run in runs]
    times = by_turns(runs, counts, rounds)
    for (name, _), found in zip(named, times, strict=True):
        print(f"  {name:<28}{statistics.median(found) * 1e6:>10,.1f} µs{ratio(found, times[0]):>9.2f} ×")


@dataclass(frozen=True)
class Growth:
    """A row of networks that differ in one number."""

    title: str
    what: str
    points: tuple[int, ...]
    machine: Callable[[int], Machine]


def plain(widths: Sequence[int], batch_size: int, precision: Precision) -> Machine:
    spec = ModelSpec(network(widths, "relu"), optimizer=Sgd(RATE), precision=precision)
    return machine_of(spec, batch_size)


def growths(precision: Precision) -> tuple[Growth, ...]:
    return (
        Growth(
            "By depth (width 16, batch 32)", "layers", DEPTHS, lambda depth: plain((16,) * (depth + 1), 32, precision)
        ),
        Growth("By width (two layers, batch 128)", "units", WIDTHS, lambda width: plain((width,) * 3, 128, precision)),
        Growth("By mini-batch (64-64-64)", "rows", BATCHES, lambda rows: plain((64,) * 3, rows, precision)),
    )


def growth(rounds: int, wanted: float, precision: Precision, plot: Path | None) -> None:
    charts = [_grown(rows, rounds, wanted) for rows in growths(precision)]
    if plot is not None:
        plot.write_text(svg(charts), encoding="utf-8")
        print(f"\nplotted to {plot}")


def _grown(rows: Growth, rounds: int, wanted: float) -> Chart:
    print(f"\n{rows.title}: relu, sgd; an iteration, and the part of it that is matrix products")
    whole, part = [], []
    for point in rows.points:
        machine = rows.machine(point)
        runs = [whole_iterations(machine), matrix_products(machine)]
        times = by_turns(runs, [iterations_in(run, wanted) for run in runs], rounds)
        share = ratio(times[1], times[0])
        micros = statistics.median(times[0]) * 1e6
        whole.append(micros)
        part.append(micros * share)
        print(f"  {point:>6} {rows.what:<8}{micros:>14,.1f} µs{share:>8.0%}")
    return Chart(rows.title, rows.what, "µs an iteration", rows.points, {"iteration": whole, "matrix products": part})


def compiling(rounds: int, wanted: float) -> None:
    print("\ncompiling: laid out, with the programs of training; then the initial weights")
    for widths in NETWORKS:
        spec = ModelSpec(network(widths, "relu"), optimizer=Sgd(RATE))
        X, Y = np.zeros((256, widths[0])), np.zeros((256, widths[-1]))
        compiled, drawn = [], []
        begun = time.perf_counter()
        while len(compiled) < 3 or (len(compiled) < 20 * rounds and time.perf_counter() - begun < 5 * wanted):
            start = time.perf_counter()
            model = Model(spec)
            Machine(model, X, Y, batch_size=32, shuffle=True, seed=0)
            compiled.append(time.perf_counter() - start)
            start = time.perf_counter()
            model.initialize(0)
            drawn.append(time.perf_counter() - start)
        name = "-".join(map(str, widths)) if len(widths) < 10 else f"{len(widths) - 1} layers of {widths[0]}"
        milli = [statistics.median(found) * 1e3 for found in (compiled, drawn)]
        print(f"  {name:<28}{milli[0]:>10,.2f} ms{milli[1]:>10,.2f} ms")


def memory() -> None:
    print("\nmemory of an iteration with everything on: what it takes at most, what 100 leave behind")
    layers = [
        LayerSpec(40, "gelu", dropout=0.2, normalization=kind) for kind in (Normalization.BATCH, Normalization.LAYER)
    ]
    everything = RegularizationSpec(0.001, 0.001, max_norm=3.0, clip_value=1.0, clip_norm=1.0)
    for precision in Precision:
        for kind in Optimizer.registry.values():
            for schedule in ("cosine", "reduce_on_plateau"):
                made = Schedule.registry[schedule]()
                layout = NetworkSpec(3, (*layers, LayerSpec(2)))
                spec = ModelSpec(layout, "half_mse", everything, kind(learning_rate=RATE), precision, made)
                run = whole_iterations(machine_of(spec, 64))
                name = f"{kind.name}, {schedule}, {precision}"
                print(f"  {name:<44}{peak_memory(run):>8,} bytes{grown_memory(run):>8,} bytes")


PARTS = ("optimizers", "growth", "compiling", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.05, help="length of one measurement")
    parser.add_argument("--threads", type=int, help="threads of BLAS; its own number if not given")
    parser.add_argument("--dtype", type=Precision, choices=list(Precision), default=Precision.FLOAT64, help="of growth")
    parser.add_argument("--plot", type=Path, metavar="OUT.svg", help="write the growth as charts")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if options.threads and threadpool_limits is None:
        parser.error("--threads needs threadpoolctl; install it, or set OPENBLAS_NUM_THREADS")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    with limited(options.threads):
        if "optimizers" in parts:
            optimizers(options.rounds, options.seconds)
        if "growth" in parts:
            growth(options.rounds, options.seconds, options.dtype, options.plot)
        if "compiling" in parts:
            compiling(options.rounds, options.seconds)
        if "memory" in parts:
            memory()


if __name__ == "__main__":
    main()
