"""A parameter through time, as a formula: w = initial + Σ of the updates, and what was set in between."""

from nnstudio.training.course import Course

from .explanation import Formula
from .writing import EQUALS, Kind, Math, equals, formula, joined, number, result, summand


def through_time(symbol: Math, course: Course, decimals: int) -> Formula:
    """w = w₀ + Σ Δw = 0.4000 + 0.0981 = 0.4981, as far as the course goes."""
    left = symbol.coloured(Kind.PARAMETER)
    terms = [Math('"initial"', "initial"), Math('limits(sum)_"updates" Delta', "Σ over updates Δ")]
    values = [number(course.initial, decimals).coloured(Kind.PARAMETER)]
    values.append(summand(course.updates, decimals, Kind.UPDATE))
    if course.set:
        terms.append(Math('limits(sum)_"set" Delta', "Σ set Δ"))
        values.append(summand(course.set_amount, decimals, Kind.PARAMETER))
    end = EQUALS + result(course.now, decimals, Kind.PARAMETER)
    return formula(equals(left, joined(terms)), (EQUALS + joined(values), end))
