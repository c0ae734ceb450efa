"""The main window: it only composes. Panels are docks; menus and tool bar come from the actions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QTabWidget

from nnstudio import resources
from nnstudio.experiment.edits import Change
from nnstudio.training import waypoints
from nnstudio.training.breakpoints import Breakpoint, OpBreakpoint
from nnstudio.training.cursor import Level
from nnstudio.training.debugger import Debugger

from . import actions, icons, update_edits
from .actions import Actions, Standing
from .arrangement import arrange, share_room
from .banner import Banner
from .breakpoints.commands import BreakpointCommands
from .context import Context
from .data.pasting import paste_data
from .files import Files
from .menus import Menus
from .panels.panel import Panel
from .project.parameters import Parameters
from .project.projects import Projects
from .run_to import RunTo
from .run_tool_bar import Margin, RunToolBar
from .session import RunState
from .settings import LAYOUT_VERSION
from .slow_motion import SlowMotion
from .standing import StatusBar
from .tools.catalogue import TOOLS, ToolSpec
from .tools.placing import place_tool

if TYPE_CHECKING:
    from .branches.view import BranchesView
    from .gradients.window import GradientWindow
    from .importing.importing import Importing
    from .preparing.view import PreparingView
    from .samples.walking import Walking
    from .tools.dock import ToolDock


class MainWindow(QMainWindow):
    """The window on one document. `debugger` is the run at hand, `actions` all that a user can do."""

    first_painted = Signal()
    closing = Signal()
    """There is no question left: it closes."""
    recovery_requested = Signal()

    def __init__(self, context: Context, panels: dict[str, Panel], projects: Projects) -> None:
        super().__init__()
        self.context = context
        self.panels = panels
        for panel in panels.values():
            panel.setParent(self)  # in their reading order, which the Tab key then follows
        self.projects = projects
        projects.window = self
        self.files = Files(context, projects, self)
        self.parameters = Parameters(context.session, self)
        self.run_to = RunTo(context, self)
        self.breakpoints = BreakpointCommands(context, self)
        self.slow_motion = SlowMotion(context.session, context.settings, self)
        self.actions_by_name = Actions(self)
        self.setObjectName("main_window")
        self.setWindowIcon(_icon())
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)  # no frame around tabs
        self.setAnimated(False)  # any new layout would glide its docks, and repaint the window for a quarter second
        self.setMinimumSize(960, 560)
        self.resize(1600, 1000)
        context.tools.move_into(self)
        self._add_actions()
        self._add_menus()
        self._add_tool_bars()
        self.setStatusBar(StatusBar(context, self.slow_motion))
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
        """Put every dock where it belongs, as at the first start; tools are closed."""
        for dock in self.context.tools.made.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        arrange(self, self.panels)
        self.as_arranged = True

    def make_tool(self, spec: ToolSpec) -> "ToolDock":
        """The dock of a tool, hidden."""
        from .tools.dock import ToolDock  # not needed to start

        dock = ToolDock(self.context, spec)
        dock.setParent(self)
        dock.hide()
        return dock

    def place_tool(self, dock: "ToolDock") -> None:
        """Where it belongs, unless it has a place."""
        if not dock.isFloating() and self.dockWidgetArea(dock) is Qt.DockWidgetArea.NoDockWidgetArea:
            place = dock.spec.place
            beside = [one for one in self.context.tools.made.values() if one is not dock and one.spec.place is place]
            place_tool(self, dock, place, self.panels, beside)

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front of what shares its place."""
        self.panels[name].show()
        self.panels[name].raise_()

    def panel(self, name: str) -> Panel:
        """One of the panels that are always there, though it may be closed."""
        return self.panels[name]

    def import_table(self, path: Path) -> None:
        """Look at the table in a file, in a dialog from which it is imported."""
        self.importing.open(path)

    @property
    def importing(self) -> "Importing":
        """What imports tables into this window, made when it is first needed."""
        if self._importing is None:
            from .importing.importing import Importing  # a dialog is not needed to start

            self._importing = Importing(self.context, self)
            self._importing.failed.connect(self.banner.show_error)
            self._importing.busy.connect(self.banner.show_busy)
            self.banner.cancelled.connect(self._importing.cancel)
        return self._importing

    def choose_columns(self) -> None:
        """Show what each column of the data is used as."""
        view = cast("PreparingView", self.context.tools.open("preparing"))
        view.show_columns()

    def check_gradients(self) -> None:
        """Hold the gradients against central differences, in a window that stays open beside this one."""
        if self._gradients is None:
            from .gradients.window import GradientWindow  # as other windows of their own: not needed to start

            self._gradients = GradientWindow(self.context, self)
        if self._gradients.isVisible():
            self._gradients.raise_()
            self._gradients.activateWindow()
        else:
            self._gradients.show()
        self._gradients.check()

    def close_for_good(self) -> None:
        """Close without a question about what is not saved."""
        self._closing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes first; the answer closes the window. They are those of the user's own document."""
        self.context.interlude.end()
        if self.context.document.modified and not self._closing:
            event.ignore()
            self.files.ask_then(self.close_for_good)
            return
        self.context.settings.save_layout(self.saveGeometry(), self.saveState(LAYOUT_VERSION), self.context.tools.shown)
        self.closing.emit()
        self.files.cancel()
        if self._importing is not None:
            self._importing.cancel()
        self.context.tools.close()
        if self._gradients is not None:
            self._gradients.close()
        self.context.session.close()
        self.context.typesetter.close()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A window that comes on a smaller screen than it is made for shares out the room that there is."""
        super().resizeEvent(event)
        if self.as_arranged and not self._painted:
            share_room(self, self.panels)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, icons.load)
            QTimer.singleShot(0, self, self.first_painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.files.open_chosen(path)

    _closing = False
    _painted = False
    as_arranged = False
    """Whether every dock stands where it does at the first start, and nobody has said how wide it is."""
    _gradients: "GradientWindow | None" = None
    _importing: "Importing | None" = None
    _walking: "Walking | None" = None

    def _add_actions(self) -> None:
        session, files = self.context.session, self.files
        travel, breakpoints, stepping = session.travel, self.context.breakpoints, self.context.stepping
        run: dict[str, Callable[[], object]] = {
            "train": session.train,
            "pause": self._pause,
            "slow_motion": self.slow_motion.toggle,
            "reset": session.reset,
            "step_back": stepping.back,
            "back_phase": partial(travel.back, waypoints.phase_before),
            "back_batch": partial(travel.back, waypoints.batch_before),
            "back_epoch": partial(travel.back, waypoints.epoch_before),
            "to_start": travel.to_start,
            "reverse_continue": travel.to_last_stop,
            "to_present": travel.to_present,
            "run_to_operation": self.run_to.operation,
            "run_to_epoch": self.run_to.ask_epoch,
            "run_to_rise": self.run_to.rise,
            "skip_update": partial(update_edits.skip, session),
            "scale_update": partial(update_edits.ask_factor, session, self),
            "toggle_breakpoint": self.breakpoints.toggle,
            "stop_when": self.breakpoints.stop_when,
            "break_on_value": self.breakpoints.break_on_value,
            "enable_breakpoints": partial(breakpoints.enable_all, True),
            "disable_breakpoints": partial(breakpoints.enable_all, False),
            "remove_breakpoints": breakpoints.clear,
            "fork_here": self._fork,
            **{spec.name: partial(self._walk, step) for step, spec in actions.SAMPLES.items()},
            "step_into": self._into,
            "step_over": stepping.over,
            "step_out": stepping.out,
            "step_batch": session.step_batch,
            "step_epoch": session.step_epoch,
            "new_experiment": files.new,
            "open": files.open,
            "open_pictures": files.open_pictures,
            "save": files.save,
            "save_as": self._save_as,
            "paste_data": partial(paste_data, self.context.document),
            "recover": self.recovery_requested.emit,
            "export_experiment": files.export,
            "export_parameters": self.parameters.export,
            "import_parameters": self.parameters.import_,
            "gradient_check": self.check_gradients,
            "quit": self.close,
            "reset_layout": self.arrange,
        }
        for spec in (
            *actions.RUN,
            *actions.REVERSE,
            *actions.BACK,
            *actions.RUN_TO,
            *actions.UPDATE,
            *actions.BREAKPOINTS,
            *actions.ALL_BREAKPOINTS,
            *actions.FORWARD,
            *actions.FORK,
            *actions.SAMPLES.values(),
            *actions.FILE,
            *actions.EDIT,
            *actions.TOOLS,
            *actions.WINDOW,
        ):
            self.actions_by_name.add(spec, run[spec.name])
        for tool in TOOLS:
            self.actions_by_name.add(tool.action, partial(self.context.tools.open, tool.name))
        stacks = self.context.document.undo_group
        keys = QKeySequence.StandardKey
        self.actions_by_name.adopt("undo", stacks.createUndoAction(self, "Undo"), keys.Undo, "nothing to undo")
        self.actions_by_name.adopt("redo", stacks.createRedoAction(self, "Redo"), keys.Redo, "nothing to redo")

    def _pause(self) -> None:
        self.slow_motion.stop()
        self.context.session.pause()

    def _fork(self) -> None:
        """Fork the run where it stands, and show its branches."""
        self.slow_motion.stop()
        view = cast("BranchesView", self.context.tools.open("branches"))
        view.fork_here()

    def _walk(self, step: str) -> None:
        """To another sample, in the order of their table."""
        if self._walking is None:
            from .samples.walking import Walking  # not needed to start

            self._walking = Walking(self.context, self)
        self._walking.take(step)

    def _into(self) -> None:
        """Slow motion ends here: going in does not move the machine, so it would play on."""
        self.slow_motion.stop()
        self.context.stepping.into()

    def _save_as(self) -> None:
        self.files.save_as()

    def action(self, name: str) -> QAction:
        """The action of that objectName."""
        return self.actions_by_name[name]

    def _add_menus(self) -> None:
        menus = Menus(self, self.context, self.actions_by_name, self.files, self.run_to)
        menus.fill_view([panel.toggleViewAction() for panel in self.panels.values()], self.action("reset_layout"))

    def _add_tool_bars(self) -> None:
        self.tool_bar = RunToolBar(self.context, self.actions_by_name)
        self.addToolBar(self.tool_bar)
        self._add_banner()
        self.addToolBarBreak()
        areas = Qt.ToolBarArea
        self.addToolBar(areas.TopToolBarArea, Margin("top", across=True))
        self.addToolBar(areas.LeftToolBarArea, Margin("left", across=False))
        self.addToolBar(areas.RightToolBarArea, Margin("right", across=False))

    def _add_banner(self) -> None:
        self.banner = Banner(self)
        self.addToolBarBreak()
        self.addToolBar(self.banner)
        self.banner.hide()
        self.banner.cancelled.connect(self.files.cancel)
        self.banner.cancelled.connect(self.context.session.travel.cancel)

    def _listen(self) -> None:
        context = self.context
        context.session.state_changed.connect(self._state_changed)
        self.slow_motion.playing_changed.connect(self._refreshed)
        context.session.refreshed.connect(self._refreshed)
        context.session.failed.connect(self.banner.show_error)
        context.session.travel.busy.connect(self.banner.show_busy)
        context.document.refused.connect(self.banner.show_refusal)
        context.document.changed.connect(self._document_changed)
        context.document.title_changed.connect(self._update_title)
        context.appearance.changed.connect(self._update_icons)
        context.session.message.connect(self._show_message)
        context.breakpoints.added.connect(self._show_breakpoint)
        self.files.begun.connect(self.banner.dismiss)
        self.files.failed.connect(self.banner.show_error)
        self.files.busy.connect(self.banner.show_busy)
        self.files.table_chosen.connect(self.import_table)

    def _restore(self) -> None:
        layout = self.context.settings.layout
        if layout is not None:
            geometry, state, tools = layout
            self.context.tools.restore(tools)
            self.restoreGeometry(QByteArray(geometry))
            self.restoreState(QByteArray(state), LAYOUT_VERSION)
            self.as_arranged = False
            self.banner.hide()
            self.tool_bar.show()

    def _update_all(self) -> None:
        self._update_icons()
        self._update_title()
        self._state_changed(self.context.session.state)

    def _update_icons(self) -> None:
        theme = self.context.appearance.theme
        for spec in self.actions_by_name.specs():
            primary = spec.name == "train"
            colour = theme.on_accent if primary else theme.text
            if spec.icon:
                icons.show(
                    self.action(spec.name),
                    spec.icon,
                    mirrored=spec.mirrored,
                    color=colour,
                    color_disabled=theme.stale,
                )

    def _update_title(self) -> None:
        document = self.context.document
        read_only = " (read-only)" if self.files.read_only else ""
        self.setWindowTitle(f"{document.experiment.name}{read_only}[*] — NN Studio")
        self.setWindowModified(document.modified)

    def _state_changed(self, state: RunState) -> None:
        if state is not RunState.PAUSED:
            self.actions_by_name.show(Standing(running=True))
        self._refreshed()

    def _refreshed(self) -> None:
        session = self.context.session
        if not session.paused:
            return
        machine, timeline = session.machine, session.debugger.timeline
        playing = self.slow_motion.playing
        self.action("slow_motion").setChecked(playing)
        self.actions_by_name.show(Standing(playing=playing, at_start=timeline.at_start, in_past=timeline.in_past))
        self.action("train").setText("Train" if machine.iterations == 0 else "Continue")
        self._say_steps()

    def _say_steps(self) -> None:
        """How far the steps go from where the run stands."""
        level, cursor = self.context.stepping.level, self.context.stepping.cursor
        self.action("step_over").setText(f"Next {level.value}")
        phase = self.context.session.machine.op.phase
        up = "" if cursor is None else Level.OPERATION if cursor.term is None else Level.NEURON
        self.action("step_out").setText(f"Up to {up}" if up else f"Finish {phase.value}")

    def _show_breakpoint(self, breakpoint_: Breakpoint) -> None:
        """The gutter shows where a run stops; the list what else it waits for, and what is printed."""
        if breakpoint_.log is not None or not isinstance(breakpoint_, OpBreakpoint):
            self.panels["breakpoints_panel"].show()

    def _document_changed(self, _change: Change) -> None:
        self.banner.dismiss()
        self._update_title()

    def _show_message(self, text: str) -> None:
        self.statusBar().showMessage(text, 8000)


def _icon() -> QIcon:
    return QIcon(str(resources.path("icons", "nnstudio.svg")))


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
