"""Cuts the power at every moment of a working copy's life, as far as that can be simulated, and looks at what is left.

    python tests/faults/lose_power.py [--puts 40] [--cuts 50] [--seed 1]

Each put is flushed before it returns. Between two puts the disk has any part of what was written since: so for each
pair of puts, all prefixes of the bytes written, and `--cuts` random subsets of the 512-byte sectors that differ (the
others dropped, as a disk may that reorders what is not flushed), are laid over what was there after the first of them.
What is recovered must be one of the two, whole, never a mixture and nothing older. For a saved project the order of the
calls is held against the rule that makes it safe: the file is flushed after its last write and before it is renamed,
and its folder after that; so at any cut there is the old file or the new one, whole.

This is a model of a disk that writes whole sectors and honours a flush; a disk that lies about flushing is not covered.
Exit status 0 if all of it held.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
SECTOR = 512
Files = dict[str, bytes]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--puts", type=int, default=40)
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start, told, failures = time.monotonic(), Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder) / "state")
        moments = list(_puts(options.puts))
        for (before, old), (after, new) in pairwise(moments):
            for files in _cuts(before, after, options.cuts, random.Random(options.seed + new)):
                there = _recovered(files, Path(folder))
                told["of the two, the newer one" if there == new else "of the two, the older one"] += 1
                if there not in (old, new):
                    failures.append(f"between the puts of iterations {old} and {new} there is {there}")
        failures += _order_of_a_save(Path(folder), told)
    print(f"{sum(told.values()):,} cuts in {time.monotonic() - start:.0f} s")
    for what, times in sorted(told.items()):
        print(f"  {times:6,} {what}")
    for failure in failures[:20]:
        print(f"FAILED: {failure}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def _puts(number: int) -> list[tuple[Files, int]]:
    """What was on the disk after each put, and of which iteration it was."""
    from kill_store import advance, begun

    from nnstudio.project import Project, WorkingCopy

    debugger, copy, moments = begun(), WorkingCopy(), []
    for _ in range(number):
        advance(debugger)
        run = debugger.run
        copy.put(Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing()))
        files = {suffix: Path(f"{copy.path}{suffix}").read_bytes() for suffix in ("", "-wal")}
        moments.append((files, debugger.machine.iterations))
    copy.close()
    return moments


def _cuts(before: Files, after: Files, number: int, chance: random.Random) -> list[Files]:
    """What the disk may have after a cut between the two."""
    if before[""] != after[""]:  # the log was written back: that begins once the log is flushed, so the log is there
        return [_some(before, after, chance, always="-wal") for _ in range(number)]
    written = _sectors(before["-wal"], after["-wal"])
    prefixes = [_laid(before, after, {"-wal": written[:end]}) for end in range(len(written) + 1)]
    return prefixes + [_some(before, after, chance) for _ in range(number)]


def _some(before: Files, after: Files, chance: random.Random, always: str = "") -> Files:
    share = chance.random()
    chosen = {
        suffix: [at for at in _sectors(before[suffix], after[suffix]) if suffix == always or chance.random() < share]
        for suffix in after
    }
    return _laid(before, after, chosen)


def _sectors(before: bytes, after: bytes) -> list[int]:
    """Where they differ."""
    longest = max(len(before), len(after))
    return [at for at in range(0, longest, SECTOR) if before[at : at + SECTOR] != after[at : at + SECTOR]]


def _laid(before: Files, after: Files, chosen: dict[str, list[int]]) -> Files:
    made = {}
    for suffix, content in before.items():
        laid = bytearray(content)
        for at in chosen.get(suffix, []):
            part = after[suffix][at : at + SECTOR]
            laid.extend(bytes(max(at + len(part) - len(laid), 0)))
            laid[at : at + len(part)] = part
        made[suffix] = bytes(laid)
    return made


def _recovered(files: Files, folder: Path) -> object:
    from nnstudio.project import ProjectError, open_project, recovery

    path = folder / "cut.nnstudio"
    for suffix, content in files.items():
        Path(f"{path}{suffix}").write_bytes(content)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            opened = open_project(recovery._settled(path, Path(aside)))
    except ProjectError as error:
        return f"what does not open: {error}"
    return f"what is damaged: {opened.problems}" if opened.problems else opened.debugger.machine.iterations


def _order_of_a_save(folder: Path, told: Counter[str]) -> list[str]:
    """That what has to be flushed is, before the next thing happens."""
    from kill_store import begun

    from nnstudio.project import Project, save

    debugger, calls = begun(), []
    run, fsync, replace = debugger.run, os.fsync, os.replace
    path = folder / "mine.nnstudio"

    def noted_fsync(descriptor: int) -> None:
        calls.append(("flush", os.readlink(f"/proc/self/fd/{descriptor}"), os.fstat(descriptor).st_size))
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        calls.append(("rename", str(source), Path(source).stat().st_size))
        replace(source, target)

    os.fsync, os.replace = noted_fsync, noted_replace
    try:
        save(Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing()), path)
    finally:
        os.fsync, os.replace = fsync, replace
    told["saves whose calls are in order"] += 1
    (first, second, third) = calls if len(calls) == 3 else ((), (), ())
    in_order = first[:1] == ("flush",) and second == ("rename", *first[1:]) and third[:2] == ("flush", str(folder))
    return [] if in_order else [f"a save flushes and renames in another order: {calls}"]


if __name__ == "__main__":
    sys.exit(main())
