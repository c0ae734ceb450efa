"""What the names in an expression mean: the slots of one program of a machine, and the counters of its run."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

import numpy as np

from nnstudio.engine.arena import Slot
from nnstudio.engine.machine import Machine
from nnstudio.engine.naming import parse
from nnstudio.engine.ops.wiring import preactivations_of
from nnstudio.engine.program import Program
from nnstudio.training.history import History

COUNTERS = ("epoch", "batch", "iteration", "best_J")
"""How far the run is, each from 1; best_J is the lowest cost of the training rows at the end of an epoch so far."""


class Scope:
    """The names of `machine`, as they are while it runs `program` (by default the one at hand)."""

    def __init__(self, machine: Machine, history: History, program: Program | None = None) -> None:
        self._machine = machine
        self._arena = (program or machine.program).arena
        self.counters: Mapping[str, Callable[[], float]] = {
            "epoch": lambda: machine.batches.epoch,
            "batch": lambda: machine.batches.number,
            "iteration": lambda: machine.iterations + (not machine.at_boundary),
            "best_J": lambda: history.lowest_cost(machine.epochs),
        }

    def __contains__(self, name: str) -> bool:
        return name in self._arena

    def slot(self, name: str) -> Slot:
        return self._arena.slot(name)

    def array(self, name: str) -> np.ndarray:
        """A read-only view of a slot; it shows the value of the moment."""
        view = self._arena[name].view()
        view.flags.writeable = False
        return view

    def activation(self, outputs: str) -> str | None:
        """The activation whose outputs a slot holds (`A1`), None where it holds something else."""
        name = parse(outputs)
        if name is None or name.letter != "A" or name.prefix or name.layer is None:
            return None
        return self._machine.model.spec.network.layers[name.layer - 1].activation

    def activated_by(self, outputs: str) -> str:
        """The slot that goes into the activation whose outputs `outputs` holds."""
        layer = self.slot(outputs).layer
        assert layer is not None
        return preactivations_of(self._arena, layer)

    def near(self, name: str) -> tuple[str, ...]:
        """Names much like this one, the likeliest first."""
        names = [*(slot.name for slot in self._arena.slots()), *COUNTERS]
        by_case = {known.lower(): known for known in names}
        close = get_close_matches(name, names, n=3, cutoff=0.6) + get_close_matches(name.lower(), by_case, n=3)
        return tuple(dict.fromkeys(by_case.get(one, one) for one in close))[:3]
