"""The matrix products of an iteration, alone: what no way of training in NumPy can be faster than."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from timing import Run, limited

from nnstudio.engine.machine import Machine


def matrix_products(machine: Machine, threads: int | None = None) -> Run:
    """The products of an iteration alone: X Wᵀ, dZᵀ A, Σ dZ and dZ W of each layer."""
    products = tuple(_products(machine))

    def run(iterations: int) -> None:
        with limited(threads):
            for _ in range(iterations):
                for product in products:
                    product()

    return run


def _products(machine: Machine) -> Iterator[Callable[[], object]]:
    arena = machine.program.arena
    for layer in range(1, machine.model.depth + 1):
        A, W, Z = arena[f"A{layer - 1}" if layer > 1 else "X"], arena[f"W{layer}"], arena[f"Z{layer}"]
        dZ, dW, db = arena[f"dZ{layer}"], arena[f"dW{layer}"], arena[f"db{layer}"]
        yield partial(np.dot, A, W.T, Z)
        yield partial(np.dot, dZ.T, A, dW)
        yield partial(np.dot, np.ones(len(dZ), dZ.dtype), dZ, db)
        if layer > 1:
            yield partial(np.dot, dZ, W, arena[f"dA{layer - 1}"])
