"""The command line. `train`, `trace` and `gradcheck` never import Qt; only the commands that open a window do.

Bad input gets one line on standard error that says what, where and how to mend it, and exit status 2.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from math import isnan
from pathlib import Path
from typing import Any, NoReturn

from nnstudio import __version__, option_values
from nnstudio.output import check_writable, write_json

_COMMANDS = ("train", "trace", "gradcheck", "screenshot")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an experiment may have a name that this terminal cannot show
    options = _parser(arguments).parse_args(arguments)
    from nnstudio.data.errors import DataError
    from nnstudio.engine.spec import SpecError
    from nnstudio.experiment.errors import ExperimentError

    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except (DataError, SpecError, ExperimentError) as error:
        return _fail(str(error))
    except MemoryError:
        return _fail("there is not enough memory for this experiment; use fewer units, rows or a smaller mini-batch")
    except KeyboardInterrupt:
        return _fail("stopped", status=130)
    except BrokenPipeError:  # whoever read the output has gone; Python would complain once more on closing it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Parser(argparse.ArgumentParser):
    """One line for bad arguments too, and no guessing at half a name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        sys.exit(_fail(f"{message}; see nnstudio --help"))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="nnstudio", description="A debugger for learning machines.")
    parser.add_argument("--version", action="version", version=f"nnstudio {__version__}")
    if not any(argument in _COMMANDS for argument in arguments[:1]):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FILE",
            help="an experiment (*.nns.json), a project (*.nnstudio) or a data set",
        )
        parser.epilog = f"commands: {', '.join(_COMMANDS)}; see nnstudio COMMAND --help"
        parser.set_defaults(run=_open_window)
        return parser
    commands = parser.add_subparsers(required=True, parser_class=_Parser)
    train = commands.add_parser("train", help="train in the terminal")
    train.add_argument("file", type=Path, metavar="FILE")
    train.add_argument("--epochs", type=option_values.whole_number(1), metavar="N")
    train.add_argument("--seed", type=option_values.whole_number(0), metavar="S")
    _add_stopping(train)
    train.add_argument("--report", type=Path, metavar="OUT.json", help="where to write cost, metrics and parameters")
    train.set_defaults(run=_train)
    trace = commands.add_parser("trace", help="write what each operation of the first iterations wrote")
    trace.add_argument("file", type=Path, metavar="FILE")
    trace.add_argument("--iterations", type=option_values.whole_number(1), required=True, metavar="N")
    trace.add_argument("--out", type=Path, required=True, metavar="OUT.json")
    trace.set_defaults(run=_trace)
    gradcheck = commands.add_parser("gradcheck", help="hold the gradients against central differences")
    gradcheck.description = (
        "Holds what backpropagation computes against central differences of J, in float64: every parameter of a small "
        "network, a sample of a large one, and all at once along random directions. "
        "Exit status 0 if they agree, 1 if they do not, 2 for bad input."
    )
    gradcheck.add_argument("file", type=Path, metavar="FILE")
    gradcheck.add_argument(
        "--epochs", type=option_values.whole_number(0), default=0, metavar="N", help="train N epochs first"
    )
    gradcheck.add_argument(
        "--iterations", type=option_values.whole_number(0), default=0, metavar="N", help="then N mini-batches"
    )
    gradcheck.add_argument(
        "--tolerance",
        type=option_values.tolerance,
        metavar="E",
        help="the largest relative error that still is agreement (1e-5)",
    )
    gradcheck.add_argument(
        "--seed", type=option_values.whole_number(0), metavar="S", help="another seed than the experiment's"
    )
    gradcheck.set_defaults(run=_gradcheck)
    screenshot = commands.add_parser("screenshot", help="save a picture of the window; needs no screen")
    screenshot.add_argument("file", type=Path, metavar="FILE")
    screenshot.add_argument("--out", type=Path, required=True, metavar="OUT.png")
    screenshot.add_argument(
        "--epochs", type=option_values.whole_number(0), default=0, metavar="N", help="train N epochs first"
    )
    screenshot.add_argument(
        "--steps", type=option_values.whole_number(0), default=0, metavar="K", help="then step K operations on"
    )
    screenshot.add_argument("--theme", choices=("light", "dark"), default="light")
    screenshot.add_argument("--size", type=option_values.size, default=(1600, 1000), metavar="1600x1000")
    screenshot.set_defaults(run=_screenshot)
    return parser


