"""Takes the disk away from a project in all the ways that happen, and looks at what is said and what is left.

    python tests/faults/spoil_disk.py [--count 40]

A disk that is full, by `--count` different amounts, and one that can only be read (both on a small tmpfs, for which it
must be run by root, else they are left out and named); a limit of a file's size, by `--count` different limits; a file
that must not be changed, one that is locked by another program, one that is deleted, and its folder with it; two
programs with the same file, one of them saving all the time; and a clock that is set back by a year.
Each time: saving returns, and the file is the new one, or it says in words what to do, and the file is the old one to
the byte, with nothing left beside it. Keeping the work in a working copy likewise; one that cannot even be begun leaves
nothing that looks like work. The run in memory is untouched, goes on, can be saved elsewhere to the byte, and where it
belonged once the cause is gone. A limit of a file's size holds everywhere, so there elsewhere is tried without it.
Exit status 0 if all of it held.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
KIB = 1024
LARGEST = 160 * KIB
"""More than the project takes, or the log of its working copy."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--writer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.writer is not None:
        _save_forever(options.writer)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder) / "state")
        trials = Trials(Path(folder), options.count)
        trials.run()
    print(f"{sum(trials.told.values()):,} trials in {time.monotonic() - start:.0f} s")
    for what, times in trials.told.items():
        print(f"  {times:6,} {what}")
    for failure in trials.failures[:20]:
        print(f"FAILED: {failure}")
    print(f"{len(trials.failures)} failures")
    return 1 if trials.failures else 0


