"""Going to a moment that branches were found to part at, in the run of the window."""

from nnstudio.gui.moment_words import moment_words
from nnstudio.gui.session import Session
from nnstudio.training.branches import Parting

_MOST_OPERATIONS = 20_000
"""About as many as run before a person would notice."""


def reach(parting: Parting, session: Session) -> bool:
    """Let the window show the moment, in the past or a little ahead; false, with the reason said, if it can't."""
    session.take()
    timeline, machine = session.debugger.timeline, session.machine
    per_epoch = machine.batches.per_epoch
    if parting.moment < timeline.start:
        session.message.emit(f"This run begins later, at {moment_words(timeline.start, per_epoch)}")
        return False
    if parting.moment <= timeline.furthest:
        session.travel.go_to(parting.moment)
        return True
    furthest, each = timeline.furthest, len(machine.program.ops)
    ahead = (parting.moment.iterations - furthest.iterations) * each + parting.moment.pc - furthest.pc
    if ahead > _MOST_OPERATIONS:
        where = moment_words(parting.moment, per_epoch)
        session.message.emit(f"The run has not come there yet; train it to {where} first")
        return False
    session.travel.to_present()
    if not session.paused:
        session.message.emit("The run goes forward to its end first; show it again from there")
        return False
    session.play(ahead)
    return True
