"""The moments that a person goes back to, seen from where the machine stands: each lies before it, or is where it
stands."""

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


def before_use(machine: Machine, slot: str) -> Moment:
    """Where to set a number of this slot for all that is computed from it to follow: before the first operation that
    has read it in the iteration at hand, or here. Once an update has written a parameter, what read it before is over:
    then it is set here, for the next iteration."""
    program = machine.program
    lasting = machine.slot(slot).lasting
    learned = slot in machine.model.parameters and program.writers(slot)[0] >= machine.ran
    return _here_or_before(machine, program.first_use(slot)) if learned or not lasting else _here(machine)


def before_update(machine: Machine) -> Moment:
    """Where to scale the update that comes next, or is under way: before its first operation, or here."""
    return _here_or_before(machine, machine.program.update_begins) if machine.pc else _here(machine)


def before_last_update(machine: Machine) -> Moment:
    """Before the update that has run last, or has begun: there the values of its iteration stand, and the parameters
    that they were computed with. Here if none has run in the iteration at hand."""
    return _here_or_before(machine, machine.program.update_begins)


def _here(machine: Machine) -> Moment:
    return Moment(machine.iterations, machine.pc)


def _here_or_before(machine: Machine, op: int) -> Moment:
    """Before an operation of the iteration at hand, if it has run."""
    return Moment(machine.iterations - machine.at_boundary, op) if op < machine.ran else _here(machine)


def _in_iteration_before(machine: Machine, pc: int) -> Moment:
    return Moment(machine.iterations - 1, pc) if machine.iterations else START


START = Moment(0, 0)
"""The initial weights; there is nothing before."""
