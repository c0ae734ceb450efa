"""The choices of the Layers panel, each with its formula as tooltip."""

from sys import modules
from typing import Any

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.registry import Named
from nnstudio.gui.widgets.choice import Option
from nnstudio.gui.wording import titled


def activations() -> tuple[Option, ...]:
    return tuple(
        Option(name, kind.title, f"a = {_plain(kind.formula)}\nslope: {_plain(kind.slope_formula)}")
        for name, kind in _registry(Activation)
    )


def costs() -> tuple[Option, ...]:
    return tuple(Option(name, titled(kind.title), f"J = {_plain(kind.formula)}") for name, kind in _registry(Cost))


def initializers() -> tuple[Option, ...]:
    return tuple(Option(name, titled(kind.title), kind.formula) for name, kind in _registry(Initializer))


def optimizers() -> tuple[Option, ...]:
    return tuple(Option(name, kind.title, _first_line(kind)) for name, kind in _registry(Optimizer))


def _registry(kind: type[Named]) -> tuple[tuple[str, Any], ...]:
    return tuple(kind.registry.items())


def _plain(template: str) -> str:
    return template.format(z="z", a="a", y="y")


def _first_line(kind: type) -> str:
    """The module of an optimizer opens with what it does."""
    text = modules[kind.__module__].__doc__ or ""
    return text.splitlines()[0] if text else ""
