"""A series: it is the list of what was added to it, whatever copies of it have become."""

import tracemalloc
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.training.series import reals, wholes

LENGTHS = st.sampled_from((0, 1, 2, 511, 512, 513, 1023, 1024, 1025, 1700))
CHANGES = st.lists(st.tuples(st.sampled_from(("extend", "append", "cut", "fork")), LENGTHS), max_size=12)


@given(CHANGES, st.integers(-2000, 2000), st.integers(-2000, 2000), st.sampled_from((1, 2, -1)))
def test_it_is_the_list_of_its_numbers(changes, start, stop, step):
    series, expected, left = reals(), [], []
    for number, (change, amount) in enumerate(changes):
        if change == "extend":
            more = [number + place / 2048 for place in range(amount)]
            series.extend(more)
            expected = expected + more
        elif change == "append":
            series.append(float(amount))
            expected = [*expected, float(amount)]
        elif change == "cut":
            kept = min(amount, len(expected))
            series.cut(kept)
            expected = expected[:kept]
        else:
            left.append((series, expected))
            series = series.copy()
    for one, numbers in [*left, (series, expected)]:
        assert (len(one), one.tolist(), list(one)) == (len(numbers), numbers, numbers)
        assert one[start:stop:step].tolist() == numbers[start:stop:step]
        assert np.array(one).tolist() == numbers
        assert one.tobytes() == np.array(numbers).tobytes()
        assert one == reals(numbers)
        assert bool(one) == bool(numbers)
        for place in {0, len(numbers) // 2, len(numbers) - 1, -1} if numbers else ():
            assert one[place] == numbers[place]
        for place in (len(numbers), -len(numbers) - 1):
            with pytest.raises(IndexError):
                one[place]


@given(LENGTHS, LENGTHS, st.integers(0, 3000), st.booleans())
def test_it_tells_how_many_of_its_first_numbers_another_has_too(shared, more, at, copied):
    one = wholes(range(shared))
    two = one.copy() if copied else wholes(range(shared))
    one.extend(range(more))
    assert one.alike(two) == two.alike(one) == shared
    two.extend(range(more))
    assert one.alike(two) == len(one)
    assert one == two
    if at < len(one):
        end = two[at + 1 :]
        two.cut(at)
        two.append(-1)
        two.extend(end)
        assert one.alike(two) == two.alike(one) == at
        assert one != two


def test_numbers_are_the_same_to_the_bit_or_they_are_not():
    assert reals([nan]) == reals([nan])
    assert reals([0.0]) != reals([-0.0])
    assert reals([0.0]) != wholes([0])
    assert reals([1.0]) != [1.0]


def test_what_is_no_number_leaves_it_as_it_was():
    series = reals([1.0, 2.0])
    with pytest.raises(TypeError):
        series.extend([3.0, "4"])
    assert series.tolist() == [1.0, 2.0]


def test_a_hundred_copies_of_a_long_one_take_less_than_it_does_itself():
    series = reals(np.arange(100_000).tolist())
    tracemalloc.start()
    copies = [series.copy() for _ in range(100)]
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(copies) == 100
    assert taken < 800_000
