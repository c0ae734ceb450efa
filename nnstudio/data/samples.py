"""The tables that come with the program, from three rows one can follow by hand to the classics of the field.

Some are drawn by a generator, others are CSV files that the ordinary reader reads. Each says what it teaches and
carries the data spec that suits it, so that choosing a sample gives an experiment that makes sense at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from nnstudio import resources
from nnstudio.data import generators, readers
from nnstudio.data.cells import column_from_numbers
from nnstudio.data.dataset import Dataset, ImageShape
from nnstudio.data.errors import DataError
from nnstudio.data.spec import DataSpec, SampleSource, SplitSpec, TargetKind

_MOST_ROWS = 1_000_000
_UCI_LICENCE = "CC BY 4.0"
_EXACT_ROWS = 4
_CLUSTER_ROWS = 80
_CLUSTER_NOISE = 0.15

_MOST_TURNS = 100
_LEAST_SHARE = 0.01

_Load = Callable[[SampleSource], Dataset]


@dataclass(frozen=True, slots=True)
class Sample:
    """A table that comes with the program; `data` is the spec recommended for it."""

    name: str
    title: str
    description: str
    data: DataSpec
    loader: _Load
    own: generators.Drawing | None = None
    """How a generator draws it where nothing else is asked for; None if it is a file."""
    settings: frozenset[str] = frozenset()
    """What of `own` can be asked for besides the number of rows: noise, turns, balance."""
    exact: bool = False
    """Whether it is drawn without noise as long as nothing is asked for."""

    @property
    def drawn(self) -> bool:
        """Whether a generator draws it, in any number of rows."""
        return self.own is not None

    def has(self, setting: str) -> bool:
        """Whether it has noise, turns or balance to set."""
        return setting in self.settings

    def drawing(self, source: SampleSource) -> generators.Drawing:
        """How it is drawn for a source: its own way, but for what the source asks for."""
        assert self.own is not None
        noise = source.noise
        if noise is None:
            noise = 0.0 if self.exact and source.rows is None and source.balance is None else self.own.noise
        exact = self.exact and source.rows is None and not noise and source.balance is None
        return generators.Drawing(
            rows=_EXACT_ROWS if exact else source.rows or self.own.rows,
            noise=noise,
            turns=self.own.turns if source.turns is None else source.turns,
            balance=self.own.balance if source.balance is None else source.balance,
        )

    def load(self, source: SampleSource | None = None) -> Dataset:
        """The table: the same for the same source. A DataError says which of its wishes the sample can't fulfil."""
        source = source or SampleSource(self.name)
        if source.rows is not None and not 1 <= source.rows <= _MOST_ROWS:
            raise DataError(f"sample '{self.name}' can't have {source.rows} rows; ask for 1 to {_MOST_ROWS:,}")
        if source.seed < 0:
            raise DataError(f"sample '{self.name}' has the seed {source.seed}; give a whole number from 0 on")
        self._check("noise", source.noise, 0.0, None)
        self._check("turns", source.turns, 0.0, _MOST_TURNS)
        self._check("balance", source.balance, _LEAST_SHARE, 1.0 - _LEAST_SHARE)
        return self.loader(source)

    def _check(self, setting: str, value: float | None, least: float, most: float | None) -> None:
        """Raise a DataError if the sample does not have this setting, or not such a value."""
        if value is None:
            return
        if not self.has(setting):
            raise DataError(f"sample '{self.name}' has no {setting} to set; leave out its {setting}")
        if not least <= value < np.inf or (most is not None and value > most):
            ends = f"{least:g} on" if most is None else f"{least:g} to {most:g}"
            raise DataError(f"sample '{self.name}' can't have the {setting} {value:g}; give a number from {ends}")


