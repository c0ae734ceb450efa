"""Makes every write, flush and allocation of a save fail in turn, once and for good, and looks at what is there then.

    python tests/faults/fail_writes.py [--every 1] [--folder FOLDER]

What is made to fail, the Nth of them for all N (or each `--every`th):
- calls  each call of `os` that a save makes (open, fsync, replace, chmod, unlink, …), with "no space left on device";
- SQL    each statement that is run by SQLite, with "disk I/O error";
- bytes  each write of SQLite itself: the file may grow to N bytes and no further (RLIMIT_FSIZE);
- heap   each allocation of SQLite beyond N bytes (`PRAGMA hard_heap_limit`);
- memory each twentieth allocation of Python, up to the 12,000th, in a process of its own (`_testcapi.set_nomemory`,
         where there is one), once: without any memory Python itself does not go on.
Afterwards the file must be the old project to the byte or the new one as a whole, and the new one where `save` has
returned; what it says must say what to do; and the same save must succeed once the fault is gone. The same holds for
what is put into a working copy. Not covered: a disk that takes a write and loses it, for which see `lose_power.py`.
Exit status 0 if all of it held.
"""

import argparse
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

Fault = Callable[[int, bool], AbstractContextManager[None]]
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    trials = Trials(options.every)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder) / "state")
        trials.run(Path(folder))
    for name, told in trials.told.items():
        print(f"  {name:22} " + ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(told.items())))
    for failure in trials.failures:
        print(f"FAILED: {failure}")
    print(f"{len(trials.failures)} failures")
    return 1 if trials.failures else 0


class Trials:
    def __init__(self, every: int) -> None:
        self.every = every
        self.told: dict[str, Counter[str]] = {}
        self.failures: list[str] = []
        self.old, self.new = _projects()

    def run(self, folder: Path) -> None:
        from failing import FAULTS

        begun = time.monotonic()
        for target in (Saved(self, folder), Put(self, folder)):
            for name, fault, steps in FAULTS:
                for for_good in (False, True) if steps == 1 else (True,):
                    self._all(f"{target.name}: {name}" + " for good" * for_good, target, fault, steps, for_good)
            self._forked(f"{target.name}: heap", target, _limit_heap, 2048, None)
            if _has_hooks():
                self._forked(f"{target.name}: memory", target, _fail_memory, 20, 12_000)
        print(f"{sum(sum(told.values()) for told in self.told.values()):,} trials in {time.monotonic() - begun:.0f} s")

    def _all(self, name: str, target: "Saved | Put", fault: Fault, steps: int, for_good: bool) -> None:
        told, number, passed = self.told.setdefault(name, Counter()), 0, 0
        while passed < 3:  # beyond the last one nothing fails
            target.prepare()
            outcome = self._once(name, number, target, fault(number * steps, for_good))
            told[outcome] += 1
            passed = passed + 1 if outcome == "nothing failed" else 0
            number += self.every

    def _once(self, name: str, number: int, target: "Saved | Put", fault: AbstractContextManager[None]) -> str:
        from failing import Fired

        from nnstudio.project import ProjectError

        said = ""
        try:
            with fault:
                target.act()
        except Fired:
            said = "nothing failed"
        except ProjectError as error:
            said = "refused" if "; " in str(error) else ""
        except MemoryError:
            said = "out of memory"
        except BaseException as error:  # whatever else is raised is what is looked for
            self.failures.append(f"{name} {number}: {type(error).__name__}: {error}")
            return "failed"
        else:
            said = "succeeded all the same"
        there = target.look()
        if there not in ("old", "new") or (there == "old" and said in ("nothing failed", "succeeded all the same")):
            self.failures.append(f"{name} {number}: {said}, and there is {there}")
        if not said:
            self.failures.append(f"{name} {number}: the message does not say what to do")
        target.act()
        if target.look() != "new":
            self.failures.append(f"{name} {number}: it does not succeed afterwards")
        return said if said == "nothing failed" else f"{said}, {there} state"

    def _forked(
        self, name: str, target: "Saved | Put", limit: Callable[[int], None], steps: int, most: int | None
    ) -> None:
        """What fails in a child, for it may end it, or cannot be undone."""
        told, number, passed = self.told.setdefault(name, Counter()), 0, 0
        while passed < 3 and (most is None or number < most):
            target.prepare()
            status, there = _in_child(target, limit, number), target.look()
            told[f"{'returned' if status == 0 else 'raised' if status == 3 else 'died'}, {there} state"] += 1
            if there not in ("old", "new") or (status == 0 and there == "old"):
                self.failures.append(f"{name} {number}: status {status}, and there is {there}")
            passed = passed + 1 if status == 0 and most is None else 0
            number += steps * self.every


