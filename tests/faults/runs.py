"""What the scripts of this folder know about a run: what it is to the byte, and how to bring it to a moment."""

import hashlib


def digest(debugger: object) -> str:
    """All that determines how it goes on, as one number."""
    state, found = debugger.machine.state(), hashlib.sha256()
    for families in (state.store, *state.workspaces.values()):
        for flat in families.values():
            found.update(flat.tobytes())
    batches = state.batches
    where = (state.pc, state.iterations, batches.cursor, batches.epoch, batches.generator, batches.order.tobytes())
    found.update(repr(where).encode())
    return found.hexdigest()


def run_iteration(debugger: object) -> None:
    """One mini-batch, and the measuring of an epoch that it ends."""
    debugger.timeline.run_iteration()
    if debugger.machine.at_epoch_end:
        debugger.trainer.record_epoch()


def go_on(debugger: object, operations: int) -> None:
    """So many operations on, as somebody who steps."""
    for _ in range(operations):
        debugger.timeline.step()
