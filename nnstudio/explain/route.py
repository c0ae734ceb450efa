"""The way from the cost back to a layer: which derivatives the chain rule multiplies, one after the other.

∂J/∂a³, ∂a³/∂z³, ∂z³/∂a², ∂a²/∂z², … Each link leads from the quantities of one slot to those they are computed from.
Between weighted sums and the outputs before them it is `dense`: every z depends on every a, by a weight. An activation
works on each unit by itself, and so does the mask of dropout; softmax is dense, for each output depends on every z.
Where activation and cost are computed as one (softmax with cross-entropy, sigmoid with binary cross-entropy) the first
link is ∂J/∂z.

A normalization adds two links: ∂n/∂h = γ of each unit by itself, and ∂h/∂z. As mean and variance are made of all z,
layer normalization is dense, and batch normalization is `crossing`: h of a unit in one sample depends on z of that
unit in every sample of the mini-batch. So behind a batch normalization the paths to a sample come from all samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nnstudio.engine.activations import activation
from nnstudio.engine.fusion import fusion
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.spec import Normalization

COST = "J"


@dataclass(frozen=True, slots=True)
class Link:
    """The derivatives of the `rows` quantities of one slot by the `columns` of another: of each by all where it is
    dense, of each by its own in all samples where it is crossing, else of each by its own."""

    of: str
    by: str
    layer: int
    """The layer of the units of `by`."""
    rows: int
    columns: int
    dense: bool
    crossing: bool = False

    def ways(self, samples: int) -> int:
        """How many quantities each is derived from, in a mini-batch of so many samples."""
        return self.rows if self.dense else samples if self.crossing else 1

    def size(self, samples: int) -> int:
        """How many derivatives there are for each sample that are not 0 for good."""
        return self.columns * self.ways(samples)


def links_to(spec: ModelSpec, layer: int, end: str = "Z") -> tuple[Link, ...]:
    """The links from the cost to the weighted sums of a layer, or (`end` N) to what its normalization makes of them, in
    the order of the chain rule."""
    links = tuple(_links(spec, layer))
    return links if end == "Z" else links[:-2]


def _links(spec: ModelSpec, layer: int) -> Iterator[Link]:
    network, depth = spec.network, len(spec.network.layers)
    fused = fusion(network.layers[-1].activation, spec.cost) is not None
    for n in range(depth, layer - 1, -1):
        units, above = network.widths[n], network.layers[n - 1]
        bent = f"N{n}" if above.normalized else f"Z{n}"
        if n == depth:
            yield Link(COST, bent if fused else f"A{n}", n, 1, units, dense=True)
        else:
            source = f"D{n}" if above.dropout else f"A{n}"
            yield Link(f"Z{n + 1}", source, n, network.widths[n + 1], units, dense=True)
            if above.dropout:
                yield Link(source, f"A{n}", n, units, units, dense=False)
        if n < depth or not fused:
            yield Link(f"A{n}", bent, n, units, units, dense=not activation(above.activation).elementwise)
        if above.normalized:
            batch = above.normalization is Normalization.BATCH
            yield Link(bent, f"H{n}", n, units, units, dense=False)
            yield Link(f"H{n}", f"Z{n}", n, units, units, dense=not batch, crossing=batch)
