"""Runs, saved and opened again, and everything that they are, as bytes."""

import numpy as np

from nnstudio.project import Project, open_project, save
from nnstudio.training.branches import Branch, BranchSet, Fork, Lockstep, between
from nnstudio.training.debugger import Debugger
from nnstudio.training.run import build

from ..training.walked import experiment_of  # noqa: TID252 — tests are in no package that could be named


def debugger_of(experiment):
    return Debugger(build(experiment))


def project_of(debugger, **kept):
    run = debugger.run
    return Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing(), **kept)


def branches_of(debugger, *differences, epochs=0):
    """Branches of the run as it stands, by what their experiments differ by."""
    fork = Fork.of(debugger.run)
    found = tuple(between(fork.experiment, other, f"{n}", value) for n, (other, value) in enumerate(differences))
    return BranchSet(fork, found, epochs)


def grown(branches):
    """The branches themselves, run to where they were."""
    lockstep = Lockstep(branches.fork)
    for difference in branches.differences:
        lockstep.add(Branch(branches.fork, difference))
    lockstep.goal = branches.epochs * branches.fork.per_epoch
    lockstep.advance(lambda: False)
    return list(lockstep)


def reopened(debugger, path):
    """The same run after it was saved, closed and opened."""
    save(project_of(debugger), path)
    opened = open_project(path)
    assert opened.problems == ()
    assert opened.notes == ()
    return opened.debugger


def run_operations(debugger, number):
    with np.errstate(all="ignore"):
        for _ in range(number):
            debugger.timeline.step()


def bytes_of(state):
    """All of a machine's state."""
    batches = state.batches
    numbers = {name: flat.tobytes() for name, flat in state.store.items()}
    for size, families in state.workspaces.items():
        numbers |= {f"{name} for {size} rows": flat.tobytes() for name, flat in families.items()}
    where = (state.pc, state.iterations, state.batch_size, batches.cursor, batches.epoch, batches.generator)
    rows = batches.order.tobytes(), batches.in_play.tobytes()
    return where, rows, state.factors, state.set_after, numbers


def everything(debugger):
    """All that a run is: where it stands, and all that has been so far. A NaN is as good as another in the history."""
    standing = debugger.standing()
    run, timeline, trainer = standing.run, standing.timeline, standing.trainer
    history = run.history
    series = [*history.measured.items(), *enumerate(history.gradient_norms), ("penalty", history.penalty)]
    series += [("learning rate", history.learning_rate), ("lowest", history.lowest)]
    best = trainer.stopping.best
    return (
        bytes_of(timeline.here.state),
        bytes_of(run.initial),
        (timeline.here.edits, timeline.furthest, timeline.marks, [_told(edit) for edit in timeline.edits]),
        [(keyframe.edits, bytes_of(keyframe.state)) for keyframe in timeline.keyframes],
        (history.epochs, [(name, np.nan_to_num(one, nan=1e300).tobytes()) for name, one in series]),
        (run.took_over, run.put_back, trainer.limit, trainer.seconds, standing.stopped, standing.breakpoints),
        (trainer.stopping.since, trainer.stopping.target_met, trainer.stopping.seconds_before),
        None
        if best is None
        else (best.epoch, best.cost, {name: one.tobytes() for name, one in best.knowledge.items()}),
        debugger.machine.batches.rows.tobytes(),
    )


def _told(edit):
    knowledge = getattr(edit, "knowledge", None)
    return repr(edit) if knowledge is None else (edit.moment, {name: one.tobytes() for name, one in knowledge.items()})


__all__ = ["bytes_of", "debugger_of", "everything", "experiment_of", "project_of", "reopened", "run_operations"]