def sample(name: str) -> Sample:
    """The sample of that name; a DataError suggests the closest name there is."""
    if name in SAMPLES:
        return SAMPLES[name]
    close = get_close_matches(name, SAMPLES, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    raise DataError(f"there is no sample '{name}'; {hint}the samples are {', '.join(SAMPLES)}")


def _drawn(
    name: str,
    title: str,
    description: str,
    generator: generators.Generator,
    data: DataSpec,
    own: generators.Drawing,
    *settings: str,
    exact: bool = False,
) -> Sample:
    """A sample that a generator draws, with what of it can be set."""

    def load(source: SampleSource) -> Dataset:
        columns = generator(made.drawing(source), np.random.default_rng(source.seed))
        return _table(title, description, columns)

    made = Sample(name, title, description, data, load, own, frozenset(settings), exact)
    return made


def _truth_table(
    name: str, title: str, description: str, generator: generators.Generator, data: DataSpec, balance: float
) -> Sample:
    """The four rows of a logical function; asked for rows, noise or balance, clusters of points around them."""
    own = generators.Drawing(_CLUSTER_ROWS, _CLUSTER_NOISE, balance=balance)
    return _drawn(name, title, description, generator, data, own, "noise", "balance", exact=True)


def _row(row: int) -> str:
    return f"row {row + 1}"


def _table(title: str, description: str, columns: generators.Columns) -> Dataset:
    return Dataset(
        name=title,
        columns=tuple(
            column_from_numbers(name, np.ascontiguousarray(values), _row, lambda _: "")
            for name, values in columns.items()
        ),
        description=description,
        source="drawn by NN Studio",
    )


def _stored(
    name: str,
    title: str,
    description: str,
    source: str,
    data: DataSpec,
    licence: str = _UCI_LICENCE,
    images: ImageShape | None = None,
) -> Sample:
    """A sample that is a file; fewer rows of it are drawn at random and keep their order."""

    def load(asked: SampleSource) -> Dataset:
        table = readers.read(resources.path("samples", f"{name}.csv"))
        named = replace(table, name=title, description=description, source=source, licence=licence, images=images)
        return named if asked.rows is None else _some_rows(named, asked.rows, asked.seed)

    return Sample(name, title, description, data, load)


def _some_rows(table: Dataset, rows: int, seed: int) -> Dataset:
    if rows > table.rows:
        raise DataError(f"the sample '{table.name}' has {table.rows} rows, not {rows}; ask for fewer")
    chosen = np.sort(np.random.default_rng(seed).permutation(table.rows)[:rows])
    return replace(table, columns=tuple(replace(c, values=c.values[chosen]) for c in table.columns))


def _spec(
    name: str,
    inputs: tuple[str, ...],
    target: str,
    validation: float = 0.0,
    standardize: bool = False,
    target_kind: TargetKind = TargetKind.AUTO,
    standardize_targets: bool = False,
) -> DataSpec:
    split = SplitSpec(validation=validation)
    return DataSpec(SampleSource(name), inputs, (target,), standardize, split, target_kind, standardize_targets)


_IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
_WINE = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "OD280/OD315 of diluted wines",
    "proline",
)
_DIGITS = tuple(f"p{row}{column}" for row in range(8) for column in range(8))
_CELL = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
_BREAST_CANCER = (
    *(f"mean {what}" for what in _CELL),
    *(f"{what} error" for what in _CELL),
    *(f"worst {what}" for what in _CELL),
)
_DIABETES = (
    "age",
    "sex",
    "body mass index",
    "blood pressure",
    "total cholesterol",
    "LDL",
    "HDL",
    "total cholesterol / HDL",
    "log triglycerides",
    "blood sugar",
)

