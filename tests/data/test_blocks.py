"""Columns are put side by side without a copy exactly where they lie so already."""

import numpy as np
import pytest

from nnstudio.data.blocks import side_by_side

BLOCK = np.arange(20.0).reshape(4, 5)


@pytest.mark.parametrize("places", [[0, 1, 2, 3, 4], [1, 2], [4, 2, 0], [3, 3]])
@pytest.mark.parametrize("block", [BLOCK, np.asfortranarray(BLOCK), BLOCK[::2]])
def test_evenly_spaced_columns_are_not_copied(block, places):
    whole = side_by_side([block[:, place] for place in places])
    assert np.array_equal(whole, block[:, places])
    assert np.shares_memory(whole, block)
    assert not whole.flags.writeable


@pytest.mark.parametrize(
    "columns",
    [
        [BLOCK[:, 0], BLOCK[:, 1], BLOCK[:, 4]],
        [BLOCK[:, 0], BLOCK[:, 1].copy()],
        [BLOCK[:, 0], BLOCK[::-1, 1]],
        [BLOCK[:, 0]],
        [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
        [BLOCK.astype(np.float32)[:, place] for place in range(5)],
    ],
)
def test_any_others_are_copied(columns):
    whole = side_by_side(columns)
    assert np.array_equal(whole, np.stack(columns, axis=1))
    assert whole.dtype == np.float64
    assert not any(np.shares_memory(whole, column) for column in columns)


def test_columns_of_one_array_that_differ_in_length_are_not_taken_for_a_block():
    with pytest.raises(ValueError, match="size"):
        side_by_side([BLOCK[:, 0], BLOCK[:2, 1]])
