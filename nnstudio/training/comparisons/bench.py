"""A bench: where one worker has its tasks. It is sent an experiment document, and reads its data itself.

A worker goes on with whichever of its tasks is asked for, so a few workers show all contenders growing side by side.
In a process of its own the bench is the module's; `begin` and `advance` are what a process is sent.
"""

import os
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Event, Thread

from nnstudio.data import sources
from nnstudio.data.preparation import prepare
from nnstudio.experiment import file

from .task import Materials, Report, Task, Work


class Bench:
    """The tasks of one worker, by their numbers. The document is given as it is, or as the file that it lies in."""

    def __init__(self, document: bytes | Path) -> None:
        self._document = document
        self._materials: Materials | None = None
        self._works: dict[int, Work] = {}
        self._left = Event()

    def advance(self, number: int, task: Task, seconds: float) -> Report | None:
        """Begin the task, or go on with it; None once the bench has been left. DataError, SpecError or ExperimentError
        say why it cannot be done."""
        if self._left.is_set():
            return None
        if number not in self._works:
            self._works[number] = task.begin(self._laid_out())
        report = self._works[number].advance(seconds)
        if report.finished:
            del self._works[number]
        return report

    def leave(self) -> None:
        """Nothing more is worked on from here."""
        self._left.set()

    def _laid_out(self) -> Materials:
        if self._materials is None:
            document = self._document
            experiment = file.decode(document.read_bytes() if isinstance(document, Path) else document)
            dataset = sources.load(experiment.data.source, None)
            self._materials = Materials(experiment, dataset, prepare(dataset, experiment.data, experiment.seed))
        return self._materials


_bench: Bench | None = None


def begin(document: bytes | Path) -> None:
    """This process is a worker: it has a bench, and ends with the process that started it, however that ends."""
    global _bench
    _bench = Bench(document)
    Thread(target=_end_with_parent, name="end with the window", daemon=True).start()


def advance(number: int, task: Task, seconds: float) -> Report | None:
    """`Bench.advance` in a worker's process."""
    assert _bench is not None
    return _bench.advance(number, task, seconds)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
