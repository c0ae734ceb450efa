"""The actions of the window, as data: what each says, its key, when it works, and why not otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Key = str | QKeySequence.StandardKey


class When(StrEnum):
    """When an action works; the value says why it does not, for its tooltip."""

    ALWAYS = ""
    PAUSED = "pause first"
    RUNNING = "nothing is running"
    BEGUN = "this is the start of the run"
    BEHIND = "the run has not been further than this"


@dataclass(frozen=True, slots=True)
class Standing:
    """What it depends on whether an action works."""

    running: bool = False
    playing: bool = False
    """Whether it plays in slow motion."""
    at_start: bool = False
    in_past: bool = False

    def obstacle(self, when: When) -> str:
        """Why what works then does not work now; nothing if it does."""
        if self.running and when is not When.RUNNING:
            return "" if when is When.ALWAYS else When.PAUSED.value
        works = {When.RUNNING: self.running or self.playing, When.BEGUN: not self.at_start, When.BEHIND: self.in_past}
        return "" if works.get(when, True) else when.value


@dataclass(frozen=True, slots=True)
class ActionSpec:
    name: str
    text: str
    tip: str
    key: Key | None
    when: When
    icon: str = ""
    checkable: bool = False
    mirrored: bool = False
    """Whether the icon is drawn the other way round."""
    begins_group: bool = False
    """Whether a line parts it from the one before, in menu and tool bar."""


def _key(name: str) -> QKeySequence.StandardKey:
    return getattr(QKeySequence.StandardKey, name)  # type: ignore[no-any-return]


RUN = (
    ActionSpec("train", "Train", "Train in the background until the last epoch", "F5", When.PAUSED, "mdi6.play"),
    ActionSpec("pause", "Pause", "Stop at the end of this mini-batch", "F6", When.RUNNING, "mdi6.pause"),
    ActionSpec(
        "reset",
        "Reset",
        "Reset to the initial weights",
        "Ctrl+Shift+F5",
        When.ALWAYS,
        "mdi6.restart",
    ),
    ActionSpec(
        "slow_motion",
        "Slow motion",
        "Play operation after operation, slowly enough to follow",
        "Ctrl+Shift+F10",
        When.PAUSED,
        "mdi6.motion-play-outline",
        checkable=True,
    ),
    ActionSpec(
        "step_back",
        "Back",
        "Go back to the previous operation, or within one to the previous neuron or term",
        "Shift+F10",
        When.BEGUN,
        "mdi6.debug-step-over",
        mirrored=True,
        begins_group=True,
    ),
    ActionSpec(
        "step_into",
        "Into",
        "Go into the operation: neuron by neuron, then term by term",
        "F11",
        When.PAUSED,
        "mdi6.debug-step-into",
    ),
    ActionSpec("step_over", "Next operation", "Run the next operation", "F10", When.PAUSED, "mdi6.debug-step-over"),
    ActionSpec(
        "step_out",
        "Finish phase",
        "Run to the end of this phase (forward, backward, update)",
        "Shift+F11",
        When.PAUSED,
        "mdi6.debug-step-out",
    ),
    ActionSpec(
        "step_batch",
        "Mini-batch",
        "Run to the next mini-batch",
        "F8",
        When.PAUSED,
        "mdi6.skip-next-outline",
        begins_group=True,
    ),
    ActionSpec("step_epoch", "Epoch", "Run to the next epoch", "F7", When.PAUSED, "mdi6.skip-forward-outline"),
)
REVERSE = (
    ActionSpec(
        "reverse_continue",
        "Back to the last breakpoint",
        "Go back to the last moment at which a breakpoint would have stopped the run",
        "Shift+F5",
        When.BEGUN,
    ),
)
BACK = (
    ActionSpec("back_phase", "Phase", "Go back to the beginning of the phase", "Ctrl+F11", When.BEGUN),
    ActionSpec("back_batch", "Mini-batch", "Go back to the beginning of the mini-batch", "Shift+F8", When.BEGUN),
    ActionSpec("back_epoch", "Epoch", "Go back to the beginning of the epoch", "Shift+F7", When.BEGUN),
    ActionSpec("to_start", "Run", "Go back to the start of the run", "Alt+Home", When.BEGUN),
)
BREAKPOINTS = (
    ActionSpec(
        "toggle_breakpoint",
        "Breakpoint at the chosen operation",
        "Stop before the chosen operation, or before the one that comes next",
        "F9",
        When.ALWAYS,
        begins_group=True,
    ),
    ActionSpec(
        "stop_when",
        "Stop when…",
        "Stop when a condition becomes true, such as J > 1.05 * best_J",
        "Shift+F9",
        When.ALWAYS,
    ),
    ActionSpec(
        "break_on_value",
        "Break on the chosen value…",
        "Stop when the chosen slot or number changes, crosses a value, changes its sign, or becomes NaN or infinite",
        "Ctrl+F9",
        When.ALWAYS,
    ),
)
ALL_BREAKPOINTS = (
    ActionSpec("enable_breakpoints", "Enable", "Stop at all breakpoints again", None, When.ALWAYS),
    ActionSpec("disable_breakpoints", "Disable", "Keep all breakpoints, and stop at none", None, When.ALWAYS),
    ActionSpec("remove_breakpoints", "Remove", "Take all breakpoints away", None, When.ALWAYS),
)
UPDATE = (
    ActionSpec(
        "skip_update",
        "Skip the update",
        "Let the update of this mini-batch, or of the next one, change nothing; once more: make it after all",
        "Ctrl+Shift+F8",
        When.PAUSED,
    ),
    ActionSpec(
        "scale_update",
        "Scale the update…",
        "Let the update of this mini-batch, or of the next one, move the parameters more, less, or the other way",
        None,
        When.PAUSED,
    ),
)
RUN_TO = (
    ActionSpec(
        "run_to_operation",
        "The chosen operation",
        "Run until the operation that is chosen in the program comes next",
        "Ctrl+F10",
        When.PAUSED,
    ),
    ActionSpec("run_to_epoch", "Epoch…", "Run to the end of an epoch, or go back to it", "Ctrl+F7", When.PAUSED),
    ActionSpec(
        "run_to_rise",
        "The next rise of the cost",
        "Run to the end of the next epoch whose training cost is above that of the one before",
        "Ctrl+F5",
        When.PAUSED,
    ),
)
FORWARD = (
    ActionSpec(
        "to_present",
        "Forward to the end of the run",
        "Go forward again to where the run has come",
        "Alt+End",
        When.BEHIND,
    ),
)
FORK = (
    ActionSpec(
        "fork_here",
        "Fork here",
        "Let another run go on from here beside this one, with one thing changed",
        "Ctrl+B",
        When.PAUSED,
        begins_group=True,
    ),
)
SAMPLES = {
    step: ActionSpec(f"sample_{step}", text, tip, key, When.PAUSED)
    for step, text, tip, key in (
        ("first", "First", "First sample", "Alt+Shift+Home"),
        ("previous", "Previous", "Previous sample", "Alt+PgUp"),
        ("next", "Next", "Next sample", "Alt+PgDown"),
        ("last", "Last", "Last sample", "Alt+Shift+End"),
        ("random", "At random", "A sample at random", "Alt+Shift+Down"),
        ("mistake", "Next mistake", "Next mistake", "Alt+Shift+Right"),
    )
}
"""The steps of a walk through the samples."""
FILE = (
    ActionSpec(
        "new_experiment",
        "New experiment",
        "Begin with the welcome sample",
        _key("New"),
        When.ALWAYS,
        "mdi6.file-plus-outline",
    ),
    ActionSpec(
        "open",
        "Open…",
        "Open a project, an experiment or a data set",
        _key("Open"),
        When.ALWAYS,
        "mdi6.folder-open-outline",
    ),
    ActionSpec(
        "open_pictures",
        "Open pictures…",
        "Open a folder of pictures that has a folder for each class",
        "",
        When.ALWAYS,
        "mdi6.folder-image",
    ),
    ActionSpec(
        "save", "Save", "Save the project or the experiment", _key("Save"), When.ALWAYS, "mdi6.content-save-outline"
    ),
    ActionSpec(
        "save_as",
        "Save as…",
        "Save the experiment with its data and its run as a project, or under another name",
        _key("SaveAs"),
        When.ALWAYS,
        "mdi6.content-save-edit-outline",
    ),
    ActionSpec(
        "recover",
        "Recovered work…",
        "Open what was not saved when NN Studio ended before it was closed",
        None,
        When.ALWAYS,
    ),
    ActionSpec(
        "export_experiment",
        "Export experiment…",
        "Write the experiment alone, without its run, to a file",
        None,
        When.ALWAYS,
        "mdi6.export",
    ),
    ActionSpec(
        "export_parameters",
        "Export parameters…",
        "Write the weights and biases as they stand to a file: NPZ, JSON or safetensors",
        None,
        When.PAUSED,
    ),
    ActionSpec(
        "import_parameters",
        "Import parameters…",
        "Begin anew with weights and biases from a file: NPZ, JSON or safetensors",
        None,
        When.ALWAYS,
    ),
)
EDIT = (
    ActionSpec(
        "paste_data",
        "Paste data",
        "Learn from a table that was copied from a spreadsheet: it will stand in the experiment itself",
        "Ctrl+Shift+V",
        When.ALWAYS,
        begins_group=True,
    ),
)
TOOLS = (
    ActionSpec(
        "gradient_check",
        "Gradient check",
        "Hold what backpropagation computes against the slope of J, measured",
        "Ctrl+G",
        When.PAUSED,
        "mdi6.slope-uphill",
    ),
)
WINDOW = (
    ActionSpec("quit", "Quit", "Close NN Studio", _key("Quit"), When.ALWAYS, "mdi6.exit-to-app"),
    ActionSpec("reset_layout", "Reset layout", "Put every panel back where it belongs", None, When.ALWAYS),
)


class Actions:
    """The actions, made from their specs and found by name."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}
        self._obstacles: dict[str, str] = {}

    def add(self, spec: ActionSpec, run: Callable[[], object]) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        if spec.key is not None:
            action.setShortcut(QKeySequence(spec.key))
        action.triggered.connect(run)
        self._window.addAction(action)
        self._specs[spec.name], self._actions[spec.name] = spec, action
        self._obstacles[spec.name] = ""
        self._set_tip(spec, "")
        return action

    def adopt(self, name: str, action: QAction, key: QKeySequence.StandardKey, obstacle: str) -> None:
        """An action that looks after its own text and when it works, as those of an undo stack do; `obstacle` says why
        it does not."""
        tell = partial(_tell_why_not, action, f"{action.text().strip()} — {obstacle}")
        action.enabledChanged.connect(tell)
        tell(action.isEnabled())
        action.setObjectName(name)
        action.setShortcuts(key)
        self._window.addAction(action)
        self._actions[name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def specs(self) -> tuple[ActionSpec, ...]:
        return tuple(self._specs.values())

    def show(self, standing: Standing) -> None:
        """Enable what works now; a disabled action says why in its tooltip."""
        for name, spec in self._specs.items():
            obstacle = standing.obstacle(spec.when)
            if obstacle != self._obstacles[name]:
                self._obstacles[name] = obstacle
                self._actions[name].setEnabled(not obstacle)
                self._set_tip(spec, obstacle)

    def _set_tip(self, spec: ActionSpec, obstacle: str) -> None:
        action = self._actions[spec.name]
        tip = with_key(spec)
        action.setToolTip(f"{tip} — {obstacle}" if obstacle else tip)
        action.setStatusTip(f"Not now: {obstacle}" if obstacle else tip)


def with_key(spec: ActionSpec) -> str:
    """What an action does and by which key, for tooltips."""
    key = QKeySequence(spec.key).toString(QKeySequence.SequenceFormat.NativeText) if spec.key is not None else ""
    return f"{spec.tip} ({key})" if key else spec.tip


def _tell_why_not(action: QAction, why: str, enabled: bool) -> None:
    action.setToolTip("" if enabled else why)  # without one Qt shows the text, which names the edit
