"""Places of rows: a million of them are a few numbers."""

import numpy as np
import pytest

from nnstudio.data.preparation import PartName
from nnstudio.experiment.open import open_sample
from nnstudio.training.places import Place, Places, place_of_table_row, places_of
from nnstudio.training.run import build

TRAINING, VALIDATION = PartName.TRAINING, PartName.VALIDATION


@pytest.fixture
def places() -> Places:
    return Places((TRAINING, VALIDATION), np.array([0, 3, 5]))


def test_rows_stand_part_behind_part(places: Places) -> None:
    assert list(places) == [*(Place(TRAINING, row) for row in range(3)), *(Place(VALIDATION, row) for row in range(2))]
    assert [places.index(place) for place in places] == list(range(5))
    assert places.parts.tolist() == [0, 0, 0, 1, 1]


def test_an_order_has_some_of_them_and_knows_where_they_stand(places: Places) -> None:
    some = places.ordered(np.array([4, 0]))
    assert list(some) == [Place(VALIDATION, 1), Place(TRAINING, 0)]
    assert some.index(Place(TRAINING, 0)) == 1
    assert some.index(Place(TRAINING, 1)) is None


@pytest.mark.parametrize("place", [Place(TRAINING, 3), Place(VALIDATION, 2), Place(PartName.TEST, 0)])
def test_a_row_that_is_not_there_stands_nowhere(places: Places, place: Place) -> None:
    assert places.index(place) is None


def test_a_part_without_rows_has_no_place() -> None:
    places = Places((TRAINING, VALIDATION, PartName.TEST), np.array([0, 2, 2, 3]))
    assert list(places) == [Place(TRAINING, 0), Place(TRAINING, 1), Place(PartName.TEST, 0)]


def test_a_row_of_the_table_is_found_in_its_part() -> None:
    data = build(open_sample("iris")).data
    for place in places_of(data):
        assert place_of_table_row(data, int(data.part(place.part).rows[place.row])) == place
    assert place_of_table_row(data, 1_000) is None
