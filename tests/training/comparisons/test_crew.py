"""A crew: its contenders come to what plain runs come to, byte for byte, and it leaves no process behind."""

import os
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess

import numpy as np
import pytest

from nnstudio.data.errors import DataError
from nnstudio.data.spec import DataSpec, FileSource, InlineSource
from nnstudio.experiment.document import Experiment, Network
from nnstudio.experiment.edits import set_hyperparameter, set_training
from nnstudio.experiment.open import open_sample
from nnstudio.training.comparisons import crew as crew_module
from nnstudio.training.comparisons.bench import Bench
from nnstudio.training.comparisons.contender import Contender, Hidden, Record
from nnstudio.training.comparisons.course import Course
from nnstudio.training.comparisons.crew import Crew
from nnstudio.training.run import build
from nnstudio.training.trainer import Goal, Trainer

RATES = (0.012, 0.12, 1.2)
ENDLESS = 10**9


def ended(crew, courses):
    """The courses, once the crew has done its work."""
    while crew.at_work:
        for number, stretch in crew.collect():
            courses[number].take(stretch)
        time.sleep(0.005)
    return courses


def raced(experiment, contenders, **options):
    return ended(Crew(experiment, contenders, **options), [Course(contender) for contender in contenders])


def trained(experiment, epochs):
    trainer = Trainer(build(experiment))
    trainer.limit = epochs
    trainer.train(Goal.at(epochs))
    return trainer.run


def processes_of(crew):
    return [process for worker in crew._workers for process in worker._context.started]


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def assert_equal_to_plain_runs(experiment, courses):
    for rate, course in zip(RATES, courses, strict=True):
        run = trained(set_hyperparameter(experiment, "learning_rate", rate).experiment, 12)
        assert course.costs.tobytes() == run.history.train_cost.tobytes()
        assert course.updates == run.machine.iterations
        for name, values in run.model.knowledge().items():
            assert course.knowledge[name].tobytes() == values.tobytes()


@pytest.mark.parametrize("processes", [True, False])
def test_contenders_come_to_what_plain_runs_with_their_rates_come_to_byte_for_byte(processes):
    experiment = open_sample("circles")
    contenders = [Contender(12, learning_rate=rate, record=Record.KNOWLEDGE) for rate in RATES]
    crew = Crew(experiment, contenders, processes=processes)
    courses = ended(crew, [Course(contender) for contender in contenders])
    assert crew.processes is processes
    assert_equal_to_plain_runs(experiment, courses)


def test_a_contender_that_is_asked_again_and_again_goes_on_where_it_stood():
    experiment = open_sample("circles")
    contender = Contender(12, learning_rate=0.12)
    bench, course, stretches = Bench(crew_module.file.encode(experiment)), Course(contender), 0
    while not course.finished:
        course.take(bench.advance(0, contender, 0.0))
        stretches += 1
    assert stretches >= 12
    run = trained(experiment, 12)
    assert course.costs.tobytes() == run.history.train_cost.tobytes()


def test_a_large_document_waits_in_a_file_that_is_removed():
    table = np.random.default_rng(0).normal(size=(2_000, 3)).tolist()
    data = DataSpec(InlineSource(("x1", "x2", "y"), tuple(map(tuple, table))), ("x1", "x2"), ("y",))
    experiment = replace(open_sample("sine"), data=data)
    crew = Crew(experiment, [Contender(2)])
    document = crew._sent.document
    assert document.exists()
    (course,) = ended(crew, [Course(Contender(2))])
    assert crew.processes
    assert course.costs.tobytes() == trained(experiment, 2).history.train_cost.tobytes()
    assert not document.exists()


def test_mini_batches_differ_in_their_size_alone():
    experiment = open_sample("circles")
    (course,) = raced(experiment, [Contender(5, batch_size=1)], processes=False)
    run = trained(set_training(experiment, batch_size=1).experiment, 5)
    assert course.costs.tobytes() == run.history.train_cost.tobytes()


def test_more_contenders_than_workers_grow_side_by_side():
    experiment = open_sample("circles")
    contenders = [Contender(ENDLESS, learning_rate=rate) for rate in (*RATES, *RATES)]
    crew = Crew(experiment, contenders, workers=2, processes=False)
    seen = set()
    while len(seen) < len(contenders):
        seen |= {number for number, _ in crew.collect()}
        time.sleep(0.005)
    crew.end()


def test_ended_at_once_it_leaves_no_process():
    crew = Crew(open_sample("circles"), [Contender(ENDLESS, learning_rate=rate) for rate in RATES], workers=2)
    started = [process.pid for process in processes_of(crew)]
    crew.end()
    assert len(started) == 2
    assert not any(map(is_there, started))
    assert not crew.at_work


