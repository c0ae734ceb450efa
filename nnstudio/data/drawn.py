"""Points drawn by hand on a plane: each has a place, and a class or a value to learn.

A sheet of points becomes a table of three columns that stands in the experiment itself. Until there is something to
learn from it (points of two classes, or any with values) it is a sheet alone, and says what is still missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, hypot, isfinite, log10

import numpy as np
from msgspec import structs

from nnstudio.data.cells import MISSING, read_number
from nnstudio.data.dataset import Column, ColumnKind, Dataset
from nnstudio.data.errors import DataError
from nnstudio.data.preparation import PreparedData, Task
from nnstudio.data.spec import DataSpec, InlineCell, InlineSource, TargetKind

Range = tuple[float, float]

MOST_POINTS = 5_000
MOST_CLASSES = 10
_USUAL_RANGE = (-1.0, 1.0)
_AIR = 0.08
_STEPS_ACROSS = 2_000
_LONGEST_NAME = 40


class By(StrEnum):
    """What a point says besides its place."""

    CLASS = "Classes"
    VALUE = "Values"


@dataclass(frozen=True, slots=True)
class Point:
    """A place and its class by name, or its value."""

    x: float
    y: float
    label: str | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn. `classes` are those that can be drawn with, whether or not there are points of them."""

    by: By = By.CLASS
    points: tuple[Point, ...] = ()
    classes: tuple[str, ...] = ("A", "B")
    x: Range = _USUAL_RANGE
    y: Range = _USUAL_RANGE
    inputs: tuple[str, str] = ("x1", "x2")
    target: str = ""
    """The name of the target's column, the usual one where it has none."""

    @property
    def present(self) -> tuple[str, ...]:
        """The classes that have points, in the order in which they become classes of the data."""
        return _sorted({point.label for point in self.points if isinstance(point.label, str)})

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each class, which its colour goes by: those with points first, as the data count them."""
        present = self.present
        return {name: n for n, name in enumerate((*present, *(c for c in self.classes if c not in present)))}

    @property
    def values(self) -> np.ndarray:
        """The values of all points; of points with classes the numbers of these."""
        numbers = self.numbers
        labels = (numbers[p.label] if isinstance(p.label, str) else p.label for p in self.points)
        return np.fromiter(labels, dtype=np.float64, count=len(self.points))

    @property
    def places(self) -> np.ndarray:
        """Where the points lie (n × 2)."""
        return np.array([(p.x, p.y) for p in self.points], dtype=np.float64).reshape(-1, 2)

    @property
    def missing(self) -> str:
        """What is still to be drawn before there is something to learn; empty where nothing is."""
        if not self.points:
            return "Press and drag on the plane to draw points"
        if self.by is By.CLASS and len(self.present) < 2:
            return f"Every point is “{self.present[0]}”: draw some of another class, to have something to tell apart"
        return ""

    def drawn(self, places: Iterable[tuple[float, float]], label: str | float) -> "Sheet":
        """With points at those of these places that lie on the plane, as many as there is room for."""
        points = [self._point(x, y, label) for x, y in places if self.holds(x, y)][: MOST_POINTS - len(self.points)]
        return replace(self, points=(*self.points, *points))

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies on the plane."""
        return self.x[0] <= x <= self.x[1] and self.y[0] <= y <= self.y[1]

    def erased(self, x: float, y: float, share: float) -> "Sheet":
        """Without the points around a place, up to a share of the plane's width and height away."""
        across, up = share * (self.x[1] - self.x[0]), share * (self.y[1] - self.y[0])
        kept = tuple(p for p in self.points if hypot((p.x - x) / across, (p.y - y) / up) > 1.0)
        return replace(self, points=kept) if len(kept) < len(self.points) else self

    def cleared(self) -> "Sheet":
        """Without any points."""
        return replace(self, points=())

    def with_class(self) -> "Sheet":
        """With one more class to draw with."""
        if len(self.classes) >= MOST_CLASSES:
            raise DataError(f"there are {MOST_CLASSES} classes already, as many as have a colour of their own")
        return replace(self, classes=(*self.classes, _next_name(self.classes)))

    def renamed(self, old: str, new: str) -> "Sheet":
        """With another name for a class; a DataError says why it cannot be called that."""
        new = new.strip()
        if new == old:
            return self
        self._check_name(new)
        points = tuple(replace(p, label=new) if p.label == old else p for p in self.points)
        return replace(self, classes=tuple(new if name == old else name for name in self.classes), points=points)

    def read_by(self, by: By) -> "Sheet":
        """The same points by class or by value: classes become values from −1 to 1, values two classes around 0."""
        if by is self.by:
            return self
        if by is By.VALUE:
            levels = np.linspace(-1.0, 1.0, max(len(self.present), 2)).tolist()
            values = {name: float(name) if _is_number(name) else levels[n] for n, name in enumerate(self.present)}
            points = tuple(replace(p, label=values[str(p.label)]) for p in self.points)
            return replace(self, by=by, points=points, target="")
        low, high = self.classes[:2]
        points = tuple(replace(p, label=low if float(p.label) < 0 else high) for p in self.points)
        return replace(self, by=by, points=points, target="")

    def spec(self, old: DataSpec) -> DataSpec:
        """The data of an experiment with these points. Split and preparation stay as they were for a drawing, and for
        the table that a drawing began with."""
        target = self.target or {By.CLASS: "class", By.VALUE: "y"}[self.by]
        columns = (*self.inputs, target)
        kind = self._kind
        cells = {name: self._cell(name) for name in self.classes}
        rows: tuple[tuple[InlineCell, ...], ...] = tuple(
            (p.x, p.y, cells[p.label] if isinstance(p.label, str) else p.label) for p in self.points
        )
        source = InlineSource(columns, rows)
        goes_on = isinstance(old.source, InlineSource) and old.source.columns == columns
        began_with = bool(self.target) and (old.inputs, old.targets) == (self.inputs, (target,))
        if goes_on or began_with:
            return structs.replace(old, source=source, target_kind=kind)
        return DataSpec(source, self.inputs, (target,), target_kind=kind)

    @property
    def _kind(self) -> TargetKind:
        if self.by is By.VALUE:
            return TargetKind.VALUES
        return TargetKind.AUTO if self.present == ("0", "1") and self._numbered else TargetKind.CLASSES

    @property
    def _numbered(self) -> bool:
        """Whether all classes are numbers; then they are written as such."""
        return all(map(_is_number, self.classes))

    def _cell(self, name: str) -> InlineCell:
        if self._numbered:
            return float(name)
        return f"class {name}" if _is_number(name) else name

    def _point(self, x: float, y: float, label: str | float) -> Point:
        return Point(_rounded(x, self.x[1] - self.x[0]), _rounded(y, self.y[1] - self.y[0]), label)

    def _check_name(self, name: str) -> None:
        if name.casefold() in MISSING:
            raise DataError(f"a class cannot be called “{name}”, which stands for a missing value; write another name")
        if len(name) > _LONGEST_NAME:
            raise DataError(f"the name of a class has at most {_LONGEST_NAME} characters; write a shorter one")
        if name in self.classes:
            raise DataError(f"there is a class “{name}” already; write another name")


