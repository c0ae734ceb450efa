"""The theme is put on a whole application of widgets, none of which may go meanwhile."""

import gc
from collections.abc import Callable, Iterator

import pytest

from nnstudio.gui.main_window import MainWindow


@pytest.fixture
def often_collected() -> Iterator[list[bool]]:
    """Garbage is collected at nearly every allocation; each time is noted."""
    usual, noted = gc.get_threshold(), list[bool]()

    def note(phase: str, _about: dict[str, int]) -> None:
        noted.append(phase == "start")

    gc.callbacks.append(note)
    gc.set_threshold(5, 1, 1)
    yield noted
    gc.set_threshold(*usual)
    gc.callbacks.remove(note)


def test_no_garbage_is_collected_while_qt_goes_through_the_widgets(
    open_window: Callable[..., MainWindow], often_collected: list[bool]
) -> None:
    appearance = open_window().context.appearance
    often_collected.clear()
    appearance.dress()
    assert len(often_collected) < 20
    assert gc.isenabled()
