"""Numbers as a person reads and writes them: thin spaces in thousands, a true minus sign, ',' or '.' on input."""

from math import isfinite, isinf, isnan

_MINUS = "\N{MINUS SIGN}"
_THIN_SPACE = "\N{THIN SPACE}"


def fixed(value: float, decimals: int = 4) -> str:
    """With so many decimal places; in scientific notation where that would hide the number: −0.5753, 1.2e−07."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "∞" if value > 0 else f"{_MINUS}∞"
    if value != 0 and (abs(value) < 0.5 * 10**-decimals or abs(value) >= 1e7):
        text = f"{value:.{max(decimals - 1, 1)}e}"
    else:
        text = f"{value:.{decimals}f}"
    return text.replace("-", _MINUS)


def short(value: float, digits: int = 4) -> str:
    """To so many significant digits: 0.01235, 21 400, 3.1e−09."""
    if not isfinite(value):
        return fixed(value)
    return f"{value:.{digits}g}".replace("-", _MINUS)


def count(number: float) -> str:
    """A whole number with thin spaces: 21 400."""
    return f"{number:,.0f}".replace(",", _THIN_SPACE).replace("-", _MINUS)


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
