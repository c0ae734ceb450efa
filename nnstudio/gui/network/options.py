"""The choices of the Layers panel, each with the topic of its card."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nnstudio.engine.activations import Activation
from nnstudio.engine.costs import Cost
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.optimizers import Optimizer
from nnstudio.engine.registry import Named
from nnstudio.engine.schedules import Schedule
from nnstudio.engine.spec import Normalization
from nnstudio.gui.topics import topics
from nnstudio.gui.topics.topic import Topic
from nnstudio.gui.widgets.choice import Option
from nnstudio.gui.wording import titled

_NORMALIZED = {
    Normalization.NONE: "no norm",
    Normalization.BATCH: "batch norm",
    Normalization.LAYER: "layer norm",
}


def activations() -> tuple[Option, ...]:
    return tuple(
        Option(name, kind.title, topic=partial(topics.activation_topic, name)) for name, kind in _registry(Activation)
    )


def costs() -> tuple[Option, ...]:
    return tuple(
        Option(name, titled(kind.title), topic=partial(topics.cost_topic, name)) for name, kind in _registry(Cost)
    )


def initializers() -> tuple[Option, ...]:
    return tuple(
        Option(name, titled(kind.title), topic=partial(topics.initializer_topic, name))
        for name, kind in _registry(Initializer)
    )


def normalizations() -> tuple[Option, ...]:
    return tuple(
        Option(kind.value, _NORMALIZED[kind], topic=partial(topics.normalization_topic, kind)) for kind in Normalization
    )


def optimizers(called: Callable[[str], Optimizer]) -> tuple[Option, ...]:
    """`called` gives the optimizer of a name with the settings that it would have."""
    return tuple(
        Option(name, kind.title, topic=partial(_optimizer_topic, called, name)) for name, kind in _registry(Optimizer)
    )


def schedules(called: Callable[[str], Schedule], rate: Callable[[], float]) -> tuple[Option, ...]:
    """`called` gives the schedule of a name with the settings that it would have, `rate` the rate that it changes."""
    return tuple(
        Option(name, kind.title, topic=partial(_schedule_topic, called, name, rate))
        for name, kind in _registry(Schedule)
    )


def _schedule_topic(called: Callable[[str], Schedule], name: str, rate: Callable[[], float]) -> Topic:
    return topics.schedule_topic(called(name), rate())


def _optimizer_topic(called: Callable[[str], Optimizer], name: str) -> Topic:
    return topics.optimizer_topic(called(name))


def _registry(kind: type[Named]) -> tuple[tuple[str, Any], ...]:
    return tuple(kind.registry.items())
