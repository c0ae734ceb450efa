"""The main window: it only composes. Panels are docks; menus and tool bar come from the actions."""

from pathlib import Path

import qtawesome
from PySide6.QtCore import QByteArray, QSize, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QMessageBox, QSizePolicy, QToolBar, QToolButton, QWidget

from nnstudio import __version__
from nnstudio.data.samples import SAMPLES
from nnstudio.experiment.edits import Change
from nnstudio.training.debugger import Debugger

from . import actions, log
from .actions import Actions
from .banner import Banner
from .context import Context
from .files import Files
from .panels.panel import Panel
from .session import RunState
from .settings import LAYOUT_VERSION
from .standing import Standing, StatusBar
from .theme import Mode


class MainWindow(QMainWindow):
    """The window on one document. `debugger` is the run at hand, `actions` all that a user can do."""

    def __init__(self, context: Context, panels: dict[str, Panel]) -> None:
        super().__init__()
        self.context = context
        self.panels = panels
        self.files = Files(context.document, context.settings, self)
        self.actions_by_name = Actions(self)
        self.setObjectName("main_window")
        self.setWindowIcon(_icon())
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)  # any new layout would glide its docks, and repaint the window for a quarter second
        self.setMinimumSize(900, 560)
        self.resize(1600, 1000)
        self._add_actions()
        self._add_menus()
        self._add_tool_bar()
        self._add_banner()
        self._add_margins()
        self.setStatusBar(StatusBar(context))
        self.arrange()
        self._listen()
        self._restore()
        self._update_all()
        self.panels["canvas_panel"].setFocus()  # not the first field, where a stray key would edit

    @property
    def debugger(self) -> Debugger:
        """The debugger of the run at hand; `debugger.machine` is the running machine."""
        return self.context.session.debugger

    def arrange(self) -> None:
        """Put every dock where it belongs, as at the first start."""
        left, right = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        docks = self.panels
        for dock in docks.values():
            self.removeDockWidget(dock)
            dock.setFloating(False)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["data_panel"])
        self.splitDockWidget(docks["data_panel"], docks["canvas_panel"], left)
        self.splitDockWidget(docks["canvas_panel"], docks["inspector_panel"], left)
        self.splitDockWidget(docks["data_panel"], docks["network_panel"], right)
        self.splitDockWidget(docks["canvas_panel"], docks["plots_panel"], right)
        self.splitDockWidget(docks["plots_panel"], docks["program_panel"], right)
        self.splitDockWidget(docks["inspector_panel"], docks["explanation_panel"], right)
        for dock in docks.values():
            dock.show()
        self._share_room()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes first; the answer closes the window."""
        if self.context.document.modified and not self._closing:
            event.ignore()
            self.files.ask_then(self._close_for_good)
            return
        self.context.settings.save_layout(self.saveGeometry(), self.saveState(LAYOUT_VERSION))
        self.context.session.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.files.open_path(path)

    def _close_for_good(self) -> None:
        self._closing = True
        self.close()

    _closing = False

    def _add_actions(self) -> None:
        session, files = self.context.session, self.files
        add = self.actions_by_name.add
        run = (
            session.train,
            session.pause,
            session.reset,
            session.step_over,
            session.step_out,
            session.step_batch,
            session.step_epoch,
        )
        for spec, method in zip(actions.RUN, run, strict=True):
            add(spec, method)
        for spec, method in zip(actions.FILE, (files.new, files.open, files.save, self._save_as), strict=True):
            add(spec, method)
        add(actions.QUIT, self.close)
        stack = self.context.document.undo_stack
        for action, name, key in (
            (stack.createUndoAction(self, "Undo"), "undo", "Undo"),
            (stack.createRedoAction(self, "Redo"), "redo", "Redo"),
        ):
            action.setObjectName(name)
            action.setShortcuts(getattr(QKeySequence.StandardKey, key))
            self.addAction(action)

    def _save_as(self) -> None:
        self.files.save_as()

    def action(self, name: str) -> QAction:
        """The action of that objectName."""
        found = self.findChild(QAction, name)
        assert isinstance(found, QAction), name
        return found

    def _add_menus(self) -> None:
        bar = self.menuBar()
        file = bar.addMenu("&File")
        file.addActions([self.action("new_experiment"), self.action("open")])
        self._samples_menu = file.addMenu("Open a sample")
        for name, sample in SAMPLES.items():
            action = self._samples_menu.addAction(sample.title)
            action.setData(name)
            action.setStatusTip(sample.description)
        self._samples_menu.triggered.connect(self._sample_chosen)
        self._recent_menu = file.addMenu("Open recent")
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._recent_menu.triggered.connect(self._recent_chosen)
        file.addSeparator()
        file.addActions([self.action("save"), self.action("save_as")])
        file.addSeparator()
        file.addAction(self.action("quit"))
        edit = bar.addMenu("&Edit")
        edit.addActions([self.action("undo"), self.action("redo")])
        self._add_view_menu(bar.addMenu("&View"))
        run = bar.addMenu("&Run")
        for number, spec in enumerate(actions.RUN):
            if number in (3, 5):
                run.addSeparator()
            run.addAction(self.action(spec.name))
        help_menu = bar.addMenu("&Help")
        help_menu.addAction("Open the log", self._open_log)
        help_menu.addAction("About NN Studio", self._about)

    def _add_view_menu(self, view: QMenu) -> None:
        for panel in self.panels.values():
            view.addAction(panel.toggleViewAction())
        view.addSeparator()
        view.addAction("Reset layout", self.arrange).setObjectName("reset_layout")
        view.addSeparator()
        settings = self.context.settings
        themes = view.addMenu("Theme")
        self._themes = _choices(themes, [(mode.value.capitalize(), mode.value) for mode in Mode], settings.mode.value)
        self._themes.triggered.connect(self._theme_chosen)
        decimals = view.addMenu("Decimal places")
        self._decimals = _choices(decimals, [(str(n), n) for n in (2, 3, 4, 6, 8)], settings.decimals)
        self._decimals.triggered.connect(self._decimals_chosen)
        motion = view.addAction("Motion")
        motion.setCheckable(True)
        motion.setChecked(settings.motion)
        motion.toggled.connect(self._motion_toggled)

    def _add_tool_bar(self) -> None:
        self.tool_bar = QToolBar("Run")
        self.tool_bar.setObjectName("run_tool_bar")
        self.tool_bar.setMovable(False)
        self.tool_bar.setIconSize(QSize(18, 18))
        self.tool_bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.tool_bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for number, spec in enumerate(actions.RUN):
            if number in (3, 5):
                self.tool_bar.addSeparator()
            self.tool_bar.addAction(self.action(spec.name))
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.tool_bar.addWidget(room)
        self.standing = Standing(self.context)
        self.tool_bar.addWidget(self.standing)
        self.addToolBar(self.tool_bar)

    def _add_banner(self) -> None:
        self.banner = Banner(self)
        self.addToolBarBreak()
        self.addToolBar(self.banner)
        self.banner.hide()
        self.banner.cancelled.connect(self.files.cancel)

    def _add_margins(self) -> None:
        """Docks reach the edges of a main window; strips of ground keep the cards off them."""
        areas = Qt.ToolBarArea
        self.addToolBarBreak()
        for name, area in (
            ("top", areas.TopToolBarArea),
            ("left", areas.LeftToolBarArea),
            ("right", areas.RightToolBarArea),
        ):
            strip = QToolBar()
            strip.setObjectName(f"margin_{name}")
            strip.setMovable(False)
            strip.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
            strip.setProperty("margin", True)
            strip.setFixedHeight(8) if name == "top" else strip.setFixedWidth(8)
            self.addToolBar(area, strip)

    def _listen(self) -> None:
        context = self.context
        context.session.state_changed.connect(self._state_changed)
        context.session.refreshed.connect(self._refreshed)
        context.session.failed.connect(self.banner.show_error)
        context.document.refused.connect(self.banner.show_refusal)
        context.document.changed.connect(self._document_changed)
        context.document.title_changed.connect(self._update_title)
        context.appearance.changed.connect(self._update_icons)
        context.session.message.connect(self._show_message)
        self.files.failed.connect(self.banner.show_error)
        self.files.busy.connect(self.banner.show_busy)

    def _restore(self) -> None:
        layout = self.context.settings.layout
        if layout is not None:
            geometry, state = layout
            self.restoreGeometry(QByteArray(geometry))
            self.restoreState(QByteArray(state), LAYOUT_VERSION)
            self.banner.hide()
            self.tool_bar.show()

    def _share_room(self) -> None:
        """The drawing gets the middle; columns at its sides are as wide as their controls need."""
        docks, horizontal, vertical = self.panels, Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        width, height = max(self.width(), 900), max(self.height() - 120, 440)
        side = min(max(int(width * 0.19), 268), 340)
        other = min(max(int(width * 0.27), 300), 520)
        columns = [docks["data_panel"], docks["canvas_panel"], docks["inspector_panel"]]
        self.resizeDocks(columns, [side, width - side - other, other], horizontal)
        middle = [docks["canvas_panel"], docks["plots_panel"], docks["program_panel"]]
        self.resizeDocks(middle, [int(height * share) for share in (0.38, 0.28, 0.34)], vertical)
        self.resizeDocks(
            [docks["data_panel"], docks["network_panel"]], [int(height * 0.44), int(height * 0.56)], vertical
        )
        halves = [docks["inspector_panel"], docks["explanation_panel"]]
        self.resizeDocks(halves, [int(height * 0.55), int(height * 0.45)], vertical)

    def _update_all(self) -> None:
        self._update_icons()
        self._update_title()
        self._state_changed(self.context.session.state)

    def _update_icons(self) -> None:
        theme = self.context.appearance.theme
        for spec in self.actions_by_name.specs():
            primary = spec.name == "train"
            colour = theme.on_accent if primary else theme.text
            self.action(spec.name).setIcon(qtawesome.icon(spec.icon, color=colour, color_disabled=theme.stale))
        button = self.tool_bar.widgetForAction(self.action("train"))
        if isinstance(button, QToolButton) and not button.property("primary"):
            button.setProperty("primary", True)
            button.style().unpolish(button)  # a property set after the first polish needs another
            button.style().polish(button)

    def _update_title(self) -> None:
        document = self.context.document
        self.setWindowTitle(f"{document.experiment.name}[*] — NN Studio")
        self.setWindowModified(document.modified)

    def _state_changed(self, state: RunState) -> None:
        self.actions_by_name.set_running(state is not RunState.PAUSED)
        self._refreshed()

    def _refreshed(self) -> None:
        session = self.context.session
        if not session.paused:
            return
        machine = session.machine
        self.action("train").setText("Train" if machine.iterations == 0 else "Continue")
        self.action("step_out").setText(f"Finish {machine.op.phase.value}")

    def _document_changed(self, _change: Change) -> None:
        self.banner.dismiss()
        self._update_title()

    def _show_message(self, text: str) -> None:
        self.statusBar().showMessage(text, 8000)

    def _sample_chosen(self, action: QAction) -> None:
        self.files.open_sample(action.data())

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        files = [path for path in self.context.settings.recent if path.exists()]
        for path in files:
            self._recent_menu.addAction(str(path)).setData(str(path))
        if not files:
            self._recent_menu.addAction("No files opened yet").setEnabled(False)

    def _recent_chosen(self, action: QAction) -> None:
        if action.data():
            self.files.open_path(Path(action.data()))

    def _theme_chosen(self, action: QAction) -> None:
        mode = Mode(action.data())
        self.context.settings.mode = mode
        self.context.appearance.set_mode(mode)

    def _decimals_chosen(self, action: QAction) -> None:
        self.context.settings.decimals = action.data()

    def _motion_toggled(self, on: bool) -> None:
        self.context.settings.motion = on

    def _open_log(self) -> None:
        path = log.path()
        if not path.exists():
            self._show_message(f"Nothing has been logged yet (it would be in {path})")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _about(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle("About NN Studio")
        box.setText(f"<b>NN Studio {__version__}</b>")
        box.setInformativeText("A debugger for learning machines. MIT licence. Built on PySide6, pyqtgraph and NumPy.")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _choices(menu: QMenu, choices: list[tuple[str, object]], current: object) -> QActionGroup:
    group = QActionGroup(menu)
    for text, value in choices:
        action = menu.addAction(text)
        action.setData(value)
        action.setCheckable(True)
        action.setChecked(value == current)
        group.addAction(action)
    return group


def _icon() -> QIcon:
    from nnstudio import resources

    return QIcon(str(resources.path("icons", "nnstudio.svg")))


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
