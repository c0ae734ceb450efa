"""What is wrong with a text that is no JSON, and in which line: the parser only counts bytes."""

import re
from math import isinf

_NO_NUMBER = re.compile(rb"-?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)
_TEXT_OR_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*', re.DOTALL)


def malformed(text: bytes | str, error: Exception) -> str:
    """Why the parser gave up on a text with this error, where, and how to mend it."""
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if (undecodable := _undecodable(raw)) is not None:
        return f"{_place(raw, undecodable)}: there is a character that is not UTF-8; save the file as UTF-8 text"
    if "truncated" in str(error):
        return "not a complete JSON document: it ends too early; was it cut off or edited by hand?"
    if "out of range" in str(error):
        return _too_large(raw)
    found = re.fullmatch(r"(?:JSON is malformed: )?(.*) \(byte (\d+)\)", str(error))
    if found is None:
        return f"not a JSON document ({error}); was it cut off or edited by hand?"
    what, at = found[1], int(found[2])
    for start in (at - 1, at, at - 4):  # at a minus sign it stands behind, and at what begins like null behind four
        word = _NO_NUMBER.match(raw, max(start, 0))
        if word is not None:
            return f"{_place(raw, start)}: {word[0].decode()} is no number in JSON; write an ordinary number"
    return f"not a JSON document: {what} at {_place(raw, at)}; was it cut off or edited by hand?"


def _undecodable(raw: bytes) -> int | None:
    """Where the first byte is that is not UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def _too_large(raw: bytes) -> str:
    """The parser does not say where that number is."""
    for found in _TEXT_OR_NUMBER.finditer(raw):
        try:
            if isinf(float(found[0])):
                return (
                    f"{_place(raw, found.start())}: {found[0].decode()} is too large; write a number of ordinary size"
                )
        except ValueError:
            continue
    return "a number in it is too large; write one of ordinary size"


def _place(raw: bytes, at: int) -> str:
    before = raw[:at].decode(errors="replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"line {line}, column {column}"
