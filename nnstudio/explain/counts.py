"""How many derivatives the chain rule multiplies when it is written out, and how many backpropagation needs.

Written out, ∂J/∂w is a sum over all paths from w to J, and each path is a product of derivatives, one for each link of
the way. The lecture counts the factors on the page. For a 1-1-1 network without biases:

    ∂J/∂w₂ = ∂J/∂a₂ · ∂a₂/∂z₂ · ∂z₂/∂w₂                         one path of 3
    ∂J/∂w₁ = ∂J/∂a₂ · ∂a₂/∂z₂ · ∂z₂/∂a₁ · ∂a₁/∂z₁ · ∂z₁/∂w₁     one path of 5

together 8. For 2-2-2: four weights of the output layer with one path of 3 each, 12; and four of the hidden layer, each
of which reaches J through either output, two paths of 5 each, 40; together 52.

The rule behind both: of L layers with n₁, …, n_L units a weight or a bias of layer l has n_(l+1) · … · n_L paths, for
a path chooses one unit in each layer after its own, and every path has 2 (L − l) + 3 factors. A dense activation
(softmax) multiplies the paths by its units, for a path then chooses both a z and an a; the mask of dropout adds a
factor to each path through it; an activation that is computed together with the cost saves one. A normalization adds
two, ∂n/∂h and ∂h/∂z, the second of which multiplies the paths by the units it is taken over, or by the samples of the
mini-batch; and its γ and β are parameters with paths of their own.

Backpropagation works out each *different* derivative once, and multiplies once by it: ∂J/∂a of each output, ∂a/∂z of
each unit, ∂z/∂a of each weight after the first layer, and ∂z/∂w of each parameter. All counts are of one sample: of
the paths that end in it, and of its share of the derivatives of the mini-batch.
"""

from dataclasses import dataclass
from math import prod

from nnstudio.engine.activations import activation
from nnstudio.engine.costs import cost
from nnstudio.engine.fusion import fusion
from nnstudio.engine.model_spec import ModelSpec

from .numbers import whole
from .route import links_to


@dataclass(frozen=True, slots=True)
class Count:
    """Of one parameter: its paths, and the factors of each."""

    paths: int
    length: int

    @property
    def factors(self) -> int:
        return self.paths * self.length


def count_of(spec: ModelSpec, layer: int, samples: int, end: str = "Z") -> Count:
    """Of each weight and bias of a layer, or (`end` N) of each scale and shift of its normalization, with so many
    samples in the mini-batch."""
    links = links_to(spec, layer, end)
    return Count(prod(link.ways(samples) for link in links), len(links) + 1)


def written_out(spec: ModelSpec, samples: int) -> int:
    """All factors in the expansions of all parameters."""
    total = 0
    for n, layer in enumerate(spec.network.layers, 1):
        into = spec.network.widths[n - 1] + layer.bias
        total += layer.units * into * count_of(spec, n, samples).factors
        if layer.normalized:
            total += 2 * layer.units * count_of(spec, n, samples, "N").factors
    return total


def by_backpropagation(spec: ModelSpec, samples: int) -> int:
    """How many of these factors are different, which is how many backpropagation multiplies."""
    return sum(link.size(samples) for link in links_to(spec, 1)) + spec.network.parameters


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of what the chain rule costs: what is counted, and how much that is, shortly and to the last digit."""

    of: str
    short: str
    exact: str


def tally(spec: ModelSpec, one: Count, name: str, samples: int) -> tuple[Tally, ...]:
    """Of one parameter, of all, and of backpropagation, with so many samples in the mini-batch."""
    return (
        _line(f"{name} written out", one.factors),
        _line(f"All {whole(spec.network.parameters)} parameters written out", written_out(spec, samples)),
        _line("All of them by backpropagation", by_backpropagation(spec, samples)),
    )


def remark(spec: ModelSpec) -> str:
    """Why a count is not the lecture's, where it is not."""
    last, said = activation(spec.network.layers[-1].activation), []
    if fusion(last.name, spec.cost) is not None:
        both = f"{last.title.capitalize()} and {cost(spec.cost).title}"
        said.append(f"{both} are worked out as one here, so ∂J/∂z counts as one derivative.")
    if any(layer.normalized for layer in spec.network.layers):
        said.append("For ∂h/∂z of a normalization backpropagation needs still fewer: two means make up for them all.")
    return " ".join(said)


def _line(of: str, number: int) -> Tally:
    return Tally(of, whole(number), f"{number:,}".replace(",", "\N{THIN SPACE}"))
