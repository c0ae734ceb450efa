"""The first experiment one can follow by hand: three pairs of inputs, their averages, and a network of 3 + 1 units."""

import pytest

from nnstudio.experiment.open import open_sample
from nnstudio.training.run import build


@pytest.fixture
def machine():
    run = build(open_sample("averages"))
    run.machine.step()
    return run.machine


def step_through(machine, slot):
    while slot not in machine.step().writes:
        pass
    return machine.value(slot)


def test_the_data_and_the_weights_are_those_of_the_example(machine):
    assert machine.value("X").tolist() == [[0.1, 0.3], [0.1, -0.1], [-0.8, 0.2]]
    assert machine.value("Y").ravel().tolist() == [0.2, 0.0, -0.3]
    assert machine.value("W1").tolist() == [[2, 1], [-1, 2], [1, -1]]
    assert machine.value("W2").tolist() == [[0.4, -0.6, 0.5]]


def test_the_first_prediction_is_a_tenth_below_zero(machine):
    """Z1 = (0.5, 0.5, −0.2), relu leaves (0.5, 0.5, 0), and 0.4·0.5 − 0.6·0.5 = −0.1, where 0.2 was wanted."""
    assert step_through(machine, "A1")[0].tolist() == pytest.approx([0.5, 0.5, 0.0], abs=1e-16)
    prediction = step_through(machine, "A2")[0, 0]
    assert prediction == pytest.approx(-0.1, abs=1e-16)
    assert machine.value("Y")[0, 0] - prediction == pytest.approx(0.3, abs=1e-15)


def test_the_gradients_are_those_worked_out_by_hand(machine):
    """The second row: Z1 = (0.1, −0.3, 0.2), A1 = (0.1, 0, 0.2), a = 0.04 + 0.1 = 0.14, wanted 0.
    The third: Z1 = (−1.4, 1.2, −1), A1 = (0, 1.2, 0), a = −0.72, wanted −0.3. So dZ2 = (−0.3, 0.14, −0.42) / 3, and

    ∂J/∂W2₁₁ = Σ dZ2·A1₁ = (−0.3·0.5 + 0.14·0.1 + 0) / 3
    ∂J/∂W1₁₁ = Σ dZ2·W2₁₁·[Z1₁ > 0]·X₁ = 0.4·(−0.3·0.1 + 0.14·0.1) / 3
    """
    step_through(machine, "b2")
    assert machine.value("dZ2").ravel().tolist() == pytest.approx([-0.1, 0.14 / 3, -0.14], abs=1e-15)
    assert machine.value("dW2")[0, 0] == pytest.approx(-0.136 / 3, abs=1e-15)
    assert machine.value("dW1")[0, 0] == pytest.approx(0.4 * -0.016 / 3, abs=1e-16)
    assert machine.cost == pytest.approx((0.3**2 + 0.14**2 + 0.42**2) / 6, abs=1e-15)
