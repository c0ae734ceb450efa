"""The chain rule as it is written: on the experiment whose numbers can be checked by hand, and on larger ones."""

import numpy as np
import pytest

from nnstudio.engine.machine import Machine
from nnstudio.engine.model_spec import ModelSpec
from nnstudio.engine.ops import Phase
from nnstudio.engine.spec import LayerSpec, NetworkSpec, Normalization, RegularizationSpec
from nnstudio.experiment.open import open_sample
from nnstudio.explain.chain import Chain
from nnstudio.explain.chain_rule import MOST_SHOWN, heading, missing, rows, share, sums, symbol, verdict
from nnstudio.explain.counts import count_of, tally
from nnstudio.explain.latex import latex
from nnstudio.explain.numbers import short
from nnstudio.explain.recursion import recursion
from nnstudio.explain.speech import spoken
from nnstudio.explain.symbols import superscript
from nnstudio.training.run import build

from ..engine.drawn import machine_of  # noqa: TID252 — tests are in no package that could be named
from .reader import equations, read


@pytest.fixture
def machine() -> Machine:
    """Averages, 2-3-1 with ReLU, just before its first update."""
    return to_update(build(open_sample("averages")).machine)


def to_update(machine: Machine) -> Machine:
    while machine.op.phase is not Phase.UPDATE:
        machine.step()
    return machine


def deep(*widths: int, sigma: str = "tanh", **settings: object) -> Machine:
    network = NetworkSpec(widths[0], tuple(LayerSpec(n, sigma) for n in widths[1:]))
    return to_update(machine_of(ModelSpec(network, **settings), rows=3, batch_size=3))


def test_the_path_of_the_first_hidden_weight_is_written_with_symbols_and_with_numbers(machine: Machine) -> None:
    chain = Chain(machine, "W1", (0, 0), 0)
    assert heading(chain) == "One path leads from W¹₁₁ to the cost, a product of 5 derivatives, for sample 1."
    (row,) = rows(chain, 4)
    assert row.formula.plain == (
        "∂J/∂a²₁ · ∂a²₁/∂z²₁ · ∂z²₁/∂a¹₁ · ∂a¹₁/∂z¹₁ · ∂z¹₁/∂W¹₁₁\n"
        "= (−0.1000) (1.0000) (0.4000) (1.0000) (0.1000) = −0.0040"
    )
    assert row.product == pytest.approx(-0.004)
    assert row.places == (("A2", (0, 0)), ("W2", (0, 0)), ("A1", (0, 0)), ("W1", (0, 0)))


def test_the_samples_add_up_to_the_machines_gradient(machine: Machine) -> None:
    chain = Chain(machine, "W1", (0, 0), 0)
    (over_samples,) = sums(chain, 4).formulas
    assert over_samples.caption == "Over the 3 samples of the mini-batch"
    assert over_samples.plain == ("∂J/∂W¹₁₁ = Σ over samples Σ over paths\n= (−0.0040) + 0.0019 + 0.0000 = −0.0021")
    assert verdict(chain).startswith("✓ This is the machine's ∂J/∂W¹₁₁")


def test_a_share_of_more_than_all_is_written_in_full() -> None:
    chain = Chain(deep(2, 9, 9, 9, 2), "W1", (0, 0), 0)
    shown = rows(chain, 4)
    chain.__dict__["parts"] = np.array([sum(row.product for row in shown) / 12.4, 0.0, 0.0])
    assert "1\N{THIN SPACE}240 % of the sum over all paths" in share(chain, shown)


def test_the_paths_of_a_sample_are_added_up_where_there_are_several() -> None:
    chain = Chain(deep(2, 2, 2), "W1", (1, 0), 2)
    assert "2 paths lead from W¹₂₁ to the cost, each a product of 5 derivatives, for sample" in heading(chain)
    over_paths, _ = sums(chain, 4).formulas
    first, second = (path.product for path in chain.paths)
    assert over_paths.caption.startswith("Over the paths, for sample")
    assert chain.part == pytest.approx(first + second)


def test_a_penalty_is_a_term_of_its_own() -> None:
    chain = Chain(deep(2, 2, 1, regularization=RegularizationSpec(l2=0.5)), "W1", (0, 1), 0)
    over_samples = sums(chain, 4).formulas[-1]
    assert over_samples.caption == "Over the 3 samples of the mini-batch, and the penalty's term"
    assert "Σ over paths + ∂P/∂W¹₁₂" in over_samples.plain
    assert chain.total == pytest.approx(chain.parts.sum() + 0.5 * chain.machine.value("W1")[0, 1])


def percent(part: float) -> str:
    return f"{100 * part:.0f}" if abs(part) > 1 else short(100 * part, 2)


