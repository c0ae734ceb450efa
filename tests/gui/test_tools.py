"""Tools: docks that are made when they are asked for, come back where they were left, and close with the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.tools import catalogue, tools
from nnstudio.gui.tools.catalogue import Place, ToolSpec
from nnstudio.gui.tools.view import ToolView

OpenWindow = Callable[..., MainWindow]


class Notes(ToolView):
    """A tool that notes what it is told."""

    told: list[str]

    def compose(self) -> None:
        self.told = []

    def rebuild(self) -> None:
        self.told.append("rebuild")

    def refresh(self) -> None:
        self.told.append("refresh")

    def close_tool(self) -> None:
        self.told.append("close")


@pytest.fixture(autouse=True)
def some_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool for each place, whose views are found without a module to load."""
    specs = tuple(ToolSpec(place.name.lower(), place.name, "A tool", None, place, "") for place in Place)
    monkeypatch.setattr(ToolSpec, "load", lambda _self: Notes)
    monkeypatch.setattr("nnstudio.gui.main_window.TOOLS", specs)
    monkeypatch.setattr(catalogue, "TOOLS", specs)
    monkeypatch.setattr(tools, "SPECS", {spec.name: spec for spec in specs})


def docks(window: MainWindow) -> list[str]:
    return [dock.objectName() for dock in window.findChildren(QDockWidget) if not dock.isHidden()]


def test_no_tool_is_made_before_it_is_asked_for(window: MainWindow) -> None:
    assert not window.context.tools.made


def test_an_action_of_the_menu_opens_a_tool_which_is_told_of_the_run(window: MainWindow) -> None:
    window.action("show_right").trigger()
    view = window.context.tools.made["right"].view
    assert view.isVisible()
    assert view.told == ["rebuild", "refresh"]
    window.action("step_over").trigger()
    assert view.told[-1] == "refresh"
    assert len(view.told) > 2


def test_a_tool_that_cannot_be_seen_is_not_refreshed(window: MainWindow) -> None:
    view = window.context.tools.open("right")
    window.panels["explanation_panel"].raise_()
    before = list(view.told)
    window.action("step_over").trigger()
    assert view.told == before


@pytest.mark.parametrize("place", Place)
def test_a_tool_stands_with_what_is_there_and_the_columns_keep_their_widths(window: MainWindow, place: Place) -> None:
    columns = [window.panels[name] for name in ("data_panel", "program_panel", "inspector_panel")]
    before = [column.width() for column in columns]
    window.context.tools.open(place.name.lower())
    dock = window.context.tools.made[place.name.lower()]
    assert window.panels[place.value] in window.tabifiedDockWidgets(dock)
    window.panels[place.value].raise_()
    assert [column.width() for column in columns] == pytest.approx(before, abs=8)


@pytest.mark.parametrize(("place", "share"), [("centre", 0.48), ("above", 0.62)])
def test_a_tool_that_is_read_or_looked_at_gets_the_larger_part_of_its_column_once(
    open_window: OpenWindow, qtbot: QtBot, place: str, share: float
) -> None:
    window = open_window(size=(1280, 800))
    window.context.tools.open(place)
    dock = window.context.tools.made[place]
    below = ("plots_panel", "program_panel") if place == "centre" else ("explanation_panel",)
    panels = [window.panels[name] for name in below]
    whole = dock.height() + sum(panel.height() for panel in panels)
    assert dock.height() == pytest.approx(share * whole, abs=24)
    tall = dock.height()
    window.resizeDocks([dock, panels[0]], [200, 400], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: dock.height() < tall)
    lower = dock.height()
    dock.close()
    window.context.tools.open(place)
    assert dock.height() == lower, "where a user wants it"


def test_tools_that_stood_open_come_back_at_the_next_start(open_window: OpenWindow) -> None:
    first = open_window()
    first.context.tools.open("centre")
    first.context.tools.open("below")
    first.context.tools.made["below"].close()
    first.close()
    assert first.context.tools.made["centre"].view.told[-1] == "close"
    second = open_window()
    assert list(second.context.tools.made) == ["centre"]
    dock = second.context.tools.made["centre"]
    assert second.panels["canvas_panel"] in second.tabifiedDockWidgets(dock)


def test_reset_layout_closes_tools_which_then_open_where_they_belong(window: MainWindow) -> None:
    window.context.tools.open("centre")
    dock = window.context.tools.made["centre"]
    dock.setFloating(True)
    window.action("reset_layout").trigger()
    assert "centre_panel" not in docks(window)
    window.context.tools.open("centre")
    assert window.dockWidgetArea(dock) is Qt.DockWidgetArea.LeftDockWidgetArea
    assert window.panels["canvas_panel"] in window.tabifiedDockWidgets(dock)
