"""Slots and operations as a person writes them: `W2` is W², `dW2` is ∂J/∂W², element (0, 2) of W2 is W²₁₃.

On screen units, inputs and samples count from 1. Plain text has Unicode super- and subscripts; typst is the
typesetting source of formulas.
"""

import re

_SUPERSCRIPTS = str.maketrans("0123456789−-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SLOT = re.compile(r"^(d?)(P?)([mvuΔ]?)([WbZAXY])(\d*)$")
_TOKEN = re.compile(r"(?<![A-Za-zα-ω′])(∂P/∂|d?)([WbZA])(\d+)(ᵀ|²)?")
_NAMES = {"alpha": "α", "alpha0": "α₀", "J_sum": "ΣJ", "J_best": "min J̄"}


def superscript(number: int) -> str:
    return str(number).translate(_SUPERSCRIPTS)


def subscript(*numbers: int) -> str:
    """1, 3 as ₁₃; a comma between where a number has two digits: ₁₂,₃."""
    joint = "" if all(number < 10 for number in numbers) else ","
    return joint.join(str(number).translate(_SUBSCRIPTS) for number in numbers)


def slot_symbol(slot: str) -> str:
    """`dW2` → ∂J/∂W², `mW1` → m(W¹), `Z1` → Z¹, `alpha` → α."""
    found = _SLOT.match(slot)
    if not found:
        return _NAMES.get(slot, slot)
    gradient, penalty, state, letter, layer = found.groups()
    symbol = letter + (superscript(int(layer)) if layer else "")
    if gradient:
        return f"∂{'P' if penalty else 'J'}/∂{symbol}"
    return f"{state}({symbol})" if state else symbol


def element_symbol(slot: str, index: tuple[int, ...]) -> str:
    """`W2`, (0, 2) → W²₁₃; `A1`, (4, 0) → a¹₁ (the sample is said elsewhere); `dW2` → ∂J/∂W²₁₃."""
    found = _SLOT.match(slot)
    if not found or not index:
        return slot_symbol(slot)
    letter = found[4]
    if letter in "ZAXY":
        units = index[1:]
        symbol = slot_symbol(slot).replace(letter, letter.lower())
        return symbol + subscript(*(unit + 1 for unit in units))
    symbol = slot_symbol(slot)
    numbers = subscript(*(number + 1 for number in index))
    return f"{symbol[:-1]}{numbers})" if symbol.endswith(")") else symbol + numbers


def label_text(label: str) -> str:
    """An operation's label with its slots as symbols: `Z1 = X W1ᵀ + b1` → Z¹ = X W¹ᵀ + b¹."""
    return _TOKEN.sub(_token, label)


def _token(found: re.Match[str]) -> str:
    prefix, letter, layer, power = found.groups()
    symbol = letter + superscript(int(layer))
    if prefix == "d":
        symbol = f"∂J/∂{symbol}"
    elif prefix:
        symbol = prefix + symbol
    if power == "²":
        return f"({symbol})²"
    return symbol + (power or "")
