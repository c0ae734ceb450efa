"""Makes a tree of nodes of a syntax tree, and refuses whatever is not in the list of what is allowed."""

import ast
from collections.abc import Callable, Mapping
from itertools import pairwise
from math import prod
from typing import Any, ClassVar, NoReturn

import numpy as np

from . import functions, limits
from .errors import ExpressionError
from .grammar import ARITHMETIC, COMPARISONS, NOT, REFUSED, SIGNS, Operator, parse
from .nodes import Applied, Chain, Counter, Element, Every, Joined, Node, Number, Shape, SlotNode, Some
from .scope import COUNTERS, Scope

_LARGEST = 10**308


def read(text: str, scope: Scope) -> tuple[Node, tuple[str, ...]]:
    """The tree of nodes that `text` is, and the slots it looks at."""
    reader = _Reader(scope)
    root = reader.node(parse(text))
    return root, tuple(dict.fromkeys(reader.slots))


class _Reader:
    """Reads one expression; `slots` are those met on the way."""

    def __init__(self, scope: Scope) -> None:
        self.slots: list[str] = []
        self._scope = scope
        self._numbers = 0

    def node(self, tree: ast.expr) -> Node:
        read = self._READERS.get(type(tree))
        if read is None:
            _refuse(tree, tree)
        node = read(self, tree)
        self._numbers += node.size
        if self._numbers > limits.NUMBERS:
            raise ExpressionError(f"this looks at more than {limits.NUMBERS:,} numbers each time; ask for less")
        return node

    def _number(self, tree: ast.Constant) -> Node:
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            raise ExpressionError(f"{tree.value!r} is not a number; compare with a number", _column(tree))
        if abs(tree.value) > _LARGEST:
            raise ExpressionError("this number is too large; use at most 1e308", _column(tree))
        return Number(_column(tree), (), False, np.float64(tree.value))

    def _name(self, tree: ast.Name) -> Node:
        name, column = tree.id, _column(tree)
        if name in COUNTERS:
            return Counter(column, (), False, self._scope.counters[name])
        array = self._array(name, column)
        if array.shape == ():
            return Element(column, (), False, name, array, ())
        return SlotNode(column, array.shape, False, name, array)

    def _array(self, name: str, column: int) -> np.ndarray:
        if name in functions.NAMES:
            raise ExpressionError(f"{name} needs brackets: {name}(…)", column)
        if name not in self._scope:
            near = self._scope.near(name)
            hint = f"did you mean {' or '.join(near)}?" if near else "there are X, Y, W1, b1, Z1, A1, dW1, J, epoch …"
            raise ExpressionError(f"there is no slot {name!r}; {hint}", column)
        self.slots.append(name)
        return self._scope.array(name)

    def _element(self, tree: ast.Subscript) -> Node:
        column = _column(tree)
        if not isinstance(tree.value, ast.Name) or tree.value.id in COUNTERS:
            raise ExpressionError("only a slot has rows and numbers, as in W2[3, 1]", column)
        name = tree.value.id
        array = self._array(name, _column(tree.value))
        parts = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        index = tuple(_index(part) for part in parts)
        if len(index) > array.ndim or not index:
            has = f"{name} is {_written(array.shape)}" if array.shape else f"{name} is one number"
            raise ExpressionError(f"{has}, so it takes {array.ndim} ind{'ex' if array.ndim == 1 else 'ices'}", column)
        for part, at, length in zip(parts, index, array.shape, strict=False):
            if at >= length:
                raise ExpressionError(
                    f"{name} is {_written(array.shape)}, so this index goes from 0 to {length - 1}", _column(part)
                )
        return Element(column, array.shape[len(index) :], False, name, array, index)

    def _arithmetic(self, tree: ast.BinOp) -> Node:
        operator = _operator(ARITHMETIC, tree.op, tree)
        left, right = self._numeric(tree.left, operator.sign), self._numeric(tree.right, operator.sign)
        if isinstance(tree.op, ast.Pow):
            _check_exponent(right)
        return _joined(operator, left, right, truth=False)

    def _signed(self, tree: ast.UnaryOp) -> Node:
        column = _column(tree)
        if isinstance(tree.op, ast.Not):
            truth = self._truth(tree.operand, "not")
            return Applied(column, truth.shape, True, NOT.of(truth.shape), truth)
        operator = _operator(SIGNS, tree.op, tree)
        operand = self._numeric(tree.operand, operator.sign)
        return Applied(column, operand.shape, False, operator.of(operand.shape), operand)

    def _comparison(self, tree: ast.Compare) -> Node:
        operators = [_operator(COMPARISONS, op, tree) for op in tree.ops]
        operands = tuple(self._numeric(part, operators[0].sign) for part in (tree.left, *tree.comparators))
        if len(operands) > 2 and not any(operand.shape for operand in operands):
            return Chain(_column(tree), (), True, tuple(operator.numbers for operator in operators), operands)
        pairs = [
            _joined(operator, *pair, truth=True) for operator, pair in zip(operators, pairwise(operands), strict=True)
        ]
        return _folded(np.logical_and, "and", tuple(pairs), truth=True)

    def _combination(self, tree: ast.BoolOp) -> Node:
        both = isinstance(tree.op, ast.And)
        word = "and" if both else "or"
        operands = tuple(self._truth(part, word) for part in tree.values)
        if not any(operand.shape for operand in operands):
            return (Every if both else Some)(_column(tree), (), True, operands)
        return _folded(np.logical_and if both else np.logical_or, word, operands, truth=True)

    def _call(self, tree: ast.Call) -> Node:
        if tree.keywords:
            raise ExpressionError("write the values alone, without a name and =", _column(tree))
        if isinstance(tree.func, ast.Attribute):
            return self._method(tree, tree.func)
        if not isinstance(tree.func, ast.Name):
            raise ExpressionError("only a function's name stands before a bracket, as in abs(W1)", _column(tree))
        name, column = tree.func.id, _column(tree)
        if name not in functions.NAMES:
            raise ExpressionError(f"there is no function {name!r}; there are {', '.join(functions.NAMES)}", column)
        if name in functions.LAYER_FUNCTIONS:
            return self._about_layer(name, tree)
        if name in functions.PAIRWISE and len(tree.args) > 1:
            operands = tuple(self._numeric(part, name) for part in tree.args)
            return _folded(functions.PAIRWISE[name], name, operands, truth=False)
        if len(tree.args) != 1:
            raise ExpressionError(f"{name} takes one value, as in {name}(dW1)", column)
        return self._applied(name, tree.args[0], column)

    def _method(self, tree: ast.Call, function: ast.Attribute) -> Node:
        name, column = function.attr, _column(tree)
        if name not in functions.METHODS:
            raise ExpressionError(f"nothing stands behind a dot but {', '.join(functions.METHODS)}", column)
        if tree.args:
            raise ExpressionError(f"nothing stands in the brackets of .{name}()", column)
        return self._applied(name, function.value, column)

    def _applied(self, name: str, part: ast.expr, column: int) -> Node:
        if name in functions.ELEMENTWISE or name in functions.TESTS:
            operand = self._numeric(part, name)
            function = functions.ELEMENTWISE.get(name) or functions.TESTS[name]
            return Applied(column, operand.shape, name in functions.TESTS, function, operand)
        if name in functions.VERDICTS:
            return Applied(column, (), True, functions.VERDICTS[name], self._truth(part, name))
        operand = self.node(part) if name in functions.COUNTING else self._numeric(part, name)
        return Applied(column, (), False, functions.REDUCTIONS[name], operand)

    def _about_layer(self, name: str, tree: ast.Call) -> Node:
        column = _column(tree)
        slot = tree.args[0].id if len(tree.args) == 1 and isinstance(tree.args[0], ast.Name) else ""
        activation = self._scope.activation(slot) if slot in self._scope else None
        if activation is None:
            raise ExpressionError(f"{name} takes the outputs of a layer, as in {name}(A1)", column)
        if name == "dead":
            outputs = self._name(tree.args[0])  # type: ignore[arg-type]
            return Applied(column, (), False, functions.dead_share(outputs.shape[0]), outputs)
        if activation not in functions.SATURATED_OUTSIDE:
            able = " and ".join(functions.SATURATED_OUTSIDE)
            raise ExpressionError(f"only {able} saturate; the layer of {slot} has {activation}", column)
        source = self._scope.activated_by(slot)
        array = self._array(source, column)
        inputs = SlotNode(column, array.shape, False, source, array)
        return Applied(column, (), False, functions.share_outside(*functions.SATURATED_OUTSIDE[activation]), inputs)

    def _numeric(self, tree: ast.expr, where: str) -> Node:
        node = self.node(tree)
        if node.truth:
            raise ExpressionError(f"this is true or false, but {where} takes numbers", node.column)
        return node

    def _truth(self, tree: ast.expr, where: str) -> Node:
        node = self.node(tree)
        if not node.truth:
            raise ExpressionError(f"this is a number, but {where} takes a comparison, such as J > 0.5", node.column)
        return node

    _READERS: ClassVar[Mapping[type[ast.expr], Callable[["_Reader", Any], Node]]] = {
        ast.Constant: _number,
        ast.Name: _name,
        ast.Subscript: _element,
        ast.BinOp: _arithmetic,
        ast.UnaryOp: _signed,
        ast.Compare: _comparison,
        ast.BoolOp: _combination,
        ast.Call: _call,
    }


