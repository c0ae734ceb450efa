"""What the card says of one neuron, bias or weight: a few rows of name and value, read from the machine."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnstudio.engine.machine import Freshness, Machine
from nnstudio.explain import numbers
from nnstudio.explain.symbols import element_symbol
from nnstudio.training.run import Run

from .target import Kind, Target

After = Callable[[Run], dict[str, np.ndarray]]


class Tone(StrEnum):
    """What kind of number it is; each has its colour everywhere."""

    PLAIN = "plain"
    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    tone: Tone
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows, whose value stands in row `editable` (None where there is none to edit), in full precision."""

    rows: tuple[Fact, ...]
    editable: int | None = None
    full: str = ""

    def spoken(self) -> str:
        """The rows in one line, for a screen reader."""
        return ", ".join(f"{fact.name} {fact.value}" for fact in self.rows)


def facts_of(target: Target, run: Run, sample: int, after: After | None) -> Facts:
    """`after` previews the parameters after this update; it is None while training."""
    if target.kind is Kind.NEURON:
        return _neuron(target, run, sample)
    slot, index = target.slot, target.index(sample)
    value = run.machine.value(slot)[index]
    rows = [Fact(target.symbol, numbers.short(float(value)), Tone.PLAIN, strong=True)]
    rows.append(_fact(run.machine, f"d{slot}", index, Tone.BACKWARD))
    if after is not None:
        name = "after this update" if run.machine.pc else "after the next update"
        rows.append(Fact(name, numbers.short(float(after(run)[slot][index])), Tone.UPDATE))
    return Facts(tuple(rows), 0, str(value))


def _neuron(target: Target, run: Run, sample: int) -> Facts:
    machine, layer, unit = run.machine, target.layer, target.unit
    row = min(max(sample, 0), machine.program.batch_size - 1)
    if layer == 0:
        name = run.data.input_names[unit]
        found = _fact(machine, "X", (row, unit), Tone.PLAIN, strong=True)
        return _output((found, Fact("column", _elided(name), Tone.PLAIN), _sample(run, row)), machine, "X", (row, unit))
    slots = [(f"A{layer}", Tone.PLAIN)]
    slots += [(f"{letter}{layer}", Tone.FORWARD) for letter in "MNZ"]
    slots += [(f"d{letter}{layer}", Tone.BACKWARD) for letter in "ANZ"]
    rows = [
        _fact(machine, slot, (row, unit), tone, strong=slot == f"A{layer}")
        for slot, tone in slots
        if slot in machine.program.arena
    ]
    if f"b{layer}" in run.model.parameters:
        bias = float(machine.value(f"b{layer}")[unit])
        rows.append(Fact(element_symbol(f"b{layer}", (unit,)), numbers.short(bias), Tone.PLAIN))
    if layer == run.model.depth and machine.w is not None:
        rows.append(_fact(machine, "w", (row, 0), Tone.PLAIN))
    return _output((*rows, _sample(run, row)), machine, f"A{layer}", (row, unit))


def _output(rows: tuple[Fact, ...], machine: Machine, slot: str, index: tuple[int, ...]) -> Facts:
    """The rows of a neuron, of which the first is its output; that can be set once it is computed."""
    if not machine.is_fresh(slot):
        return Facts(rows)
    return Facts(rows, 0, str(machine.value(slot)[index]))


def _fact(machine: Machine, slot: str, index: tuple[int, ...], tone: Tone, *, strong: bool = False) -> Fact:
    name, freshness = element_symbol(slot, index), machine.freshness(slot)
    if freshness is Freshness.UNKNOWN:
        return Fact(name, "—", Tone.STALE, strong)
    value = numbers.short(float(machine.value(slot)[index]))
    if freshness in (Freshness.FRESH, Freshness.LASTING):
        return Fact(name, value, tone, strong)
    return Fact(name, f"{value} stale", Tone.STALE, strong)


def _sample(run: Run, row: int) -> Fact:
    return Fact("sample", f"{row + 1} of {run.machine.program.batch_size}", Tone.STALE)


def _elided(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
