"""Which slot one layer hands to the next, and which one its activation bends.

Usually these are the activations A and the weighted sums Z. What stands between, where a network has it, is found by
asking the workspace for its slot, so no operation needs to know what else is switched on.
"""

from nnstudio.engine.arena import Arena


def units_of(layer: int) -> str:
    """The slot of what the units of layer `layer` put out: X, the inputs, before the first."""
    return f"A{layer}" if layer else "X"


def outputs_of(arena: Arena, layer: int) -> str:
    """The slot that layer `layer` hands to the weighted sums after it: what dropout leaves, where there is any."""
    dropped = f"D{layer}"
    return dropped if dropped in arena else units_of(layer)


def preactivations_of(arena: Arena, layer: int) -> str:
    """The slot that goes into the activation of layer `layer`: the normalized sums, where there are any."""
    normalized = f"N{layer}"
    return normalized if normalized in arena else f"Z{layer}"


def sample_weights_of(arena: Arena) -> tuple[str, ...]:
    """The slot of the samples' weights; none where each counts as much as any other."""
    return ("w",) if "w" in arena else ()