class Trials:
    def __init__(self, folder: Path, count: int) -> None:
        from kill_store import advance, begun

        self.told: Counter[str] = Counter()
        self.failures: list[str] = []
        self._folder, self._count = folder, count
        self._debugger = begun()
        self._old = _project(self._debugger)
        for _ in range(8):
            advance(self._debugger)

    def run(self) -> None:
        from misfortunes import deleted, gone, limited, locked, unchangeable

        (self._folder / "here").mkdir()
        for limit in range(self._count):
            self._save("a limit of a file's size", self._folder / "here", limited(self._part(limit)))
        for name, circumstance in (("unchangeable", unchangeable), ("locked", locked), ("deleted", deleted)):
            here = self._folder / name
            here.mkdir()
            self._save(f"a file that is {name}", here, circumstance(here / "mine.nnstudio"))
        (self._folder / "gone").mkdir()
        self._save("a folder that is gone", self._folder / "gone", gone(self._folder / "gone"))
        self._two_programs()
        self._clock_set_back()
        if os.geteuid() == 0:
            self._on_a_disk()
        else:
            print("  (a full disk and one that can only be read need root)")

    def _on_a_disk(self) -> None:
        from misfortunes import full, mounted, only_readable

        disk = self._folder / "disk"
        disk.mkdir()
        with mounted(disk):
            for step in range(self._count):
                self._save("a full disk", disk, full(disk, self._part(step)))
            self._save("a disk that can only be read", disk, only_readable(disk))
            with mock.patch.dict(os.environ, XDG_STATE_HOME=str(disk / "state")):
                for step in range(self._count):
                    self._put("a working copy on a full disk", full(disk, self._part(step)))
                for room in (0, 4 * KIB, 16 * KIB):
                    self._begin("a new working copy on a full disk", full(disk, room))
                self._begin("a new working copy on a disk that can only be read", only_readable(disk))

    def _part(self, step: int) -> int:
        """So many bytes: from none to more than it takes."""
        return LARGEST * step // self._count

    def _save(self, name: str, folder: Path, circumstance: AbstractContextManager[None]) -> None:
        from nnstudio.project import save

        path, elsewhere = folder / "mine.nnstudio", self._folder / "elsewhere.nnstudio"
        save(self._old, path)
        before, there = path.read_bytes(), sorted(os.listdir(folder))
        project = _project(self._debugger)
        with circumstance:
            said = _said(name, lambda: save(project, path), self.failures)
            if said and path.exists() and path.read_bytes() != before:
                self.failures.append(f"{name}: {said}, and the file is another")
            if not name.startswith("a limit"):
                self._check_saved(f"{name}: elsewhere", elsewhere)
        if said and sorted(os.listdir(folder)) != there:
            self.failures.append(f"{name}: something is left in the folder: {sorted(os.listdir(folder))}")
        if not said:
            self._check_same(name, path)
        self._check_saved(f"{name}: elsewhere, afterwards", elsewhere)
        self._check_saved(f"{name}: afterwards", path)
        self._told(name, said)

    def _put(self, name: str, circumstance: AbstractContextManager[None]) -> None:
        from nnstudio.project import WorkingCopy

        copy = WorkingCopy()
        copy.put(self._old)
        project = _project(self._debugger)
        with circumstance:
            said = _said(name, lambda: copy.put(project), self.failures)
            self._check_same(name, _settled(copy, self._folder), self._old if said else project)
            self._check_saved(f"{name}: elsewhere", self._folder / "elsewhere.nnstudio")
        copy.put(project)
        self._check_same(f"{name}: afterwards", _settled(copy, self._folder))
        copy.close()
        self._told(name, said)

    def _begin(self, name: str, circumstance: AbstractContextManager[None]) -> None:
        """There is no room even for an empty one; nothing is left of it that looks like work."""
        from nnstudio.project import WorkingCopy, recoverable

        before = recoverable()
        with circumstance:
            said = _said(name, lambda: WorkingCopy().close(), self.failures)
            self._check_saved(f"{name}: elsewhere", self._folder / "elsewhere.nnstudio")
        if recoverable() != before:
            self.failures.append(f"{name}: {said}, and it is offered for recovery")
        self._told(name, said)

    def _two_programs(self) -> None:
        """Another one has the file, and saves it all the time."""
        from nnstudio.project import ProjectError, holder_of, open_project, save

        path = self._folder / "shared.nnstudio"
        command = [sys.executable, __file__, "--writer", str(path)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as other:
            other.stdout.readline()  # it has saved
            try:
                for _ in range(self._count):
                    holder, project = holder_of(path), _project(self._debugger)
                    if holder is None or holder.owner.pid != other.pid:
                        self.failures.append(f"two programs: the file is said to be that of {holder}")
                    save(project, path)
                    try:
                        if open_project(path).problems:
                            self.failures.append("two programs: the file is damaged")
                    except ProjectError as error:
                        self.failures.append(f"two programs: {error}")
                    self._told("a file that two programs save", "")
            finally:
                other.kill()
        if holder_of(path) is not None:
            self.failures.append("two programs: one that is gone is said to have the file")
        self._check_saved("two programs: afterwards", path)

    def _clock_set_back(self) -> None:
        """What was written is of a year to come, and what is written now is a year older than it."""
        from misfortunes import LastYear

        from nnstudio.project import WorkingCopy, contents, holder_of, recoverable, save, working_copy
        from nnstudio.project.working_copy import Origin

        path = self._folder / "clock.nnstudio"
        save(self._old, path)
        copy = WorkingCopy(Origin(path, datetime.now().astimezone()))
        copy.put(self._old)
        then = time.time() - 365 * 86_400
        with (
            mock.patch.object(contents, "datetime", LastYear),
            mock.patch.object(working_copy, "datetime", LastYear),
            mock.patch("time.time", return_value=then),
        ):
            copy.put(_project(self._debugger))
            self._check_saved("a clock that is set back", path)
            os.utime(path, (then, then))
            self._check_saved("a clock that is set back, twice", path)
            copy.saved(path)
            offered = copy.path in [one.path for one in recoverable()]
            if offered or copy.due > time.monotonic() + 3600 or holder_of(path, copy.path) is not None:
                self.failures.append("a clock that is set back: the working copy is late, or another's")
            self._check_same("a clock that is set back: what is kept", _settled(copy, self._folder))
        copy.close()
        self._told("a clock that is set back", "")

    def _check_saved(self, name: str, path: Path) -> None:
        """Saving works there, and what it gives back goes on as the run does."""
        from nnstudio.project import ProjectError, save

        try:
            save(_project(self._debugger), path)
        except ProjectError as error:
            self.failures.append(f"{name}: {error}")
        else:
            self._check_same(name, path)

    def _check_same(self, name: str, path: Path, project: object = None) -> None:
        from runs import digest

        from nnstudio.project import ProjectError, open_project

        try:
            opened = open_project(path)
        except ProjectError as error:
            self.failures.append(f"{name}: {error}")
            return
        expected = self._debugger.machine.iterations if project is not self._old else 0
        same = project is self._old or digest(opened.debugger) == digest(self._debugger)
        if opened.problems or opened.debugger.machine.iterations != expected or not same:
            self.failures.append(f"{name}: what is there is another run, or damaged: {opened.problems}")

    def _told(self, name: str, said: str) -> None:
        """The run in memory goes on, whatever was said."""
        from kill_store import advance

        advance(self._debugger)
        self.told[f"{name}: {'a message' if said else 'written'}"] += 1


def _project(debugger: object) -> object:
    from nnstudio.project import Project

    run = debugger.run
    return Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing())


def _said(name: str, act: object, failures: list[str]) -> str:
    """The message, empty where it succeeded."""
    from nnstudio.project import ProjectError

    try:
        act()
    except ProjectError as error:
        if "; " not in str(error):
            failures.append(f"{name}: it does not say what to do: {error}")
        return str(error)
    except Exception as error:  # whatever else is raised is what is looked for
        failures.append(f"{name}: {type(error).__name__}: {error}")
        return str(error)
    return ""


def _settled(copy: object, folder: Path) -> Path:
    from nnstudio.project import recovery

    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    return recovery._settled(copy.path, aside)


def _save_forever(path: Path) -> None:
    """Another program with the same file, until somebody ends it."""
    from kill_store import advance, begun

    from nnstudio.project import Origin, WorkingCopy, save

    debugger = begun()
    save(_project(debugger), path)
    copy = WorkingCopy(Origin(path))
    copy.put(_project(debugger))
    print("saved", flush=True)
    while True:
        advance(debugger)
        save(_project(debugger), path)


if __name__ == "__main__":
    sys.exit(main())
