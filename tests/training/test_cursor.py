"""Walking below an operation: over its elements and their terms, and up again, while the machine stands."""

import pytest

from nnstudio.experiment.examples import EXAMPLES
from nnstudio.experiment.open import open_sample
from nnstudio.training.cursor import Cursor, Level
from nnstudio.training.debugger import Debugger
from nnstudio.training.goals import Goal
from nnstudio.training.run import build


class Two:
    """Two elements, of two terms and of three."""

    def __len__(self) -> int:
        return 2

    def count(self, element: int) -> int:
        return 2 + element


def test_into_goes_down_and_then_from_term_to_term() -> None:
    cursor: Cursor | None = Cursor()
    walked = []
    while cursor is not None:
        walked.append((cursor.element, cursor.term))
        cursor = cursor.into(Two())
    assert walked == [(0, None), (0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]


def test_back_is_the_way_back_of_over_and_leads_up_from_the_very_first() -> None:
    for cursor in (Cursor(0), Cursor(0, 0), Cursor(0, 1), Cursor(1, 1)):
        after = cursor.over(Two())
        assert after is not None
        assert after.back(Two()) == cursor
    assert Cursor(0, 0).back(Two()) == Cursor(0)
    assert Cursor(0).back(Two()) is None


def test_over_stays_on_its_level() -> None:
    assert Cursor(0).over(Two()) == Cursor(1)
    assert Cursor(1).over(Two()) is None
    assert Cursor(0, 1).over(Two()) == Cursor(1, 0)
    assert Cursor(1, 2).over(Two()) is None


def test_out_goes_up_to_the_operation() -> None:
    assert Cursor(1, 2).out() == Cursor(1)
    assert Cursor(1).out() is None


def test_a_level_is_chosen_for_the_same_element() -> None:
    assert Cursor(1).at(Level.TERM) == Cursor(1, 0)
    assert Cursor(1, 2).at(Level.TERM) == Cursor(1, 2)
    assert Cursor(1, 2).at(Level.NEURON) == Cursor(1)


@pytest.mark.parametrize("move", ["step_over", "step_out", "step_batch", "step_back", "train", "write", "reset"])
def test_whatever_moves_or_changes_the_run_leaves_the_cursor(move: str) -> None:
    debugger = Debugger(build(open_sample(next(iter(EXAMPLES)))))
    debugger.step_over()
    debugger.cursor = Cursor(1, 0)
    arguments = {"train": (Goal.EPOCH,), "write": ("W1", (0, 0), 0.5)}.get(move, ())
    getattr(debugger, move)(*arguments)
    assert debugger.cursor is None