_ALL = (
    _drawn(
        "averages",
        "Averages",
        "Two numbers and their average: three rows, few enough to check every number of a training step by hand.",
        generators.averages,
        _spec("averages", ("x1", "x2"), "y"),
        generators.Drawing(3),
    ),
    _truth_table(
        "and",
        "Logical AND",
        "1 where both inputs are 1: a single neuron learns it, because one straight line separates the classes.",
        generators.logical_and,
        _spec("and", ("x1", "x2"), "y"),
        balance=0.25,
    ),
    _truth_table(
        "xor",
        "Logical XOR",
        "1 where exactly one input is 1: the smallest problem that no single neuron can learn, and why layers exist.",
        generators.logical_xor,
        _spec("xor", ("x1", "x2"), "y"),
        balance=0.5,
    ),
    _drawn(
        "circles",
        "Two circles",
        "A disc inside a ring: watch hidden neurons draw straight lines that together close around the disc.",
        generators.circles,
        _spec("circles", ("x1", "x2"), "class", validation=0.25),
        generators.Drawing(160, 0.12),
        "noise",
        "balance",
    ),
    _drawn(
        "spirals",
        "Two spirals",
        "Two arms wound into each other: shows what more layers, more neurons and more patience are good for.",
        generators.spirals,
        _spec("spirals", ("x1", "x2"), "class", validation=0.25),
        generators.Drawing(200, 0.02, turns=1.5),
        "noise",
        "turns",
        "balance",
    ),
    _drawn(
        "bands",
        "Two bands, few labels",
        "Semi-supervised learning: few points have a class. A network that lends the others the class it is sure of, "
        "and learns from them too, gets all validation points right instead of 86 %. It does not always help: of 100 "
        "such draws 49 came out better and 9 worse.",
        generators.bands,
        _spec("bands", ("x1", "x2"), "class", validation=0.94, target_kind=TargetKind.CLASSES),
        generators.Drawing(400, 0.08, turns=1.0),
        "noise",
        "turns",
        "balance",
    ),
    _drawn(
        "sine",
        "Sine wave",
        "A curve with noise: a network fits a function, and with too much freedom it fits the noise as well.",
        generators.sine,
        _spec("sine", ("x",), "y", validation=0.25),
        generators.Drawing(120, 0.1, turns=2.0),
        "noise",
        "turns",
    ),
    _stored(
        "iris",
        "Iris flowers",
        "Three species of iris told apart by four measurements: the classic first classification, since 1936.",
        source="R. A. Fisher (1936), Iris; UCI Machine Learning Repository, doi:10.24432/C56C76",
        data=_spec("iris", _IRIS, "species", validation=0.25, standardize=True),
    ),
    _stored(
        "wine",
        "Wine",
        "Three grape varieties told apart by chemistry in very different units: shows why columns are standardized.",
        source="S. Aeberhard, M. Forina (1991), Wine; UCI Machine Learning Repository, doi:10.24432/C5PC7J",
        data=_spec("wine", _WINE, "cultivar", validation=0.25, standardize=True),
    ),
    _stored(
        "digits",
        "Handwritten digits",
        "Ten digits in pictures of 8 × 8 pixels: what a network makes of raw pixels, small enough to watch.",
        source="E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits; "
        "UCI Machine Learning Repository, doi:10.24432/C50P49",
        data=_spec("digits", _DIGITS, "digit", validation=0.25, standardize=True, target_kind=TargetKind.CLASSES),
        images=ImageShape(8, 8, 1, _DIGITS),
    ),
    _stored(
        "breast_cancer",
        "Breast cancer",
        "Benign or malignant from thirty measurements of cell nuclei: two classes that do not err at equal cost.",
        source="W. Wolberg, O. Mangasarian, N. Street, W. Street (1993), Breast Cancer Wisconsin (Diagnostic); "
        "UCI Machine Learning Repository, doi:10.24432/C5DW2B",
        data=_spec("breast_cancer", _BREAST_CANCER, "diagnosis", validation=0.25, standardize=True),
    ),
    _stored(
        "diabetes",
        "Diabetes",
        "How a disease progresses in a year, from ten measurements: values instead of classes, and much is chance.",
        source="B. Efron, T. Hastie, I. Johnstone, R. Tibshirani (2004), Least Angle Regression, "
        "Annals of Statistics 32, 407-499; as shipped with scikit-learn",
        licence="not stated by its authors; distributed with scikit-learn (BSD 3-Clause)",
        data=_spec("diabetes", _DIABETES, "progression", validation=0.25, standardize=True, standardize_targets=True),
    ),
)

# In the order in which they are offered: from what can be followed by hand to what takes a while.
SAMPLES: dict[str, Sample] = {entry.name: entry for entry in _ALL}
