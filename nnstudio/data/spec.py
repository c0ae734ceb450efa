"""What an experiment says about its data: where the table is, which columns matter, how to split and scale them.

These are the shapes that stand in an experiment's file under `data`, decoded by msgspec with unknown keys refused. They
hold wishes, not arrays: `sources.load` turns the source into a table, `preparation.prepare` the whole into arrays.
"""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct, structs

from nnstudio.data.dates import DateOrder, DatePart
from nnstudio.data.numerals import Numerals, ThousandsSign
from nnstudio.data.pipeline import Sample, Step


class TargetKind(StrEnum):
    """How to read the target: `auto` takes text as classes and numbers as values.

    With `inputs` there is no target column: the inputs themselves are what the network is to put out. Such a network is
    an *autoencoder*; it learns without anybody saying what is right (*unsupervised*).
    """

    AUTO = "auto"
    CLASSES = "classes"
    VALUES = "values"
    INPUTS = "inputs"


InlineCell = float | str | None
"""A number, a text, or null for a missing cell."""


class InlineSource(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="inline"):
    """A small table written out in the experiment itself."""

    columns: tuple[str, ...]
    rows: tuple[tuple[InlineCell, ...], ...]


class SampleSource(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="sample"):
    """A table that comes with the program. What is left out (null) is the sample's own.

    `noise` is the deviation of random errors, `turns` how often a spiral winds around its middle or how many waves a
    curve has (spirals 1.5, bands 1, sine 2), `balance` the share of the rows that are of class 1 (0.5; and 0.25).
    """

    name: str
    rows: int | None = None
    noise: float | None = None
    seed: int = 0
    turns: float | None = None
    balance: float | None = None


class Colour(StrEnum):
    """How a picture becomes numbers: one a pixel, or one each for red, green and blue."""

    GREY = "grey"
    RGB = "rgb"


class Reading(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a file is to be read, as far as it is not left to be recognized: None means that.

    For text: the `delimiter` between two cells, whether the first row is a `header`, the `encoding` by its usual name,
    the `decimal` sign, what stands between `thousands` (empty: nothing may), and how many lines stand `above` the table
    and are left out. For a workbook: the `sheet`. For an
    archive of arrays: the `member`. For pictures: the file of their `labels`, its path relative as the source's own,
    the `size` they are brought to (height, width), and their `colour`.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: ThousandsSign | None = None
    above: int | None = None
    sheet: str | None = None
    member: str | None = None
    labels: str | None = None
    size: tuple[int, int] | None = None
    colour: Colour | None = None


RECOGNIZED = Reading()
"""Everything is recognized."""


class FileSource(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="file"):
    """A file, its path relative to the experiment's own file."""

    path: str
    reading: Reading = RECOGNIZED

    def at(self, place: Callable[[str], str]) -> "FileSource":
        """The same source with each of its paths put where `place` says."""
        labels = self.reading.labels
        reading = structs.replace(self.reading, labels=place(labels)) if labels else self.reading
        return FileSource(place(self.path), reading)

    @property
    def paths(self) -> tuple[str, ...]:
        """All files that are read."""
        labels = self.reading.labels
        return (self.path, labels) if labels else (self.path,)


Source = InlineSource | SampleSource | FileSource


class ColumnType(StrEnum):
    """What the cells of a column mean."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    ORDINAL = "ordinal"
    BOOLEAN = "boolean"
    DATE = "date"


class Unreadable(StrEnum):
    """What becomes of a cell that does not hold what its column is taken for: it is refused, or counts as a gap."""

    REFUSED = "refused"
    GAP = "gap"


class ColumnSpec(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a column is taken for; without a `type` numbers are numeric and text is categorical.

    `order` has the categories of an ordinal column, the least first: as an input each counts as its place, from 0. A
    date counts as days since 1970; `parts` are added to it as columns, and `dates` says what comes first where the
    year comes last (None: recognized). `numbers` says how text is written that is taken for numbers (None: recognized).
    """

    type: ColumnType | None = None
    order: tuple[str, ...] = ()
    parts: tuple[DatePart, ...] = ()
    dates: DateOrder | None = None
    numbers: Numerals | None = None
    unreadable: Unreadable = Unreadable.REFUSED


class SplitBy(StrEnum):
    """How it is decided which rows are kept from training.

    `stratified`: at random, each class with its share, also of 0 and 1 in one column (where there are no classes, just
    at random); `random`: at random without regard to classes; `group`: rows of the same `group` stay together; `order`:
    the first rows train, the last are tested; `column`: a column of the table says it.
    """

    STRATIFIED = "stratified"
    RANDOM = "random"
    GROUP = "group"
    ORDER = "order"
    COLUMN = "column"


class SplitSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """The shares of the rows that are kept from training, each at least 0 and together less than 1.

    With `folds` (k-fold: 2 or more) the rows that are not tested are dealt into so many parts of like size, and the one
    with the number `fold` (from 1) is for validation, whatever share is given for it.
    """

    validation: float = 0.0
    test: float = 0.0
    by: SplitBy = SplitBy.STRATIFIED
    column: str | None = None
    folds: int = 0
    fold: int = 1


class ClassWeighting(StrEnum):
    """`balanced`: a row of a class that has n_c of the n training rows weighs n / (K n_c), with K classes, so that
    every class weighs the same in all, and a row 1 on average (as in scikit-learn)."""

    NONE = "none"
    BALANCED = "balanced"


class MissingUse(StrEnum):
    """What becomes of the rows whose target is missing."""

    LEAVE_OUT = "leave_out"
    PSEUDO_LABELS = "pseudo_labels"


class MissingTargets(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of the rows whose target is missing.

    They are left out, or the network labels them itself (*semi-supervised* learning): from epoch `from_epoch` (from 1)
    on, a row is learned from under the class that is predicted for it with a probability of at least `confidence`.
    """

    use: MissingUse = MissingUse.LEAVE_OUT
    from_epoch: int = 10
    confidence: float = 0.95


LEAST_CONFIDENCE = 0.5


class DataSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an experiment says about its data. No inputs or no targets mean the table's defaults.

    Columns that are neither inputs nor targets, nor named as `weight` (how much each row counts) or `group` (which rows
    belong together), are ignored. The `pipeline` makes the inputs of the input columns, step by step; `standardize` is
    done behind it. `standardize_targets` is for values: classes are 0 and 1 anyway, and inputs that are targets are
    standardized as inputs are. `class_weights` may also be a weight for each class by name, 1 for those not named.
    """

    source: Source
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    standardize: bool = False
    split: SplitSpec = SplitSpec()
    target_kind: TargetKind = TargetKind.AUTO
    standardize_targets: bool = False
    missing_targets: MissingTargets = MissingTargets()
    columns: dict[str, ColumnSpec] = {}
    pipeline: tuple[Step, ...] = ()
    weight: str | None = None
    group: str | None = None
    class_weights: ClassWeighting | dict[str, float] = ClassWeighting.NONE

    @property
    def is_drawn(self) -> bool:
        """Whether anything is drawn at random, so that another seed makes other arrays."""
        split = self.split
        kept = split.validation or split.test or split.folds
        splits = bool(kept) and split.by not in (SplitBy.ORDER, SplitBy.COLUMN)
        return splits or any(step.on and isinstance(step, Sample) for step in self.pipeline)
