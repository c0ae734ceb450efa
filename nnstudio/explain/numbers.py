"""Numbers as a person reads and writes them: thin spaces in thousands, a true minus sign, ',' or '.' on input."""

from math import isfinite, isinf, isnan

_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HUGE = 1e7
_MANY = 10**15
_MINUS = "\N{MINUS SIGN}"
_THIN_SPACE = "\N{THIN SPACE}"


def fixed(value: float, decimals: int = 4) -> str:
    """With so many decimal places; in scientific notation where that would hide the number: −0.5753, 1.2e−07."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "∞" if value > 0 else f"{_MINUS}∞"
    return digits(value, decimals).replace("-", _MINUS)


def digits(value: float, decimals: int) -> str:
    """The digits of a finite number as `fixed` shows them, with a plain minus sign; −0 reads as 0."""
    if value != 0 and (abs(value) < 0.5 * 10**-decimals or abs(value) >= _HUGE):
        return f"{value:.{max(decimals - 1, 1)}e}"
    return f"{value + 0.0:.{decimals}f}"


def short(value: float, digits: int = 4) -> str:
    """To so many significant digits: 0.01235, 21 400, 3.1e−09."""
    if not isfinite(value):
        return fixed(value)
    return f"{value:.{digits}g}".replace("-", _MINUS)


def count(number: float) -> str:
    """A whole number with thin spaces: 21 400."""
    return f"{number:,.0f}".replace(",", _THIN_SPACE).replace("-", _MINUS)


def whole(number: int) -> str:
    """A whole number of any size: 21 400, or 4.17 × 10²⁹ where it has very many digits."""
    digits = f"{number:,}".replace(",", _THIN_SPACE)
    if number < _MANY:
        return digits
    power = str(len(str(number)) - 1).translate(_ABOVE)
    return f"{str(number)[0]}.{str(number)[1:3]} × 10{power}"


def parse(text: str) -> float | None:
    """The number a person wrote, with ',' or '.' as decimal sign; None where it is none or not finite."""
    plain = (
        text.strip().replace(_MINUS, "-").replace(_THIN_SPACE, "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    )
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if isfinite(value) else None
