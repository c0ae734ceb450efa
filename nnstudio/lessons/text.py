"""What is read in a lesson, `lesson.md`: a title, a summary, and a section for each step.

The prose is Markdown, which the window draws; formulas within it (`$…$`) and on their own (`$$…$$`) are taken out and
read here. What would reach out of the lesson, HTML and pictures, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnstudio.explain.explanation import Formula

from .errors import LessonError
from .formula import formula

_PART = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|(?P<dollar>\\\$)|\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$\n]+)\$|(?P<stray>\$)"
    r"|(?P<picture>!\[)|(?P<html><[A-Za-z/!][^>]*>)",
    re.DOTALL,
)
_REFUSED = {
    "stray": "a $ has no other that closes the formula; write \\$ for a dollar",
    "picture": "pictures cannot be shown in a lesson; let a step light what is to be looked at",
    "html": "HTML is not read; use Markdown, and put a < that is meant into backticks",
}


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown in parts, with the formulas between them."""

    parts: tuple[str | Formula, ...]

    @property
    def plain(self) -> str:
        return "".join(part if isinstance(part, str) else part.plain for part in self.parts)


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on its own."""

    formula: Formula

    @property
    def plain(self) -> str:
        return self.formula.plain


Block = Prose | Display


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; `line` is where the heading is, from 1."""

    heading: str
    blocks: tuple[Block, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    summary: str
    sections: tuple[Section, ...]


def read_text(text: str, file: str = "lesson.md") -> Text:
    """The parts of a lesson's text. LessonError says what is wrong in which line."""
    lines = text.splitlines()
    starts = [number for number, line in _outside_code(lines) if line.startswith(("# ", "## "))]
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not lines[first].startswith("# "):
        raise LessonError("the text begins with its title, as in “# Weights”", f"{file}, line {(first or 0) + 1}")
    for number in starts[1:]:
        if lines[number].startswith("# "):
            raise LessonError("there is one title; a step begins with ## and a space", f"{file}, line {number + 1}")
    if len(starts) < 2:
        raise LessonError("there is no step; each begins with its heading, as in “## Set a weight”", file)
    summary = " ".join(" ".join(lines[first + 1 : starts[1]]).split())
    if not summary:
        raise LessonError("a paragraph below the title says what the lesson is about", f"{file}, line {first + 1}")
    ends = [*starts[2:], len(lines)]
    sections = tuple(_section(lines, begin, end, file) for begin, end in zip(starts[1:], ends, strict=True))
    return Text(lines[first].removeprefix("# ").strip(), summary, sections)


def blocks(markdown: str, place: str = "", line: int | None = None) -> tuple[Block, ...]:
    """Prose and formulas in their order; `place` is where the text stands, `line` that of its beginning."""
    found: list[Block] = []
    parts: list[str | Formula] = []
    for part in _parts(markdown, place, line):
        if isinstance(part, Display):
            found += _prose(parts)
            found.append(part)
            parts = []
        else:
            parts.append(part)
    return (*found, *_prose(parts))


def _section(lines: list[str], begin: int, end: int, file: str) -> Section:
    heading = lines[begin].removeprefix("## ").strip()
    body = "\n".join(lines[begin + 1 : end])
    if not heading or not body.strip():
        raise LessonError("a step has a heading, and a text below it", f"{file}, line {begin + 1}")
    return Section(heading, blocks(body, file, begin + 2), begin + 1)


def _outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers that are in no block of code."""
    inside = False
    for number, line in enumerate(lines):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield number, line


def _parts(markdown: str, place: str, line: int | None) -> Iterator[str | Formula | Display]:
    at = 0
    for found in _PART.finditer(markdown):
        yield markdown[at : found.start()]
        at = found.end()
        kind = str(found.lastgroup)
        try:
            yield _part(kind, found[kind])
        except LessonError as error:
            where = "" if line is None else f", line {line + markdown[: found.start()].count(chr(10))}"
            raise LessonError(error.what, f"{place}{where}") from None
    yield markdown[at:]


def _part(kind: str, text: str) -> str | Formula | Display:
    if kind in _REFUSED:
        raise LessonError(_REFUSED[kind])
    if kind == "display":
        return Display(formula(text))
    if kind == "inline":
        return formula(text)
    return "$" if kind == "dollar" else text


def _prose(parts: list[str | Formula]) -> list[Block]:
    """Nothing where there is nothing to read."""
    kept = [part for part in parts if part]
    while kept and isinstance(kept[0], str) and not kept[0].strip():
        del kept[0]
    return [Prose(tuple(kept))] if kept else []