def _in_child(target: "Saved | Put", limit: Callable[[int], None], number: int) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 3
    try:
        limit(number)
        target.act()
        status = 0
    except BaseException:  # it is told by the status
        pass
    finally:
        os._exit(status)


def _limit_heap(number: int) -> None:
    """SQLite gets no more than so many bytes; a limit cannot be raised again."""
    sqlite3.connect(":memory:").execute(f"PRAGMA hard_heap_limit = {1 + number}")


def _fail_memory(number: int) -> None:
    """The Nth allocation of Python fails."""
    import _testcapi

    _testcapi.set_nomemory(number, number + 1)


def _has_hooks() -> bool:
    try:
        import _testcapi
    except ImportError:
        print("  (this Python cannot let its own allocations fail)")
        return False
    return hasattr(_testcapi, "set_nomemory")


class Saved:
    """Saving over a project."""

    name = "save"

    def __init__(self, trials: Trials, folder: Path) -> None:
        from nnstudio.project import save

        self._trials, self._folder = trials, folder / "saved"
        self._folder.mkdir()
        self._path = self._folder / "mine.nnstudio"
        save(trials.old, self._path)
        self._content = self._path.read_bytes()

    def prepare(self) -> None:
        for left in self._folder.iterdir():
            left.unlink()
        self._path.write_bytes(self._content)

    def act(self) -> None:
        from nnstudio.project import save

        save(self._trials.new, self._path)

    def look(self) -> str:
        if not self._path.exists():
            return "nothing"
        if self._path.read_bytes() == self._content:
            return "old"
        return _which(self._path, self._trials)


class Put:
    """Putting into a working copy."""

    name = "put"

    def __init__(self, trials: Trials, folder: Path) -> None:
        self._trials = trials
        self._copy = None

    def prepare(self) -> None:
        from nnstudio.project import WorkingCopy

        if self._copy is not None:
            self._copy.close()
        self._copy = WorkingCopy()
        self._copy.put(self._trials.old)

    def act(self) -> None:
        assert self._copy is not None
        self._copy.put(self._trials.new)

    def look(self) -> str:
        from nnstudio.project import recovery

        assert self._copy is not None
        with tempfile.TemporaryDirectory() as aside:
            return _which(recovery._settled(self._copy.path, Path(aside)), self._trials)


def _which(path: Path, trials: Trials) -> str:
    from nnstudio.project import ProjectError, open_project

    try:
        opened = open_project(path)
    except ProjectError as error:
        return f"what does not open: {error}"
    if opened.problems:
        return f"what is damaged: {opened.problems}"
    found = _told(opened.project)
    return "old" if found == _told(trials.old) else "new" if found == _told(trials.new) else "a mixture"


def _told(project: object) -> tuple[object, ...]:
    state, history = project.standing.timeline.here.state, project.standing.run.history
    numbers = {name: flat.tobytes() for name, flat in state.store.items()}
    return numbers, state.iterations, history.epochs, list(history.train_cost), project.notes, project.watch_list


def _projects() -> tuple[object, object]:
    """A project, and the same some epochs later."""
    from nnstudio.experiment.open import open_sample
    from nnstudio.project import Project
    from nnstudio.training.debugger import Debugger, Goal
    from nnstudio.training.run import build

    debugger = Debugger(build(open_sample("xor")))
    run, made = debugger.run, []
    for epoch, notes in ((2, "old"), (5, "new")):
        debugger.train(Goal.at(epoch))
        made.append(
            Project(
                experiment=run.experiment,
                dataset=run.dataset,
                standing=debugger.standing(),
                notes=notes,
                watch_list=(notes,),
            )
        )
    return made[0], made[1]


if __name__ == "__main__":
    sys.exit(main())
