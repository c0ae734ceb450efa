"""The menu bar: the window's actions, and the choices that have no key of their own."""

import os
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices
from PySide6.QtWidgets import QMainWindow, QMenu

from nnstudio.data.spec import FileSource
from nnstudio.experiment.examples import EXAMPLES

from . import log
from .about import show_about
from .actions import (
    ALL_BREAKPOINTS,
    BACK,
    BREAKPOINTS,
    EDIT,
    FORK,
    FORWARD,
    REVERSE,
    RUN,
    RUN_TO,
    SAMPLES,
    TOOLS,
    UPDATE,
    Actions,
    ActionSpec,
)
from .context import Context
from .files import Files
from .run_to import RunTo
from .theme import Mode
from .tools import catalogue

_DECIMALS = (2, 3, 4, 6, 8)
_EMBED = "With a copy in the project their file is needed no more; else it says where the file lies, and checks it"


class Menus(QObject):
    """Fills the window's menu bar and carries out what is chosen there."""

    def __init__(self, window: QMainWindow, context: Context, actions: Actions, files: Files, run_to: RunTo) -> None:
        super().__init__(window)
        self._run_to = run_to
        self._window, self._context, self._actions, self._files = window, context, actions, files
        bar = window.menuBar()
        self._fill_file(bar.addMenu("&File"))
        edit = bar.addMenu("&Edit")
        edit.addActions([actions["undo"], actions["redo"]])
        self._add(edit, EDIT)
        self.view = bar.addMenu("&View")
        self._fill_run(bar.addMenu("&Run"))
        self._fill_tools(bar.addMenu("&Tools"))
        self._fill_help(bar.addMenu("&Help"))

    def fill_view(self, docks: list[QAction], reset_layout: QAction) -> None:
        """The docks to show and hide, and how things look."""
        menu, settings = self.view, self._context.settings
        menu.addActions(docks)
        menu.addSeparator()
        menu.addAction(reset_layout)
        menu.addSeparator()
        modes = {mode.value.capitalize(): mode.value for mode in Mode}
        _choices(menu.addMenu("Theme"), modes, settings.mode.value).triggered.connect(self._choose_theme)
        decimals = {str(number): number for number in _DECIMALS}
        group = _choices(menu.addMenu("Decimal places"), decimals, settings.decimals)
        group.triggered.connect(self._choose_decimals)
        motion = menu.addAction("Motion")
        motion.setCheckable(True)
        motion.setChecked(settings.motion)
        motion.toggled.connect(self._set_motion)

    def _fill_file(self, menu: QMenu) -> None:
        menu.addActions([self._actions[name] for name in ("new_experiment", "open", "open_pictures")])
        samples = menu.addMenu("Open a sample")
        for name, example in EXAMPLES.items():
            action = samples.addAction(example.title)
            action.setData(name)
            action.setStatusTip(example.description)
        samples.triggered.connect(self._open_sample)
        self._recent = menu.addMenu("Open recent")
        self._recent.aboutToShow.connect(self._fill_recent)
        self._recent.triggered.connect(self._open_recent)
        menu.addAction(self._actions["recover"])
        menu.addSeparator()
        menu.addActions([self._actions["save"], self._actions["save_as"]])
        self._embed = menu.addAction("Keep the data in the project")
        self._embed.setObjectName("embed")
        self._embed.setCheckable(True)
        self._embed.triggered.connect(self._context.keepsakes.set_embed)
        menu.aboutToShow.connect(self._show_embed)
        menu.addSeparator()
        menu.addActions([self._actions[name] for name in ("export_experiment", "export_parameters")])
        menu.addAction(self._actions["import_parameters"])
        menu.addSeparator()
        menu.addAction(self._actions["quit"])

    def _show_embed(self) -> None:
        """Data that are no file's are part of the experiment, and always in the project."""
        of_a_file = isinstance(self._context.document.experiment.data.source, FileSource)
        self._embed.setEnabled(of_a_file)
        self._embed.setChecked(not of_a_file or self._context.keepsakes.embed)
        self._embed.setStatusTip(_EMBED if of_a_file else "These data are part of the experiment")

    def _fill_run(self, menu: QMenu) -> None:
        self._add(menu, RUN)
        menu.addSeparator()
        to = menu.addMenu("Run to")
        self._add(to, RUN_TO)
        to.addMenu(self._run_to.layers_menu(to))
        menu.addSeparator()
        self._add(menu, UPDATE)
        menu.addSeparator()
        self._add(menu, REVERSE)
        self._add(menu, BREAKPOINTS)
        self._add(menu.addMenu("All breakpoints"), ALL_BREAKPOINTS)
        menu.addSeparator()
        self._add(menu.addMenu("Back to the beginning of"), BACK)
        self._add(menu, FORWARD)
        self._add(menu, FORK)

    def _fill_tools(self, menu: QMenu) -> None:
        self._add(menu, TOOLS)
        for tool in catalogue.TOOLS:
            if tool.begins_group:
                menu.addSeparator()
            menu.addAction(self._actions[tool.action.name])
            if tool.name == "samples":
                self._add(menu.addMenu("Walk through the samples"), tuple(SAMPLES.values()))

    def _add(self, menu: QMenu, specs: tuple[ActionSpec, ...]) -> None:
        for spec in specs:
            if spec.begins_group:
                menu.addSeparator()
            menu.addAction(self._actions[spec.name])

    def _fill_help(self, menu: QMenu) -> None:
        menu.addAction("Open the log", self._open_log)
        menu.addAction("About NN Studio", self._about)

    def _fill_recent(self) -> None:
        self._recent.clear()
        files = [
            path for path in self._context.settings.recent if os.path.exists(path)
        ]  # Path's own raises if a folder may not be read
        for path in files:
            self._recent.addAction(str(path)).setData(str(path))
        if not files:
            self._recent.addAction("No files opened yet").setEnabled(False)

    def _open_sample(self, action: QAction) -> None:
        self._files.open_sample(action.data())

    def _open_recent(self, action: QAction) -> None:
        if action.data():
            self._files.open_chosen(Path(action.data()))

    def _choose_theme(self, action: QAction) -> None:
        mode = Mode(action.data())
        self._context.settings.mode = mode
        self._context.appearance.set_mode(mode)

    def _choose_decimals(self, action: QAction) -> None:
        self._context.settings.decimals = action.data()

    def _set_motion(self, on: bool) -> None:
        self._context.settings.motion = on

    def _open_log(self) -> None:
        path = log.path()
        if not log.end(1):
            self._context.session.message.emit(f"Nothing has been logged yet (it would be in {path})")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _about(self) -> None:
        show_about(self._window)


def _choices(menu: QMenu, choices: Mapping[str, object], current: object) -> QActionGroup:
    """One of several, with a mark at the one that holds."""
    group = QActionGroup(menu)
    for text, value in choices.items():
        action = menu.addAction(text)
        action.setData(value)
        action.setCheckable(True)
        action.setChecked(value == current)
        group.addAction(action)
    return group
