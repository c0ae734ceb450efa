"""A gradient check in words, as a table of text, and as CSV.

Elements are named as in code: W2[3, 1] is row 3, column 1 of W2, both from 0. A window may name them in its own way.
"""

import csv
import io
from collections.abc import Callable, Iterator

import numpy as np

from .gradcheck import Entry, GradientCheck, SlotCheck
from .numbers import count

_HEAD = ("slot", "shape", "checked", "at kinks", "largest relative error", "at", "backpropagation", "measured")
_LEFT = (0, 5)


def place(entry: Entry) -> str:
    """W2[3, 1]; direction 3 (from 1)."""
    if not entry.slot:
        return f"direction {entry.index[0] + 1}"
    return f"{entry.slot}[{', '.join(map(str, entry.index))}]"


def plain(value: float) -> str:
    """To seven significant digits."""
    return f"{value:.7g}"


def error(value: float) -> str:
    """To two significant digits: 3.1e-09, 0.77."""
    return f"{value:.2g}" if value > 1e-3 else f"{value:.1e}"


def verdict(
    check: GradientCheck,
    place: Callable[[Entry], str] = place,
    number: Callable[[float], str] = plain,
    error: Callable[[float], str] = error,
) -> str:
    """One sentence: whether they agree, how large the largest error is, and where."""
    worst = check.worst
    if worst is None:
        return "Nothing could be measured: a kink is too near everywhere"
    if check.agrees:
        found = f"largest relative error {error(worst.relative)}, in {place(worst)}"
        return f"Backpropagation agrees with central differences: {found}"
    values = f"where backpropagation says {number(worst.analytic)} and J's slope is {number(worst.numeric)}"
    if not worst.slot:
        return f"Backpropagation is wrong in a parameter that was not drawn: along {place(worst)}, {values}"
    wrong = sum(int(np.count_nonzero(slot.relative > check.tolerance)) for slot in check.slots)
    found = f"largest relative error {error(worst.relative)}, in {place(worst)}, {values}"
    of = f"{count(wrong)} of {count(check.checked)} parameters"
    return f"Backpropagation disagrees with central differences in {of}: {found}"


def moment(check: GradientCheck) -> str:
    """Which mini-batch was checked, and how much of the network: epoch 3, mini-batch 2 with 10 rows, J 0.6931; …"""
    extent = f"all {count(check.parameters)} parameters" if check.checked == check.parameters else _sampled(check)
    directions = f"{len(check.directions)} random direction{'s' * (len(check.directions) != 1)}"
    where = f"epoch {check.epoch}, mini-batch {check.batch} with {check.rows} row{'s' * (check.rows != 1)}"
    return f"{where}, J {check.cost:.4g}; {extent} and {directions}, in float64"


def as_text(check: GradientCheck) -> str:
    """The table, a line for each slot and one for the directions, and the verdict under it."""
    rows = [_HEAD, *(_line(slot) for slot in check.slots), *_directions(check)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(_set(cell, width, n) for n, (cell, width) in enumerate(zip(row, widths, strict=True))) for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), f"{verdict(check)} (allowed: {check.tolerance:g})"])


def as_csv(check: GradientCheck) -> str:
    """A line for each number that was checked; what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("slot", "row", "column", "backpropagation", "measured", "absolute error", "relative error", "at kink")
    )
    for slot in check.slots:
        for index in zip(*np.nonzero(slot.checked), strict=True):
            writer.writerow((slot.slot, *(*index, "")[:2], *_numbers(slot, index), int(slot.kinks[index])))
    for entry in check.directions:
        absolute = abs(entry.analytic - entry.numeric)
        numbers = (entry.analytic, entry.numeric, absolute, entry.relative)
        writer.writerow(("direction", entry.index[0], "", *map(repr, numbers), 0))
    return out.getvalue()


def _sampled(check: GradientCheck) -> str:
    return f"{count(check.checked)} of {count(check.parameters)} parameters"


def _line(slot: SlotCheck) -> tuple[str, ...]:
    shape = " x ".join(map(str, slot.analytic.shape))
    checked = f"{np.count_nonzero(slot.checked)} of {slot.checked.size}"
    return (slot.slot, shape, checked, str(np.count_nonzero(slot.kinks)), *_worst(slot.worst))


def _directions(check: GradientCheck) -> Iterator[tuple[str, ...]]:
    if check.directions_tried:
        worst = max(check.directions, key=lambda entry: entry.relative, default=None)
        kinks = check.directions_tried - len(check.directions)
        yield ("all", "", f"{check.directions_tried} directions", str(kinks), *_worst(worst))


def _worst(worst: Entry | None) -> tuple[str, ...]:
    if worst is None:
        return ("-", "", "", "")
    return error(worst.relative), place(worst), plain(worst.analytic), plain(worst.numeric)


def _set(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column in _LEFT else cell.rjust(width)


def _numbers(slot: SlotCheck, index: tuple[int, ...]) -> Iterator[str]:
    for values in (slot.analytic, slot.numeric, slot.absolute, slot.relative):
        value = float(values[index])
        yield "" if np.isnan(value) else repr(value)
