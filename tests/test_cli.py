"""The command line: what it writes, what it never imports, and one line for whatever is wrong."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import nnstudio
from nnstudio import __version__, resources
from nnstudio.cli import main
from nnstudio.engine.activations import Tanh
from nnstudio.experiment import file
from nnstudio.experiment.open import open_sample
from nnstudio.project import Project, save
from nnstudio.training.debugger import Debugger, Goal
from nnstudio.training.run import build

SMALL = {
    "format": "nnstudio-experiment/1",
    "name": "Small",
    "data": {
        "source": {
            "kind": "inline",
            "columns": ["x", "y"],
            "rows": [[n / 10, n / 5] for n in range(10)],
        },
        "split": {"validation": 0.2},
    },
    "network": {"layers": [{"units": 2, "activation": "tanh"}, {"units": 1}]},
    "training": {"batch_size": 4, "epochs": 3},
}


@pytest.fixture
def small(tmp_path):
    return written(tmp_path / "small.nns.json", SMALL)


def written(path, document):
    path.write_text(json.dumps(document))
    return path


def refused(capsys, *arguments):
    """The one line that the command refuses with."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as left:
        status = left.code
    out, err = capsys.readouterr()
    assert status == 2
    assert out == ""
    assert err.startswith("nnstudio: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err


def test_training_writes_the_report(small, tmp_path, capsys):
    out = tmp_path / "report.json"
    assert main(["train", str(small), "--report", str(out)]) == 0
    report = json.loads(out.read_text())
    assert {"epochs", "iterations", "seconds", "cost", "metrics", "parameters"} <= set(report)
    assert (report["epochs"], report["iterations"]) == (3, 6)
    assert 0 < report["seconds"] < 60
    assert len(report["cost"]["train"]) == len(report["cost"]["validation"]) == 3
    assert [len(report["metrics"]["r2"][part]) for part in ("train", "validation")] == [3, 3]
    assert np.shape(report["parameters"]["W1"]) == (2, 1)
    assert set(report["parameters"]) == {"W1", "b1", "W2", "b2"}
    said, err = capsys.readouterr()
    assert said.startswith("Small: 3 epochs in ")
    assert err == ""


def test_the_report_has_every_metric_the_penalty_and_the_learning_rate_by_epoch(small, tmp_path):
    out = tmp_path / "report.json"
    assert main(["train", str(small), "--report", str(out)]) == 0
    report = json.loads(out.read_text())
    assert set(report["metrics"]) == {"r2", "mae", "rmse"}
    assert [len(report["metrics"]["mae"][part]) for part in ("train", "validation", "test")] == [3, 3, 0]
    assert report["penalty"] == [0, 0, 0]
    assert len(report["learning_rate"]) == 3
    assert report["data_cost"] == report["cost"]
    assert report["confusion"] is report["stopped"] is None


def test_classes_have_a_confusion_matrix_of_the_network_as_it_stands_in_the_end(tmp_path):
    out = tmp_path / "report.json"
    assert main(["train", str(resources.path("experiments", "iris.nns.json")), "--report", str(out)]) == 0
    report = json.loads(out.read_text())
    confusion, accuracy = report["confusion"], report["metrics"]["accuracy"]
    for part in ("train", "validation"):
        matrix = np.array(confusion[part])
        assert matrix.shape == (len(confusion["classes"]),) * 2
        assert np.trace(matrix) / matrix.sum() == pytest.approx(accuracy[part][-1])


def test_it_says_in_a_line_why_it_stopped_early_and_how_good_the_weights_are_that_are_back(tmp_path, capsys):
    circles, out = resources.path("experiments", "circles.nns.json"), tmp_path / "report.json"
    given = ["--epochs", "3000", "--patience", "5", "--report", str(out)]
    assert main(["train", str(circles), *given]) == 0
    report = json.loads(out.read_text())
    restored, costs = report["stopped"]["restored"], report["cost"]["validation"]
    assert report["epochs"] == len(costs) == restored + 5
    assert costs[restored - 1] == min(costs)
    said, _ = capsys.readouterr()
    why, standing = said.splitlines()
    assert why == (
        f"Stopped after epoch {restored + 5}: validation cost has not fallen below {min(costs):.4g} "
        f"(epoch {restored}) for 5 epochs; the weights of epoch {restored} are back"
    )
    assert f"validation {min(costs):.4g}" in standing


def test_what_is_given_about_stopping_takes_the_place_of_the_experiment_s_own(small, tmp_path, capsys):
    document = json.loads(small.read_text())
    path = tmp_path / "patient.nns.json"
    path.write_text(json.dumps({**document, "stopping": {"target_cost": 1e-9, "patience": 1, "min_delta": 1e9}}))
    given = ["--target-cost", "1e9", "--patience", "3", "--min-delta", "0", "--no-restore-best"]
    assert main(["train", str(path), *given]) == 0
    assert "has come down to the target 1e+09" in capsys.readouterr().out
    assert main(["train", str(path)]) == 0
    assert "by more than 1e+09 for 1 epoch; the weights of epoch 1 are back" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--target-cost", "-1", "-1 must be at least 0"),
        ("--target-cost", "low", "'low' is not a number"),
        ("--target-cost", "nan", "nan must be at least 0"),
        ("--patience", "0", "0 must be at least 1"),
        ("--min-delta", "inf", "inf must be at least 0"),
        ("--seconds", "0", "0 must be more than 0"),
    ],
)
def test_a_bad_number_about_stopping_is_named(small, capsys, option, value, says):
    assert says in refused(capsys, "train", small, f"{option}={value}")