def test_of_very_many_paths_the_largest_are_shown_with_their_share() -> None:
    chain = Chain(deep(2, 9, 9, 2), "W1", (0, 0), 0)
    shown = rows(chain, 4)
    assert heading(chain).startswith("18 paths")
    wide = Chain(deep(2, 9, 9, 9, 2), "W1", (0, 0), 0)
    shown = rows(wide, 4)
    assert len(shown) == MOST_SHOWN
    assert heading(wide).endswith("These are the 20 largest:")
    largest = sorted((path.product for path in wide.paths), key=abs, reverse=True)[:MOST_SHOWN]
    assert [row.product for row in shown] == pytest.approx(largest)
    of_sum, of_all = sum(largest) / wide.part, np.abs(largest).sum() / np.abs(wide.paths.products).sum()
    assert f"{percent(of_sum)} % of the sum over all paths" in share(wide, shown)
    assert share(wide, shown).endswith(f"Of the sum of all absolute products they are {percent(of_all)} %.")


def test_of_a_dead_neuron_all_products_are_said_to_be_0() -> None:
    machine = machine_of(ModelSpec(NetworkSpec(2, tuple(LayerSpec(n, "relu") for n in (3, 9, 9, 1)))))
    machine.write("b1", (0,), -1e3)
    chain = Chain(to_update(machine), "W1", (0, 0), 0)
    assert share(chain, rows(chain, 4)) == "All products are 0 for this sample."
    assert verdict(chain).startswith("✓")


def test_a_gradient_that_is_not_the_sum_is_said_to_be_another() -> None:
    machine = deep(2, 2, 1)
    machine.program.arena["dW1"][0, 0] = 7.0
    assert verdict(Chain(machine, "W1", (0, 0), 0)).startswith("✗ The machine has ∂J/∂W¹₁₁ = 7: relative difference")


def test_what_is_not_known_is_a_dash_and_said(machine: Machine) -> None:
    machine.run_iteration()
    late = Chain(machine, "W1", (0, 0), 0)
    (row,) = rows(late, 4)
    assert row.product is None
    assert "(—)" in row.formula.plain
    assert missing(late).startswith("The weights on the way have changed")
    assert verdict(late) == ""
    early = Chain(build(open_sample("averages")).machine, "W1", (0, 0), 0)
    assert missing(early).startswith("The numbers come with the pass backward")
    assert heading(early).endswith("derivatives.")
    assert rows(early, 4)[0].formula.plain.endswith("= (—) (—) (0.4000) (—) (—)")


def test_the_recursion_ends_in_the_part_of_the_sample(machine: Machine) -> None:
    chain = Chain(machine, "W1", (0, 0), 0)
    outputs, hidden, weight = recursion(chain, 4).formulas
    assert outputs.plain == "δ² = ∂J/∂a² ⊙ σ′(z²)\n= (−0.1000) ⊙ (1.0000)\n= (−0.1000)"
    assert hidden.plain == (
        "δ¹ = (W²ᵀ δ²) ⊙ σ′(z¹)\n= (−0.0400, 0.0600, −0.0500) ⊙ (1.0000, 1.0000, 0.0000)\n= (−0.0400, 0.0600, 0.0000)"
    )
    assert weight.plain == "∂J/∂W¹₁₁ = δ¹₁ · ∂z¹₁/∂W¹₁₁ = (−0.0400)(0.1000) = −0.0040"


def test_the_recursion_of_a_bias_of_a_softmax_and_of_dropout_is_written_too() -> None:
    layers = LayerSpec(3, "tanh", dropout=0.5), LayerSpec(2, "softmax")
    machine = to_update(machine_of(ModelSpec(NetworkSpec(2, layers), "mse"), rows=3, batch_size=3))
    outputs, hidden, bias = recursion(Chain(machine, "b1", (1,), 0), 4).formulas
    assert outputs.plain.startswith("δ² = (∂a²/∂z²)ᵀ")
    assert hidden.plain.startswith("δ¹ = (W²ᵀ δ²) ⊙ m¹ ⊙ σ′(z¹)\n= (")
    assert bias.plain.startswith("∂J/∂b¹₂ = δ¹₂ = ")


@pytest.mark.parametrize("cost", ["mse", "binary_cross_entropy", "mae"])
def test_every_formula_can_be_read_aloud_and_copied(cost: str) -> None:
    machine = deep(2, 3, 2, sigma="sigmoid", cost=cost)
    for slot, index in (("W1", (0, 1)), ("b2", (1,)), ("W2", (0, 1))):
        chain = Chain(machine, slot, index, 1)
        written = [row.formula for row in rows(chain, 4)] + [*sums(chain, 4).formulas, *recursion(chain, 4).formulas]
        for formula in written:
            assert not set("∂Σδσ⊙−") & set(spoken(formula))
            assert not {"partial", "dot.o", "upright"} & set(latex(formula).split())


def test_the_tally_sets_what_is_written_out_against_backpropagation() -> None:
    spec = ModelSpec(NetworkSpec(784, (LayerSpec(512, "relu"), LayerSpec(512, "relu"), LayerSpec(10))))
    one, every, needed = tally(spec, count_of(spec, 1, 1), "W¹₁₁", 1)
    assert (one.of, one.short) == ("W¹₁₁ written out", "35\N{THIN SPACE}840")
    assert every.of == "All 669\N{THIN SPACE}706 parameters written out"
    assert every.short == "14\N{THIN SPACE}417\N{THIN SPACE}960\N{THIN SPACE}990"
    assert needed.short == "938\N{THIN SPACE}014"


