"""In the smallest window that is promised, tools share their columns and none stands over another."""

from itertools import combinations

from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.tools.catalogue import TOOLS

SMALLEST = (1280, 800)


def in_sight(window: MainWindow) -> list[QDockWidget]:
    docks = [dock for dock in window.findChildren(QDockWidget) if dock.isVisible()]
    return [dock for dock in docks if not dock.visibleRegion().isEmpty()]


def test_with_every_tool_open_none_stands_over_another_in_a_small_window(open_window, qtbot: QtBot) -> None:
    window = open_window(size=SMALLEST)
    for tool in TOOLS:
        window.context.tools.open(tool.name)
    assert window.minimumSizeHint().height() <= SMALLEST[1]
    assert window.minimumSizeHint().width() <= SMALLEST[0]
    for name in ("perceptron", "landscape"):
        window.context.tools.open(name)
        qtbot.waitUntil(lambda name=name: window.context.tools.made[name] in in_sight(window))
        for one, other in combinations(in_sight(window), 2):
            assert not one.geometry().intersects(other.geometry()), (one.objectName(), other.objectName())
