"""How fast training is: this engine, PyTorch eager and scikit-learn at the same work, in one run.

    python tests/benchmarks/bench_training.py [--rounds 15] [--seconds 0.15]

The work is whole iterations over the same mini-batches: take the rows, forward, cost, backward, a step of the
optimizer. All take turns in each round, so that whatever else the computer does falls on all alike; each round gives
a ratio to this engine, and the medians over the rounds are printed. Each runs at the better of its own thread count
and one thread. "op by op" is this engine, each iteration stepped through one operation at a time; "its products" are
the matrix products of an iteration alone, below which nothing built on NumPy can come. A peer that is not installed is
a row that says so. Absolute times are worth little on a shared machine; the ratios are what to read.
"""

import argparse
import statistics
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from products import matrix_products
from timing import Run, by_turns, grown_memory, iterations_in, limited, peak_memory, ratio, thread_counts

from nnstudio.engine.machine import Machine
from nnstudio.engine.model import Model
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.optimizers import Adam, Optimizer, Sgd
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Precision

try:
    import torch
except ImportError:
    torch = None
try:
    from sklearn.neural_network import MLPClassifier, MLPRegressor
except ImportError:
    MLPClassifier = None

RATE = 0.01


@dataclass(frozen=True)
class Workload:
    """A network and how it is trained. `classes` has softmax and cross-entropy, else identity and half the MSE."""

    widths: tuple[int, ...]
    activation: str
    classes: bool
    optimizer: str
    batch_size: int
    precision: Precision
    rows: int

    @property
    def name(self) -> str:
        kind = f"{self.activation}, softmax" if self.classes else self.activation
        what = f"{kind}, {self.optimizer}, batch {self.batch_size}, {self.precision}"
        return f"{'-'.join(map(str, self.widths))}  ({what})"

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(0)
        X = rng.normal(size=(self.rows, self.widths[0])).astype(self.precision)
        if self.classes:
            return X, np.eye(self.widths[-1], dtype=self.precision)[rng.integers(0, self.widths[-1], self.rows)]
        return X, rng.normal(size=(self.rows, self.widths[-1])).astype(self.precision)


WORKLOADS = (
    Workload((2, 8, 8, 1), "tanh", False, "sgd", 10, Precision.FLOAT64, 1000),
    Workload((4, 16, 16, 3), "relu", True, "adam", 32, Precision.FLOAT64, 1600),
    Workload((784, 128, 64, 10), "relu", True, "sgd", 128, Precision.FLOAT32, 6400),
    Workload((784, 512, 512, 10), "relu", True, "sgd", 128, Precision.FLOAT32, 6400),
)


def machine_of(work: Workload) -> Machine:
    last = "softmax" if work.classes else "identity"
    layers = [LayerSpec(units, work.activation) for units in work.widths[1:-1]]
    network = NetworkSpec(work.widths[0], (*layers, LayerSpec(work.widths[-1], last)))
    method: Optimizer = Adam(RATE) if work.optimizer == "adam" else Sgd(RATE)
    cost = "cross_entropy" if work.classes else "half_mse"
    model = Model(ModelSpec(network, cost, optimizer=method, precision=work.precision))
    model.initialize(0)
    return Machine(model, *work.data(), batch_size=work.batch_size, shuffle=True, seed=0)


def whole_iterations(work: Workload, threads: int | None = None) -> Run:
    machine = machine_of(work)

    def run(iterations: int) -> None:
        with limited(threads):
            for _ in range(iterations):
                machine.run_iteration()

    return run


def op_by_op(work: Workload, threads: int | None = None) -> Run:
    machine = machine_of(work)
    step, count = machine.step, len(machine.program.ops)

    def run(iterations: int) -> None:
        with limited(threads):
            for _ in range(iterations):
                for _ in range(count):
                    step()

    return run


def products_alone(work: Workload, threads: int | None = None) -> Run:
    return matrix_products(machine_of(work), threads)


