"""The landscape as a body: what lies where in the picture, and what covers what."""

from math import pi

import numpy as np
import pytest

from nnstudio.explain.landscape.relief import HEIGHT, Eye, Relief


def bowl(side: int = 17) -> np.ndarray:
    along = np.linspace(-1, 1, side)
    return (along[:, None] ** 2 + along[None, :] ** 2) / 2


def test_seen_from_ahead_x_goes_right_height_goes_up_and_y_away() -> None:
    right, away, up = Eye(0.0, 0.1).seen(np.eye(3))
    assert right[0] == 1
    assert away[2] > 0.99
    assert up[1] > 0.99
    assert up[2] < 0


def test_turning_comes_round_and_the_elevation_stays_between_the_side_and_above() -> None:
    eye = Eye(0.5, 0.6)
    assert eye.turned(2 * pi, 0).turn == pytest.approx(0.5)
    assert 0 < eye.turned(0, -5).elevation < eye.turned(0, 5).elevation < pi / 2


def test_faces_are_painted_from_the_farthest_to_the_nearest() -> None:
    """Of a level plane, what is farther away stands higher in the picture."""
    faces = Relief(np.zeros((9, 9))).faces(Eye(0.3, 0.5))
    assert len(faces.corners) == 64
    assert (np.diff(faces.corners[..., 1].mean(axis=1)) <= 1e-12).all()


def test_a_large_surface_has_no_more_faces_than_can_be_painted() -> None:
    assert len(Relief(bowl(65)).faces(Eye()).corners) == 32**2


def test_faces_with_an_unknown_corner_are_left_out() -> None:
    heights = bowl(9)
    heights[4, 4] = np.nan
    assert len(Relief(heights).faces(Eye()).corners) == 64 - 4


def test_a_face_towards_the_light_is_lighter() -> None:
    slope = np.linspace(0, 1, 9)
    towards, away = (Relief(np.repeat(one[:, None], 9, axis=1)).faces(Eye()).light for one in (slope, slope[::-1]))
    assert towards.min() > away.max()


def test_places_lie_on_the_surface() -> None:
    eye, relief = Eye(0.4, 0.7), Relief(bowl())
    shares = np.array([(0.5, 0.5), (0.0, 1.0), (0.25, 0.75), (1.2, 0.5)])
    found = relief.places(shares, eye)
    expected = eye.seen(np.array([(0, 0, 0), (-1, 1, HEIGHT), (-0.5, 0.5, 0.25 * HEIGHT)]))[:, :2]
    np.testing.assert_allclose(found[:3], expected, atol=1e-12)
    assert np.isnan(found[3]).all()
