"""What an experiment says about its data: where the table is, which columns matter, how to split and scale them.

These are the shapes that stand in an experiment's file under `data`, decoded by msgspec with unknown keys refused. They
hold wishes, not arrays: `sources.load` turns the source into a table, `preparation.prepare` the whole into arrays.
"""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct, structs


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
    and the `decimal` sign. For a workbook: the `sheet`. For an archive of arrays: the `member`. For pictures: the file
    of their `labels`, its path relative as the source's own, the `size` they are brought to (height, width), and their
    `colour`.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
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


Source = InlineSource | SampleSource | FileSource


class SplitSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """The shares of the rows that are kept from training, each at least 0 and together less than 1."""

    validation: float = 0.0
    test: float = 0.0


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

    `standardize_targets` is for values: classes are 0 and 1 anyway, and inputs that are targets are standardized as
    inputs are.
    """

    source: Source
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    standardize: bool = False
    split: SplitSpec = SplitSpec()
    target_kind: TargetKind = TargetKind.AUTO
    standardize_targets: bool = False
    missing_targets: MissingTargets = MissingTargets()
