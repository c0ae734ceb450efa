"""The network as formulas without numbers: A¹ = tanh(X W¹ᵀ + b¹), …, and its cost."""

from nnstudio.engine.model import Model
from nnstudio.engine.ops.wiring import units_of
from nnstudio.engine.spec import Normalization

from .explanation import Explanation, Formula
from .symbols import slot_symbol
from .writing import Kind, Math, equals, formula


def network(model: Model, *, weighted: bool = False) -> Explanation:
    """What one pass forward computes, layer by layer; `weighted` says whether samples have weights."""
    layers = [_layer(model, layer) for layer in range(1, model.depth + 1)]
    return Explanation("What the network computes", (*layers, _cost(model, weighted)))


def _layer(model: Model, layer: int) -> Formula:
    source = units_of(layer - 1)
    before = _slot(source, Kind.FORWARD if layer > 1 else Kind.LOAD)
    weights = Math(f"W^({layer} upright(T))", f"{slot_symbol(f'W{layer}')}ᵀ").coloured(Kind.PARAMETER)
    total = before + weights
    if f"b{layer}" in model.store:
        total = total + Math("+", "+") + _slot(f"b{layer}", Kind.PARAMETER)
    kind = model.spec.network.layers[layer - 1].normalization
    if kind is not Normalization.NONE:
        total = Math(f'op("{kind}norm")({total.typst})', f"{kind}norm({total.plain})")
    sigma = model.activations[layer - 1]
    if sigma.name != "identity":
        total = Math(f'op("{sigma.title}")({total.typst})', f"{sigma.title}({total.plain})")
    return formula(equals(_slot(f"A{layer}", Kind.FORWARD), total))


def _cost(model: Model, weighted: bool) -> Formula:
    a, y, w = slot_symbol(model.output), "Y", "w " * weighted
    left = Math("J", "J").coloured(Kind.COST)
    return formula(equals(left, Math(model.cost.typst.format(w=w), model.cost.formula.format(a=a, y=y, w=w))))


def _slot(slot: str, kind: Kind) -> Math:
    letter = slot.rstrip("0123456789")
    layer = slot.removeprefix(letter)
    return Math(f"{letter}^{layer}" if layer else letter, slot_symbol(slot)).coloured(kind)
