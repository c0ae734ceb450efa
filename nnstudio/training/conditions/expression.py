"""An expression that has been read: its text, the slots it looks at, and what it says at this moment."""

from dataclasses import dataclass
from typing import Any

from nnstudio.engine.machine import Machine

from .errors import ExpressionError
from .nodes import Joined, Node, Value
from .reading import read
from .scope import Scope


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Bound to the arrays of one program of a machine. `value` says what it is now, seeing the numbers as they stand,
    stale ones too; call it under np.errstate(all="ignore"), for a condition may divide by 0."""

    text: str
    slots: tuple[str, ...]
    root: Node
    value: Value

    def known_value(self, machine: Machine) -> Any:
        """What it says now, None while a slot that it looks at is stale or has not been computed yet."""
        return self.value() if all(map(machine.is_fresh, self.slots)) else None

    def sides(self) -> tuple[Any, ...]:
        """The two numbers that are compared, where it is a comparison of two single numbers."""
        root = self.root
        if isinstance(root, Joined) and root.truth and not (root.shape or root.left.truth):
            return root.left.value()(), root.right.value()()
        return ()


def read_expression(text: str, scope: Scope) -> Expression:
    """The expression that `text` is, about the slots of `scope`; an ExpressionError says what is wrong and where."""
    root, slots = read(text, scope)
    return Expression(text.strip(), slots, root, root.value())


def read_condition(text: str, scope: Scope) -> Expression:
    """An expression that is true or false; an ExpressionError tells how a number, or many truths, become one."""
    expression = read_expression(text, scope)
    root = expression.root
    if not root.truth:
        raise ExpressionError(f"this is a number; compare it, such as {expression.text} > 0", root.column)
    if root.shape:
        raise ExpressionError(
            f"this is true or false for each of {root.size} numbers; write any({expression.text}) or "
            f"all({expression.text})",
            root.column,
        )
    return expression
