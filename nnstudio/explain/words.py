"""The plain words around formulas: which neuron, which layer, which sample."""

from nnstudio.engine.machine import Machine

from .reading import Reading


def layer(machine: Machine, number: int) -> str:
    """hidden layer 2, the output layer, the inputs."""
    if number == 0:
        return "the inputs"
    return "the output layer" if number == machine.model.depth else f"hidden layer {number}"


def neuron(reading: Reading, unit: int, number: int) -> str:
    return f"neuron {unit + 1} in {layer(reading.machine, number)}"


def sample(reading: Reading) -> str:
    """Which sample of the mini-batch, from 1; nothing before a mini-batch is loaded."""
    if not reading.known("X"):
        return ""
    return f", for sample {reading.element.sample + 1} of {reading.batch_size}"
