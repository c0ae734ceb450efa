"""Kills a process that writes to the store, at random moments, and looks at what is there afterwards.

    python tests/faults/kill_store.py [--kills 1000] [--seed 1]

A process trains, edits, puts its working copy and saves its project, over and over, and prints a line whenever one of
these calls has returned: that is acknowledged. It is killed with signal 9 somewhere in between. What must hold then:
the project on the disk is whole (`quick_check`, no problem in opening it) and is the last that was acknowledged, or the
one that was being saved; the working copy likewise; and 500 operations on from what was recovered, the state is byte
for byte that of a run that nobody ever interrupted. Exit status 0 if it held every time.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
LATER = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--writer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.writer is not None:
        _write(options.writer)
    chance, told, failures = random.Random(options.seed), Counter(), []
    start = time.monotonic()
    for number in range(options.kills):
        with tempfile.TemporaryDirectory() as folder:
            failures += [f"kill {number}: {why}" for why in _kill_once(Path(folder), chance, told)]
    print(f"{options.kills:,} kills in {time.monotonic() - start:.0f} s")
    for what, times in sorted(told.items()):
        print(f"  {times:6,} {what}")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _kill_once(folder: Path, chance: random.Random, told: Counter[str]) -> list[str]:
    """Let a process write for a while, kill it, and say what is wrong then."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(folder / "state")}
    command = [sys.executable, __file__, "--writer", str(folder / "mine.nnstudio")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]  # it has begun
        time.sleep(chance.uniform(0.0, 0.25))
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
    acknowledged = {"saved": -1, "put": -1}
    whole = [line.split() for line in lines if line.endswith("\n")]
    for what, iterations in whole:
        acknowledged[what] = int(iterations)
    told["saves acknowledged"] += sum(what == "saved" for what, _ in whole)
    told["puts acknowledged"] += sum(what == "put" for what, _ in whole)
    os.environ["XDG_STATE_HOME"] = environment["XDG_STATE_HOME"]
    return [*_check_project(folder, acknowledged["saved"], told), *_check_copy(acknowledged["put"], told)]


def _check_project(folder: Path, least: int, told: Counter[str]) -> list[str]:
    from nnstudio.project import ProjectError, open_project

    path, left = folder / "mine.nnstudio", [one for one in folder.iterdir() if one.suffix == ".tmp"]
    told["half-written files left beside the project"] += len(left)
    if not path.exists():
        return [] if least < 0 else ["an acknowledged save is not there at all"]
    try:
        opened = open_project(path)
    except ProjectError as error:
        return [f"the saved project does not open: {error}"]
    if opened.problems:
        return [f"the saved project is damaged: {opened.problems}"]
    there = opened.debugger.machine.iterations
    told["saved projects that are newer than acknowledged"] += there > least
    if there < least:
        return [f"a save of iteration {least} was acknowledged, and there is {there}"]
    return _check_goes_on("the saved project", opened.debugger)


def _check_copy(least: int, told: Counter[str]) -> list[str]:
    from nnstudio.project import ProjectError, recoverable

    found = recoverable()
    if not found:
        return [] if least < 0 else ["an acknowledged put is not there at all"]
    told["working copies recovered"] += 1
    try:
        opened = found[0].open()
    except ProjectError as error:
        return [f"the working copy does not open: {error}"]
    if opened.problems:
        return [f"the working copy is damaged: {opened.problems}"]
    there = opened.debugger.machine.iterations
    if there < least:
        return [f"a put of iteration {least} was acknowledged, and there is {there}"]
    return _check_goes_on("the working copy", opened.debugger)


def _check_goes_on(what: str, debugger: object) -> list[str]:
    from runs import digest, go_on

    straight = begun()
    for _ in range(debugger.machine.iterations):
        advance(straight)
    if digest(straight) != digest(debugger):
        return [f"{what} is not the run at iteration {debugger.machine.iterations}"]
    for one in (straight, debugger):
        go_on(one, LATER)
    return [] if digest(straight) == digest(debugger) else [f"{what} goes on to other numbers"]


def _write(path: Path) -> None:
    """Train, edit, put and save until somebody ends it."""
    from nnstudio.project import Project, WorkingCopy, save

    debugger, copy = begun(), WorkingCopy()
    run = debugger.run
    while True:
        advance(debugger)
        standing = debugger.standing()
        project = Project(experiment=run.experiment, dataset=run.dataset, standing=standing)
        copy.put(project)
        print("put", debugger.machine.iterations, flush=True)
        if debugger.machine.iterations % 3 == 0:
            save(project, path)
            print("saved", debugger.machine.iterations, flush=True)


def begun() -> object:
    """The run that is written."""
    from nnstudio.experiment.open import open_sample
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    return Debugger(build(open_sample("circles")))


def advance(debugger: object) -> None:
    """One mini-batch; before every fifth one a weight is set by hand."""
    from runs import run_iteration

    machine = debugger.machine
    if machine.iterations % 5 == 4:
        debugger.write("b1", (0,), 0.01 * machine.iterations)
    run_iteration(debugger)


if __name__ == "__main__":
    sys.exit(main())