def torch_eager(work: Workload, threads: int) -> Run:
    """The usual loop: indices of a shuffled epoch, rows by index, zero_grad, backward, step."""
    torch.manual_seed(0)
    kind = getattr(torch, work.precision)
    X, Y = (torch.from_numpy(part) for part in work.data())
    if work.classes:
        Y = Y.argmax(dim=1)
    bend = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[work.activation]
    parts: list = []
    for inputs, units in zip(work.widths, work.widths[1:], strict=False):
        parts += [torch.nn.Linear(inputs, units, dtype=kind), bend()]
    network = torch.nn.Sequential(*parts[:-1])
    cost = torch.nn.CrossEntropyLoss() if work.classes else torch.nn.MSELoss()
    method = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[work.optimizer](network.parameters(), lr=RATE)
    batches = _batches(lambda: torch.randperm(work.rows), work)

    def run(iterations: int) -> None:
        torch.set_num_threads(threads)
        for _ in range(iterations):
            rows = next(batches)
            method.zero_grad()
            cost(network(X[rows]), Y[rows]).backward()
            method.step()

    return run


def scikit_learn(work: Workload, threads: int | None) -> Run:
    """`fit` for whole epochs: it takes, shuffles and learns its mini-batches itself."""
    X, Y = work.data()
    kind = MLPClassifier if work.classes else MLPRegressor
    learner = kind(
        hidden_layer_sizes=work.widths[1:-1],
        activation=work.activation,
        solver=work.optimizer,
        alpha=0.0,
        batch_size=work.batch_size,
        learning_rate_init=RATE,
        momentum=0.0,
        tol=0.0,
        n_iter_no_change=10**9,
        warm_start=True,
        random_state=0,
    )
    target = Y.argmax(axis=1) if work.classes else Y.ravel()
    per_epoch = work.rows // work.batch_size

    def run(iterations: int) -> None:
        with limited(threads), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged
            learner.set_params(max_iter=max(1, iterations // per_epoch)).fit(X, target)

    return run


def _batches(shuffled: Callable, work: Workload) -> Iterator:
    while True:
        order = shuffled()
        for start in range(0, work.rows, work.batch_size):
            yield order[start : start + work.batch_size]


def peers(work: Workload) -> Iterator[tuple[str, list[Run]]]:
    """Each peer at its own thread count and at one thread; no way to run it if it is not installed."""
    if torch is None:
        yield "PyTorch eager", []
    else:
        own = torch.get_num_threads()
        yield f"PyTorch {torch.__version__.split('+')[0]} eager", [torch_eager(work, n) for n in sorted({own, 1})]
    if MLPClassifier is None:
        yield "scikit-learn", []
    else:
        yield "scikit-learn fit", [scikit_learn(work, threads) for threads in thread_counts()]


def measure(work: Workload, rounds: int, wanted: float) -> None:
    names = ["nnstudio", "nnstudio, op by op", "nnstudio, its products"]
    ways = (whole_iterations, op_by_op, products_alone)
    runs = [[way(work, threads) for threads in thread_counts()] for way in ways]
    for name, found_ways in peers(work):
        names.append(name)
        runs.append(found_ways)
    per_epoch = work.rows // work.batch_size
    counts = [[iterations_in(run, wanted, per_epoch) for run in ways] for ways in runs]
    found = iter(by_turns([*chain(*runs)], [*chain(*counts)], rounds))
    times = [[next(found) for _ in ways] for ways in runs]
    run = whole_iterations(work)
    print(f"\n{work.name}")
    print(f"  one iteration takes {peak_memory(run):,} bytes at most; 100 leave {grown_memory(run):,} behind")
    ours = min(times[0], key=statistics.median)
    for name, found in zip(names, times, strict=True):
        if not found:
            print(f"  {name:<24}{'not installed':>14}")
            continue
        best = min(found, key=statistics.median)
        print(f"  {name:<24}{statistics.median(best) * 1e6:>11,.1f} µs{ratio(best, ours):>9.2f} ×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.15, help="length of one measurement")
    options = parser.parse_args()
    print("median time of an iteration, and its ratio to nnstudio's")
    for work in WORKLOADS:
        measure(work, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
