"""What in a file does not fit the shapes of an experiment: where it is, what is wrong, and what may stand there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def unknown_key(key: str, known: list[str], place: str) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys are {', '.join(known)}"
    return f"{place}.{key} is an unknown key; {hint}"


def located(message: str, root: Any = None, raw: Any = None) -> str:
    """Turn msgspec's "Expected `int`, got `str` - at `$.seed`" into "$.seed: expected `int`, got `str`"; with the type
    at `$` and what stands in the file it can say what may be chosen there."""
    found = re.fullmatch(r"(.*?) - at `(.*)`", message, re.DOTALL)
    what, place = found.groups() if found else (message, "$")
    there = _go(_Place("$", root, raw), place)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        known = [*there.keys]
        hint = f"{there.name}.{unknown[1]} is an unknown key; take it out or correct its spelling"
        return unknown_key(unknown[1], known, there.name) if known else hint
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{there.name}.{missing[1]} is missing; add it"
    known = [*there.choices] if what.startswith("Invalid") else []
    listed = f"; choose one of {', '.join(map(repr, known))}" if known else ""
    return f"{there.name}: {what[0].lower()}{what[1:]}{listed}"


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a file: its name, the type of what should stand there, what does, and the tags if it is one."""

    name: str
    kind: Any
    raw: Any
    tags: tuple[str, ...] = ()

    @property
    def shape(self) -> Any:
        """The object it should be: of several that are told apart by a tag, the one whose tag stands there."""
        shapes = [kind for kind in _alternatives(self.kind) if _is_shape(kind)]
        tag = self.raw.get(_tag_field(shapes[0])) if len(shapes) > 1 and isinstance(self.raw, dict) else None
        return next((kind for kind in shapes if tag is None or kind.__struct_config__.tag == tag), None)

    @property
    def keys(self) -> Iterator[str]:
        if self.shape is not None:
            tag = _tag_field(self.shape)
            yield from (tag,) if tag else ()
            yield from (key for key in get_type_hints(self.shape) if not key.startswith("__"))

    @property
    def choices(self) -> Iterator[str]:
        """What may stand there, where it is one of a few words."""
        yield from self.tags
        for kind in _alternatives(self.kind):
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield from (member.value for member in kind)


def _go(start: _Place, path: str) -> _Place:
    """The place at the end of a path; where the types are not known, only its name is."""
    place = start
    for key, index in _STEP.findall(path):
        if key:
            place = _attribute(place, key)
        elif index == "...":
            place = _entry(place)
        else:
            place = _item(place, int(index))
    return place


def _attribute(place: _Place, key: str) -> _Place:
    shapes = [kind for kind in _alternatives(place.kind) if _is_shape(kind)]
    inside = place.raw.get(key) if isinstance(place.raw, dict) else None
    if shapes and key == _tag_field(shapes[0]):
        return _Place(f"{place.name}.{key}", None, inside, tuple(kind.__struct_config__.tag for kind in shapes))
    kind = get_type_hints(place.shape).get(key) if place.shape is not None else None
    return _Place(f"{place.name}.{key}", kind, inside)


def _item(place: _Place, index: int) -> _Place:
    kinds = (get_args(kind) for kind in _alternatives(place.kind) if get_origin(kind) in (tuple, list))
    kind = next((listed[0] for listed in kinds), None)
    inside = place.raw[index] if isinstance(place.raw, list) and index < len(place.raw) else None
    return _Place(f"{place.name}[{index}]", kind, inside)


def _entry(place: _Place) -> _Place:
    """The first entry of an object with free keys that does not fit: the parser does not name it."""
    kinds = (get_args(kind)[1] for kind in _alternatives(place.kind) if get_origin(kind) is dict)
    kind = next(kinds, None)
    for key, value in place.raw.items() if kind is not None and isinstance(place.raw, dict) else ():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return _Place(f"{place.name}.{key}", kind, value)
    return _Place(f"{place.name}[...]", kind, None)


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, msgspec.Struct) or is_dataclass(kind))


def _tag_field(kind: Any) -> str | None:
    return kind.__struct_config__.tag_field if issubclass(kind, msgspec.Struct) else None
