"""A crew: workers that go on with several tasks at once, beside the window.

Each worker is a process of its own (`concurrent.futures`, started afresh, so that it has nothing of the window in it)
that is asked for a stretch of a task, and for the next one when that has come back. So nothing waits for anything:
whoever has a crew asks it from time to time what has come (`collect`). Where no process can be started, or one comes to
an end before its time, threads go on instead, with the same results.

Cancelled, the processes are ended at once, whatever they are at.
"""

import os
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from nnstudio.experiment import file
from nnstudio.experiment.document import Experiment

from . import bench
from .bench import Bench
from .task import Report, Task

STRETCH_SECONDS = 0.1
MOST_WORKERS = 8
_PIPE_TAKES = 16_384
_CANNOT_START = (OSError, ImportError, NotImplementedError, RuntimeError)


class Crew:
    """Works on all of `tasks`; their numbers are their places. `processes=False` works in threads."""

    def __init__(
        self, experiment: Experiment, tasks: Sequence[Task], *, workers: int | None = None, processes: bool = True
    ) -> None:
        self.processes = processes
        """Whether the work is done in processes, and not in threads."""
        self._document = file.encode(experiment)
        self._sent = _Sent(self._document)
        self._tasks = tuple(tasks)
        count = min(workers or _processors(), len(self._tasks), MOST_WORKERS)
        self._workers: list[_Worker] = [self._worker() for _ in range(count)]
        self._asked: dict[int, Future[Report | None]] = {}
        for number in range(len(self._tasks)):
            self._ask(number)

    @property
    def at_work(self) -> bool:
        return bool(self._asked)

    @property
    def workers(self) -> int:
        """How many processes or threads are at it."""
        return len(self._workers)

    def collect(self) -> list[tuple[int, Report]]:
        """What has come since it was last asked: numbers of tasks and their reports. An error that a task has raised
        is raised here, and the crew has ended."""
        found = []
        for number, future in list(self._asked.items()):
            report = self._result(number) if future.done() else None
            if report is not None:
                found.append((number, report))
        if not self._asked:
            self.end()
        return found

    def end(self) -> None:
        """Give up what is not done. No process is left behind."""
        self._asked.clear()
        for worker in self._workers:
            worker.end()
        self._workers = []
        self._sent.remove()

    def _result(self, number: int) -> Report | None:
        if not self._asked[number].done():
            return None  # it has just been begun anew
        future = self._asked.pop(number)
        try:
            report = future.result()
        except Exception as error:
            if isinstance(error, BrokenExecutor) and self.processes:
                self._go_on_in_threads(number)
                return None
            self.end()
            raise
        if report is not None and not report.finished:
            self._ask(number)
        return report

    def _ask(self, number: int) -> None:
        worker = self._workers[number % len(self._workers)]
        try:
            self._asked[number] = worker.ask(number, self._tasks[number])
        except (BrokenExecutor, *_CANNOT_START):
            if not self.processes:
                raise
            self._go_on_in_threads(number)

    def _go_on_in_threads(self, number: int) -> None:
        """A process is not to be had: begin what is not done anew, in threads."""
        left = sorted({number, *self._asked})
        count = len(self._workers)
        self.end()
        self.processes = False
        self._workers = [self._worker() for _ in range(count)]
        for task in left:
            self._ask(task)

    def _worker(self) -> "_Worker":
        return _ProcessWorker(self._sent.document) if self.processes else _ThreadWorker(self._document)


class _Worker(Protocol):
    def ask(self, number: int, task: Task) -> "Future[Report | None]": ...

    def end(self) -> None: ...


class _ProcessWorker:
    """One process; it starts with the first question."""

    def __init__(self, document: bytes | Path) -> None:
        self._document = document
        self._context = _Context()
        self._pool: ProcessPoolExecutor | None = None

    def ask(self, number: int, task: Task) -> "Future[Report | None]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, self._context, bench.begin, (self._document,))
        return self._pool.submit(bench.advance, number, task, STRETCH_SECONDS)

    def end(self) -> None:
        for process in self._context.started:
            if process.pid is not None:  # it was to be had
                process.terminate()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


class _ThreadWorker:
    """One thread."""

    def __init__(self, document: bytes) -> None:
        self._bench = Bench(document)
        self._pool = ThreadPoolExecutor(1, "comparison")

    def ask(self, number: int, task: Task) -> "Future[Report | None]":
        return self._pool.submit(self._bench.advance, number, task, STRETCH_SECONDS)

    def end(self) -> None:
        self._bench.leave()
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Sent:
    """A document as it is sent to processes. Whoever starts a process waits until it has read what it is sent; a pipe
    takes a small document at once, a large one waits in a file."""

    def __init__(self, document: bytes) -> None:
        self.document: bytes | Path = document
        if len(document) > _PIPE_TAKES:
            with NamedTemporaryFile(prefix="nnstudio-", suffix=file.SUFFIX, delete=False) as written:
                written.write(document)
            self.document = Path(written.name)

    def remove(self) -> None:
        if isinstance(self.document, Path):
            self.document.unlink(missing_ok=True)


class _Context(SpawnContext):
    """Remembers what it has started, so that it can be ended."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[BaseProcess] = []

    def Process(self, *arguments: Any, **options: Any) -> BaseProcess:  # type: ignore[override]
        process: BaseProcess = SpawnContext.Process(*arguments, **options)
        self.started.append(process)
        return process


def _processors() -> int:
    """How many there are for this program."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