def _add_stopping(train: argparse.ArgumentParser) -> None:
    """Reasons to stop before the last epoch, each in place of the experiment's own."""
    group = train.add_argument_group("to stop before the last epoch, instead of what the experiment says")
    group.add_argument(
        "--target-cost", type=option_values.real_number(0), metavar="J", help="when the training cost is at most J"
    )
    group.add_argument(
        "--patience",
        type=option_values.whole_number(1),
        metavar="N",
        help="when the validation cost (without such rows the training cost) has not fallen for N epochs",
    )
    group.add_argument(
        "--min-delta", type=option_values.real_number(0), metavar="D", help="by how much it must fall to count"
    )
    group.add_argument(
        "--restore-best",
        action=argparse.BooleanOptionalAction,
        help="put the weights of the best epoch back when it has not fallen",
    )
    group.add_argument(
        "--seconds", type=option_values.real_number(0, open_=True), metavar="S", help="after S seconds of training"
    )


def _open_window(options: argparse.Namespace) -> int:
    try:
        from nnstudio.gui.app import main as open_window
    except ImportError as error:
        return _no_window(error)
    return open_window(options.file)


def _train(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from tqdm import tqdm

    from nnstudio.experiment.document import check_settings
    from nnstudio.training.report import report
    from nnstudio.training.trainer import Goal, Stop

    check_writable(options.report, options.file)
    debugger = _debugger(options.file, options.seed)
    trainer, run, experiment = debugger.trainer, debugger.run, debugger.run.experiment
    if options.epochs is not None:
        experiment = replace(experiment, training=replace(experiment.training, epochs=options.epochs))
        trainer.limit = options.epochs
    experiment = run.experiment = replace(experiment, stopping=_stopping(experiment, options))
    check_settings(experiment)
    if trainer.finished or run.machine.epochs >= trainer.limit:
        done = f"{run.machine.epochs} epoch{'s' * (run.machine.epochs != 1)}"
        return _fail(f"{options.file.name} has been trained for {done} already; ask for more, as with --epochs 100")
    with tqdm(total=trainer.limit, initial=run.machine.epochs, unit="epoch", desc=experiment.name, disable=None) as bar:
        outcome = None
        while outcome is None or outcome.stop is Stop.INTERRUPTED:
            outcome = trainer.train(Goal.LIMIT, lambda: run.machine.at_epoch_end)
            bar.update(run.machine.epochs - bar.n)
            bar.set_postfix_str(_standing(run), refresh=False)
    if outcome.nonfinite is not None:
        return _fail(f"{outcome.nonfinite}; try a smaller learning rate")
    if outcome.stopped is not None:
        print(outcome.stopped)
    print(f"{experiment.name}: {run.machine.epochs} epochs in {trainer.seconds:.2f} s, {_standing(run)}")
    if options.report is not None:
        write_json(options.report, report(trainer, outcome.stopped))
    return 0


def _stopping(experiment: Any, options: argparse.Namespace) -> Any:
    """What the experiment says about stopping, and what was given instead."""
    from dataclasses import fields, replace

    given = {field.name: getattr(options, field.name) for field in fields(experiment.stopping)}
    return replace(experiment.stopping, **{name: value for name, value in given.items() if value is not None})


def _standing(run: Any) -> str:
    """How good the network is with the parameters as they stand."""
    from nnstudio.data.preparation import PartName

    history, entry = run.history, run.entry
    parts = [f"J {history.train_cost[entry]:.4g}"]
    if history.validation_cost:
        parts.append(f"validation {history.validation_cost[entry]:.4g}")
    reached = history.of(PartName.TRAINING, run.metric)[entry]
    return ", ".join([*parts, f"{run.metric.value} {'—' if isnan(reached) else f'{reached:.4g}'}"])


def _trace(options: argparse.Namespace) -> int:
    from nnstudio.training.trace import trace

    check_writable(options.out, options.file)
    write_json(options.out, trace(_debugger(options.file, notes=False).run, options.iterations))
    return 0


def _gradcheck(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from nnstudio.explain.gradcheck import TOLERANCE, Extent, NotMeasurableError, check_gradients
    from nnstudio.explain.gradient_report import as_text, moment

    run = _debugger(options.file, options.seed).run
    experiment = run.experiment
    if (reason := _train_before_check(run, options.epochs, options.iterations)) is not None:
        return _fail(f"{reason}; try a smaller learning rate")
    tolerance, extent = options.tolerance or TOLERANCE, Extent(seed=experiment.seed)
    with tqdm(unit="slope", desc="measuring", disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        try:
            check = check_gradients(run.machine, tolerance=tolerance, extent=extent, progress=show)
        except NotMeasurableError as error:
            return _fail(f"{error}; try a smaller learning rate")
    print(f"{experiment.name}: {moment(check)}\n{as_text(check)}")
    return 0 if check.agrees else 1


def _train_before_check(run: Any, epochs: int, iterations: int) -> str | None:
    """So many epochs and then mini-batches; if J did not stay finite, where that began."""
    import numpy as np

    from nnstudio.training.trainer import Goal, Trainer

    trainer = Trainer(run)
    for _ in range(epochs):
        if (nonfinite := trainer.train(Goal.EPOCH).nonfinite) is not None:
            return str(nonfinite)
    with np.errstate(all="ignore"):
        for _ in range(iterations):
            run.machine.run_iteration()
    return None


def _screenshot(options: argparse.Namespace) -> int:
    check_writable(options.out, options.file)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from nnstudio.gui.screenshot import Picture, take
    except ImportError as error:
        return _no_window(error)
    picture = Picture(options.file, options.out, options.epochs, options.steps, options.theme, options.size)
    return take(picture)


def _debugger(path: Path, seed: int | None = None, *, notes: bool = True) -> Any:
    """What is in a file, made ready: an experiment at its beginning, a project where its run stands. Another seed
    begins anew. With `notes` on what a reader should know about its data."""
    from nnstudio.experiment.open import is_project

    debugger = _opened(path) if is_project(path) else _loaded(path, seed)
    if seed is not None and seed != debugger.run.experiment.seed:
        debugger = _reseeded(debugger, seed)
    for note in debugger.run.data.notes if notes else ():
        print(f"nnstudio: note: {note}", file=sys.stderr)
    return debugger


def _loaded(path: Path, seed: int | None) -> Any:
    """The run of an experiment, or of one for a table, from the beginning."""
    from dataclasses import replace

    from nnstudio.experiment.open import open_file
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import build

    experiment = open_file(path)
    return Debugger(build(experiment if seed is None else replace(experiment, seed=seed), path.parent))


def _opened(path: Path) -> Any:
    """The run of a project where it stands, without its breakpoints: nobody is there to look at where they stop."""
    from nnstudio.project import open_project

    opened = open_project(path)
    for note in (*opened.problems, *opened.notes):
        print(f"nnstudio: note: {note}", file=sys.stderr)
    opened.debugger.watcher.watch(())
    return opened.debugger


def _reseeded(debugger: Any, seed: int) -> Any:
    """The same experiment from the beginning, with another seed."""
    from dataclasses import replace

    from nnstudio.data.preparation import prepare
    from nnstudio.training.debugger import Debugger
    from nnstudio.training.run import Run

    experiment, dataset = replace(debugger.run.experiment, seed=seed), debugger.run.dataset
    return Debugger(Run(experiment, dataset, prepare(dataset, experiment.data, seed)))


def _no_window(error: ImportError) -> int:
    if (error.name or "").startswith("nnstudio"):
        raise error
    return _fail(
        f"the window cannot open, for a part of Qt is missing ({error}); install what the README lists for "
        "this system. nnstudio train, trace and gradcheck work without it"
    )


def _fail(message: str, status: int = 2) -> int:
    print(f"nnstudio: {' '.join(message.split())}", file=sys.stderr)
    return status
