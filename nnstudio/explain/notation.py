"""The symbols of single elements: z²₁, W²₁₃, ∂J/∂W²₁₃, in both written forms. Layers and units count from 1."""

from .symbols import GREEK, SQUARES, superscript
from .writing import Math

_SUBSCRIPTS = str.maketrans("0123456789ijk,", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ,")

_TYPST = {"rmu": "overline(mu)", "var": "sigma", "rvar": "overline(sigma)"}
_NUMERATORS = {"d": "J", "dP": "P"}
_FRAMES = {"cd": Math("hat(g)", "ĝ"), "nd": Math("tilde(g)", "g̃"), "Δ": Math("Delta", "Δ")}
NORM = Math("norm(g)", "|g|")
"""The length of the whole gradient."""

Index = int | str
"""A unit that counts from 0, or a letter that runs over all of them."""


def element(letter: str, layer: int | None, *indices: Index) -> Math:
    """`element("W", 2, 0, "i")` → W²₁ᵢ."""
    written = [str(index + 1) if isinstance(index, int) else index for index in indices]
    comma = "" if all(len(part) == 1 for part in written) else ","
    source = (comma or " ").join(written) if any(part.isalpha() for part in written) else comma.join(written)
    above_typst = f"^{layer}" if layer is not None else ""
    above_plain = superscript(layer) if layer is not None else ""
    below = f"_({source})" if source else ""
    typst = f"{_TYPST.get(letter, letter)}{above_typst}{below}"
    plain = GREEK.get(letter, letter) + above_plain + comma.join(written).translate(_SUBSCRIPTS)
    return Math(f"({typst})^2", f"({plain})²") if letter in SQUARES else Math(typst, plain)


def in_sample(letter: str, layer: int, unit: int, number: int) -> Math:
    """a²⁽³⁾₁ for a²₁ of sample 3, which counts from 1."""
    plain = element(letter, layer, unit).plain
    head = f"{letter}{superscript(layer)}"
    return Math(
        f'{letter}^({layer} "({number})")_{unit + 1}', f"{head}⁽{superscript(number)}⁾{plain.removeprefix(head)}"
    )


def partial(of: str, by: Math) -> Math:
    """∂J/∂w."""
    return ratio(Math(of, of), by)


def ratio(of: Math, by: Math) -> Math:
    """∂a/∂z."""
    return Math(f"(partial {of.typst})/(partial {by.typst})", f"∂{of.plain}/∂{by.plain}")


def framed(prefix: str, of: Math) -> Math:
    """The gradient or the optimizer's state that is called `prefix` of a symbol: ∂J/∂w, ∂P/∂w, ĝ(w), m(w)."""
    if prefix in _NUMERATORS:
        return partial(_NUMERATORS[prefix], of)
    name = _FRAMES.get(prefix, Math(prefix, prefix))
    return Math(f"{name.typst}({of.typst})", f"{name.plain}({of.plain})")


def total(letter: str) -> Math:
    """Σ over an index."""
    return Math(f"limits(sum)_{letter}", f"Σ{letter.translate(_SUBSCRIPTS)}")


SAMPLES = Math('limits(sum)_"samples"', "Σ over samples")
