"""Slots and operations as a person writes them: `W2` is W², `dW2` is ∂J/∂W², element (0, 2) of W2 is W²₁₃.

On screen units, inputs and samples count from 1. Plain text has Unicode super- and subscripts; typst is the
typesetting source of formulas.
"""

import re

from nnstudio.engine.naming import GRADIENTS, LETTERS, SAMPLED, Name, parse

_SUPERSCRIPTS = str.maketrans("0123456789−-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_TOKEN = re.compile(rf"(?<![A-Za-zα-ω′])(∂P/∂|{GRADIENTS})?({LETTERS})(\d+)(ᵀ|²)?")
_LENT = {"Q": "q", "T": "t"}
"""Slots with a row for each row without a target."""
_NAMES = {"alpha": "α", "alpha0": "α₀", "J_sum": "ΣJ", "J_best": "min J̄", "gnorm": "|g|"}
GREEK = {"gamma": "γ", "beta": "β", "mu": "μ", "var": "σ", "rmu": "μ̄", "rvar": "σ̄"}
SQUARES = ("var", "rvar")
"""Letters of variances, which are written as the square of a deviation."""


def superscript(number: int) -> str:
    return str(number).translate(_SUPERSCRIPTS)


def subscript(*numbers: int) -> str:
    """1, 3 as ₁₃; a comma between where a number has two digits: ₁₂,₃."""
    joint = "" if all(number < 10 for number in numbers) else ","
    return joint.join(str(number).translate(_SUBSCRIPTS) for number in numbers)


def slot_symbol(slot: str) -> str:
    """`dW2` → ∂J/∂W², `mW1` → m(W¹), `Z1` → Z¹, `alpha` → α."""
    name = parse(slot)
    return _framed(name.prefix, _written(name.letter, name)) if name else _NAMES.get(slot, slot)


def element_symbol(slot: str, index: tuple[int, ...]) -> str:
    """`W2`, (0, 2) → W²₁₃; `A1`, (4, 0) → a¹₁ (the sample is said elsewhere); `dW2` → ∂J/∂W²₁₃."""
    name = parse(slot)
    if slot in _LENT and index:
        return _LENT[slot] + subscript(*(unit + 1 for unit in index[1:]))
    if not name or not index:
        return slot_symbol(slot)
    letter = name.letter.lower() if name.letter in SAMPLED else name.letter
    return _framed(name.prefix, _written(letter, name, *shown_units(name.letter, index)))


def shown_units(letter: str, index: tuple[int, ...]) -> tuple[int, ...]:
    """What of an element's index its symbol shows: for rows of samples the unit alone, and for the mean of a row
    nothing."""
    if letter in SAMPLED:
        return index[1:]
    return index if letter == "W" or len(index) == 1 else ()


def of_sample(slot: str, index: tuple[int, ...]) -> bool:
    """Whether an element belongs to one sample of the mini-batch, the one of its row: so does that of any matrix but a
    weight's."""
    name = parse(slot)
    return name is not None and name.letter != "W" and len(index) == 2


def label_text(label: str) -> str:
    """An operation's label with its slots as symbols: `Z1 = X W1ᵀ + b1` → Z¹ = X W¹ᵀ + b¹."""
    return _TOKEN.sub(_token, label)


def _token(found: re.Match[str]) -> str:
    prefix, letter, layer, power = found.groups()
    symbol = _written(letter, Name("", letter, int(layer)))
    symbol = f"{prefix}{symbol}" if prefix == "∂P/∂" else _framed(prefix or "", symbol)
    if power == "²":
        return f"({symbol})²"
    return symbol + (power or "")


def _written(letter: str, name: Name, *units: int) -> str:
    """γ¹₂; (σ¹₂)² for a variance."""
    above = superscript(name.layer) if name.layer is not None else ""
    symbol = GREEK.get(letter, letter) + above + subscript(*(unit + 1 for unit in units))
    return f"({symbol})²" if name.letter in SQUARES else symbol


_FRAMES = {"": "{}", "d": "∂J/∂{}", "dP": "∂P/∂{}", "cd": "ĝ({})", "nd": "g̃({})"}
"""Gradients; the clipped ones are the optimizer's g for a parameter, with a hat or a tilde."""


def _framed(prefix: str, symbol: str) -> str:
    return _FRAMES.get(prefix, f"{prefix}({{}})").format(symbol)
