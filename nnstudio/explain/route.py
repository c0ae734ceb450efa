"""The way from the cost back to a layer: which derivatives the chain rule multiplies, one after the other.

∂J/∂a³, ∂a³/∂z³, ∂z³/∂a², ∂a²/∂z², … Each link leads from the quantities of one slot to those they are computed from.
Between weighted sums and the outputs before them it is `dense`: every z depends on every a, by a weight. An activation
works on each unit by itself, and so does the mask of dropout; softmax is dense, for each output depends on every z.
Where activation and cost are computed as one (softmax with cross-entropy, sigmoid with binary cross-entropy) the first
link is ∂J/∂z.

A normalization joins units or samples: behind it a unit of one sample depends on all of them, and there is no sum over
the paths of one sample. So there is no way through one, and `obstacle` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nnstudio.engine.activations import activation
from nnstudio.engine.fusion import fusion
from nnstudio.engine.model_spec import ModelSpec

COST = "J"


@dataclass(frozen=True, slots=True)
class Link:
    """The derivatives of the `rows` quantities of one slot by the `columns` of another: of each by all where it is
    dense, else of each by its own."""

    of: str
    by: str
    layer: int
    """The layer of the units of `by`."""
    rows: int
    columns: int
    dense: bool

    @property
    def size(self) -> int:
        """How many derivatives there are that are not 0 for good."""
        return self.rows * self.columns if self.dense else self.columns


def obstacle(spec: ModelSpec, layer: int) -> str:
    """Why there is no way from the cost to the weighted sums of a layer, empty where there is one."""
    for n in range(len(spec.network.layers), layer - 1, -1):
        kind = spec.network.layers[n - 1].normalization
        if spec.network.layers[n - 1].normalized:
            joined = "samples of the mini-batch" if kind == "batch" else "units of the layer"
            return (
                f"Layer {n} has {kind} normalization, which joins the {joined} between this parameter and the cost: "
                "there are no paths of single units through it."
            )
    return ""


def links_to(spec: ModelSpec, layer: int) -> tuple[Link, ...]:
    """The links from the cost to the weighted sums of a layer that has no obstacle before it, in the order of the
    chain rule."""
    return tuple(_links(spec, layer))


def _links(spec: ModelSpec, layer: int) -> Iterator[Link]:
    network, depth = spec.network, len(spec.network.layers)
    fused = fusion(network.layers[-1].activation, spec.cost) is not None
    yield Link(COST, f"Z{depth}" if fused else f"A{depth}", depth, 1, network.outputs, dense=True)
    for n in range(depth, layer - 1, -1):
        units, above = network.widths[n], network.layers[n - 1]
        if n < depth:
            source = f"D{n}" if above.dropout else f"A{n}"
            yield Link(f"Z{n + 1}", source, n, network.widths[n + 1], units, dense=True)
            if above.dropout:
                yield Link(source, f"A{n}", n, units, units, dense=False)
        if n < depth or not fused:
            yield Link(f"A{n}", f"Z{n}", n, units, units, dense=not activation(above.activation).elementwise)