def _column(tree: ast.expr) -> int:
    return tree.col_offset + 1


def _operator(known: Mapping[type[ast.AST], Operator], op: ast.AST, where: ast.expr) -> Operator:
    return known.get(type(op)) or _refuse(op, where)


def _refuse(what: ast.AST, where: ast.expr) -> NoReturn:
    reason = REFUSED.get(type(what), "this cannot be used in a condition; compare, calculate, or ask a function")
    raise ExpressionError(reason, _column(where))


def _check_exponent(node: Node) -> None:
    """Only a number itself, or its negative, of moderate size."""
    number = node.operand if isinstance(node, Applied) and isinstance(node.operand, Number) else node
    if not isinstance(number, Number):
        raise ExpressionError("an exponent is a number, as in W1 ** 2; other powers are written with exp", node.column)
    if number.number > limits.EXPONENT:
        raise ExpressionError(f"this exponent is too large; use at most {limits.EXPONENT:g}", node.column)


def _index(tree: ast.expr) -> int:
    if isinstance(tree, ast.Slice):
        _refuse(tree, tree)
    if isinstance(tree, ast.Constant) and type(tree.value) is int:
        return tree.value
    raise ExpressionError("an index is a whole number, from 0", _column(tree))


def _shape(operands: tuple[Node, ...], where: str) -> Shape:
    """The shape of an operation number by number: that of its largest operand. What would spread two small slots over
    a large table is refused."""
    shapes = [operand.shape for operand in operands]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        shape = None
    if shape is None or prod(shape) > max(map(prod, shapes)):
        several = [operand for operand in operands if operand.shape]
        sizes = " and ".join(_written(operand.shape) for operand in several)
        raise ExpressionError(f"{where} goes number by number, but here are {sizes}", several[-1].column)
    return shape


def _joined(operator: Operator, left: Node, right: Node, *, truth: bool) -> Node:
    shape = _shape((left, right), operator.sign)
    return Joined(left.column, shape, truth, operator.of(shape), left, right)


def _folded(function: Callable[[Any, Any], Any], where: str, operands: tuple[Node, ...], *, truth: bool) -> Node:
    """f(f(a, b), c)."""
    folded = operands[0]
    for operand in operands[1:]:
        folded = Joined(folded.column, _shape((folded, operand), where), truth, function, folded, operand)
    return folded


def _written(shape: Shape) -> str:
    return " × ".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]} numbers"