def test_a_number_of_very_many_digits_is_shortened_but_kept() -> None:
    spec = ModelSpec(NetworkSpec(9, tuple(LayerSpec(1000, "relu") for _ in range(9))))
    one = tally(spec, count_of(spec, 1, 1), "W¹₁₁", 1)[0]
    assert one.short == "1.90 × 10²⁵"
    assert one.exact == f"{19 * 1000**8:,}".replace(",", "\N{THIN SPACE}")


def normalized(kind: Normalization, **settings: object) -> Machine:
    layers = LayerSpec(3, "tanh", normalization=kind, **settings), LayerSpec(1, "sigmoid")
    return to_update(machine_of(ModelSpec(NetworkSpec(2, layers)), rows=3, batch_size=3))


def test_a_path_through_a_batch_normalization_names_the_sample_of_each_factor() -> None:
    chain = Chain(normalized(Normalization.BATCH), "W1", (1, 0), 2)
    own, first = (chain.machine.rows[sample] + 1 for sample in (2, 0))
    assert heading(chain) == (
        f"3 paths lead from W¹₂₁ to the cost, each a product of 7 derivatives, for sample {own}. Batch normalization "
        "joins the samples, so what W¹₂₁ does in this one reaches the cost through all 3 of the mini-batch "
        "(a²⁽³⁾₁ is a²₁ in sample 3)."
    )
    row = rows(chain, 4)[0]
    plain, here, there = row.formula.plain, superscript(int(own)), superscript(int(first))
    assert f"∂h¹⁽{there}⁾₂/∂z¹⁽{here}⁾₂ · ∂z¹⁽{here}⁾₂/∂W¹₂₁" in plain
    assert f"∂n¹⁽{there}⁾₂/∂h¹⁽{there}⁾₂" in plain
    assert f"partial h layer 1 sample {first} index 2 by partial z layer 1 sample {own} index 2" in spoken(row.formula)
    assert rf"\partial z_{{2}}^{{1 \text{{({own})}}}}" in latex(row.formula)


@pytest.mark.parametrize("kind", [Normalization.BATCH, Normalization.LAYER])
@pytest.mark.parametrize(("slot", "index"), [("W1", (1, 0)), ("b1", (2,)), ("gamma1", (1,)), ("beta1", (0,))])
def test_the_recursion_through_a_normalization_adds_up_as_displayed(
    kind: Normalization, slot: str, index: tuple[int, ...]
) -> None:
    chain = Chain(normalized(kind, dropout=0.25), slot, index, 1)
    written = recursion(chain, 6).formulas
    assert written[-1].plain.startswith(f"∂J/∂{symbol(chain).plain} = ")
    for formula in (*written, *sums(chain, 6).formulas, *(row.formula for row in rows(chain, 6))):
        assert not set("∂Σδσ⊙−") & set(spoken(formula))
        for side, end in equations(formula.plain, 6):
            assert read(side, 6).meets(read(end, 6)), formula.plain


def test_the_slopes_behind_a_normalization_are_made_of_two_means() -> None:
    chain = Chain(normalized(Normalization.BATCH), "W1", (1, 0), 1)
    outputs, scaled, normal, _ = recursion(chain, 4).formulas
    assert outputs.plain.startswith("δ² = ∂J/∂a² ⊙ σ′(z²)")
    assert scaled.plain.startswith("∂J/∂h¹ = (W²ᵀ δ²) ⊙ σ′(n¹) ⊙ γ¹")
    assert normal.plain.startswith("δ¹ = (∂J/∂h¹ − p − h¹ ⊙ q) / √((σ¹)² + ε)")
    assert normal.caption.startswith("The 3 × 3 derivatives ∂h/∂z of each unit come down to two means over the mini-b")
    dh, h, var = (chain.machine.value(each) for each in ("dH1", "H1", "var1"))
    p, q = dh.mean(axis=0), (dh * h).mean(axis=0)
    by_hand = (dh[1] - p - h[1] * q) / np.sqrt(var + 1e-5)
    shown = normal.plain.splitlines()[-1].removeprefix("= (").removesuffix(")").replace("−", "-").split(", ")
    assert [float(number) for number in shown] == pytest.approx(by_hand, abs=6e-5)
    assert [len(line.split(",")) for line in normal.plain.splitlines()[1:]] == [11, 3]


def test_of_a_gradient_that_cancels_it_is_said_that_it_is_rounding() -> None:
    chain = Chain(normalized(Normalization.BATCH), "b1", (0,), 0)
    chain.machine.program.arena["db1"][0] = 1e-18
    assert verdict(chain).startswith("✓ This is the machine's ∂J/∂b¹₁: both are 0 but for rounding")
