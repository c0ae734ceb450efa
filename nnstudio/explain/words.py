"""The plain words around formulas: which neuron, which layer, which sample."""

from nnstudio.engine.machine import Machine

from .reading import Reading


def layer(machine: Machine, number: int) -> str:
    """hidden layer 2, the output layer, the inputs."""
    if number == 0:
        return "the inputs"
    return "the output layer" if number == machine.model.depth else f"hidden layer {number}"


def operation(reading: Reading) -> str:
    """The operation as a whole: weighted sum, hidden layer 1."""
    kind, number = reading.op.kind.value, reading.op.layer
    return kind if number is None else f"{kind}, {layer(reading.machine, number)}"


def neuron(reading: Reading, unit: int, number: int) -> str:
    return f"neuron {unit + 1} in {layer(reading.machine, number)}"


def bent(reading: Reading) -> str:
    """What goes into the activation."""
    return "scaled and shifted sum" if reading.bent[0] == "N" else "weighted sum"


def written_over(reading: Reading) -> str:
    """Why the numbers are missing of an operation that has written over what it read."""
    return "The value before was written over, so only the result is left." if reading.ran else ""


def sample(reading: Reading) -> str:
    """For which sample; nothing before a mini-batch is loaded."""
    number = sample_number(reading)
    return f", for sample {number}" if number else ""


def of_sample(reading: Reading, what: str) -> str:
    """`what` of the chosen sample."""
    number = sample_number(reading)
    return f"{what} sample {number}" if number else f"{what} one sample"


def sample_number(reading: Reading) -> int | None:
    """Which row of the table the chosen sample is, from 1."""
    if not reading.known("X"):
        return None
    return int(reading.machine.rows[reading.element.sample]) + 1
