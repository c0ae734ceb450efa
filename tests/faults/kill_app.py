"""Kills the program itself at random moments, while it trains and is being edited, and looks at what is there then.

    python tests/faults/kill_app.py [--kills 300] [--seed 1] [--longest 4]

The program runs without a screen, as `nnstudio` does, with somebody at it who trains, pauses, steps mini-batches, sets
weights by hand, renames the experiment again and again, and saves the project now and then; each edit is said with the
moment it was made, each save when the window says that it is saved. It is killed with signal 9 somewhere in between.
What must hold then: the saved project is whole (`quick_check`) and has the last edit whose save was acknowledged; what
the next start recovers is whole and lacks no edit that was more than a second old; and 500 operations on from there,
the state is byte for byte that of a run that nobody ever interrupted. Exit status 0 if it held every time.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
LATER = 500
MOST_LOST_SECONDS = 1.0


def main() -> int:
    options = _options()
    chance, told, failures = random.Random(options.seed), Told(), []
    start = time.monotonic()
    for number in range(options.kills):
        with tempfile.TemporaryDirectory() as folder:
            life = Life.lived(Path(folder), chance.randrange(1 << 30), chance.uniform(0.1, options.longest))
            failures += [f"kill {number}: {why}" for why in _examined(life, told)]
    print(f"{options.kills:,} kills in {time.monotonic() - start:.0f} s")
    for what, times in sorted(told.counts.items()):
        print(f"  {times:8,} {what}")
    print(f"  {max(told.lost, default=0):8.3f} s: the oldest edit that was lost")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=4.0, help="seconds from the first edit to the kill, at most")
    return parser.parse_args()


@dataclass
class Told:
    """What came of all kills."""

    counts: Counter[str] = field(default_factory=Counter)
    lost: list[float] = field(default_factory=list)


@dataclass
class Life:
    """What a program said until it was killed: its edits by number and when, its saves, and the weights it set."""

    folder: Path
    ended: float
    edits: dict[int, float]
    saves: list[int]
    weights: list[tuple[int, float]]
    """Of which iteration, and what."""

    @property
    def project(self) -> Path:
        return self.folder / "mine.nnstudio"

    @property
    def experiment(self) -> Path:
        return self.folder / "mine.nns.json"

    @classmethod
    def lived(cls, folder: Path, seed: int, seconds: float) -> "Life":
        """Start the program, let somebody work with it for so long, and kill it."""
        life = cls(folder, 0.0, {}, [], [])
        _write_experiment(life.experiment)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        command = [sys.executable, str(Path(__file__).with_name("somebody.py")), str(life.experiment), str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
            assert program.stdout is not None
            lines = [program.stdout.readline()]  # the first edit was made
            time.sleep(seconds)
            life.ended = time.monotonic()
            program.send_signal(signal.SIGKILL)
            lines += program.stdout.read().splitlines(keepends=True)
        for line in lines:
            if line.endswith("\n"):
                life._note(*line.split())
        return life

    def _note(self, what: str, number: str, value: str) -> None:
        if what == "edited":
            self.edits[int(number)] = float(value)
        elif what == "saved":
            self.saves.append(int(number))
        elif what == "weight":
            self.weights.append((int(number), float(value)))
        else:
            raise SystemExit(f"the program failed: {what} {number} {value}")


def _examined(life: Life, told: Told) -> list[str]:
    told.counts.update(
        {
            "edits made": len(life.edits),
            "saves acknowledged": len(life.saves),
            "weights set": len(life.weights),
        }
    )
    if not life.edits:
        return ["the program did not begin"]
    return [*_project_problems(life, told), *_recovery_problems(life, told)]


def _project_problems(life: Life, told: Told) -> list[str]:
    from nnstudio.project import ProjectError, open_project

    if not life.project.exists():
        return ["an acknowledged save is not there at all"] if life.saves else []
    if (checked := _quick_check(life.project)) != "ok":
        return [f"quick_check of the project says {checked}"]
    try:
        opened = open_project(life.project)
    except ProjectError as error:
        return [f"the saved project does not open: {error}"]
    there, least = _edit_of(opened), max(life.saves, default=0)
    told.counts["saved projects examined"] += 1
    if opened.problems or there < least:
        return [f"edit {least} was saved, and there is edit {there}; {opened.problems}"]
    return _differences("the saved project", opened.debugger, life, told)


def _recovery_problems(life: Life, told: Told) -> list[str]:
    from nnstudio.project import ProjectError, recoverable

    os.environ["XDG_STATE_HOME"] = str(life.folder / "state")
    found = recoverable()
    old = [number for number, when in life.edits.items() if life.ended - when > MOST_LOST_SECONDS]
    if not found:
        return ["nothing can be recovered"] if old else []
    try:
        opened = found[0].open()
    except ProjectError as error:
        return [f"the working copy does not open: {error}"]
    if (checked := _quick_check(found[0].path)) != "ok":
        return [f"quick_check of the working copy says {checked}"]
    there = _edit_of(opened)
    told.counts["working copies recovered"] += 1
    told.lost += [life.ended - when for number, when in life.edits.items() if number > there]
    wrong = [f"edit {max(old)} is lost, there is edit {there}"] if old and max(old) > there else []
    wrong += [f"the working copy is damaged: {opened.problems}"] if opened.problems else []
    return wrong + _differences("what is recovered", opened.debugger, life, told)


def _quick_check(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA quick_check").fetchone()[0])


def _edit_of(opened: object) -> int:
    """The number of the last edit: the experiment is named after it."""
    return int("".join(letter for letter in opened.project.experiment.name if letter.isdigit()) or 0)


def _differences(what: str, debugger: object, life: Life, told: Told) -> list[str]:
    """Held against runs that nobody interrupted: the last weight was perhaps set after what is there was written."""
    from runs import digest, go_on

    machine = debugger.machine
    here, now = machine.iterations, digest(debugger)
    earlier = [one for one in life.weights if one[0] < here]
    latest = [one for one in life.weights if one[0] == here]
    straight = [_straight(life, debugger, earlier + latest[:number]) for number in range(len(latest) + 1)]
    straight = [one for one in straight if digest(one) == now]
    told.counts["iterations run again"] += here
    if not straight:
        return [f"{what} is no run that was there, at iteration {here} and operation {machine.pc}"]
    for one in (debugger, straight[0]):
        go_on(one, LATER)
    return [] if digest(debugger) == digest(straight[0]) else [f"{what} goes on to other numbers"]


def _straight(life: Life, there: object, weights: list[tuple[int, float]]) -> object:
    """The same run up to where the other one is, without any interruption."""
    from runs import go_on, run_iteration

    from nnstudio.experiment.open import open_file
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    debugger, pending = Debugger(build(open_file(life.experiment))), list(weights)
    machine = debugger.machine
    while True:
        while pending and pending[0][0] == machine.iterations:
            debugger.write("b1", (0,), pending.pop(0)[1])
        if machine.iterations >= there.machine.iterations:
            break
        run_iteration(debugger)
    go_on(debugger, there.machine.pc)
    return debugger


def _write_experiment(path: Path) -> None:
    """One that is not done with learning by the time of the kill."""
    from dataclasses import replace

    from nnstudio.experiment import file
    from nnstudio.experiment.open import open_sample

    experiment = open_sample("digits")
    file.save(replace(experiment, training=replace(experiment.training, epochs=1_000_000)), path)


if __name__ == "__main__":
    sys.exit(main())
