"""Where everything is wired, once."""

import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from nnstudio.data.errors import DataError
from nnstudio.experiment.errors import ExperimentError
from nnstudio.experiment.open import WELCOME, is_table, open_sample
from nnstudio.training.debugger import Goal
from nnstudio.training.keyframes import MEGABYTE

from . import fonts, log
from .appearance import Appearance
from .breakpoints.breakpoint_set import BreakpointSet
from .context import Context
from .data_places import is_asked_about
from .document import Content, Document
from .files import read_file
from .interlude import Interlude
from .keepsakes import Keepsakes
from .lighting import Lighting
from .main_window import MainWindow
from .panels.breakpoints_panel import BreakpointsPanel
from .panels.canvas_panel import CanvasPanel
from .panels.data_panel import DataPanel
from .panels.explanation_panel import ExplanationPanel
from .panels.inspector_panel import InspectorPanel
from .panels.network_panel import NetworkPanel
from .panels.panel import Panel
from .panels.plots_panel import PlotsPanel
from .panels.program_panel import ProgramPanel
from .plots.overlays import Overlays
from .project.projects import Projects
from .selection import Selection
from .session import Session
from .settings import Settings
from .shown import Shown
from .stepping import Stepping
from .theme import Mode
from .tools.tools import Tools
from .typesetter import Typesetter

if TYPE_CHECKING:
    from nnstudio.experiment.importing.draft import ImportDraft

_log = logging.getLogger(__name__)
_WELCOME_EPOCHS = 40
_PANELS = (
    DataPanel,
    NetworkPanel,
    CanvasPanel,
    PlotsPanel,
    ProgramPanel,
    BreakpointsPanel,
    InspectorPanel,
    ExplanationPanel,
)


def main(path: Path | None = None) -> int:
    """Open the window and run until it is closed."""
    if not _has_screen():
        raise DataError("there is no screen to open a window on; use nnstudio train FILE, or nnstudio screenshot FILE")
    app = application()
    window = window_for(path)
    window.first_painted.connect(partial(_keep_work, window, log.start()))
    window.show()
    return app.exec()


def window_for(path: Path | None, settings: Settings | None = None) -> MainWindow:
    """The window that a person asked for by naming a file: on a table it shows first what may be made of it, and for a
    project whose data are not where they may be read it asks.

    DataError, SpecError or ExperimentError say why a file cannot be opened.
    """
    if path is None or not is_table(path):
        try:
            return create_window(path, settings)
        except ExperimentError as error:
            if path is None or not is_asked_about(error):
                raise
            window = create_window(settings=settings)
            window.first_painted.connect(partial(window.files.open_path, path))
            return window
    from nnstudio.data.preview import preview  # neither is needed to start without a table
    from nnstudio.experiment.importing.draft import ImportDraft

    draft = ImportDraft(preview(path))
    window = create_window(settings=settings)
    window.first_painted.connect(partial(_show_import, window, draft))
    return window


def _show_import(window: MainWindow, draft: "ImportDraft") -> None:
    window.importing.show(draft)


def _keep_work(window: MainWindow, reports: log.Reports) -> None:
    from .keeping.keeping import Keeping  # not needed to start

    keeping = Keeping(window)
    keeping.watch_over(reports)
    keeping.look()


def application() -> QApplication:
    """The one application object, made and dressed at the first call."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    if app.applicationName() != "NN Studio":
        app.setApplicationName("NN Studio")
        app.setDesktopFileName("nnstudio")
        app.setStyle("Fusion")
        app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)  # Train's is drawn for its accent
        fonts.install(app)
    return app


def create_window(path: Path | str | None = None, settings: Settings | None = None) -> MainWindow:
    """The window, ready to show: on a file, or on a sample that is already learning.

    DataError, SpecError or ExperimentError say why a file cannot be opened.
    """
    application()
    path = Path(path) if path is not None else None
    read = read_file(path) if path else Content.load(open_sample(WELCOME), None)
    content = read if isinstance(read, Content) else Content(read.project.experiment, read.project.dataset, read.data)
    settings = settings or Settings()
    own = path if path is not None and path.suffix.lower() == ".json" else None
    document = Document(content, own)
    if path is not None:
        document.folder = path.parent
        settings.remember(path)
    session = Session(document, debugger=None if isinstance(read, Content) else read.debugger)
    session.set_budget(settings.time_travel_megabytes * MEGABYTE)
    if path is None:
        _begin_learning(session)
    appearance = Appearance(settings.mode)
    selection = Selection()
    selection.follow(session)
    shown = Shown(session, selection)
    breakpoints = BreakpointSet(session)
    stepping = Stepping(session, selection, settings)
    tools, lighting, overlays = Tools(), Lighting(), Overlays()
    interlude = Interlude(session, selection, breakpoints)
    keepsakes = Keepsakes()
    context = Context(
        document,
        session,
        selection,
        appearance,
        settings,
        Typesetter(),
        breakpoints=breakpoints,
        stepping=stepping,
        shown=shown,
        tools=tools,
        lighting=lighting,
        overlays=overlays,
        interlude=interlude,
        keepsakes=keepsakes,
    )
    panels: dict[str, Panel] = {}
    for kind in _PANELS:
        panel = kind(context)
        panels[panel.objectName()] = panel
    projects = Projects(session, breakpoints, settings, keepsakes)
    window = MainWindow(context, panels, projects)
    if path is not None and not isinstance(read, Content):
        window.files.show_project(read, path)
    appearance.dress()
    parts = (document, session, selection, appearance, settings, breakpoints, stepping, tools, lighting, overlays)
    for part in (*parts, shown, interlude, keepsakes, projects):
        part.setParent(window)
    data_panel = panels["data_panel"]
    if isinstance(data_panel, DataPanel) and hasattr(data_panel, "open_requested"):
        data_panel.open_requested.connect(window.files.open)
        data_panel.columns_requested.connect(window.choose_columns)
    return window


def _begin_learning(session: Session) -> None:
    """The first screen is the best one: a small network in the middle of learning."""
    while session.machine.epochs < _WELCOME_EPOCHS:
        session.debugger.train(Goal.EPOCH)


def _has_screen() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


__all__ = ["Mode", "application", "create_window", "main", "window_for"]