def test_epochs_and_seed_can_be_given(small, tmp_path):
    reports = []
    for seed in (1, 1, 2):
        out = tmp_path / "report.json"
        assert main(["train", str(small), "--epochs", "7", "--seed", str(seed), "--report", str(out)]) == 0
        reports.append(json.loads(out.read_text()))
    assert reports[0]["epochs"] == 7
    assert reports[0]["parameters"] == reports[1]["parameters"]
    assert reports[0]["parameters"] != reports[2]["parameters"]


def test_without_validation_rows_its_lists_are_empty(tmp_path):
    path, out = tmp_path / "iris.nns.json", tmp_path / "report.json"
    file.save(open_sample("averages"), path)
    assert main(["train", str(path), "--epochs", "2", "--report", str(out)]) == 0
    report = json.loads(out.read_text())
    assert report["cost"]["validation"] == []
    assert len(report["cost"]["train"]) == 2


def test_a_score_that_is_not_defined_is_not_a_number_that_is_said(tmp_path, capsys):
    path = tmp_path / "row.csv"
    path.write_text("a,b\n1,2\n")
    assert main(["train", str(path), "--epochs", "2"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("R² —")


def test_a_table_is_trained_on_as_it_is(tmp_path, capsys):
    path = tmp_path / "numbers.csv"
    path.write_text("a,b,c\n" + "\n".join(f"{n},{n % 3},{2 * n}" for n in range(30)) + "\n")
    assert main(["train", str(path), "--epochs", "2"]) == 0
    assert capsys.readouterr().out.startswith("numbers: 2 epochs in ")


def test_a_data_file_is_looked_up_beside_its_experiment(tmp_path, monkeypatch):
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n2,3\n3,4\n")
    document = {**SMALL, "data": {"source": {"kind": "file", "path": "numbers.csv"}}, "training": {"epochs": 1}}
    path = written(tmp_path / "x.nns.json", document)
    monkeypatch.chdir("/")
    assert main(["train", str(path)]) == 0


def test_a_trace_has_what_each_operation_wrote(tmp_path):
    path, out = tmp_path / "averages.nns.json", tmp_path / "trace.json"
    file.save(open_sample("averages"), path)
    assert main(["trace", str(path), "--iterations", "2", "--out", str(out)]) == 0
    trace = json.loads(out.read_text())
    assert trace["format"] == "nnstudio-trace/1"
    first, second = trace["iterations"]
    assert (first["epoch"], first["batch"], first["rows"]) == (1, 1, [0, 1, 2])
    assert second["epoch"] == 2
    assert [op["index"] for op in first["ops"]] == list(range(len(first["ops"])))
    assert set(first["ops"][0]) == {"index", "phase", "layer", "label", "reads", "writes"}
    assert first["ops"][0]["phase"] == "load"
    assert first["ops"][0]["layer"] is None
    values = {slot: value for op in first["ops"] for slot, value in op["writes"].items()}
    assert values["A2"][0][0] == pytest.approx(-0.1)
    assert isinstance(values["J"], float)


def test_gradients_are_held_against_central_differences(small, capsys):
    assert main(["gradcheck", str(small), "--epochs", "1", "--iterations", "1"]) == 0
    out, err = capsys.readouterr()
    first, *table, last = out.splitlines()
    assert first.startswith("Small: epoch 2, mini-batch 2 with 4 rows, J ")
    assert "all 7 parameters and 8 random directions" in first
    assert [line.split()[0] for line in table] == ["slot", "W1", "b1", "W2", "b2", "all"]
    assert last.startswith("Backpropagation agrees with central differences: largest relative error ")
    assert err == ""


def test_another_seed_is_checked_at_other_weights(small, capsys):
    said = []
    for seed in ("1", "1", "2"):
        assert main(["gradcheck", str(small), "--seed", seed]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != said[2]


def test_wrong_gradients_are_exit_status_1(small, capsys, monkeypatch):
    monkeypatch.setattr(Tanh, "slope", lambda self, z, a, out, scratch: out.fill(1))
    assert main(["gradcheck", str(small)]) == 1
    out = capsys.readouterr().out
    assert "Backpropagation disagrees with central differences in " in out
    assert main(["gradcheck", str(small), "--tolerance", "0.99"]) == 0


def test_a_gradient_check_refuses_in_one_line(small, tmp_path, capsys):
    assert "0 must be below 1 and at least 1e-08" in refused(capsys, "gradcheck", small, "--tolerance", 0)
    assert "'x' is not a number" in refused(capsys, "gradcheck", small, "--tolerance", "x")
    document = {**SMALL, "optimizer": {"name": "sgd", "learning_rate": 1e6}, "cost": "mse"}
    document["network"] = {"layers": [{"units": 9}, {"units": 9}, {"units": 1}]}
    path = written(tmp_path / "x.nns.json", document)
    message = "try a smaller learning rate"
    assert message in refused(capsys, "gradcheck", path, "--epochs", 90)
    assert f"J is nan, and what is not a finite number has no slope; {message}" in refused(
        capsys, "gradcheck", path, "--iterations", 90
    )


def test_what_json_cannot_say_is_null(tmp_path):
    document = {**SMALL, "optimizer": {"name": "sgd", "learning_rate": 1e6}, "cost": "mse"}
    document["network"] = {"layers": [{"units": 9}, {"units": 9}, {"units": 1}]}
    path, out = written(tmp_path / "x.nns.json", document), tmp_path / "trace.json"
    assert main(["trace", str(path), "--iterations", "90", "--out", str(out)]) == 0

    def no_constant(name):
        raise AssertionError(f"{name} is not JSON")

    trace = json.loads(out.read_text(), parse_constant=no_constant)
    assert None in np.ravel([op["writes"].get("J", 0) for op in trace["iterations"][-1]["ops"]]).tolist()


def test_a_diverging_run_says_which_operation_first_went_wrong(tmp_path, capsys):
    document = {**SMALL, "optimizer": {"name": "sgd", "learning_rate": 1e6}, "training": {"epochs": 500}}
    document["network"] = {"layers": [{"units": 9}, {"units": 9}, {"units": 1}]}
    message = refused(capsys, "train", written(tmp_path / "x.nns.json", document))
    assert "first written by: " in message
    assert "try a smaller learning rate" in message


BAD_ARGUMENTS = [
    (["train"], "the following arguments are required: FILE"),
    (["train", "FILE", "--epochs", "0"], "0 must be at least 1"),
    (["train", "FILE", "--epochs", "-1"], "--epochs"),
    (["train", "FILE", "--epochs=-1"], "-1 must be at least 1"),
    (["train", "FILE", "--epochs", "abc"], "'abc' is not a whole number"),
    (["train", "FILE", "--epochs", "1.5"], "'1.5' is not a whole number"),
    (["train", "FILE", "--epochs", "9" * 30], "must be at least 1 and below 2^63"),
    (["train", "FILE", "--epochs", "2000000000"], "$.training.epochs is 2000000000; it must be from 1 to"),
    (["train", "FILE", "--seed=-1"], "-1 must be at least 0"),
    (["train", "FILE", "--epoch", "3"], "unrecognized arguments: --epoch 3"),
    (["train", "FILE", "more"], "unrecognized arguments: more"),
    (["trace", "FILE", "--iterations", "0", "--out", "OUT"], "0 must be at least 1"),
    (["trace", "FILE", "--iterations", "1"], "the following arguments are required: --out"),
    (["trace", "FILE", "--out", "OUT"], "the following arguments are required: --iterations"),
    (["screenshot", "FILE", "--out", "OUT", "--size", "big"], "'big' is not a size such as 1600x1000"),
    (["screenshot", "FILE", "--out", "OUT", "--size", "1x1"], "'1x1' is not a size"),
    (["screenshot", "FILE", "--out", "OUT", "--theme", "pink"], "invalid choice: 'pink'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_ARGUMENTS, ids=lambda value: str(value)[:40])
def test_bad_arguments_get_one_line(small, tmp_path, capsys, arguments, message):
    places = {"FILE": str(small), "OUT": str(tmp_path / "out.json")}
    assert message in refused(capsys, *[places.get(argument, argument) for argument in arguments])


BAD_FILES = {
    "missing.nns.json": (None, "there is no file"),
    "missing.csv": (None, "there is no file"),
    "empty.nns.json": (b"", "not a complete JSON document"),
    "cut.nns.json": (json.dumps(SMALL).encode()[:-9], "not a complete JSON document"),
    "deep.nns.json": (b"[" * 100_000, "nested too deeply"),
    "deep2.nns.json": (b'{"format":' + b'{"a":' * 100_000, "nested too deeply"),
    "newer.nns.json": (b'{"format": "nnstudio-experiment/2"}', "install a newer NN Studio"),
    "seed.nns.json": (json.dumps({**SMALL, "seed": -1}).encode(), "$.seed is -1"),
    "sed.nns.json": (json.dumps({**SMALL, "sed": 1}).encode(), "sed.nns.json: $.sed is an unknown key"),
    "units.nns.json": (
        json.dumps({**SMALL, "network": {"layers": [{"units": 10**9}]}}).encode(),
        "use fewer units or layers",
    ),
    "sample.nns.json": (
        json.dumps({**SMALL, "data": {"source": {"kind": "sample", "name": "irsi"}}}).encode(),
        "did you mean 'iris'",
    ),
    "data.nns.json": (
        json.dumps({**SMALL, "data": {"source": {"kind": "file", "path": "gone.csv"}}}).encode(),
        "gone.csv",
    ),
    "nul.nns.json": (
        json.dumps({**SMALL, "data": {"source": {"kind": "file", "path": "a\0b.csv"}}}).encode(),
        "nnstudio: ",
    ),
    "empty.csv": (b"", "empty.csv"),
    "binary.csv": (bytes(range(256)), "binary.csv"),
    "ragged.csv": (b"a,b\n1,2\n1,2,3,4\n", "line 3"),
    "words.csv": (b"a,b\n1,2\n2,x\n3,4\n", "column 'b': 'x' is not a number"),
    "project.nnstudio": (b"", "is not a project"),
    "gone.nnstudio": (None, "there is no file"),
}


@pytest.mark.parametrize("command", ["train", "trace"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_line(tmp_path, capsys, command, name):
    content, message = BAD_FILES[name]
    path, out = tmp_path / name, tmp_path / "out.json"
    if content is not None:
        path.write_bytes(content)
    options = ["--report", out] if command == "train" else ["--iterations", 1, "--out", out]
    assert message in refused(capsys, command, path, *options)
    assert not out.exists()


@pytest.mark.parametrize("name", ["folder", "folder.csv", "folder.nns.json"])
def test_a_folder_gets_one_line(tmp_path, capsys, name):
    (tmp_path / name).mkdir()
    assert "is a folder" in refused(capsys, "train", tmp_path / name)


UNWRITABLE = {
    "gone/out.json": "there is no folder",
    ".": "is a folder; name a file in it",
    "small.nns.json": "is the experiment itself",
    "small.nns.json/out.json": "there is no folder",
    "x" * 300: "cannot be written",
    "/proc/nothing.json": "cannot be written",
}


@pytest.mark.parametrize("command", ["train", "trace", "screenshot"])
@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_result_that_cannot_be_written_is_refused_before_the_work(
    small, tmp_path, capsys, monkeypatch, command, name
):
    def too_late(*_):
        raise AssertionError("the work had begun")

    monkeypatch.setattr("nnstudio.training.run.build", too_late)
    option = "--report" if command == "train" else "--out"
    more = ["--iterations", 1] if command == "trace" else []
    before = small.read_text()
    assert UNWRITABLE[name] in refused(capsys, command, small, option, tmp_path / name, *more)
    assert small.read_text() == before


def test_the_trial_leaves_an_older_report_alone_when_training_fails(tmp_path, capsys):
    out = tmp_path / "report.json"
    out.write_text("precious")
    refused(capsys, "train", written(tmp_path / "x.nns.json", {**SMALL, "seed": -1}), "--report", out)
    assert out.read_text() == "precious"


def run_cli(*arguments, code=None, **environment):
    command = [sys.executable, "-W", "error", *(["-c", code] if code else ["-m", "nnstudio"]), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment
    )


def test_it_runs_as_a_process_of_its_own(small):
    done = run_cli("train", small)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Small: 3 epochs")
    refusal = run_cli("train", small.with_name("gone.nns.json"))
    assert refusal.returncode == 2
    assert refusal.stderr.count("\n") == 1
    assert "Traceback" not in refusal.stderr
    assert run_cli("--version").stdout == f"nnstudio {__version__}\n"


IMPORTED = """
import sys
from nnstudio.cli import main
from nnstudio.engine.activations import Tanh
status = main(sys.argv[1:])
print(status, sorted({name.partition(".")[0] for name in sys.modules} & {"PySide6", "pandas", "pyqtgraph", "typst"}))
"""


@pytest.mark.parametrize("command", ["train", "trace", "gradcheck"])
def test_neither_qt_nor_pandas_is_imported(small, tmp_path, command):
    options = ["--iterations", 1, "--out", tmp_path / "out.json"] if command == "trace" else []
    done = run_cli(command, small, *options, code=IMPORTED)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_pandas_is_imported_for_a_table_and_qt_is_not(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("a,b\n1,2\n2,3\n3,4\n")
    done = run_cli("train", path, code=IMPORTED)
    assert done.stdout.splitlines()[-1] == "0 ['pandas']"


def test_a_name_that_the_terminal_cannot_show_does_not_stop_it(small, tmp_path):
    path = written(tmp_path / "x.nns.json", {**SMALL, "name": "終 ²"})
    done = run_cli("train", path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith("? ?: 3 epochs")


def test_a_reader_that_has_gone_is_no_error(small):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        command = [sys.executable, "-m", "nnstudio", "train", str(small)]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.stderr == ""


def test_a_missing_part_of_qt_gets_one_line(small, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(nnstudio, "gui", None, raising=False)  # what is imported below must not stay there
    monkeypatch.setitem(sys.modules, "PySide6.QtCore", None)
    for name in [name for name in sys.modules if name.startswith("nnstudio.gui")]:
        monkeypatch.delitem(sys.modules, name)
    message = refused(capsys, "screenshot", small, "--out", tmp_path / "out.png")
    assert "a part of Qt is missing" in message


@pytest.fixture
def project(small):
    """The small experiment after an epoch and two operations."""
    debugger = Debugger(build(file.load(small)))
    debugger.train(Goal.at(1))
    debugger.play(2)
    run, path = debugger.run, small.with_name("small.nnstudio")
    save(Project(experiment=run.experiment, dataset=run.dataset, standing=debugger.standing()), path)
    return path


def test_training_a_project_goes_on_from_where_it_stands(small, project, tmp_path):
    reports = [tmp_path / "straight.json", tmp_path / "resumed.json"]
    for source, out in zip((small, project), reports, strict=True):
        assert main(["train", str(source), "--epochs", "5", "--report", str(out)]) == 0
    straight, resumed = (json.loads(out.read_text()) for out in reports)
    assert {**straight, "seconds": 0} == {**resumed, "seconds": 0}


def test_a_trace_of_a_project_begins_with_its_next_operation(small, project, tmp_path):
    outs = [tmp_path / "straight.json", tmp_path / "resumed.json"]
    assert main(["trace", str(small), "--iterations", "3", "--out", str(outs[0])]) == 0
    assert main(["trace", str(project), "--iterations", "1", "--out", str(outs[1])]) == 0
    straight, resumed = (json.loads(out.read_text())["iterations"] for out in outs)
    assert resumed[0]["ops"] == straight[2]["ops"][2:]


def test_a_project_begins_anew_with_another_seed(small, project, tmp_path):
    outs = [tmp_path / "straight.json", tmp_path / "resumed.json"]
    for source, out in zip((small, project), outs, strict=True):
        assert main(["train", str(source), "--seed", "9", "--report", str(out)]) == 0
    straight, resumed = (json.loads(out.read_text()) for out in outs)
    assert straight["parameters"] == resumed["parameters"]


def test_a_project_that_has_come_to_its_end_says_so(project, capsys):
    assert "has been trained for 1 epoch already" in refused(capsys, "train", project, "--epochs", 1)
