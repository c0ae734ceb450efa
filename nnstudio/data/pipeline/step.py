"""What all steps have in common: the columns they are for, and that they are fitted before they are applied.

A step as it is written in an experiment is a wish. *Fitting* it to the training rows, `fit(learned, place)`, finds the
numbers it needs (means, categories, components), or says in a DataError at which place of the experiment it can't be.
The fitted step can then be applied to any rows. It is never fitted to other rows: whatever is measured by them must not
have known them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
from msgspec import Struct

from nnstudio.data.errors import DataError

from .table import Feature, FeatureKind, Table

MOST_COLUMNS = 10_000


class StepSpec(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="step"):
    """No `columns` mean all that the step suits. A step that is not `on` is passed over."""

    columns: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about rows that a step is applied to; where it `refuses`, there is no number for some of them."""

    column: str
    text: str
    refuses: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FittedStep:
    """A step with the numbers it needs. What it `found` may stand beside it; `notes` are about what is probably not
    meant in the rows it was fitted to."""

    found: str = field(default="", kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def apply(self, table: Table) -> Table:
        """The table after the step: as many rows, gaps where there is no number."""
        raise NotImplementedError

    def remarks(self, table: Table) -> tuple[Remark, ...]:
        """What is worth knowing about these rows before the step is applied to them."""
        return ()


def applied(step: FittedStep, table: Table) -> Table:
    """The table after the step. What grows too large becomes infinite, and is refused when all steps are done."""
    with np.errstate(over="ignore", invalid="ignore"):
        return step.apply(table)


def place_of(number: int) -> str:
    """Where the step with this number (from 0) stands in an experiment."""
    return f"$.data.pipeline[{number}]"


Suits = Callable[[Feature], bool]


def is_number(feature: Feature) -> bool:
    """Whether it is a number on a scale: what is only 0 or 1 gains nothing from being scaled."""
    return feature.kind is FeatureKind.NUMBER


def is_category(feature: Feature) -> bool:
    return feature.kind is FeatureKind.CATEGORY


def chosen(step: StepSpec, table: Table, place: str, usual: Suits, refuse: Callable[[Feature], str]) -> list[Feature]:
    """The columns a step is for: those it names, else all that are `usual` for it. `refuse` says why a named one
    cannot be used; empty where it can."""
    if not step.columns:
        return [feature for feature in table.features if usual(feature)]
    known = {feature.name: feature for feature in table.features}
    for number, name in enumerate(step.columns):
        at = f"{place}.columns[{number}]"
        if name not in known:
            raise DataError(f"{at}: there is no column '{name}' at this step{_hint(name, table.names)}")
        if name in step.columns[:number]:
            raise DataError(f"{at}: column '{name}' is listed twice; name it once")
        if reason := refuse(known[name]):
            raise DataError(f"{at}: {reason}")
    return [known[name] for name in step.columns]


def no_text(feature: Feature) -> str:
    """Why a column cannot be computed with."""
    if feature.kind is not FeatureKind.CATEGORY:
        return ""
    return f"'{feature.name}' holds text, and this step needs numbers; encode the column in an earlier step"


def refuse_without_values(feature: Feature, place: str) -> None:
    if feature.gaps.all():
        raise DataError(
            f"{place}: column '{feature.name}' has a gap in every training row; leave it out of the inputs, or put a "
            "step before this one that fills gaps with a constant"
        )


def refuse_too_many(columns: int, place: str, mend: str) -> None:
    if columns > MOST_COLUMNS:
        raise DataError(f"{place}: there would be {columns:,} columns, more than {MOST_COLUMNS:,}; {mend}")


def _hint(name: str, names: tuple[str, ...]) -> str:
    close = get_close_matches(name, names, n=1)
    listed = ", ".join(f"'{known}'" for known in names[:12]) + (" …" if len(names) > 12 else "")
    return f"; did you mean '{close[0]}'? It has {listed}" if close else f"; it has {listed}"
