"""Opens thousands of project files that are damaged or hostile, and says what came of each kind.

    python tests/faults/mutate_projects.py [--files 10000] [--seed 1] [--seconds 5] [--megabytes 600]

Each file is opened as `nnstudio` opens it, and where it opens 30 operations are run from there, in a worker process
whose memory is bounded. A worker that crashes, hangs, or takes more memory or time than allowed is a failure, and so is
any error that is not a refusal in words, a process started, a library loaded, or a file opened for writing. So is a
project that opens without a word although it is another than was saved: saved again, its tables must be the same.
Exit status 0 if there was none.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnstudio.project import Project, UndoHistory

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"subprocess.Popen", "os.system", "os.exec", "sqlite3.load_extension", "socket.connect", "ctypes.dlopen"}
BATCH = 250


def main() -> int:
    options = _options()
    if options.worker is not None:
        return _work(options)
    done, failures = _Tally(), []
    begun = time.monotonic()
    for start in range(0, options.files, BATCH):
        failures += _batch(options, options.seed * 1_000_003 + start, min(BATCH, options.files - start), done)
        if sys.stderr.isatty():
            print(f"\r{done.files:,} of {options.files:,}", end="", file=sys.stderr)
    print(f"\n{done.files:,} files in {time.monotonic() - begun:.0f} s")
    for kind in sorted(done.by_kind):
        told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(done.by_kind[kind].items()))
        print(f"  {kind:20} {told}")
    print(f"slowest {done.slowest:.2f} s; most memory {done.megabytes:.0f} MB, {done.before:.0f} MB of it at the start")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


class _Tally:
    def __init__(self) -> None:
        self.files, self.slowest, self.megabytes, self.before = 0, 0.0, 0.0, 0.0
        self.by_kind: dict[str, Counter[str]] = {}

    def add(self, told: dict[str, object]) -> None:
        self.files += 1
        self.slowest = max(self.slowest, float(str(told["seconds"])))
        self.megabytes = max(self.megabytes, float(str(told["megabytes"])))
        self.by_kind.setdefault(str(told["kind"]), Counter())[str(told["outcome"])] += 1


def _batch(options: argparse.Namespace, seed: int, files: int, done: _Tally) -> list[str]:
    """Let a worker open so many files; what went wrong."""
    command = [sys.executable, __file__, "--worker", str(seed), "--files", str(files)]
    command += ["--megabytes", str(options.megabytes), "--seconds", str(options.seconds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    watch = threading.Timer(60 + files * options.seconds, worker.kill)
    watch.start()
    failures, last = [], "the first file"
    assert worker.stdout is not None
    assert worker.stderr is not None
    for line in worker.stdout:
        told = json.loads(line)
        if "before" in told:
            done.before = max(done.before, told["before"])
            continue
        if told["outcome"] == "begun":
            last = f"{told['kind']} (worker {seed}, file {told['number']})"
            continue
        done.add(told)
        if told["outcome"] == "failed":
            failures.append(f"{last}: {told['why']}")
        elif told["seconds"] > options.seconds:
            failures.append(f"{last}: took {told['seconds']:.1f} s")
    status, said = worker.wait(), worker.stderr.read()
    watch.cancel()
    if status != 0:
        failures.append(f"the worker ended with {status} at {last}: {said[-500:]}")
    return failures


def _work(options: argparse.Namespace) -> int:
    """Open so many files and tell of each."""
    import resource

    sys.path.insert(0, str(ROOT))
    sys.path.insert(0, str(ROOT / "tests" / "project"))
    from mutations import mutated

    with tempfile.TemporaryDirectory() as folder:
        original = _original(Path(folder))
        sound = _tables(original, Path(folder))
        _outcome(original, sound, Path(folder))  # what it imports is imported
        forbidden: list[str] = []
        sys.addaudithook(lambda event, arguments: _audit(event, arguments, Path(folder), forbidden))
        before = _megabytes()
        limit = int((before + options.megabytes) * 1e6) + _virtual_bytes()
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        print(json.dumps({"before": before}), flush=True)
        files = mutated(original, Path(folder), options.worker)
        for number in range(options.files):
            kind, path = next(files)
            print(json.dumps({"outcome": "begun", "kind": kind, "number": number}), flush=True)
            forbidden.clear()
            begun = time.monotonic()
            outcome, why = _outcome(path, sound, Path(folder))
            if forbidden:
                outcome, why = "failed", f"it did {forbidden[0]}"
            told = {"outcome": outcome, "kind": kind, "why": why, "seconds": time.monotonic() - begun}
            print(json.dumps({**told, "megabytes": _megabytes()}), flush=True)
    return 0


def _tables(path: Path, folder: Path) -> dict[str, str]:
    """What a project has in its tables when it is saved again, by their seals."""
    from nnstudio.project import open_project

    return _saved_again(open_project(path).project, folder)


def _saved_again(project: "Project", folder: Path) -> dict[str, str]:
    import sqlite3
    from contextlib import closing

    from nnstudio.project import save

    again = folder / "again" / "project.nnstudio"
    again.parent.mkdir(exist_ok=True)
    save(project, again)
    with closing(sqlite3.connect(again)) as connection:
        return dict(connection.execute("SELECT name, value FROM about WHERE name LIKE 'seal %'"))


def _outcome(path: Path, sound: dict[str, str], folder: Path) -> tuple[str, str]:
    import numpy as np

    from nnstudio.data.errors import DataError
    from nnstudio.engine.spec import SpecError
    from nnstudio.experiment.errors import ExperimentError
    from nnstudio.project import open_project

    try:
        opened = open_project(path)
        if not opened.read_only and (there := _saved_again(opened.project, folder)) != sound:
            other = sorted(name for name in sound if there.get(name) != sound[name])
            return "failed", f"nothing is said of what is another now: {', '.join(other)}"
        with np.errstate(all="ignore"):
            for _ in range(30):
                opened.debugger.timeline.step()
            _begin_branches(opened.project.branches)
            _bring_back(opened.project.undo)
    except (DataError, SpecError, ExperimentError) as error:
        return ("refused", str(error)) if str(error) else ("failed", "a refusal without words")
    except Exception as error:  # whatever else is raised is what is looked for
        import traceback

        return "failed", f"{type(error).__name__}: {error} {traceback.format_exc()[-400:]}"
    return ("read-only" if opened.read_only else "opened"), ""


def _begin_branches(branches: object) -> None:
    from nnstudio.training.branches import Branch

    if branches is not None:
        for difference in (None, *branches.differences):
            Branch(branches.fork, difference).advance()


def _bring_back(undo: "UndoHistory") -> None:
    """The runs that Undo and Redo would bring back."""
    from nnstudio.experiment import file
    from nnstudio.project import unpack
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    documents = dict(enumerate([*(step.before for step in undo.steps), *(step.after for step in undo.steps[-1:])]))
    for place, run in undo.runs:
        if run.packed and place in documents:
            debugger = Debugger(build(file.decode(documents[place])))
            debugger.resume(unpack(run, debugger))
            debugger.play(30)


def _original(folder: Path) -> Path:
    from nnstudio.experiment import file
    from nnstudio.experiment.open import open_sample
    from nnstudio.project import LeftRun, Project, UndoHistory, UndoStep, save
    from nnstudio.training.branches import BranchSet, Fork, Value, of_value
    from nnstudio.training.debugger import Debugger, Goal
    from nnstudio.training.run import build

    debugger = Debugger(build(open_sample("circles")))
    for epoch in (3, 6):
        debugger.train(Goal.at(epoch))
        debugger.write("b1", (0,), 0.5)
        debugger.timeline.keep()
    debugger.play(5)
    run, text = debugger.run, file.encode(debugger.run.experiment).decode()
    runs = ((0, LeftRun(1, run.dataset, debugger.standing())), (1, LeftRun(2)))
    undo = UndoHistory((UndoStep("Reset", text, text), UndoStep("Seed: 3", "{}", "{}")), 2, runs)
    path, fork = folder / "original.nnstudio", Fork.of(run)
    branches = BranchSet(fork, (of_value(fork.experiment, Value("b1", (0,), 0.5), "b1: 0.5"),), 8)
    project = Project(
        experiment=run.experiment,
        dataset=run.dataset,
        standing=debugger.standing(),
        notes="Why?",
        watch_list=("J",),
        undo=undo,
        branches=branches,
    )
    save(project, path)
    return path


def _audit(event: str, arguments: tuple[object, ...], folder: Path, forbidden: list[str]) -> None:
    if event in FORBIDDEN:
        forbidden.append(event)
    writing = event == "open" and isinstance(arguments[1], str) and bool(set(arguments[1]) & set("wax+"))
    if writing and not str(arguments[0]).startswith(str(folder)):
        forbidden.append(f"open {arguments[0]} for writing")


def _megabytes() -> float:
    """The most memory so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _virtual_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--megabytes", type=float, default=600.0)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
