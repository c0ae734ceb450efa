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
factor to each path through it; an activation that is computed together with the cost saves one.

Backpropagation works out each *different* derivative once, and multiplies once by it: ∂J/∂a of each output, ∂a/∂z of
each unit, ∂z/∂a of each weight after the first layer, and ∂z/∂w of each parameter. All counts are of one sample.
"""

from dataclasses import dataclass
from math import prod

from nnstudio.engine.activations import activation
from nnstudio.engine.costs import cost
from nnstudio.engine.fusion import fusion
from nnstudio.engine.model_spec import ModelSpec

from .numbers import whole
from .route import links_to, obstacle


@dataclass(frozen=True, slots=True)
class Count:
    """Of one parameter: its paths, and the factors of each."""

    paths: int
    length: int

    @property
    def factors(self) -> int:
        return self.paths * self.length


def count_of(spec: ModelSpec, layer: int) -> Count:
    """Of each weight and bias of a layer that has no obstacle before it."""
    links = links_to(spec, layer)
    return Count(prod(link.rows for link in links if link.dense), len(links) + 1)


def written_out(spec: ModelSpec) -> int | None:
    """All factors in the expansions of all weights and biases; None where a normalization stands in the way."""
    if obstacle(spec, 1):
        return None
    return sum(_parameters(spec, n) * count_of(spec, n).factors for n in range(1, len(spec.network.layers) + 1))


def by_backpropagation(spec: ModelSpec) -> int | None:
    """How many of these factors are different, which is how many backpropagation multiplies."""
    if obstacle(spec, 1):
        return None
    layers = range(1, len(spec.network.layers) + 1)
    return sum(link.size for link in links_to(spec, 1)) + sum(_parameters(spec, n) for n in layers)


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of what the chain rule costs: what is counted, and how much that is, shortly and to the last digit."""

    of: str
    short: str
    exact: str


def tally(spec: ModelSpec, layer: int, name: str) -> tuple[Tally, ...]:
    """Of one parameter of a layer, of all, and of backpropagation; of the whole network only where all have paths."""
    one, every, needed = count_of(spec, layer), written_out(spec), by_backpropagation(spec)
    found = [_line(f"{name} written out", one.factors)]
    if every is not None and needed is not None:
        number = sum(_parameters(spec, n) for n in range(1, len(spec.network.layers) + 1))
        found.append(_line(f"All {whole(number)} parameters written out", every))
        found.append(_line("All of them by backpropagation", needed))
    return tuple(found)


def remark(spec: ModelSpec) -> str:
    """Why a count is not the lecture's, where it is not."""
    last = activation(spec.network.layers[-1].activation)
    if fusion(last.name, spec.cost) is not None:
        both = f"{last.title.capitalize()} and {cost(spec.cost).title}"
        return f"{both} are worked out as one here, so ∂J/∂z counts as one derivative."
    if obstacle(spec, 1):
        return "Of the whole network there is no count, for it has a normalization."
    return ""


def _line(of: str, number: int) -> Tally:
    return Tally(of, whole(number), f"{number:,}".replace(",", "\N{THIN SPACE}"))


def _parameters(spec: ModelSpec, layer: int) -> int:
    """The weights and biases of a layer."""
    return spec.network.layers[layer - 1].units * (spec.network.widths[layer - 1] + spec.network.layers[layer - 1].bias)
