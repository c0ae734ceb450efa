"""Conditions: what a person writes to stop where it matters, `abs(dW2).max() < 1e-7`, `J > 1.05 * best_J`.

An expression speaks of what is on screen: the slots by their names (`W1`, `dZ2[0, 3]`, `J`), and how far the run is
(`epoch`, `batch`, `iteration`, `best_J`). It can compare, calculate, combine, and ask a list of functions; nothing else
can be said in it, so nothing else can happen. Python's parser reads the text into a syntax tree and not a line of it is
ever run as Python: `reading` allows what `grammar` lists, and makes a tree of `nodes` bound to the machine's arrays.

`scope` is what the names mean, `functions` what can be asked, `errors` how a mistake is told, `limits` how much one
expression may ask for.
"""

from .errors import ExpressionError
from .expression import Expression, read_condition, read_expression
from .scope import Scope

__all__ = ["Expression", "ExpressionError", "Scope", "read_condition", "read_expression"]
