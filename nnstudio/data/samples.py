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
from nnstudio.data.dataset import Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.spec import DataSpec, SampleSource, SplitSpec, TargetKind

_MOST_ROWS = 1_000_000
_UCI_LICENCE = "CC BY 4.0"
_CLUSTER_ROWS = 80
_CLUSTER_NOISE = 0.15

# rows, noise (None: the sample's own) and seed
_Load = Callable[[int | None, float | None, int], Dataset]


@dataclass(frozen=True, slots=True)
class Sample:
    """A table that comes with the program; `data` is the spec recommended for it."""

    name: str
    title: str
    description: str
    has_noise: bool
    data: DataSpec
    loader: _Load
    drawn: bool = True
    """Whether a generator draws it, in any number of rows."""
    own_noise: float = 0.0
    exact: bool = False
    """Whether it is drawn without noise as long as neither rows nor noise are asked for."""

    def noise_of(self, rows: int | None = None, noise: float | None = None) -> float:
        """The noise in what `load` gives for these arguments."""
        if noise is not None:
            return noise
        return 0.0 if self.exact and rows is None else self.own_noise

    def load(self, rows: int | None = None, noise: float | None = None, seed: int = 0) -> Dataset:
        """The table: the same for the same arguments. A DataError says which of them the sample can't do."""
        if rows is not None and not 1 <= rows <= _MOST_ROWS:
            raise DataError(f"sample '{self.name}' can't have {rows} rows; ask for 1 to {_MOST_ROWS:,}")
        if seed < 0:
            raise DataError(f"sample '{self.name}' has the seed {seed}; give a whole number from 0 on")
        if noise is not None and not self.has_noise:
            raise DataError(f"sample '{self.name}' has no noise to set; leave out its noise")
        if noise is not None and not 0.0 <= noise < np.inf:
            raise DataError(f"sample '{self.name}' can't have the noise {noise:g}; give a number from 0 on")
        return self.loader(rows, noise, seed)


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
    rows: int,
    data: DataSpec,
    noise: float | None = None,
) -> Sample:
    """A sample that a generator draws: `rows` and `noise` are its own, noise None if it has none."""

    def load(asked_rows: int | None, asked_noise: float | None, seed: int) -> Dataset:
        error = (noise or 0.0) if asked_noise is None else asked_noise
        return _table(title, description, generator(asked_rows or rows, error, np.random.default_rng(seed)))

    return Sample(name, title, description, noise is not None, data, load, own_noise=noise or 0.0)


def _truth_table(name: str, title: str, description: str, generator: generators.Generator, data: DataSpec) -> Sample:
    """The four rows of a logical function; asked for rows or noise, clusters of points around them."""

    def load(asked_rows: int | None, asked_noise: float | None, seed: int) -> Dataset:
        if asked_rows is None and not asked_noise:
            return _table(title, description, generator(4, 0.0, np.random.default_rng(seed)))
        error = _CLUSTER_NOISE if asked_noise is None else asked_noise
        rng = np.random.default_rng(seed)
        return _table(title, description, generator(asked_rows or _CLUSTER_ROWS, error, rng))

    return Sample(name, title, description, True, data, load, own_noise=_CLUSTER_NOISE, exact=True)


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
    name: str, title: str, description: str, source: str, data: DataSpec, licence: str = _UCI_LICENCE
) -> Sample:
    """A sample that is a file; fewer rows of it are drawn at random and keep their order."""

    def load(asked_rows: int | None, _noise: float | None, seed: int) -> Dataset:
        table = readers.read(resources.path("samples", f"{name}.csv"))
        named = replace(table, name=title, description=description, source=source, licence=licence)
        return named if asked_rows is None else _some_rows(named, asked_rows, seed)

    return Sample(name, title, description, False, data, load, drawn=False)


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
        rows=3,
        data=_spec("averages", ("x1", "x2"), "y"),
    ),
    _truth_table(
        "and",
        "Logical AND",
        "1 where both inputs are 1: a single neuron learns it, because one straight line separates the classes.",
        generators.logical_and,
        data=_spec("and", ("x1", "x2"), "y"),
    ),
    _truth_table(
        "xor",
        "Logical XOR",
        "1 where exactly one input is 1: the smallest problem that no single neuron can learn, and why layers exist.",
        generators.logical_xor,
        data=_spec("xor", ("x1", "x2"), "y"),
    ),
    _drawn(
        "circles",
        "Two circles",
        "A disc inside a ring: watch hidden neurons draw straight lines that together close around the disc.",
        generators.circles,
        rows=160,
        noise=0.12,
        data=_spec("circles", ("x1", "x2"), "class", validation=0.25),
    ),
    _drawn(
        "spirals",
        "Two spirals",
        "Two arms wound into each other: shows what more layers, more neurons and more patience are good for.",
        generators.spirals,
        rows=200,
        noise=0.02,
        data=_spec("spirals", ("x1", "x2"), "class", validation=0.25),
    ),
    _drawn(
        "bands",
        "Two bands, few labels",
        "Semi-supervised learning: few points have a class. A network that lends the others the class it is sure of, "
        "and learns from them too, gets all validation points right instead of 86 %. It does not always help: of 100 "
        "such draws 49 came out better and 9 worse.",
        generators.bands,
        rows=400,
        noise=0.08,
        data=_spec("bands", ("x1", "x2"), "class", validation=0.94, target_kind=TargetKind.CLASSES),
    ),
    _drawn(
        "sine",
        "Sine wave",
        "A curve with noise: a network fits a function, and with too much freedom it fits the noise as well.",
        generators.sine,
        rows=120,
        noise=0.1,
        data=_spec("sine", ("x",), "y", validation=0.25),
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
