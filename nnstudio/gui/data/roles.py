"""Which column is an input, which a target, and which is left out: the state of the column chooser."""

from dataclasses import dataclass, field

from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.spec import TargetKind


@dataclass(slots=True)
class Roles:
    """The roles of the columns of a table. Choosing one role of a column takes the other away."""

    dataset: Dataset
    inputs: set[str]
    targets: set[str]
    kind: TargetKind = TargetKind.AUTO
    _first: tuple[set[str], set[str], TargetKind] = field(init=False)
    _aside: set[str] = field(default_factory=set, init=False)
    """The targets from before the inputs became the targets, to come back with."""

    def __post_init__(self) -> None:
        self._first = (set(self.inputs), set(self.targets), self.kind)

    @property
    def changed(self) -> bool:
        return (self.inputs, self.targets, self.kind) != self._first

    @property
    def autoencoder(self) -> bool:
        """Whether the inputs themselves are the targets, so that no column is one."""
        return self.kind is TargetKind.INPUTS

    @property
    def inputs_changed(self) -> bool:
        return self.inputs != self._first[0]

    @property
    def targets_changed(self) -> bool:
        return self.targets != self._first[1]

    def input_problem(self, column: Column) -> str:
        """Why the column cannot be an input; empty where it can."""
        if column.kind is ColumnKind.TEXT:
            return f"'{column.name}' holds text, and inputs are numbers"
        return column.problem or ""

    def target_problem(self, column: Column) -> str:
        """Why the column cannot be a target; empty where it can."""
        if self.autoencoder:
            return "the inputs themselves are the targets; choose another kind of targets to name a column"
        if column.kind is ColumnKind.TEXT and self.kind is TargetKind.VALUES:
            return f"'{column.name}' holds text, so it cannot be read as values; read targets as classes"
        return column.target_problem or ""

    def set_input(self, name: str, on: bool) -> None:
        self.targets.discard(name)
        self.inputs.add(name) if on else self.inputs.discard(name)

    def set_target(self, name: str, on: bool) -> None:
        """Several targets are possible for values; classes come from one column."""
        self.inputs.discard(name)
        if not on:
            self.targets.discard(name)
        elif self._classes({*self.targets, name}):
            self.targets = {name}
        else:
            self.targets.add(name)

    def set_kind(self, kind: TargetKind) -> None:
        was, self.kind = self.kind, kind
        if was is not kind and kind is TargetKind.INPUTS:
            self._aside, self.targets = self.targets, set()
        elif was is not kind and was is TargetKind.INPUTS:
            self.targets = self._aside - self.inputs
        if kind is TargetKind.CLASSES and len(self.targets) > 1:
            self.targets = {next(name for name in self.dataset.names if name in self.targets)}

    def take_all_inputs(self) -> None:
        """Every column that can be an input and is no target."""
        usable = (column.name for column in self.dataset.columns if not self.input_problem(column))
        self.inputs = {name for name in usable if name not in self.targets}

    def take_no_inputs(self) -> None:
        self.inputs = set()

    @property
    def problem(self) -> str:
        """What is still missing; empty where nothing is."""
        if not self.inputs:
            return "Choose at least one input"
        return "" if self.targets or self.autoencoder else "Choose a target"

    def ordered(self, chosen: set[str]) -> tuple[str, ...]:
        """In the order of the table."""
        return tuple(name for name in self.dataset.names if name in chosen)

    def _classes(self, targets: set[str]) -> bool:
        texts = any(c.kind is ColumnKind.TEXT for c in self.dataset.columns if c.name in targets)
        return texts or self.kind is TargetKind.CLASSES
