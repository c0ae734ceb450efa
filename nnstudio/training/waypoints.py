"""The moments that a person goes back to, seen from where the machine stands: each lies before it."""

from nnstudio.engine.machine import Machine

from .keyframes import Moment


def operation_before(machine: Machine) -> Moment:
    """Before the operation that has just run."""
    if machine.pc:
        return Moment(machine.iterations, machine.pc - 1)
    return _in_iteration_before(machine, len(machine.program.ops) - 1)


def phase_before(machine: Machine) -> Moment:
    """The beginning of the phase that the operation that has just run belongs to."""
    program = machine.program
    if machine.pc:
        return Moment(machine.iterations, program.start_of_phase(machine.pc - 1))
    return _in_iteration_before(machine, program.start_of_phase(len(program.ops) - 1))


def batch_before(machine: Machine) -> Moment:
    """The beginning of this mini-batch, or from there that of the one before."""
    return Moment(machine.iterations) if machine.pc else _in_iteration_before(machine, 0)


def epoch_before(machine: Machine) -> Moment:
    """The beginning of this epoch, or from there that of the one before."""
    per_epoch = machine.batches.per_epoch
    return Moment((machine.iterations - machine.at_boundary) // per_epoch * per_epoch) if machine.iterations else START


def _in_iteration_before(machine: Machine, pc: int) -> Moment:
    return Moment(machine.iterations - 1, pc) if machine.iterations else START


START = Moment(0, 0)
"""The initial weights; there is nothing before."""
