"""A gradient check in the words and symbols of the screen."""

from nnstudio.explain import gradient_report
from nnstudio.explain.gradcheck import Entry, GradientCheck
from nnstudio.explain.numbers import short
from nnstudio.explain.symbols import element_symbol


def place(entry: Entry) -> str:
    """W²₄₂; direction 3."""
    return element_symbol(entry.slot, entry.index) if entry.slot else f"direction {entry.index[0] + 1}"


def error(value: float) -> str:
    """3.1e−09"""
    return gradient_report.error(value).replace("-", "−")


def verdict(check: GradientCheck) -> str:
    return gradient_report.verdict(check, place, lambda value: short(value, 7), error)
