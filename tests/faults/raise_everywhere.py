"""Lets errors of every kind happen in the program itself, and looks at what becomes of the work, the log and the words.

    python tests/faults/raise_everywhere.py [--times 1] [--only KIND]

The program runs without a screen, as `nnstudio` does: an experiment is edited and trained, and then something goes
wrong, in a slot, in a thread, in background work, in the middle of an iteration, while an object is destroyed, out of
memory, in Qt or below Python. What must hold then: the log says what it was and where; the edit before it and the
training are there at the next start, though the program is killed as soon as it has said anything; a person is told in
plain words where their work is concerned, with a report of versions and the log's end and nothing out of the data; and
no training that died is called finished. Exit status 0 if it held every time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
LONGEST_SECONDS = 120

from in_trouble import CELL, EDIT, SILENT, TROUBLES  # noqa: E402

LOGGED = {
    "out of memory in a slot": "MemoryError",
    "background work leaves": "SystemExit",
    "a warning of Qt's": "a warning of Qt's own",
    "a fatal error of Qt's": "no going on",
    "a segmentation fault": "Segmentation fault",
}
"""What the log must say; of the others that a cell is no number."""
DEADLY = ("a fatal error of Qt's", "a segmentation fault")


@dataclass
class Seen:
    """What was there to see of one trouble."""

    log: str
    kept: str
    """The name of the experiment that the next start offers, empty if there is none."""
    iterations: int = 0
    sound: bool = False
    """Whether what is offered is a run that was there, to the bit."""
    words: str = ""
    report: str = ""
    banner: str = ""
    state: str = ""
    message: str = ""
    home: str = ""
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    options = _options()
    kinds, failures = [options.only] if options.only else list(TROUBLES), []
    for kind in kinds:
        for _ in range(options.times):
            with tempfile.TemporaryDirectory() as folder:
                seen = _happened(kind, Path(folder))
            wrong = [*seen.wrong, *_problems(kind, seen)]
            failures += [f"{kind}: {one}" for one in wrong]
            print(f"{kind:26} {_told(seen)}", flush=True)
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", choices=list(TROUBLES))
    return parser.parse_args()


def _happened(kind: str, folder: Path) -> Seen:
    os.environ |= {"HOME": str(folder), "XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
    experiment = folder / "mine.nns.json"
    _write_experiment(experiment)
    command = [sys.executable, str(ROOT / "tests" / "faults" / "in_trouble.py"), str(experiment), kind]
    environment, begun = {**os.environ, "PYTHONPATH": str(ROOT)}, time.monotonic()
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    seen = _recovered(experiment)
    for line in done.stdout.splitlines():
        for name, value in json.loads(line).items():
            setattr(seen, name, value)
    if done.returncode >= 0:
        seen.wrong.append(
            f"it ended by itself with {done.returncode} after {time.monotonic() - begun:.0f} s: {done.stderr}"
        )
    return seen


def _recovered(experiment: Path) -> Seen:
    from runs import digest, run_iteration

    from nnstudio.experiment.open import open_file
    from nnstudio.gui import log
    from nnstudio.project import recoverable
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    written = log.path().read_text(encoding="utf-8") if log.path().exists() else ""
    found = recoverable()
    if not found:
        return Seen(written, "")
    there = found[0].open().debugger
    straight = Debugger(build(open_file(experiment)))
    while straight.machine.iterations < there.machine.iterations:
        run_iteration(straight)
    return Seen(written, found[0].name, there.machine.iterations, digest(straight) == digest(there))


def _problems(kind: str, seen: Seen) -> list[str]:
    wrong = []
    if LOGGED.get(kind, "could not convert string to float") not in seen.log:
        wrong.append("the log does not say what it was")
    if not seen.kept.startswith(EDIT) or (kind not in DEADLY and not seen.kept.endswith("the last")):
        wrong.append(f"what is kept is {seen.kept!r}")
    if not seen.iterations or not seen.sound:
        wrong.append(f"what is kept is no run that was there, after {seen.iterations:,} mini-batches")
    if "finished" in f"{seen.message} {seen.words} {seen.banner}".lower():
        wrong.append("a training that died is said to be finished")
    if kind in DEADLY:
        return wrong
    if kind in SILENT:
        return [*wrong, *(["the person is disturbed"] if seen.words or seen.banner else [])]
    return wrong + _unsaid(kind, seen)


def _unsaid(kind: str, seen: Seen) -> list[str]:
    """What a person is not told, or told too much of."""
    wrong = []
    if "Your work has been kept" not in seen.words:
        wrong.append("no dialog says that the work has been kept")
    if "Error" in seen.words.replace("Error in NN Studio", ""):
        wrong.append("the dialog's words are not plain")
    if kind == "in the middle of training" and (
        seen.state != "paused" or "Training was stopped by an error" not in seen.banner
    ):
        wrong.append(f"the window does not show that the training died: {seen.state}, {seen.banner!r}")
    needed = ("NN Studio ", "Python ", "PySide6 ", "NumPy ", "The end of the log:", "Traceback")
    wrong += [f"the report lacks {one!r}" for one in needed if one not in seen.report]
    if CELL in seen.report:
        wrong.append("the report has what stands in the data")
    if seen.home in seen.report or EDIT in seen.report:
        wrong.append("the report has the person's folder or the experiment's name")
    return wrong


def _told(seen: Seen) -> str:
    dialog = "a dialog" if seen.words else "no dialog"
    state = f", {seen.state}" if seen.state else ""
    return (
        f"{dialog}{state}; {seen.iterations:,} mini-batches kept; log of {len(seen.log.splitlines())} lines, report of "
        f"{len(seen.report.splitlines())}"
    )


def _write_experiment(path: Path) -> None:
    """With a cell that nobody else must read."""
    from dataclasses import replace

    from nnstudio.data.spec import DataSpec, InlineSource
    from nnstudio.experiment import file
    from nnstudio.experiment.open import open_sample

    rows = tuple((float(n % 7), float(n % 5), float(n % 2), CELL if n % 2 else "somebody else") for n in range(60))
    experiment = open_sample("circles")
    data = DataSpec(InlineSource(("a", "b", "y", "who"), rows), ("a", "b"), ("y",))
    file.save(replace(experiment, data=data, training=replace(experiment.training, epochs=10_000_000)), path)


if __name__ == "__main__":
    sys.exit(main())