def sheet_of(dataset: Dataset, spec: DataSpec, data: PreparedData) -> Sheet:
    """The present data as a sheet to draw on; a DataError says why they are none."""
    inputs = spec.inputs or dataset.default_inputs()
    targets = spec.targets or dataset.default_targets()
    if spec.target_kind is TargetKind.INPUTS or len(targets) != 1:
        raise DataError("points have one target each; the present data have another number of them")
    if len(inputs) != 2:
        raise DataError(f"a plane has two inputs; the present data have {len(inputs)}")
    if dataset.rows > MOST_POINTS:
        raise DataError(f"the present data have {dataset.rows:,} rows, and a drawing at most {MOST_POINTS:,} points")
    x, y, target = (dataset.column(name) for name in (*inputs, targets[0]))
    if x.kind is not ColumnKind.NUMBER or y.kind is not ColumnKind.NUMBER:
        raise DataError("a plane has two inputs that are numbers; the present data have text")
    by = By.CLASS if data.task is Task.CLASSES or _is_binary(target) else By.VALUE
    labels = _names(target) if by is By.CLASS else target.values.tolist()
    known = np.isfinite(x.values) & np.isfinite(y.values) & target.filled
    points = tuple(
        Point(float(x.values[row]), float(y.values[row]), labels[row]) for row in np.flatnonzero(known).tolist()
    )
    names = _sorted({str(p.label) for p in points}) if by is By.CLASS else ()
    if len(names) > MOST_CLASSES:
        raise DataError(f"the present data have {len(names)} classes, and a drawing has at most {MOST_CLASSES}")
    classes = names if len(names) > 1 else Sheet().classes
    return Sheet(by, points, classes, _range(p.x for p in points), _range(p.y for p in points), inputs, targets[0])


def is_sheet(spec: DataSpec) -> bool:
    """Whether the data stand in the experiment as a drawing does: two inputs and a target, and nothing else."""
    return isinstance(spec.source, InlineSource) and spec.source.columns == (*spec.inputs, *spec.targets)


def _is_binary(column: Column) -> bool:
    known = column.values[column.filled]
    return column.kind is ColumnKind.NUMBER and set(known.tolist()) == {0.0, 1.0}


def _names(column: Column) -> list[str]:
    if column.kind is ColumnKind.TEXT:
        return [str(value) for value in column.values.tolist()]
    return [f"{value:g}" for value in column.values.tolist()]


def _range(places: Iterable[float]) -> Range:
    """The usual stretch of an axis where all places lie on it, else theirs with some air."""
    values = list(places) or [0.0]
    low, high = min(values), max(values)
    if _USUAL_RANGE[0] <= low and high <= _USUAL_RANGE[1]:
        return _USUAL_RANGE
    air = _AIR * (high - low) or abs(high) or 1.0
    return low - air, high + air


def _rounded(value: float, span: float) -> float:
    """To a thousandth of the plane or a little finer: what is drawn by hand needs no more digits."""
    return round(value, ceil(-log10(span / _STEPS_ACROSS)))


def _sorted(names: set[str]) -> tuple[str, ...]:
    """As classes are sorted: numbers as numbers, text as text."""
    return tuple(sorted(names, key=float) if all(map(_is_number, names)) else sorted(names))


def _is_number(name: str) -> bool:
    return isfinite(read_number(name))


def _next_name(names: tuple[str, ...]) -> str:
    """The next letter, or the next number where classes are numbers."""
    tried = map(str, range(MOST_CLASSES + 1)) if all(map(_is_number, names)) else iter("ABCDEFGHIJKLMNOP")
    return next(name for name in tried if name not in names)