def test_ended_in_the_middle_of_its_work_it_leaves_no_process():
    crew = Crew(open_sample("circles"), [Contender(ENDLESS, learning_rate=rate) for rate in RATES], workers=2)
    started = [process.pid for process in processes_of(crew)]
    while not crew.collect():
        time.sleep(0.005)
    assert all(map(is_there, started))
    crew.end()
    assert not any(map(is_there, started))


def test_done_it_leaves_no_process():
    crew = Crew(open_sample("xor"), [Contender(2)])
    started = [process.pid for process in processes_of(crew)]
    ended(crew, [Course(Contender(2))])
    assert not any(map(is_there, started))


_LOST = """
import time
from nnstudio.experiment.open import open_sample
from nnstudio.training.comparisons.contender import Contender
from nnstudio.training.comparisons.crew import Crew

if __name__ == "__main__":
    crew = Crew(open_sample("circles"), [Contender(10**9)], workers=1)
    while not crew.collect():
        time.sleep(0.005)
    print(crew._workers[0]._context.started[0].pid, flush=True)
    time.sleep(60)
"""


def test_a_worker_ends_with_a_window_that_is_killed(tmp_path):
    script = tmp_path / "lost.py"
    script.write_text(_LOST)
    window = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    with window:
        worker = int(window.stdout.readline())
        assert is_there(worker)
        window.kill()
    begun = time.monotonic()
    while is_there(worker):
        assert time.monotonic() < begun + 30, "the worker goes on without its window"
        time.sleep(0.01)


@pytest.mark.parametrize("where", [(crew_module.ProcessPoolExecutor, "submit"), (BaseProcess, "start")])
def test_where_no_process_can_be_started_threads_do_the_same(monkeypatch, where):
    def refuse(*_arguments, **_options):
        raise PermissionError("no processes here")

    monkeypatch.setattr(*where, refuse)
    experiment = open_sample("circles")
    contenders = [Contender(12, learning_rate=rate, record=Record.KNOWLEDGE) for rate in RATES]
    crew = Crew(experiment, contenders)
    courses = ended(crew, [Course(contender) for contender in contenders])
    assert not crew.processes
    assert_equal_to_plain_runs(experiment, courses)


def test_where_a_process_is_killed_threads_begin_its_tasks_anew():
    experiment = open_sample("circles")
    contenders = [Contender(12, learning_rate=rate, record=Record.KNOWLEDGE) for rate in RATES]
    crew = Crew(experiment, contenders, workers=1)
    processes_of(crew)[0].kill()
    courses = ended(crew, [Course(contender) for contender in contenders])
    assert not crew.processes
    assert_equal_to_plain_runs(experiment, courses)


@dataclass(frozen=True)
class Broken:
    def begin(self, _materials):
        raise BrokenExecutor("threads break too")


def test_what_breaks_in_threads_is_not_tried_forever():
    crew = Crew(open_sample("circles"), [Broken()], processes=False)
    with pytest.raises(BrokenExecutor):
        ended(crew, [])
    assert not crew.at_work


@pytest.mark.parametrize("processes", [True, False])
def test_data_that_are_gone_are_said_to_be(tmp_path, processes):
    data = DataSpec(FileSource(str(tmp_path / "gone.csv")), ("x",), ("y",))
    crew = Crew(Experiment(data, Network(())), [Contender(1)], processes=processes)
    with pytest.raises(DataError, match=r"gone\.csv"):
        ended(crew, [])
    assert not crew.at_work


def test_the_way_of_the_weights_begins_at_the_initial_ones_and_ends_at_the_last():
    experiment = open_sample("circles")
    (course,) = raced(experiment, [Contender(40, batch_size=1, record=Record.PATH)], processes=False)
    begun = build(experiment)
    np.testing.assert_array_equal(course.path[0], begun.model.store.family("parameters"))
    last = trained(set_training(experiment, batch_size=1).experiment, 40)
    np.testing.assert_array_equal(course.path[-1], last.model.store.family("parameters"))
    assert 100 < len(course.path) <= 242


def test_linear_hidden_layers_start_from_the_same_weights():
    experiment = open_sample("circles")
    straight = Contender(1, hidden=Hidden.LINEAR).of(experiment)
    assert {layer.activation for layer in straight.network.layers[:-1]} == {"identity"}
    assert straight.network.layers[-1] == experiment.network.layers[-1]
    before, after = build(experiment).model.knowledge(), build(straight).model.knowledge()
    assert {name: values.tobytes() for name, values in before.items()} == {
        name: values.tobytes() for name, values in after.items()
    }
