"""Things with a name: an activation, a cost, an initializer or an optimizer is found by the name its class states.

Writing the class is all it takes to add one; files, menus and command line find it here.
"""

from difflib import get_close_matches
from inspect import isabstract
from typing import ClassVar

from .spec import SpecError


class Named:
    """Base of a kind of thing whose concrete classes are known by `name`; each kind keeps its own `registry`."""

    kind: ClassVar[str]
    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str] = ""
    """What it does and when one takes it, in a sentence or two that a beginner understands."""
    registry: ClassVar[dict[str, type]]

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if Named in cls.__bases__:
            cls.registry = {}
        elif "name" in cls.__dict__ and not isabstract(cls):
            if "title" not in cls.__dict__:
                cls.title = cls.name.replace("_", " ")
            cls.registry[cls.name] = cls

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(cls.registry)

    @classmethod
    def class_named(cls, name: str) -> type:
        """The class called `name`; a SpecError names the nearest ones when there is none."""
        if name in cls.registry:
            return cls.registry[name]
        near = get_close_matches(name, cls.registry, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(cls.registry)}"
        raise SpecError(f"there is no {cls.kind} {name!r}; {hint}")
